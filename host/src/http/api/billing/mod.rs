//! What a store may use and used, and its end: its owner's alone.

pub(in crate::http) mod archive;
mod closing;
mod plan;

use crate::http::{State, routes};
use utoipa_axum::router::OpenApiRouter;

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::default()
        .routes(routes!(plan::get))
        .routes(routes!(plan::ask, plan::withdraw))
        .routes(routes!(plan::statement))
        .routes(routes!(closing::get))
        .routes(routes!(archive::take))
        .routes(routes!(closing::close))
        .routes(routes!(closing::reopen))
}
