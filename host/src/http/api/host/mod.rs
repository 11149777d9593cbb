//! What belongs to the host and not to one store: its first start, its stores and their plans, its operator's and publishers' tokens.

mod accounts;
mod audit;
mod hosts;
mod me;
mod plans;
mod recalls;
mod setup;
mod stops;
mod stores;
mod tokens;

use crate::http::{State, routes};
use utoipa_axum::router::OpenApiRouter;

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::default()
        .routes(routes!(setup::start))
        .routes(routes!(me::get))
        .routes(routes!(audit::list))
        .routes(routes!(audit::verify))
        .routes(routes!(accounts::free))
        .routes(routes!(hosts::list))
        .routes(routes!(stores::list, stores::create))
        .routes(routes!(stores::rename))
        .routes(routes!(stores::delete))
        .routes(routes!(stores::keep))
        .routes(routes!(plans::list, plans::make))
        .routes(routes!(plans::get, plans::change, plans::delete))
        .routes(routes!(plans::give))
        .routes(routes!(plans::requests))
        .routes(routes!(plans::accept))
        .routes(routes!(plans::decline))
        .routes(routes!(stops::suspend))
        .routes(routes!(stops::resume))
        .routes(routes!(stops::stop))
        .routes(routes!(stops::start))
        .routes(routes!(stops::list))
        .routes(routes!(recalls::recall))
        .routes(routes!(recalls::list))
        .routes(routes!(recalls::stores))
        .routes(routes!(tokens::create))
        .routes(routes!(tokens::revoke))
        .routes(routes!(tokens::create_publisher))
}
