//! Erasing a customer's personal data from the history, and saying what still holds some.

use crate::authz::Permit;
use crate::authz::scope::kind::{CustomersDelete, OrdersDelete};
use crate::db::Db;
use crate::db::history::{self, WhyStays};
use crate::http::{Answer, At, Json, Problem, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// How far it goes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct HowFar {
    /// Whether the buyer's data on orders that were sent or cancelled goes too; needs `orders:delete`. Your country may
    /// require you to retain it for some years.
    #[serde(default)]
    orders: bool,
}

/// How much personal data was erased, and what still holds some.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Erased {
    /// How many entries of the journal hold none any more.
    entries: u64,
    /// How many runs lost the lines of their log, or the error, that told of it.
    runs: u64,
    /// How many changes that waited for a person were rejected, because they held some.
    held: u64,
    /// How many events, audit entries and stored answers were cleaned.
    others: u64,
    /// How many orders hold nothing of their buyer any more.
    orders: u64,
    /// What still holds some, and why.
    stays: Vec<Stays>,
}

/// Something that still holds personal data.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Stays {
    /// What it is: `customer`, `order`, `cart`, `installation` or `copies`.
    what: &'static str,
    /// Its id, if it has one.
    id: Option<String>,
    /// Why it stays, and what to do about it.
    why: &'static str,
}

const fn words(why: WhyStays) -> &'static str {
    match why {
        WhyStays::NotDeleted => "the customer is not deleted; delete it and erase again",
        WhyStays::Order => {
            "the buyer's data belongs to the order, which you may have to keep; `?orders=true` erases it on orders that were sent or cancelled, and needs `orders:delete`"
        }
        WhyStays::OpenOrder => {
            "the order is still to be sent and needs an address; erase again once it is sent or cancelled"
        }
        WhyStays::Again => "it was written again and again while it was erased; see which app does so, and erase again",
        WhyStays::Text => "somebody wrote it into a tag, a title or a reason; change that by hand",
        WhyStays::Storage => "the app has it in its own storage; uninstalling the app erases that, or ask who made it",
        WhyStays::App => "the app may see personal data and may have sent it elsewhere; ask who made it",
    }
}

/// What no host can reach.
const COPIES: &str = "backups made before hold it, and come back with it when restored; on PostgreSQL so do its log archive and, until it is vacuumed, its files";

/// Erase a customer's personal data from the history
///
/// From the journal, from changes that wait for a person, from logs and errors of runs, from events and stored answers:
/// that of the customer, of the orders and carts that are or were the customer's, and of those with the same e-mail
/// address. What happened stays, without it. It is gone for good: no undo brings it back. The answer says what still
/// holds some, and why.
#[utoipa::path(delete, path = "/stores/{store}/customers/{customer}/journal", tag = "customers", params(HowFar), responses((status = 200, body = Erased)))]
pub(super) async fn erase(
    delete: Permit<CustomersDelete>,
    orders: Option<Permit<OrdersDelete>>,
    db: Db,
    At(customer): At,
    Query(HowFar { orders: wanted }): Query<HowFar>,
) -> Answer<Erased> {
    if wanted && orders.is_none() {
        return Err(Problem::forbidden("erasing the buyer's data on orders needs `orders:delete`"));
    }
    let orders = orders.filter(|_| wanted);
    // A task of its own: whoever asked may lose patience, and half of it is not what they asked for.
    let work = tokio::spawn(async move { delete.erase(&db, &customer, orders.as_ref()).await });
    let history::Erased { entries, runs, held, others, orders, stays } = work.await.map_err(Problem::internal)??;
    let stays = stays.into_iter().map(|stays| Stays { what: stays.what, id: Some(stays.id), why: words(stays.why) });
    let copies = Stays { what: "copies", id: None, why: COPIES };
    Ok(Json(Erased { entries, runs, held, others, orders, stays: stays.chain([copies]).collect() }))
}
