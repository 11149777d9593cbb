//! Carts: what `carts:*` permits allow. The shop's front makes and fills them, in `intake`.

use super::orders::{Contact, QuantityOf, name};
use crate::authz::Permit;
use crate::authz::scope::kind::{CartsEdit, CartsView, StorefrontIntake};
use crate::db::core::drafts::draft::{Draft, Edit};
use crate::db::core::drafts::opens::{Reads, Writes};
use crate::db::core::engine::conn::args;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::{Document, Kind, Space};
use crate::db::core::money::Money;
use crate::db::core::page::{Items, Page};
use crate::db::core::time::{parse_ms, rfc3339};
use crate::db::core::topic::Topic;
use crate::db::shop::marketing::discounts::{Discount, usable};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

/// A cart has at most so many discounts.
const MAX_DISCOUNTS: usize = 10;

/// Where a cart stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CartStatus {
    /// The buyer is at it.
    Open,
    /// The buyer left it.
    Abandoned,
    /// An order was made from it.
    Ordered,
}

/// One line of a cart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CartLine {
    /// What is in the cart.
    pub sku: String,
    /// The product's title.
    pub title: String,
    /// How many.
    pub quantity: u32,
    /// Price of one.
    pub price: Money,
}

impl CartLine {
    /// What is in it, and how many.
    pub(super) fn quantity_of(&self) -> QuantityOf {
        QuantityOf { sku: self.sku.clone(), quantity: self.quantity }
    }
}

/// A cart without its buyer's personal data.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Cart {
    /// Its id.
    pub id: String,
    /// Where it stands.
    pub status: CartStatus,
    /// The customer's id, if the buyer has an account.
    pub customer: Option<String>,
    /// What is in it.
    pub lines: Vec<CartLine>,
    /// Sum of the lines, before discounts.
    pub total: Money,
    /// Codes of the discounts put on it.
    pub discounts: Vec<String>,
    /// When the buyer left it, RFC 3339, if so.
    pub abandoned_at: Option<String>,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339.
    pub updated_at: String,
}

impl Document for Cart {
    const KIND: Kind = Kind::Cart;
}

/// The personal data of a cart: what the buyer typed in before leaving. No scope reads it; it goes over to the order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CartContact(pub Contact);

impl Document for CartContact {
    const KIND: Kind = Kind::CartContact;
}

/// What is stored of the links with which a cart's buyer finds it again: SHA-256, of the newest few. Whoever knows the
/// cart's id, an app or a person of the store, cannot make one of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CartLinks {
    links: Vec<String>,
}

impl Document for CartLinks {
    const KIND: Kind = Kind::CartLinks;
}

/// So many links to one cart are good at the same time; an older one ends with the next.
const MAX_LINKS: usize = 5;
/// What the path of a link begins with.
const LINK_PATH: &str = "/cart/restore/";

impl CartLinks {
    /// A fresh link, and what is stored of it.
    fn draw(&mut self) -> Result<String> {
        let mut bytes = [0u8; 16];
        getrandom::fill(&mut bytes).map_err(|e| Error::Corrupt(format!("no randomness: {e}")))?;
        let link = hex::encode(bytes);
        self.links.push(hash(&link));
        if self.links.len() > MAX_LINKS {
            self.links.remove(0);
        }
        Ok(link)
    }
}

/// What is stored of a link. It has 128 random bits, so a plain hash cannot be searched.
fn hash(link: &str) -> String {
    hex::encode(Sha256::digest(link.as_bytes()))
}

/// Which carts. Every field given narrows the result.
#[derive(Debug, Clone, Default)]
pub struct CartFilter {
    /// Where it stands.
    pub status: Option<CartStatus>,
    /// Abandoned at or after, RFC 3339.
    pub abandoned_since: Option<String>,
}

// Moments are written in one shape, so they compare as text.
const SEARCH: &str = "SELECT r.id, r.doc FROM records r WHERE r.store = $1 AND r.kind = 'cart' AND r.id > $2 \
    AND (CAST($4 AS TEXT) IS NULL OR r.status = $4) \
    AND (CAST($5 AS TEXT) IS NULL OR r.doc ->> 'abandoned_at' >= $5) ORDER BY r.id LIMIT $3";

impl Cart {
    /// Refuses a cart that became an order.
    pub(in crate::db) fn refuse_ordered(&self) -> Result<()> {
        if self.status == CartStatus::Ordered {
            return Err(Error::invalid(format!("cart `{}` became an order; it cannot change any more", self.id)));
        }
        Ok(())
    }
}

pub(in crate::db) fn save<S: Writes<Cart>>(
    permit: &Permit<S>,
    draft: &mut Draft,
    mut edit: Edit<Cart>,
    topics: &[Topic],
) -> Result<()> {
    edit.doc.updated_at = draft.at();
    draft.put(permit, &edit)?;
    topics.iter().for_each(|topic| draft.emit(*topic, &edit.id));
    Ok(())
}

impl Permit<CartsView> {
    /// One cart.
    pub async fn get(&self, draft: &mut Draft, id: &str) -> Result<Cart> {
        draft.get(self, id).await
    }

    /// Carts, oldest first.
    pub async fn search(&self, draft: &mut Draft, filter: &CartFilter, page: &Page) -> Result<Items<Cart>> {
        let status = name(filter.status);
        let since = filter.abandoned_since.as_deref().map(parse_ms).transpose()?.map(rfc3339);
        let fits = |cart: &Cart| {
            filter.status.is_none_or(|status| cart.status == status)
                && since.as_ref().is_none_or(|since| cart.abandoned_at.as_ref().is_some_and(|at| at >= since))
        };
        draft.search(self, SEARCH, args![&status, &since], page, fits).await
    }
}

impl Permit<CartsEdit> {
    /// Returns the path under the shop's address at which the buyer of a cart finds it again: a secret of its own, shown
    /// this once. It is good until the cart is ordered, or five newer ones were made. Making one changes nothing of the
    /// cart: an abandoned one opens again when its buyer comes back with the link.
    pub async fn restore_link(&self, draft: &mut Draft, cart: &str) -> Result<String> {
        draft.rely::<Cart, _>(self, cart).await?.refuse_ordered()?;
        let link = match draft.open::<CartLinks, _>(self, cart).await? {
            Some(mut stored) => {
                let link = stored.doc.draw()?;
                draft.put(self, &stored)?;
                link
            }
            None => {
                let mut links = CartLinks::default();
                let link = links.draw()?;
                draft.insert(self, cart, &links)?;
                link
            }
        };
        Ok(format!("{LINK_PATH}{link}"))
    }

    /// Puts a discount of the store on a cart, by its code. It must be enabled and in its time. Putting one on twice
    /// changes nothing.
    pub async fn apply_discount(&self, draft: &mut Draft, cart: &str, code: &str) -> Result<()> {
        let mut edit: Edit<Cart> = draft.edit(self, cart).await?;
        edit.doc.refuse_ordered()?;
        if !add_code(self, draft, &mut edit.doc.discounts, code).await? {
            return Ok(());
        }
        save(self, draft, edit, &[Topic::CartsUpdated])
    }
}

/// Adds the code of a discount that buyers can use now. Whether it was not there already.
async fn add_code<S: Reads<Discount>>(
    permit: &Permit<S>,
    draft: &mut Draft,
    codes: &mut Vec<String>,
    code: &str,
) -> Result<bool> {
    let discount = usable(permit, draft, code).await?;
    if codes.contains(&discount.code) {
        return Ok(false);
    }
    if codes.len() >= MAX_DISCOUNTS {
        return Err(Error::invalid(format!("a cart has at most {MAX_DISCOUNTS} discounts")));
    }
    codes.push(discount.code);
    Ok(true)
}

impl Permit<StorefrontIntake> {
    /// The cart of a link, opened again if its buyer had left it. `link` is the path, or its last part.
    pub async fn restore_cart(&self, draft: &mut Draft, link: &str) -> Result<Cart> {
        draft.accept(self)?;
        let secret = link.strip_prefix(LINK_PATH).unwrap_or(link);
        let found = draft.by_key(Space::CartLink, &hash(secret)).await?;
        let unknown = || Error::not_found("cart with the link", link.chars().take(20).collect::<String>() + "…");
        let mut edit: Edit<Cart> = draft.open(self, &found.ok_or_else(unknown)?).await?.ok_or_else(unknown)?;
        edit.doc.refuse_ordered()?;
        let cart = edit.doc.clone();
        if cart.status != CartStatus::Abandoned {
            return Ok(cart);
        }
        (edit.doc.status, edit.doc.abandoned_at) = (CartStatus::Open, None);
        let cart = edit.doc.clone();
        save(self, draft, edit, &[Topic::CartsUpdated])?;
        Ok(cart)
    }

    /// Codes that a buyer typed in, each once and as it is written.
    pub(super) async fn codes(&self, draft: &mut Draft, typed: &[String]) -> Result<Vec<String>> {
        let mut codes = Vec::new();
        for code in typed {
            add_code(self, draft, &mut codes, code).await?;
        }
        Ok(codes)
    }

    /// Ends the links to a cart.
    pub(in crate::db) async fn end_links(&self, draft: &mut Draft, cart: &str) -> Result<()> {
        match draft.open::<CartLinks, _>(self, cart).await? {
            Some(links) => draft.remove(self, links),
            None => Ok(()),
        }
    }
}
