//! `giftcards:*`.

use super::convert::money;
use super::wit::{giftcards_issue, giftcards_view, types};
use crate::db::giftcards::{GiftCard, Issued};

mirrors! {
    GiftCard => giftcards_view::GiftCard {
        id, last4, initial, balance, active, expires_at, created_at, updated_at,
    }
    Issued => giftcards_issue::Issued { id, code }
}
pages! { GiftCard => giftcards_view::GiftCardPage; }

host_calls! {
    giftcards_view GiftcardsView {
        get(id: String) -> giftcards_view::GiftCard = |cards, draft| cards.get(draft, &id).await;
        search(active: Option<bool>, page: types::Page) -> giftcards_view::GiftCardPage =
            |cards, draft| cards.search(draft, active, &page.into()).await;
    }
    giftcards_issue GiftcardsIssue {
        issue(amount: types::Money, expires_at: Option<String>) -> giftcards_issue::Issued =
            |cards, draft| cards.issue(draft, money(&amount)?, expires_at.as_deref()).await;
        deactivate(id: String) -> () = |cards, draft| cards.deactivate(draft, &id).await;
    }
}
