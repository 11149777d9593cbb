//! Changes of store data, with before and after.

use crate::authz::{
    ChangeSetId, InstallationId, InvocationId, Permit, StaffId,
    scope::kind::{ChangesView, CustomersPii, OrdersPii},
};
use crate::db::history::{Change, ChangeSet, JournalFilter, Personal};
use crate::db::{Db, Items, Page};
use crate::http::{Answer, At, Json, Problem, Query};
use serde::Deserialize;
use utoipa::IntoParams;

/// Which change sets. Every parameter given narrows the result.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Sets {
    /// Of one installation.
    #[param(value_type = Option<String>)]
    installation: Option<InstallationId>,
    /// That changed a record of this kind, for example `order`.
    kind: Option<String>,
    /// That changed the record with this id.
    record: Option<String>,
    /// Of one app, by its id.
    app: Option<String>,
    /// Made by this person, also through an app whose button they pressed.
    #[param(value_type = Option<String>)]
    person: Option<StaffId>,
    /// Made by this run.
    #[param(value_type = Option<String>)]
    run: Option<InvocationId>,
    /// Made at or after, RFC 3339.
    since: Option<String>,
    /// Made before, RFC 3339.
    until: Option<String>,
    /// 1 to 100; 50 if not given.
    limit: Option<u32>,
    /// `next_cursor` of the part before.
    cursor: Option<String>,
}

/// Which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Part {
    /// 1 to 100; 50 if not given.
    limit: Option<u32>,
    /// `next_cursor` of the part before.
    cursor: Option<String>,
}

fn id(text: &str) -> Result<ChangeSetId, Problem> {
    text.parse().map_err(|_| Problem::not_found(format_args!("change set `{text}`")))
}

/// List change sets
///
/// What apps and people changed, newest first.
#[utoipa::path(get, path = "/stores/{store}/journal", tag = "journal", params(Sets), responses((status = 200, body = Items<ChangeSet>)))]
pub(super) async fn list(journal: Permit<ChangesView>, db: Db, Query(sets): Query<Sets>) -> Answer<Items<ChangeSet>> {
    let Sets { installation, kind, record, app, person, run, since, until, limit, cursor } = sets;
    let filter = JournalFilter { installation, kind, record, app, person, run, since, until };
    Ok(Json(journal.change_sets(&db, &filter, &Page { limit, cursor }).await?))
}

/// Get a change set
#[utoipa::path(get, path = "/stores/{store}/journal/{change_set}", tag = "journal", responses((status = 200, body = ChangeSet)))]
pub(super) async fn get(journal: Permit<ChangesView>, db: Db, At(set): At) -> Answer<ChangeSet> {
    Ok(Json(journal.change_set(&db, id(&set)?).await?))
}

/// Get what a change set changed
///
/// Each record before and after. Personal data is hidden from whoever does not hold the scope for it.
#[utoipa::path(get, path = "/stores/{store}/journal/{change_set}/changes", tag = "journal", params(Part), responses((status = 200, body = Items<Change>)))]
pub(super) async fn changes(
    journal: Permit<ChangesView>,
    orders: Option<Permit<OrdersPii>>,
    customers: Option<Permit<CustomersPii>>,
    db: Db,
    At(set): At,
    Query(part): Query<Part>,
) -> Answer<Items<Change>> {
    let page = Page { limit: part.limit, cursor: part.cursor };
    Ok(Json(journal.changes(&db, id(&set)?, &Personal { orders, customers }, &page).await?))
}
