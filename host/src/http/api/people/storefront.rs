//! Tokens of the shop's own front: for its owner.

use super::tokens::{Tokens, id};
use crate::authz::{Permit, scope::kind::StaffManage};
use crate::db::Db;
use crate::db::tokens::FreshToken;
use crate::http::{Answer, At, Json, Problem};
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

/// A token for the shop's front.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewStorefrontToken {
    /// What it is for, in words: 1 to 80 characters.
    name: String,
    /// How many days it lives: 1 to 366; 90 if not given.
    days: Option<u32>,
}

/// List the shop front's tokens
#[utoipa::path(get, path = "/stores/{store}/storefront-tokens", tag = "storefront-tokens", responses((status = 200, body = Tokens)))]
pub(super) async fn list(staff: Permit<StaffManage>, db: Db) -> Answer<Tokens> {
    Ok(Json(Tokens { items: staff.storefront_tokens(&db).await? }))
}

/// Create a token for the shop's front
///
/// It records carts and paid orders and asks apps at checkout, and nothing else. Its text is shown this once.
#[utoipa::path(post, path = "/stores/{store}/storefront-tokens", tag = "storefront-tokens", responses((status = 200, body = FreshToken)))]
pub(super) async fn create(
    staff: Permit<StaffManage>,
    db: Db,
    Json(new): Json<NewStorefrontToken>,
) -> Answer<FreshToken> {
    Ok(Json(staff.create_storefront_token(&db, &new.name, new.days).await?))
}

/// Revoke a token of the shop's front
#[utoipa::path(delete, path = "/stores/{store}/storefront-tokens/{token}", tag = "storefront-tokens", responses((status = 204)))]
pub(super) async fn revoke(staff: Permit<StaffManage>, db: Db, At(token): At) -> Result<StatusCode, Problem> {
    staff.revoke_storefront_token(&db, id(&token)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
