//! The rest of a store: its discounts, reports, settings and stock locations.

mod discounts;
mod locations;
mod reports;
mod settings;

use crate::http::{State, routes};
use utoipa_axum::router::OpenApiRouter;

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::default()
        .routes(routes!(discounts::enable))
        .routes(routes!(discounts::disable))
        .routes(routes!(discounts::find_by_code))
        .routes(routes!(discounts::uses))
        .routes(routes!(reports::sales))
        .routes(routes!(reports::top_products))
        .routes(routes!(settings::get))
        .routes(routes!(locations::list, locations::create))
        .routes(routes!(locations::get, locations::update))
}
