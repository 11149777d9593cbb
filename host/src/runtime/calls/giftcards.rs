//! `giftcards:*`.

use super::convert::{all, money};
use super::wit::{giftcards_issue, giftcards_view, types};
use super::{Answer, Invocation};
use crate::authz::Permit;
use crate::authz::scope::kind::{GiftcardsIssue, GiftcardsView};
use crate::db::giftcards::GiftCard;

impl From<GiftCard> for giftcards_view::GiftCard {
    fn from(c: GiftCard) -> Self {
        Self {
            id: c.id,
            last4: c.last4,
            initial: c.initial.into(),
            balance: c.balance.into(),
            active: c.active,
            expires_at: c.expires_at,
            created_at: c.created_at,
            updated_at: c.updated_at,
        }
    }
}

impl giftcards_view::Host for Invocation {
    async fn get(&mut self, id: String) -> Answer<giftcards_view::GiftCard> {
        let call = async |cards: Permit<GiftcardsView>, draft: &mut _| cards.get(draft, &id).await;
        Ok(self.host_call("giftcards-view.get", call).await?.into())
    }

    async fn search(&mut self, active: Option<bool>, page: types::Page) -> Answer<giftcards_view::GiftCardPage> {
        let page = page.into();
        let call = async |cards: Permit<GiftcardsView>, draft: &mut _| cards.search(draft, active, &page).await;
        let found = self.host_call("giftcards-view.search", call).await?;
        Ok(giftcards_view::GiftCardPage { items: all(found.items), next: found.next_cursor })
    }
}

impl giftcards_issue::Host for Invocation {
    async fn issue(&mut self, amount: types::Money, expires_at: Option<String>) -> Answer<giftcards_issue::Issued> {
        let call = async |cards: Permit<GiftcardsIssue>, draft: &mut _| {
            cards.issue(draft, money(&amount)?, expires_at.as_deref()).await
        };
        let issued = self.host_call("giftcards-issue.issue", call).await?;
        Ok(giftcards_issue::Issued { id: issued.id, code: issued.code })
    }

    async fn deactivate(&mut self, id: String) -> Answer<()> {
        let call = async |cards: Permit<GiftcardsIssue>, draft: &mut _| cards.deactivate(draft, &id).await;
        self.host_call("giftcards-issue.deactivate", call).await
    }
}
