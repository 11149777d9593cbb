//! Gift cards and what is left on them.

pub use crate::bindings::app::storehand::app::giftcards_issue::Issued;
pub use crate::bindings::app::storehand::app::giftcards_view::{GiftCard, GiftCardPage};
use crate::bindings::app::storehand::app::{giftcards_issue, giftcards_view};
use crate::{Money, Page, Result, parts};

calls! {
    giftcards:
    /// One gift card.
    "giftcards:view" get(id: &str) -> GiftCard = giftcards_view::get;
    /// A page of gift cards, oldest first; only active or only inactive ones if asked.
    "giftcards:view" search(active: Option<bool>, page: &Page) -> GiftCardPage = giftcards_view::search;
    /// Makes a gift card worth `amount`. The only time its code is told.
    "giftcards:issue" issue(amount: &Money, expires_at: Option<&str>) -> Issued = giftcards_issue::issue;
    /// Makes a card worthless. Deactivating one twice changes nothing.
    "giftcards:issue" deactivate(id: &str) -> () = giftcards_issue::deactivate;
}

/// All gift cards, oldest first, fetched as they are asked for with [`search`].
pub fn all(active: Option<bool>) -> impl Iterator<Item = Result<GiftCard>> {
    parts::walk(move |page| search(active, page).map(|found| (found.items, found.next)))
}
