//! Fills the demo's store with a believable past, through the permits of its owner.

use super::dice::Dice;
use super::made_up::{self, HOUR, People};
use super::store::Store;
use super::words::{DEPARTMENTS, DISCOUNTS, PAGES, TAXES};
use crate::authz::scope::kind::{
    CategoriesEdit, CustomersEdit, DiscountsEdit, InventoryAdjust, LocationsEdit, LocationsView, PagesEdit,
    ProductsEdit, StorefrontIntake, TaxesEdit,
};
use crate::db::categories::CategoryInput;
use crate::db::discounts::{DiscountInput, DiscountValue};
use crate::db::intake::NewCart;
use crate::db::orders::{Contact, OrderLine, QuantityOf};
use crate::db::pages::WebPageInput;
use crate::db::past::{OrderHistory, PastCustomer, PastOrder};
use crate::db::taxes::TaxRateInput;
use crate::db::{self, Committed, Completion, Db, Draft, Money, Page, now_ms};
use indicatif::ProgressBar;
use tokio::task::JoinHandle;

const PRODUCTS: usize = 500;
const CUSTOMERS: usize = 2_000;
const ORDERS: usize = 10_000;
const CARTS: usize = 40;
/// Records in one commit: enough that the disk is not waited for, few enough that the bar moves.
const BATCH: usize = 250;

/// Something a buyer can put into a cart.
pub(crate) struct Good {
    pub(crate) product: String,
    pub(crate) sku: String,
    pub(crate) title: String,
    pub(crate) price: Money,
}

/// What the store holds, as far as the feed needs to know.
pub(crate) struct Shop {
    pub(crate) goods: Vec<Good>,
    pub(crate) customers: Vec<(String, Contact)>,
    pub(crate) categories: Vec<String>,
    /// Ids; the default one is the first.
    pub(crate) locations: Vec<String>,
    pub(crate) discounts: Vec<String>,
    pub(crate) carts: Vec<String>,
}

/// What is being filled.
struct Seed<'a> {
    db: &'a Db,
    store: &'a Store,
    dice: Dice,
    bar: &'a ProgressBar,
    now: i64,
    under_way: Option<JoinHandle<db::Result<Committed>>>,
}

/// Fills the store. The same seed makes the same shop; ids and dates are those of the day.
pub(crate) async fn fill(db: &Db, store: &Store, seed: u64, bar: &ProgressBar) -> db::Result<Shop> {
    let (dice, now) = (Dice::new(seed), now_ms());
    let mut seed = Seed { db, store, dice, bar, now, under_way: None };
    bar.set_length((PRODUCTS + CUSTOMERS + ORDERS + CARTS) as u64);
    let locations = seed.locations().await?;
    let (categories, goods) = seed.catalogue().await?;
    seed.stock(&goods, &locations).await?;
    let orders = made_up::orders(&mut seed.dice, ORDERS, CUSTOMERS, goods.len(), now);
    let customers = seed.customers(&orders).await?;
    seed.orders(orders, &goods, &customers).await?;
    let discounts = seed.discounts().await?;
    let carts = seed.carts(&goods).await?;
    Ok(Shop { goods, customers, categories, locations, discounts, carts })
}

impl Seed<'_> {
    fn draft(&self) -> Draft {
        self.store.draft(self.db)
    }

    /// Commits a draft while the next one is being made.
    async fn commit(&mut self, draft: Draft, records: usize) -> db::Result<()> {
        self.flush().await?;
        self.under_way = Some(tokio::spawn(draft.commit(Completion::default())));
        self.bar.inc(records as u64);
        Ok(())
    }

    /// Waits until everything handed to [`Seed::commit`] is committed.
    async fn flush(&mut self) -> db::Result<()> {
        match self.under_way.take() {
            Some(commit) => commit.await.map_err(|_| db::Error::Closed)?.map(drop),
            None => Ok(()),
        }
    }

    /// The one a store begins with, and one more.
    async fn locations(&mut self) -> db::Result<Vec<String>> {
        self.bar.set_message("locations");
        let mut draft = self.draft();
        let view = self.store.owner::<LocationsView>()?;
        let begun_with = view.search(&mut draft, &Page::default()).await?.items;
        let mut ids: Vec<String> = begun_with.into_iter().map(|location| location.id).collect();
        ids.push(self.store.owner::<LocationsEdit>()?.create(&mut draft, "Warehouse").await?);
        self.set_up(&mut draft).await?;
        self.commit(draft, 0).await?;
        self.flush().await?;
        Ok(ids)
    }

    /// Its tax rates, and the pages that every shop has.
    async fn set_up(&self, draft: &mut Draft) -> db::Result<()> {
        let taxes = self.store.owner::<TaxesEdit>()?;
        for (zone, class, rate) in TAXES {
            let (zone, class, name) = (zone.to_owned(), class.to_owned(), "VAT".to_owned());
            taxes.create(draft, TaxRateInput { zone, class, name, rate }).await?;
        }
        let pages = self.store.owner::<PagesEdit>()?;
        for (path, title, body, published) in PAGES {
            let (path, title, body) = (path.to_owned(), title.to_owned(), body.to_owned());
            pages.create(draft, WebPageInput { path, title, body, published }).await?;
        }
        Ok(())
    }

    async fn catalogue(&mut self) -> db::Result<(Vec<String>, Vec<Good>)> {
        self.bar.set_message("products");
        let (edit, assign) = (self.store.owner::<ProductsEdit>()?, self.store.owner::<CategoriesEdit>()?);
        let (mut draft, mut categories, mut goods) = (self.draft(), Vec::new(), Vec::new());
        for department in &DEPARTMENTS {
            categories.push(
                assign.create(&mut draft, CategoryInput { title: department.name.to_owned(), parent: None }).await?,
            );
        }
        for (department, mut past) in made_up::products(&mut self.dice, PRODUCTS, self.now) {
            past.categories.extend(categories.get(department).cloned());
            let (title, variants) = (past.title.clone(), past.variants.clone());
            let product = edit.import(&mut draft, &assign, past).await?;
            goods.extend(variants.into_iter().map(|variant| Good {
                product: product.clone(),
                sku: variant.sku,
                title: title.clone(),
                price: variant.price,
            }));
            if draft.changes() >= BATCH {
                let full = std::mem::replace(&mut draft, self.draft());
                let records = full.changes();
                self.commit(full, records).await?;
            }
        }
        let records = draft.changes();
        self.commit(draft, records).await?;
        self.flush().await?;
        Ok((categories, goods))
    }

    /// Goods on the shelf, at both locations.
    async fn stock(&mut self, goods: &[Good], locations: &[String]) -> db::Result<()> {
        self.bar.set_message("stock");
        let adjust = self.store.owner::<InventoryAdjust>()?;
        for goods in goods.chunks(BATCH) {
            let mut draft = self.draft();
            for good in goods {
                for location in locations {
                    let level = self.dice.between(12, 120);
                    adjust.adjust(&mut draft, &good.sku, location, level, "first delivery").await?;
                }
            }
            self.commit(draft, 0).await?;
        }
        Ok(())
    }

    async fn customers(&mut self, orders: &[made_up::Planned]) -> db::Result<Vec<(String, Contact)>> {
        self.bar.set_message("customers");
        // Whoever ordered was a customer by then.
        let mut known: Vec<(i64, u64)> = vec![(self.now - HOUR, 0); CUSTOMERS];
        for (at, customer) in orders.iter().filter_map(|order| Some((order.at, order.customer?))) {
            if let Some((since, orders)) = known.get_mut(customer) {
                (*since, *orders) = ((*since).min(at - 5 * 60_000), *orders + 1);
            }
        }
        let edit = self.store.owner::<CustomersEdit>()?;
        let (mut people, mut customers) = (People::new(), Vec::with_capacity(CUSTOMERS));
        for known in known.chunks(BATCH) {
            let mut draft = self.draft();
            for (at, orders) in known.iter().copied() {
                let contact = people.contact(&mut self.dice);
                let marketing_consent = self.dice.chance(40);
                let tags = if orders > 12 { vec!["regular".to_owned()] } else { Vec::new() };
                let past = PastCustomer { at, contact: contact.clone(), tags, marketing_consent, orders };
                customers.push((edit.import(&mut draft, past)?, contact));
            }
            self.commit(draft, known.len()).await?;
        }
        Ok(customers)
    }

    async fn orders(
        &mut self,
        orders: Vec<made_up::Planned>,
        goods: &[Good],
        customers: &[(String, Contact)],
    ) -> db::Result<()> {
        self.bar.set_message("orders");
        let history = OrderHistory::of(&self.store.owner)?;
        let mut guests = People::new();
        for orders in orders.chunks(BATCH) {
            let mut draft = self.draft();
            for made_up::Planned { at, customer, basket } in orders {
                let customer = customer.and_then(|customer| customers.get(customer));
                let contact = customer.map(|(_, contact)| contact.clone());
                let past = PastOrder {
                    at: *at,
                    customer: customer.map(|(id, _)| id.clone()),
                    contact: contact.unwrap_or_else(|| guests.contact(&mut self.dice)),
                    lines: basket
                        .iter()
                        .filter_map(|(good, quantity)| Some(line(goods.get(*good)?, *quantity)))
                        .collect(),
                    ended: made_up::ended(&mut self.dice, *at, self.now),
                };
                history.import(&mut draft, past)?;
            }
            self.commit(draft, orders.len()).await?;
        }
        Ok(())
    }

    async fn discounts(&mut self) -> db::Result<Vec<String>> {
        self.bar.set_message("discounts");
        let edit = self.store.owner::<DiscountsEdit>()?;
        let (mut draft, mut ids) = (self.draft(), Vec::new());
        for (code, title, percent) in DISCOUNTS {
            let input = DiscountInput::new(code, title, DiscountValue::Percent(percent));
            ids.push(edit.create(&mut draft, DiscountInput { enabled: Some(true), ..input }).await?);
        }
        self.commit(draft, 0).await?;
        Ok(ids)
    }

    /// What buyers have in their hands at this moment, and what some of them left behind.
    async fn carts(&mut self, goods: &[Good]) -> db::Result<Vec<String>> {
        self.bar.set_message("carts");
        self.flush().await?;
        let intake = self.store.front::<StorefrontIntake>()?;
        let (mut draft, mut ids) = (self.draft(), Vec::with_capacity(CARTS));
        for _ in 0..CARTS {
            let basket = made_up::basket(&mut self.dice, goods.len(), 10);
            let line =
                |(good, quantity): (usize, u32)| Some(QuantityOf { sku: goods.get(good)?.sku.clone(), quantity });
            let lines = basket.into_iter().filter_map(line).collect();
            let id = intake.create_cart(&mut draft, NewCart { lines, ..NewCart::default() }).await?;
            if self.dice.chance(60) {
                intake.mark_abandoned(&mut draft, &id).await?;
            }
            ids.push(id);
        }
        self.commit(draft, CARTS).await?;
        self.flush().await?;
        Ok(ids)
    }
}

fn line(good: &Good, quantity: u32) -> OrderLine {
    OrderLine {
        sku: good.sku.clone(),
        product: good.product.clone(),
        title: good.title.clone(),
        quantity,
        fulfilled: 0,
        price: good.price,
        taken: None,
        discount: None,
        refunded: 0,
    }
}
