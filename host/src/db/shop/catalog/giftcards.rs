//! Gift cards: what `giftcards:*` permits allow.
//!
//! INVARIANT: the code is told once, by `issue`, and stored nowhere: only its SHA-256 and its last four characters are.

use crate::authz::scope::kind::{GiftcardsIssue, GiftcardsView};
use crate::authz::{Permit, record_id};
use crate::db::core::drafts::draft::{Draft, Edit};
use crate::db::core::engine::conn::args;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::{Document, Kind};
use crate::db::core::money::Money;
use crate::db::core::page::{Items, Page};
use crate::db::core::time::{opt_ms, rfc3339};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

/// A card is worth at most so many minor units: 10,000.00 EUR, 1,000,000 JPY. A limit of ours, against amounts with
/// a few zeros too many.
const MOST: i64 = 1_000_000;
/// Capital letters and digits without 0, 1, I and O, which look alike. 32 of them, so that a random byte gives one
/// without favour.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
/// A code has so many characters: 80 bits, more than can be tried.
const CODE_LENGTH: usize = 16;

/// A gift card. The code is never shown in full.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct GiftCard {
    /// Its id.
    pub id: String,
    /// The last four characters of the code.
    pub last4: String,
    /// What it was worth at first.
    pub initial: Money,
    /// What it is worth.
    pub balance: Money,
    /// Whether it can be used.
    pub active: bool,
    /// RFC 3339, if it ends.
    pub expires_at: Option<String>,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339.
    pub updated_at: String,
}

/// A gift card as it is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::db) struct Stored {
    #[serde(flatten)]
    card: GiftCard,
    /// SHA-256 of the code, in hex.
    hash: String,
}

impl Document for Stored {
    const KIND: Kind = Kind::GiftCard;
}

/// A card just made: the only time its code is told.
#[derive(Clone, Serialize, ToSchema)]
pub struct Issued {
    /// The card's id.
    pub id: String,
    /// 16 capital letters and digits.
    pub code: String,
}

impl std::fmt::Debug for Issued {
    /// Without the code, so that no log can tell it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Issued").field("id", &self.id).finish_non_exhaustive()
    }
}

// A truth is `true` as text in PostgreSQL and 1 in SQLite.
const SEARCH: &str = "SELECT r.id, r.doc FROM records r WHERE r.store = $1 AND r.kind = 'gift-card' AND r.id > $2 \
    AND (CAST($4 AS BIGINT) IS NULL OR CASE WHEN CAST(r.doc ->> 'active' AS TEXT) IN ('true', '1') THEN 1 ELSE 0 END = $4) \
    ORDER BY r.id LIMIT $3";

impl Permit<GiftcardsView> {
    /// One gift card.
    pub async fn get(&self, draft: &mut Draft, id: &str) -> Result<GiftCard> {
        let stored: Stored = draft.get(self, id).await?;
        Ok(stored.card)
    }

    /// Gift cards, oldest first.
    pub async fn search(&self, draft: &mut Draft, active: Option<bool>, page: &Page) -> Result<Items<GiftCard>> {
        let fits = |stored: &Stored| active.is_none_or(|active| stored.card.active == active);
        let found = draft.search(self, SEARCH, args![active.map(i64::from)], page, fits).await?;
        Ok(found.map(|stored| stored.card))
    }
}

/// A code nobody can guess.
fn random_code() -> Result<String> {
    let mut bytes = [0u8; CODE_LENGTH];
    getrandom::fill(&mut bytes).map_err(|e| Error::Corrupt(format!("no random numbers: {e}")))?;
    let letter = |byte: u8| ALPHABET.get(usize::from(byte) % ALPHABET.len()).copied().map_or('2', char::from);
    Ok(bytes.into_iter().map(letter).collect())
}

impl Permit<GiftcardsIssue> {
    /// Makes a gift card worth `amount`, at most 1,000,000 of the currency's smallest unit.
    pub async fn issue(&self, draft: &mut Draft, amount: Money, expires_at: Option<&str>) -> Result<Issued> {
        let currency = draft.settings(self).await?.currency()?;
        amount
            .positive()?
            .same_currency(Money::zero(currency))
            .map_err(|_| Error::invalid(format!("gift cards of this store are in {}", currency.code())))?;
        if amount.minor > MOST {
            let most = Money { minor: MOST, currency };
            return Err(Error::invalid(format!("a gift card is worth at most {most}; {amount} is more")));
        }
        let expires = opt_ms(expires_at)?;
        if expires.is_some_and(|at| at <= draft.now()) {
            return Err(Error::invalid("a gift card cannot expire before it is issued; give a later `expires_at`"));
        }
        draft.spend_money(self, amount, None).await?;
        let (id, code, at) = (record_id(Kind::GiftCard.prefix()), random_code()?, draft.at());
        let card = GiftCard {
            id: id.clone(),
            last4: code.chars().skip(CODE_LENGTH - 4).collect(),
            initial: amount,
            balance: amount,
            active: true,
            expires_at: expires.map(rfc3339),
            created_at: at.clone(),
            updated_at: at,
        };
        draft.insert(self, &id, &Stored { card, hash: hex::encode(Sha256::digest(&code)) })?;
        Ok(Issued { id, code })
    }

    /// Makes a card worthless; what was on it stays on record. Deactivating one twice changes nothing.
    pub async fn deactivate(&self, draft: &mut Draft, id: &str) -> Result<()> {
        let mut edit: Edit<Stored> = draft.edit(self, id).await?;
        if !edit.doc.card.active {
            return Ok(());
        }
        (edit.doc.card.active, edit.doc.card.updated_at) = (false, draft.at());
        draft.put(self, &edit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_use_only_letters_that_cannot_be_mistaken() {
        let code = random_code().unwrap();
        assert_eq!(code.len(), CODE_LENGTH);
        assert!(code.bytes().all(|byte| ALPHABET.contains(&byte)), "{code}");
        assert!(ALPHABET.iter().all(|byte| !b"01IO".contains(byte)));
        assert_ne!(code, random_code().unwrap());
    }
}
