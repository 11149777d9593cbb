//! What a store has: a list and a page for each kind of record, with its history and what can be done to it, and a search.
//!
//! In reading order: `parts` (what all of these pages are made of), `tabs`, `status` (states in words), one room per group
//! of permissions (`sales`, `catalog`, `shop`), `search`.
//!
//! INVARIANT: each handler takes the permits of its route in the API, and calls the same methods of them.

mod catalog;
mod parts;
mod sales;
mod search;
mod shop;
mod status;
mod tabs;

use crate::authz::Principal;
use crate::authz::scope::kind::OrdersView;
use crate::http::extract::handler::get;
use crate::http::{Problem, State};
use axum::Router;
use axum::response::Redirect;

pub(super) fn routes() -> Router<State> {
    Router::new()
        .route("/stores/{store}/store", get(first))
        .route("/stores/{store}/store/search", get(search::page).post(search::find))
        .merge(sales::routes())
        .merge(catalog::routes())
        .merge(shop::routes())
}

/// The first of the pages that somebody may see; who may see none is told of the one that most may.
async fn first(who: Principal) -> Result<Redirect, Problem> {
    let path = tabs::TABS.iter().find(|(.., scope)| who.holds(*scope).is_ok());
    // Whoever may only look for somebody has the search alone.
    let finds = || tabs::FINDS.iter().any(|scope| who.holds(*scope).is_ok()).then_some("search");
    match path.map(|(path, ..)| *path).or_else(finds) {
        Some(path) => Ok(Redirect::to(&format!("/stores/{}/store/{path}", who.store()))),
        None => Err(who.permit::<OrdersView>().err().map_or_else(|| Problem::not_found("such page"), Problem::from)),
    }
}
