//! What happened in a store: runs of apps, changes of store data, and how long both are retained.

mod held;
mod invocations;
mod journal;
mod retention;
mod stream;
mod undos;
mod usage;

use crate::http::{State, routes};
use utoipa_axum::router::OpenApiRouter;

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::default()
        .routes(routes!(invocations::list))
        .routes(routes!(stream::stream))
        .routes(routes!(invocations::get))
        .routes(routes!(invocations::of_host))
        .routes(routes!(usage::by_app))
        .routes(routes!(usage::by_call))
        .routes(routes!(usage::by_scope))
        .routes(routes!(usage::by_version))
        .routes(routes!(usage::series))
        .routes(routes!(usage::host_series))
        .routes(routes!(usage::host_versions))
        .routes(routes!(usage::host_stores))
        .routes(routes!(journal::list))
        .routes(routes!(journal::get))
        .routes(routes!(journal::changes))
        .routes(routes!(undos::list, undos::undo))
        .routes(routes!(undos::preview))
        .routes(routes!(undos::get))
        .routes(routes!(undos::skipped))
        .routes(routes!(held::list))
        .routes(routes!(held::get))
        .routes(routes!(held::changes))
        .routes(routes!(held::approve))
        .routes(routes!(held::reject))
        .routes(routes!(held::rerun))
        .routes(routes!(retention::get, retention::put))
}
