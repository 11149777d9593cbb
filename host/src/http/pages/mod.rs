//! The web admin: pages made here, whole, and read without a script; scripts only make them live.
//!
//! In reading order: `frame` (what every page has), `words` (its texts), `show` (from a template to an answer, and from a
//! problem to a page), `parts` (what pages are made of), `assets`, then one room per area: `account` (of people themselves), `overview`, `apps`, `activity`.
//!
//! INVARIANT: a page asks for the same permits as the API and calls the same functions; nothing is decided here.

mod account;
mod apps;
mod assets;
mod frame;
mod overview;
mod parts;
mod people;
mod show;
mod undo;
mod words;

pub(super) use assets::routes as assets;
pub(super) use show::{HTML, in_words};

use super::State;
use axum::Router;
use axum::routing::get;

/// Every page. Whoever asks is known before any of them is made.
pub(super) fn routes() -> Router<State> {
    Router::new().merge(account::routes()).merge(apps::routes()).merge(people::routes()).merge(undo::routes()).route("/stores/{store}", get(overview::page))
}
