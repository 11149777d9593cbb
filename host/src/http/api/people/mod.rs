//! The people of a store, their tokens, and what was changed of who may do what.

mod audit;
mod dry_run;
mod roles;
mod staff;
mod storefront;
mod tokens;

use crate::http::{State, routes};
use utoipa_axum::router::OpenApiRouter;

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::default()
        .routes(routes!(staff::list, staff::add))
        .routes(routes!(dry_run::dry_run))
        .routes(routes!(roles::list))
        .routes(routes!(staff::get, staff::remove))
        .routes(routes!(staff::set_scopes))
        .routes(routes!(staff::renew_token))
        .routes(routes!(staff::invite))
        .routes(routes!(tokens::list, tokens::create))
        .routes(routes!(tokens::revoke))
        .routes(routes!(storefront::list, storefront::create))
        .routes(routes!(storefront::revoke))
        .routes(routes!(audit::list))
}
