//! Whom the token in use stands for.

use crate::authz::{Scope, StoreId, TokenId};
use crate::db::Identity;
use crate::db::tokens::Shown;
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
    /// The token itself.
    token: MyToken,
    /// That it ends soon, and what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    warning: Option<String>,
}

/// The token in use.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MyToken {
    /// Its id.
    #[schema(value_type = String)]
    id: TokenId,
    /// What it is for, in words.
    name: String,
    /// From when on it is refused, RFC 3339; never if there is none.
    expires_at: Option<String>,
}

/// What to do about a token that ends soon.
fn warning(identity: &Identity, token: &Shown) -> Option<String> {
    let at = token.expires_at.as_deref().filter(|_| token.ends_soon)?;
    let then = match identity {
        Identity::Staff(_) => "make another one, or ask the owner to renew it",
        Identity::Operator(_) => "make another one: `POST /api/v1/tokens`",
        Identity::Storefront(_) => "ask the owner of the store for another one",
        Identity::Publisher(_) => "ask the operator of the host for another one",
        Identity::Setup(_) => return None,
    };
    Some(format!("this token ends at {at}; {then}"))
}

/// Get whom the token stands for
#[utoipa::path(get, path = "/me", tag = "host", responses((status = 200, body = Me)))]
pub(super) async fn get(identity: Identity, token: Shown) -> Answer<Me> {
    let principal = principal_of(&identity);
    let (kind, actor, publisher) = match &identity {
        Identity::Staff(_) => ("staff", None, None),
        Identity::Storefront(_) => ("storefront", None, None),
        Identity::Operator(operator) => ("operator", Some(operator.actor()), None),
        Identity::Publisher(publisher) => ("publisher", Some(publisher.actor()), Some(publisher.name().to_owned())),
        Identity::Setup(_) => ("setup", None, None),
    };
    Ok(Json(Me {
        kind,
        actor: principal.as_ref().map(|principal| principal.actor()).or(actor).map(|actor| actor.to_string()),
        store: principal.as_ref().map(|principal| principal.store()),
        publisher,
        warning: warning(&identity, &token),
        token: MyToken { id: token.id, name: token.name, expires_at: token.expires_at },
        scopes: principal.map(|principal| principal.held().iter().collect()).unwrap_or_default(),
    }))
}
