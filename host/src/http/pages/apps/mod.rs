//! Apps: what is installed, what can be, the consent to either, and one installation with its powers.

mod choices;
mod consent;
mod form;
mod given;
mod installation;
mod list;
mod recalled;
mod settings;
mod state;
mod upload;

pub(super) use choices::field;

use crate::http::State;
use crate::http::extract::handler::{get, post};
use axum::Router;

/// Every page of this room.
pub(super) fn routes() -> Router<State> {
    Router::new()
        .route("/stores/{store}/apps", get(list::page))
        .route("/stores/{store}/apps/install", get(consent::page).post(consent::submit))
        .route("/stores/{store}/apps/{installation}", get(installation::page))
        .route("/stores/{store}/apps/{installation}/upgrade", get(consent::upgrade_page).post(consent::submit_upgrade))
        .route("/stores/{store}/apps/{installation}/settings", get(settings::page).post(settings::submit))
        .route("/stores/{store}/apps/{installation}/revoke", post(state::revoke))
        .route("/stores/{store}/apps/{installation}/pause", post(state::pause))
        .route("/stores/{store}/apps/{installation}/resume", post(state::resume))
        .route("/stores/{store}/apps/{installation}/breaker", post(state::close_breaker))
        .route("/stores/{store}/apps/{installation}/go-on", post(recalled::go_on))
        .route("/stores/{store}/apps/{installation}/uninstall", get(state::uninstall_page).post(state::uninstall))
}

/// The page that takes a file.
pub(super) fn uploads() -> Router<State> {
    Router::new().route("/stores/{store}/apps/upload", get(upload::page).post(upload::submit))
}
