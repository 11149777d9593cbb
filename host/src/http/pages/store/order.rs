//! One order: what was bought, where it stands, and who changed it.

use super::status::tags;
use crate::authz::Permit;
use crate::authz::scope::kind::{AppsView, ChangesView, OrdersView};
use crate::db::history::Personal;
use crate::db::orders::Order;
use crate::db::{Db, Page};
use crate::http::At;
use crate::http::extract::Reading;
use crate::http::pages::activity::apps::Apps;
use crate::http::pages::activity::changes::who;
use crate::http::pages::frame::Frame;
use crate::http::pages::show::{Shown, show};
use askama::Template;

/// Changes shown on the order's own page; all of them stand in its history.
const MAX_CHANGES: u32 = 10;

/// A change of the order.
struct Past {
    at: String,
    who: String,
    set: String,
    run: Option<String>,
}

#[derive(Template)]
#[template(path = "store/order.html")]
struct One {
    frame: Frame,
    order: Order,
    states: [(&'static str, String); 3],
    facts: Vec<(String, String)>,
    /// Who changed it; nothing, for whoever may not see that.
    past: Option<Vec<Past>>,
    history: String,
}

pub(super) async fn page(
    frame: Frame,
    orders: Permit<OrdersView>,
    journal: Option<Permit<ChangesView>>,
    apps: Option<Permit<AppsView>>,
    Reading(mut draft): Reading,
    db: Db,
    At(id): At,
) -> Shown {
    let order = orders.get(&mut draft, &id).await?;
    let past = match &journal {
        Some(journal) => {
            let page = Page { limit: Some(MAX_CHANGES), cursor: None };
            let found = journal.record_history(&db, ("order", &order.id), &Personal::default(), &page).await?;
            let apps = Apps::read(&db, apps.as_ref()).await?;
            let past = found.items.iter().map(|(set, _)| Past {
                at: set.at.clone(),
                who: who(&frame, &apps, set),
                set: format!("{}/activity/changes/{}", frame.base, set.id),
                run: set.invocation.map(|run| format!("{}/activity/runs/{run}", frame.base)),
            });
            Some(past.collect())
        }
        None => None,
    };
    let fact = |key: &str, value: String| (frame.t(key).to_string(), value);
    let mut facts = vec![
        fact("order-created", frame.moment(&order.created_at)),
        fact("col-total", frame.money(&order.total)),
        fact("order-captured", frame.money(&order.captured)),
        fact("order-refunded", frame.money(&order.refunded)),
    ];
    facts.extend(order.customer.clone().map(|customer| fact("order-customer", customer)));
    facts.extend((!order.tags.is_empty()).then(|| fact("col-tags", order.tags.join(", "))));
    facts.extend(order.cancel_reason.clone().map(|reason| fact("order-cancelled", reason)));
    show(&One {
        states: tags(&frame, &order),
        history: format!("{}/activity/records/order/{}", frame.base, order.id),
        facts,
        past,
        order,
        frame,
    })
}
