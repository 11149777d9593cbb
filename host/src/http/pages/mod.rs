//! The web admin: pages made here, whole, and read without a script; scripts only make them live.
//!
//! In reading order: `frame` (what every page has), `words` (its texts), `show` (from a template to an answer, and from a
//! problem to a page), `parts` (what pages are made of), `plans` (what plans allow), `letters` (what goes by e-mail), `assets`, then one room per area: `account` (of people themselves), `overview`, `apps`, `activity`, `alerts`, `store`, `people`, `settings`, `undo`; and `host` (all stores, for the operator).
//!
//! INVARIANT: a page asks for the same permits as the API and calls the same functions; nothing is decided here.

mod account;
mod activity;
mod alerts;
mod apps;
mod assets;
mod dashboard;
mod frame;
mod fresh;
mod host;
mod kinds;
mod letters;
mod overview;
mod parts;
mod people;
mod plans;
mod settings;
mod show;
mod store;
mod undo;
mod words;
mod wrong;

pub(super) use assets::routes as assets;
pub(super) use show::{HTML, in_words};

use super::{Problem, State};
use crate::authz::Principal;
use crate::http::extract::handler::get;
use axum::Router;

/// Every page. Whoever asks is known before any of them is made.
pub(super) fn routes() -> Router<State> {
    Router::new()
        .merge(account::routes())
        .route("/stores/{store}", get(overview::page))
        .merge(apps::routes())
        .merge(activity::routes())
        .merge(alerts::routes())
        .merge(store::routes())
        .merge(people::routes())
        .merge(settings::routes())
        .merge(host::routes())
        .merge(undo::routes())
        .route("/stores/{store}/{*rest}", get(nowhere))
}

/// The pages that take a file, and so more time.
pub(super) fn uploads() -> Router<State> {
    apps::uploads()
}

/// An address that no page has: said as on every other page, to whoever belongs to the store.
async fn nowhere(_: Principal) -> Problem {
    Problem::not_found("such page; the navigation leads to those there are")
}
