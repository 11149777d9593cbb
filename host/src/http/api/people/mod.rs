//! The people of a store, their tokens, and what was changed of who may do what.

mod audit;
mod dry_run;
mod employment;
mod owners;
mod review;
mod roles;
mod rules;
mod staff;
mod storefront;
mod tokens;

use crate::http::{State, routes};
use utoipa_axum::router::OpenApiRouter;

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::default()
        .routes(routes!(staff::list, staff::add))
        .routes(routes!(dry_run::dry_run))
        .routes(routes!(roles::list, roles::create))
        .routes(routes!(roles::change, roles::delete))
        .routes(routes!(rules::get, rules::set))
        .routes(routes!(rules::versions))
        .routes(routes!(rules::version))
        .routes(routes!(owners::list))
        .routes(routes!(owners::withdraw))
        .routes(routes!(staff::get, staff::remove))
        .routes(routes!(staff::set_scopes))
        .routes(routes!(staff::renew_token))
        .routes(routes!(staff::invite))
        .routes(routes!(employment::suspend))
        .routes(routes!(employment::reinstate))
        .routes(routes!(employment::set_last_day))
        .routes(routes!(employment::rename))
        .routes(routes!(employment::sign_out))
        .routes(routes!(tokens::list, tokens::create))
        .routes(routes!(tokens::revoke))
        .routes(routes!(storefront::list, storefront::create))
        .routes(routes!(storefront::revoke))
        .routes(routes!(review::get, review::done))
        .routes(routes!(audit::list))
        .routes(routes!(audit::verify))
}
