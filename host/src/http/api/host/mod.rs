//! What belongs to the host and not to one store: its first start, its stores, its operator's and publishers' tokens.

mod me;
mod setup;
mod stores;
mod tokens;

use crate::http::State;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::default()
        .routes(routes!(setup::start))
        .routes(routes!(me::get))
        .routes(routes!(stores::list, stores::create))
        .routes(routes!(tokens::create))
        .routes(routes!(tokens::revoke))
        .routes(routes!(tokens::create_publisher))
}
