//! A person's own tokens.

use crate::authz::scope::kind::TokensManage;
use crate::authz::{Permit, Principal, TokenId};
use crate::db::Db;
use crate::db::tokens::{FreshToken, NewToken, Token};
use crate::http::repeat::NotRetained;
use crate::http::{Answer, At, IdempotencyKey, Json, Problem};
use axum::Extension;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

/// Valid tokens.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Tokens {
    /// Oldest first.
    pub(super) items: Vec<Token>,
}

/// The id in a path.
pub(super) fn id(text: &str) -> Result<TokenId, Problem> {
    text.parse().map_err(|_| Problem::not_found(format_args!("token `{text}`")))
}

/// List own tokens
#[utoipa::path(get, path = "/stores/{store}/tokens", tag = "tokens", responses((status = 200, body = Tokens)))]
pub(super) async fn list(tokens: Permit<TokensManage>, db: Db) -> Answer<Tokens> {
    Ok(Json(Tokens { items: tokens.list(&db).await? }))
}

/// Create a token
///
/// It can do at most what the one in use can. Its text is shown this once.
#[utoipa::path(post, path = "/stores/{store}/tokens", tag = "tokens", responses((status = 200, body = FreshToken)))]
pub(super) async fn create(
    tokens: Permit<TokensManage>,
    maker: Principal,
    db: Db,
    IdempotencyKey(once): IdempotencyKey,
    Json(new): Json<NewToken>,
) -> Result<(Extension<NotRetained>, Json<FreshToken>), Problem> {
    Ok((Extension(NotRetained), Json(tokens.create(&db, &maker, new, once).await?)))
}

/// Revoke a token of one's own
#[utoipa::path(delete, path = "/stores/{store}/tokens/{token}", tag = "tokens", responses((status = 204)))]
pub(super) async fn revoke(tokens: Permit<TokensManage>, db: Db, At(token): At) -> Result<StatusCode, Problem> {
    tokens.revoke(&db, id(&token)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
