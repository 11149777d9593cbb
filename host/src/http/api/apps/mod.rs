//! Apps and their versions: for stores that install them, publishers that upload them and the operator that publishes
//! them.

mod catalogue;
mod delete;
mod publish;
pub(super) mod upload;

use crate::db::apps::AppVersion;
use crate::http::{State, routes};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

/// Versions of one app.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Versions {
    /// Newest first, a hundred at most.
    items: Vec<AppVersion>,
}

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::default()
        .routes(routes!(catalogue::list))
        .routes(routes!(catalogue::get))
        .routes(routes!(catalogue::versions))
        .routes(routes!(delete::delete))
        .routes(routes!(delete::by_publisher))
        .routes(routes!(publish::versions))
        .routes(routes!(publish::publish))
        .routes(routes!(publish::withdraw))
}

pub(super) fn uploads() -> OpenApiRouter<State> {
    OpenApiRouter::default().routes(routes!(upload::for_store)).routes(routes!(upload::by_publisher))
}
