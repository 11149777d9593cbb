//! What publishers and the operator see and decide about versions.

use super::Versions;
use crate::db::apps::AppVersion;
use crate::db::{Db, Identity, Operator};
use crate::http::{Answer, At, Json, Problem};

/// List versions of an app, for its publisher or the operator
#[utoipa::path(get, path = "/apps/{publisher}/{name}/versions", tag = "apps", security(("token" = ["operator"]), ("token" = ["publisher"])), responses((status = 200, body = Versions)))]
pub(super) async fn versions(who: Identity, db: Db, At((publisher, name)): At<(String, String)>) -> Answer<Versions> {
    let app = format!("{publisher}/{name}");
    let items = match who {
        Identity::Operator(operator) => operator.versions(&db, &app).await?,
        Identity::Publisher(publisher) => publisher.versions(&db, &app).await?,
        Identity::Staff(_) | Identity::Storefront { .. } | Identity::Setup(_) => {
            let detail =
                "only the publisher of an app and the operator can do this; a store lists its own under `/stores`";
            return Err(Problem::forbidden(detail));
        }
    };
    Ok(Json(Versions { items }))
}

/// Publish a version
///
/// From then on every store can see and install it.
#[utoipa::path(post, path = "/apps/{publisher}/{name}/versions/{version}/publish", tag = "apps", security(("token" = ["operator"])), responses((status = 200, body = AppVersion)))]
pub(super) async fn publish(
    operator: Operator,
    db: Db,
    At((publisher, name, version)): At<(String, String, String)>,
) -> Answer<AppVersion> {
    Ok(Json(operator.publish(&db, &format!("{publisher}/{name}"), &version).await?))
}

/// Withdraw a version
///
/// It can no longer be installed. Where it is installed it keeps running.
#[utoipa::path(post, path = "/apps/{publisher}/{name}/versions/{version}/withdraw", tag = "apps", security(("token" = ["operator"])), responses((status = 200, body = AppVersion)))]
pub(super) async fn withdraw(
    operator: Operator,
    db: Db,
    At((publisher, name, version)): At<(String, String, String)>,
) -> Answer<AppVersion> {
    Ok(Json(operator.withdraw(&db, &format!("{publisher}/{name}"), &version).await?))
}
