//! What happens in the demo's shop: buyers order and leave carts behind, things break and are delivered.

use super::dice::Dice;
use super::made_up::{self, Basket};
use super::seed::Shop;
use super::store::Store;
use super::words::LOSSES;
use crate::authz::scope::kind::{InventoryAdjust, InventoryView, StorefrontCheckout, StorefrontIntake};
use crate::db::agreed::Quote;
use crate::db::intake::NewCart;
use crate::db::orders::{Contact, NewOrder, QuantityOf};
use crate::db::{self, Completion, Db};
use crate::runtime::Runtime;
use crate::serve::Serving;
use std::collections::VecDeque;

/// Below this the shop calls a level low; set when the store is made.
const LOW: i64 = 5;
/// A conflict with somebody else's change is tried again so often.
const TRIES: usize = 3;

/// How often each thing has happened.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Happened {
    pub(crate) orders: u64,
    pub(crate) stock: u64,
    pub(crate) carts: u64,
}

impl Happened {
    pub(crate) fn all(&self) -> u64 {
        self.orders + self.stock + self.carts
    }
}

/// Makes things happen, one after the other.
pub(crate) struct Feed<'a> {
    db: &'a Db,
    runtime: &'a Runtime,
    store: &'a Store,
    shop: &'a Shop,
    dice: Dice,
    /// What was taken below the mark and waits to be delivered: goods and location.
    ran_low: VecDeque<(usize, usize)>,
    pub(crate) happened: Happened,
}

impl<'a> Feed<'a> {
    pub(crate) fn new(host: &'a Serving, store: &'a Store, shop: &'a Shop, seed: u64) -> Feed<'a> {
        let (dice, ran_low) = (Dice::new(seed ^ 0xFEED), VecDeque::new());
        let Serving { db, runtime, .. } = host;
        Feed { db, runtime, store, shop, dice, ran_low, happened: Happened::default() }
    }

    /// Lets one thing happen: of four, two orders, a change of stock and a cart. Three are enough for every app to
    /// have something to do.
    pub(crate) async fn next(&mut self) -> db::Result<()> {
        let turn = self.happened.all() % 4;
        for attempt in 1.. {
            let done = match turn {
                1 => self.stock().await,
                2 => self.cart().await,
                _ => self.order().await,
            };
            match done {
                Err(e) if e.is_transient() && attempt < TRIES => {}
                Err(e) => return Err(e),
                Ok(()) => break,
            }
        }
        match turn {
            1 => self.happened.stock += 1,
            2 => self.happened.carts += 1,
            _ => self.happened.orders += 1,
        }
        Ok(())
    }

    /// Fills a cart and quotes it, as a shop's front does while its buyer looks at the cart.
    async fn filled_cart(&mut self, bulk: usize) -> db::Result<(Quote, Option<Contact>)> {
        let basket = made_up::basket(&mut self.dice, self.shop.goods.len(), bulk);
        let known = if self.dice.chance(75) { self.dice.favourite(self.shop.customers.len()) } else { usize::MAX };
        let (customer, contact) = self.shop.customers.get(known).cloned().unzip();
        let new = NewCart {
            lines: self.lines(&basket),
            customer: customer.clone(),
            contact: contact.clone(),
            ..NewCart::default()
        };
        let mut draft = self.store.draft(self.db);
        let cart = self.store.front::<StorefrontIntake>()?.create_cart(&mut draft, new).await?;
        draft.commit(Completion::default()).await?;
        let (front, mut draft) = (self.store.front::<StorefrontCheckout>()?, self.store.draft(self.db));
        let (quote, _) = crate::checkout::quote(self.db, self.runtime, &front, &mut draft, &cart).await?;
        Ok((quote, contact))
    }

    fn lines(&self, basket: &Basket) -> Vec<QuantityOf> {
        let of = |(good, quantity): &(usize, u32)| {
            Some(QuantityOf { sku: self.shop.goods.get(*good)?.sku.clone(), quantity: *quantity })
        };
        basket.iter().filter_map(of).collect()
    }

    /// A buyer fills a cart and pays.
    async fn order(&mut self) -> db::Result<()> {
        let (quote, contact) = self.filled_cart(10).await?;
        let new = NewOrder { draft: false, lines: Vec::new(), customer: None, contact, tags: Vec::new() };
        let mut draft = self.store.draft(self.db);
        let front = self.store.front::<StorefrontIntake>()?;
        let apps = crate::checkout::discounting(self.db, self.runtime, front.store()).await?;
        let placed = match front.place_quoted_order(&mut draft, new, (&quote.cart, &quote.id), &apps).await {
            Ok(_) => draft.commit(Completion::default()).await.map(drop),
            Err(e) => Err(e),
        };
        match placed {
            Err(db::Error::NotAgreed(_)) => Ok(()), // somebody else was quicker, and this buyer leaves
            placed => placed,
        }
    }

    /// A buyer fills a cart; some of them leave.
    async fn cart(&mut self) -> db::Result<()> {
        let (Quote { cart, .. }, _) = self.filled_cart(50).await?;
        if self.dice.chance(60) {
            return Ok(());
        }
        let mut draft = self.store.draft(self.db);
        self.store.front::<StorefrontIntake>()?.mark_abandoned(&mut draft, &cart).await?;
        draft.commit(Completion::default()).await.map(drop)
    }

    /// Something runs low; the next time it is delivered.
    async fn stock(&mut self) -> db::Result<()> {
        let waiting = self.ran_low.pop_front();
        let (good, place) = waiting.unwrap_or_else(|| {
            let (goods, places) = (self.shop.goods.len(), self.shop.locations.len());
            (self.dice.below(goods), self.dice.below(places))
        });
        let (Some(sold), Some(location)) = (self.shop.goods.get(good), self.shop.locations.get(place)) else {
            return Ok(());
        };
        let mut draft = self.store.draft(self.db);
        let level = self.store.owner::<InventoryView>()?.level(&mut draft, &sold.sku, location).await?.available;
        let runs_low = waiting.is_none() && level >= LOW;
        let (delta, reason) = match runs_low {
            true => (self.dice.between(0, LOW - 1) - level, self.dice.word(&LOSSES)),
            false => (self.dice.between(30, 90), "delivery"),
        };
        let adjust = self.store.owner::<InventoryAdjust>()?;
        adjust.adjust(&mut draft, &sold.sku, location, delta, reason).await?;
        draft.commit(Completion::default()).await?;
        if runs_low {
            self.ran_low.push_back((good, place));
        }
        Ok(())
    }
}
