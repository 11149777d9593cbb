//! Whom the token in use stands for.

use crate::authz::{Scope, StoreId};
use crate::db::Identity;
use crate::http::extract::principal_of;
use crate::http::{Answer, Json};
use serde::Serialize;
use utoipa::ToSchema;

/// Whom a token stands for, and what it can be used for at this moment.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Me {
    /// `staff`, `storefront`, `operator`, `publisher` or `setup`.
    kind: &'static str,
    /// Who, as written in records: `staff:stf_…`.
    actor: Option<String>,
    /// The store it acts in; none for the host's own.
    #[schema(value_type = Option<String>)]
    store: Option<StoreId>,
    /// A publisher's name.
    publisher: Option<String>,
    /// What it can be used for.
    #[schema(value_type = Vec<String>)]
    scopes: Vec<Scope>,
}

/// See whom the token stands for
#[utoipa::path(get, path = "/me", tag = "host", security(("token" = [])), responses((status = 200, body = Me)))]
pub(super) async fn get(identity: Identity) -> Answer<Me> {
    let principal = principal_of(&identity);
    let (kind, actor, publisher) = match &identity {
        Identity::Staff(_) => ("staff", None, None),
        Identity::Storefront { .. } => ("storefront", None, None),
        Identity::Operator(operator) => ("operator", Some(operator.actor()), None),
        Identity::Publisher(publisher) => ("publisher", Some(publisher.actor()), Some(publisher.name().to_owned())),
        Identity::Setup(_) => ("setup", None, None),
    };
    Ok(Json(Me {
        kind,
        actor: principal.as_ref().map(|principal| principal.actor()).or(actor).map(|actor| actor.to_string()),
        store: principal.as_ref().map(|principal| principal.store()),
        publisher,
        scopes: principal.map(|principal| principal.held().iter().collect()).unwrap_or_default(),
    }))
}
