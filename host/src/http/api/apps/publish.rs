//! What publishers and the operator see and decide about versions.

use super::Versions;
use crate::authz::StoreId;
use crate::db::apps::{AppVersion, OfApp};
use crate::db::stops::Code;
use crate::db::{Db, Identity, Operator};
use crate::http::{Answer, At, Json, Problem};
use serde::Deserialize;
use utoipa::ToSchema;

/// Whose upload is meant.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Whose {
    /// The store that uploaded the version for itself; not given, it is the one that the publisher uploaded.
    #[schema(value_type = Option<String>)]
    store: Option<StoreId>,
}

/// How a version is withdrawn.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Withdrawal {
    /// The store that uploaded the version for itself; not given, it is the one that the publisher uploaded.
    #[schema(value_type = Option<String>)]
    store: Option<StoreId>,
    /// Why it is stopped where it is installed, 1 to 200 characters; not given, it keeps running there.
    stop: Option<String>,
}

/// List versions of an app, for its publisher or the operator
#[utoipa::path(get, path = "/apps/{publisher}/{name}/versions", tag = "apps", security(("token" = ["operator"]), ("token" = ["publisher"])), responses((status = 200, body = Versions)))]
pub(super) async fn versions(who: Identity, db: Db, At((publisher, name)): At<(String, String)>) -> Answer<Versions> {
    let app = format!("{publisher}/{name}");
    let items = match who {
        Identity::Operator(operator) => operator.versions(&db, &app).await?,
        Identity::Publisher(publisher) => publisher.versions(&db, &app).await?,
        Identity::Staff(_) | Identity::Storefront(_) | Identity::Setup(_) => {
            let detail =
                "only the publisher of an app and the operator can do this; a store lists its own under `/stores`";
            return Err(Problem::forbidden(detail));
        }
    };
    Ok(Json(Versions { items }))
}

/// Publish a version
///
/// From then on every store can see and install it. A version that a store uploaded for itself is named with that store,
/// which then has the publisher's name in its id to itself, if nobody else has.
#[utoipa::path(post, path = "/apps/{publisher}/{name}/versions/{version}/publish", tag = "apps", security(("token" = ["operator"])), responses((status = 200, body = AppVersion)))]
pub(super) async fn publish(
    operator: Operator,
    db: Db,
    At((publisher, name, version)): At<(String, String, String)>,
    Json(Whose { store }): Json<Whose>,
) -> Answer<AppVersion> {
    let app = format!("{publisher}/{name}");
    Ok(Json(operator.publish(&db, OfApp { app, version, store }).await?))
}

/// Withdraw a version
///
/// It can no longer be installed. Where it is installed it keeps running, unless `stop` says why it is to be stopped there,
/// too.
#[utoipa::path(post, path = "/apps/{publisher}/{name}/versions/{version}/withdraw", tag = "apps", security(("token" = ["operator"])), responses((status = 200, body = AppVersion)))]
pub(super) async fn withdraw(
    operator: Operator,
    db: Db,
    At((publisher, name, version)): At<(String, String, String)>,
    Json(Withdrawal { store, stop }): Json<Withdrawal>,
) -> Answer<AppVersion> {
    let app = format!("{publisher}/{name}");
    if let Some(reason) = stop {
        let code = Code { app: app.clone(), version: Some(version.clone()), store };
        operator.stop_app(&db, code, &reason).await?;
    }
    Ok(Json(operator.withdraw(&db, OfApp { app, version, store }).await?))
}
