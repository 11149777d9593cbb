//! The API: what there is, one file per resource. [`routes`] is the one list from which the router, the description
//! and the route access test are built.

mod alerts;
mod apps;
pub(super) mod billing;
mod catalog;
mod changed;
mod history;
mod host;
mod installations;
mod lists;
mod people;
mod runs;
mod sales;
mod shop;
mod simple;

pub(super) use apps::upload::take;

use super::State;
use utoipa_axum::router::OpenApiRouter;

/// What every path of the API begins with.
pub const PREFIX: &str = "/api/v1";

/// Every route but uploads.
pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::default()
        .merge(host::routes())
        .merge(alerts::routes())
        .merge(people::routes())
        .merge(billing::routes())
        .merge(sales::routes())
        .merge(catalog::routes())
        .merge(shop::routes())
        .merge(simple::routes())
        .merge(runs::routes())
        .merge(apps::routes())
        .merge(installations::routes())
        .merge(history::routes())
}

/// Routes that take large bodies, and so more time and no repetition.
pub(super) fn uploads() -> OpenApiRouter<State> {
    apps::uploads().merge(runs::uploads())
}
