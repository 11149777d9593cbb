//! Settings of a store: what it is, how long its records are retained, the tokens of machines, its plan, and its end.

mod close;
mod plan;
mod retention;
mod store;
mod storefront;
mod tokens;

use super::frame::Frame;
use crate::authz::scope::kind::SettingsView;
use crate::authz::{Principal, Scope};
use crate::http::extract::handler::{get, post};
use crate::http::{Problem, State};
use axum::Router;
use axum::response::Redirect;
use serde::Deserialize;

/// Every page of this room.
pub(super) fn routes() -> Router<State> {
    Router::new()
        .route("/stores/{store}/settings", get(first))
        .route("/stores/{store}/settings/store", get(store::page))
        .route("/stores/{store}/settings/retention", get(retention::page).post(retention::submit))
        .route("/stores/{store}/settings/tokens", get(tokens::page).post(tokens::create))
        .route("/stores/{store}/settings/tokens/revoke", post(tokens::revoke))
        .route("/stores/{store}/settings/storefront", get(storefront::page).post(storefront::create))
        .route("/stores/{store}/settings/storefront/revoke", post(storefront::revoke))
        .route("/stores/{store}/settings/plan", get(plan::page).post(plan::ask))
        .route("/stores/{store}/settings/plan/withdraw", post(plan::withdraw))
        .route("/stores/{store}/settings/plan/export", post(plan::export))
        .route("/stores/{store}/settings/close", get(close::page).post(close::submit))
        .route("/stores/{store}/settings/close/archive", post(close::take))
        .route("/stores/{store}/settings/close/reopen", post(close::reopen))
}

/// A page beside others of this area.
struct Tab {
    href: String,
    key: &'static str,
    current: bool,
}

/// The pages of this area: the end of each address, what it is called, and what is needed to see it.
const TABS: [(&str, &str, Scope); 6] = [
    ("store", "nav-store", Scope::SettingsView),
    ("retention", "tab-retention", Scope::UsageView),
    ("tokens", "tab-tokens", Scope::TokensManage),
    ("storefront", "tab-storefront", Scope::StaffManage),
    ("plan", "tab-plan", Scope::BillingView),
    ("close", "tab-close", Scope::StoreClose),
];

/// Those that somebody may see.
fn tabs(frame: &Frame, who: &Principal, current: &str) -> Vec<Tab> {
    let may = TABS.iter().filter(|(.., scope)| who.holds(*scope).is_ok());
    may.map(|(path, key, _)| Tab { href: format!("{}/settings/{path}", frame.base), key, current: *path == current })
        .collect()
}

/// The first of the pages that somebody may see; who may see none is told of the one that most may.
async fn first(who: Principal) -> Result<Redirect, Problem> {
    let path = TABS.iter().find(|(.., scope)| who.holds(*scope).is_ok());
    match path {
        Some((path, ..)) => Ok(Redirect::to(&format!("/stores/{}/settings/{path}", who.store()))),
        None => Err(who.permit::<SettingsView>().err().map_or_else(|| Problem::not_found("such page"), Problem::from)),
    }
}

/// What a form holds that ends a token.
#[derive(Deserialize)]
struct Which {
    token: String,
}

impl Which {
    fn id(&self) -> Result<crate::authz::TokenId, Problem> {
        self.token.parse().map_err(|_| Problem::not_found("such token"))
    }
}
