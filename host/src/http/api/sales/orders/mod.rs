//! Orders: one route for each method of the nine `orders:*` permits.

mod change;
mod money;
mod view;

use crate::http::{State, routes};
use utoipa_axum::router::OpenApiRouter;

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::default()
        .routes(routes!(view::list, change::create))
        .routes(routes!(view::count))
        .routes(routes!(view::get, change::delete))
        .routes(routes!(view::contact))
        .routes(routes!(change::tag))
        .routes(routes!(change::untag))
        .routes(routes!(change::note))
        .routes(routes!(change::set_lines))
        .routes(routes!(change::fulfill))
        .routes(routes!(change::update_tracking))
        .routes(routes!(change::cancel))
        .routes(routes!(money::capture))
        .routes(routes!(money::refund))
}
