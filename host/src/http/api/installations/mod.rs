//! Apps in one store: planning and installing them, what they hold, their settings, and stopping them.

mod deliveries;
mod grants;
mod install;
mod list;
mod recalled;
mod settings;
mod state;
mod upgrade;

use crate::authz::InstallationId;
use crate::http::{Problem, State, routes};
use utoipa_axum::router::OpenApiRouter;

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::default()
        .routes(routes!(install::plan))
        .routes(routes!(install::plan_file))
        .routes(routes!(list::list, install::install))
        .routes(routes!(list::get, state::uninstall))
        .routes(routes!(state::left))
        .routes(routes!(list::consents))
        .routes(routes!(settings::get, settings::put))
        .routes(routes!(grants::list))
        .routes(routes!(grants::allow, grants::limit, grants::revoke))
        .routes(routes!(state::pause))
        .routes(routes!(state::resume))
        .routes(routes!(recalled::go_on))
        .routes(routes!(recalled::radius))
        .routes(routes!(upgrade::upgrade))
        .routes(routes!(deliveries::list))
        .routes(routes!(deliveries::retry))
        .routes(routes!(deliveries::drop_one))
}

/// Text that is no installation's id is an installation nobody has.
fn id(text: &str) -> Result<InstallationId, Problem> {
    text.parse().map_err(|_| Problem::not_found(format_args!("installation `{text}`")))
}
