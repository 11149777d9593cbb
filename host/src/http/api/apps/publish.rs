//! What publishers and the operator see and decide about versions.

use super::Versions;
use crate::authz::StoreId;
use crate::db::apps::{AppVersion, OfApp};
use crate::db::stops::Code;
use crate::db::{Db, Identity, Operator, Publisher};
use crate::http::extract::signature::{Taken, Takes};
use crate::http::{Answer, At, Json, Problem, State};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
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

/// The operator of the host, or a publisher of apps.
pub(super) enum Curator {
    Operator(Operator),
    Publisher(Publisher),
}

impl FromRequestParts<State> for Curator {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Curator, Problem> {
        match Identity::from_request_parts(parts, state).await? {
            Identity::Operator(operator) => Ok(Curator::Operator(operator)),
            Identity::Publisher(publisher) => Ok(Curator::Publisher(publisher)),
            Identity::Staff(_) | Identity::Storefront(_) | Identity::Setup(_) => Err(Problem::forbidden(
                "only the publisher of an app and the operator can do this; a store lists its own under `/stores/{store}/apps`",
            )),
        }
    }
}

impl Takes for Curator {
    fn takes(taken: &mut Taken) {
        Operator::takes(taken);
        Publisher::takes(taken);
    }
}

/// List versions of an app, for its publisher or the operator
#[utoipa::path(get, path = "/apps/{publisher}/{name}/versions", tag = "apps", responses((status = 200, body = Versions)))]
pub(super) async fn versions(who: Curator, db: Db, At((publisher, name)): At<(String, String)>) -> Answer<Versions> {
    let app = format!("{publisher}/{name}");
    let items = match who {
        Curator::Operator(operator) => operator.versions(&db, &app).await?,
        Curator::Publisher(publisher) => publisher.versions(&db, &app).await?,
    };
    Ok(Json(Versions { items }))
}

/// Publish a version
///
/// From then on every store can see and install it. A version that a store uploaded for itself is named with that store,
/// which then has the publisher's name in its id to itself, if nobody else has.
#[utoipa::path(post, path = "/apps/{publisher}/{name}/versions/{version}/publish", tag = "apps", responses((status = 200, body = AppVersion)))]
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
#[utoipa::path(post, path = "/apps/{publisher}/{name}/versions/{version}/withdraw", tag = "apps", responses((status = 200, body = AppVersion)))]
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
