//! Gift cards.

use crate::authz::Permit;
use crate::authz::scope::kind::{GiftcardsIssue, GiftcardsView};
use crate::db::giftcards::{GiftCard, Issued};
use crate::db::{Completion, Draft, Items, Made, Money, Replay};
use crate::http::api::changed::{Changed, commit};
use crate::http::api::lists::lists;
use crate::http::repeat::NotRetained;
use crate::http::{Answer, At, Json, Problem, Query};
use axum::Extension;
use serde::Deserialize;
use utoipa::ToSchema;

lists! {
    /// Which gift cards.
    GiftCards {
        /// Whether it can be used.
        active: bool,
    }
}

/// A gift card to create.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewGiftCard {
    /// What it is worth, in the store's currency.
    amount: Money,
    /// RFC 3339, if it ends.
    expires_at: Option<String>,
}

/// List gift cards
///
/// Oldest first, without their codes.
#[utoipa::path(get, path = "/stores/{store}/giftcards", tag = "giftcards", params(GiftCards), responses((status = 200, body = Items<GiftCard>)))]
pub(super) async fn list(
    cards: Permit<GiftcardsView>,
    mut draft: Draft,
    Query(query): Query<GiftCards>,
) -> Answer<Items<GiftCard>> {
    Ok(Json(cards.search(&mut draft, query.active, &query.page()).await?))
}

/// Get a gift card
#[utoipa::path(get, path = "/stores/{store}/giftcards/{giftcard}", tag = "giftcards", responses((status = 200, body = GiftCard)))]
pub(super) async fn get(cards: Permit<GiftcardsView>, mut draft: Draft, At(card): At) -> Answer<GiftCard> {
    Ok(Json(cards.get(&mut draft, &card).await?))
}

/// Issue a gift card
///
/// Shows its code this once.
#[utoipa::path(post, path = "/stores/{store}/giftcards", tag = "giftcards", responses((status = 200, body = Issued)))]
pub(super) async fn issue(
    issue: Permit<GiftcardsIssue>,
    mut draft: Draft,
    Json(new): Json<NewGiftCard>,
) -> Result<(Extension<NotRetained>, Json<Issued>), Problem> {
    let issued = issue.issue(&mut draft, new.amount, new.expires_at.as_deref()).await?;
    draft.makes(Made { id: issued.id.clone(), part: None, replay: Replay::Never });
    draft.commit(Completion::default()).await?;
    Ok((Extension(NotRetained), Json(issued)))
}

/// Deactivate a gift card
#[utoipa::path(post, path = "/stores/{store}/giftcards/{giftcard}/deactivate", tag = "giftcards", responses((status = 200, body = Changed<GiftCard>)))]
pub(super) async fn deactivate(
    issue: Permit<GiftcardsIssue>,
    view: Option<Permit<GiftcardsView>>,
    mut draft: Draft,
    At(card): At,
) -> Answer<Changed<GiftCard>> {
    issue.deactivate(&mut draft, &card).await?;
    commit(draft, card, view).await
}
