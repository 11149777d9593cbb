//! What happened: runs of apps and the trace of each, changes of store data, what is held, and changes of power.

pub(super) mod apps;
pub(super) mod audit;
mod beside;
pub(super) mod changes;
mod compare;
pub(super) mod diff;
pub(in crate::http::pages) mod export;
pub(super) mod filter;
mod held;
mod live;
mod record;
pub(super) mod row;
mod runs;
mod trace;
mod usage;
pub(super) mod verified;
mod waterfall;

use super::frame::Frame;
use crate::authz::scope::kind::{CustomersPii, OrdersPii, UsageView};
use crate::authz::{Permit, Principal, Scope};
use crate::http::extract::handler::{get, post};
use crate::http::{Problem, State};
use axum::Router;
use axum::response::Redirect;

/// What of personal data whoever looks may see.
type MaySee = (Option<Permit<OrdersPii>>, Option<Permit<CustomersPii>>);

pub(super) fn routes() -> Router<State> {
    Router::new()
        .route("/stores/{store}/activity", get(first))
        .route("/stores/{store}/activity/runs", get(runs::page))
        .route("/stores/{store}/activity/runs/export", post(export::runs))
        .route("/stores/{store}/activity/runs/stream", get(live::stream))
        .route("/stores/{store}/activity/runs/{invocation}", get(trace::page))
        .route("/stores/{store}/activity/runs/{invocation}/rerun", post(compare::again))
        .route("/stores/{store}/activity/runs/{invocation}/compare", post(compare::with))
        .route("/stores/{store}/activity/usage", get(usage::page))
        .route("/stores/{store}/activity/changes", get(changes::list))
        .route("/stores/{store}/activity/changes/export", post(export::changes))
        .route("/stores/{store}/activity/changes/{change_set}", get(changes::one))
        .route("/stores/{store}/activity/records/{kind}/{id}", get(record::page))
        .route("/stores/{store}/activity/held", get(held::list))
        .route("/stores/{store}/activity/held/{held}", get(held::one))
        .route("/stores/{store}/activity/audit", get(audit::page))
        .route("/stores/{store}/activity/audit/verify", get(verified::page))
        .route("/stores/{store}/activity/audit/export", post(export::audit))
}

/// A page beside others of this area.
struct Tab {
    href: String,
    key: &'static str,
    current: bool,
}

/// The pages of this area: the end of each address, what it is called, and what is needed to see it.
const TABS: [(&str, &str, Scope); 5] = [
    ("runs", "tab-runs", Scope::UsageView),
    ("usage", "tab-usage", Scope::UsageView),
    ("changes", "tab-changes", Scope::ChangesView),
    ("held", "tab-held", Scope::ChangesApprove),
    ("audit", "tab-audit", Scope::AuditView),
];

/// Those that somebody may see.
fn tabs(frame: &Frame, who: &Principal, current: &str) -> Vec<Tab> {
    let may = TABS.iter().filter(|(.., scope)| who.holds(*scope).is_ok());
    may.map(|(path, key, _)| Tab { href: format!("{}/activity/{path}", frame.base), key, current: *path == current })
        .collect()
}

/// The first of the pages that somebody may see; who may see none is told of the one that most may.
async fn first(who: Principal) -> Result<Redirect, Problem> {
    let path = TABS.iter().find(|(.., scope)| who.holds(*scope).is_ok());
    match path {
        Some((path, ..)) => Ok(Redirect::to(&format!("/stores/{}/activity/{path}", who.store()))),
        None => Err(who.permit::<UsageView>().err().map_or_else(|| Problem::not_found("such page"), Problem::from)),
    }
}
