//! What makes an app run at once: the checkout, a button a person presses, and a dry run.

mod actions;
mod checkout;
mod dry_run;
mod rerun;

use crate::http::{State, routes};
use utoipa_axum::router::OpenApiRouter;

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::default()
        .routes(routes!(checkout::discounts))
        .routes(routes!(checkout::quote))
        .routes(routes!(actions::press))
        .routes(routes!(dry_run::with_scopes))
        .routes(routes!(dry_run::as_installed))
        .routes(routes!(rerun::rerun))
        .routes(routes!(rerun::at))
}

pub(super) fn uploads() -> OpenApiRouter<State> {
    OpenApiRouter::default().routes(routes!(rerun::rerun_with)).routes(routes!(dry_run::with_file))
}
