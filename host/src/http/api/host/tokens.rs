//! Tokens that belong to no store: the operator's and the publishers'.

use crate::authz::TokenId;
use crate::db::tokens::{FreshToken, PublisherToken};
use crate::db::{Db, Operator};
use crate::http::{Answer, At, Json, Problem};
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

/// A token for the operator.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewOperatorToken {
    /// What it is for, in words: 1 to 80 characters.
    name: String,
    /// How many days it lives: 1 to 366; 90 if not given.
    days: Option<u32>,
}

/// A token for a publisher of apps.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPublisherToken {
    /// 3 to 40 of `a-z`, `0-9` and `-`; what the ids of their apps begin with.
    publisher: String,
    /// How many days it lives: 1 to 366; 90 if not given.
    days: Option<u32>,
}

/// Create an operator's token
#[utoipa::path(post, path = "/tokens", tag = "operator", responses((status = 200, body = FreshToken)))]
pub(super) async fn create(operator: Operator, db: Db, Json(new): Json<NewOperatorToken>) -> Answer<FreshToken> {
    Ok(Json(operator.create_token(&db, &new.name, new.days).await?))
}

/// End an operator's or a publisher's token
///
/// At once. The last token of the operator stays.
#[utoipa::path(delete, path = "/tokens/{token}", tag = "operator", responses((status = 204)))]
pub(super) async fn revoke(operator: Operator, db: Db, At(token): At) -> Result<StatusCode, Problem> {
    let token: TokenId = token.parse().map_err(|_| Problem::not_found(format_args!("token `{token}`")))?;
    operator.revoke_token(&db, token).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Create a publisher's token
///
/// And the publisher, if the name is new.
#[utoipa::path(post, path = "/publishers", tag = "operator", responses((status = 200, body = PublisherToken)))]
pub(super) async fn create_publisher(
    operator: Operator,
    db: Db,
    Json(new): Json<NewPublisherToken>,
) -> Answer<PublisherToken> {
    Ok(Json(operator.create_publisher_token(&db, &new.publisher, new.days).await?))
}
