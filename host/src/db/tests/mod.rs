//! What permits do to kept data, told on both engines: every story here runs on SQLite and on PostgreSQL.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test may")]
#![allow(clippy::disallowed_methods, reason = "the stories stand in for those who may make principals")]

mod alerts;
mod apps;
mod bytes;
mod caps;
mod day;
mod documents;
mod drafts;
mod dry_run;
mod ending;
mod erasure;
mod events;
mod evidence;
mod fence;
mod held;
mod history;
mod installations;
mod leftovers;
mod migrations;
mod pages;
mod people;
mod plans;
#[path = "../../../../tests/support/postgres.rs"]
#[expect(dead_code, reason = "what crashes a server is for the stories")]
mod postgres;
mod records;
mod retries;
mod rows;
mod sums;
mod terms;
mod undo;
mod upgrades;

use crate::authz::scope::kind::{InventoryAdjust, ProductsEdit, StorefrontIntake};
use crate::authz::{self, Grants, Mint, Permit, Principal, StoreId, TokenId};
use crate::db::core::drafts::commit::Committed;
use crate::db::core::drafts::draft::{Cause, Draft};
use crate::db::core::engine::conn::args;
use crate::db::core::engine::open::{Db, Settings};
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::to_json;
use crate::db::core::money::Money;
use crate::db::core::page::Page;
use crate::db::house::completion::Completion;
use crate::db::house::people::stores::NewStore;
use crate::db::house::people::tokens::{Identity, Operator};
use crate::db::shop::catalog::categories::CategoryInput;
use crate::db::shop::catalog::products::{NewProduct, NewVariant};
use crate::db::shop::sales::orders::QuantityOf;
use serde_json::Value;

/// Tells a story on both engines.
async fn each_engine(story: impl AsyncFn(Shop)) {
    each_engine_with(4, story).await;
}

/// Tells a story on both engines, with so many connections to PostgreSQL.
async fn each_engine_with(connections: u32, story: impl AsyncFn(Shop)) {
    let folder = tempfile::tempdir().unwrap();
    for url in [folder.path().join("store.db").display().to_string(), postgres::database()] {
        eprintln!("on {url}");
        let db = Db::open(&Settings { url, slots: 4, connections, chain: Default::default() }, mint()).await.unwrap();
        story(Shop::open(db).await).await;
    }
}

/// The operator's token and a publisher's, in every database of these stories.
const OPERATOR: u8 = 1;
const PUBLISHER: u8 = 2;

/// The id of one of them.
fn standing(number: u8) -> TokenId {
    format!("tok_{number:032x}").parse().unwrap()
}

/// What these stories do with them is fenced like everybody's acts, so they have to be there.
async fn standing_tokens(db: &Db) {
    const SQL: &str = "INSERT INTO tokens (hash, id, kind, name, scopes, created_at) VALUES ($1, $1, $2, 'test', '[]', 0) \
        ON CONFLICT DO NOTHING";
    db.write_with(RowsOf::All, (), |conn, ()| {
        Box::pin(async move {
            for (number, kind) in [(OPERATOR, "operator"), (PUBLISHER, "publisher")] {
                conn.exec(SQL, args![&standing(number).to_string(), kind]).await?;
            }
            Ok(())
        })
    })
    .await
    .unwrap();
}

/// The token of a shop's front.
fn front(store: StoreId) -> TokenId {
    format!("tok_{:032x}", store.as_u128()).parse().unwrap()
}

async fn front_token(db: &Db, store: StoreId) {
    const SQL: &str = "INSERT INTO tokens (hash, id, kind, store, name, scopes, created_at) \
        VALUES ($1, $1, 'storefront', $2, 'test', '[]', 0)";
    let write = db.write_with(store, store, |conn, store| {
        Box::pin(async move { conn.exec(SQL, args![&front(*store).to_string(), &store.to_string()]).await })
    });
    write.await.unwrap();
}

/// A store with its owner.
#[derive(Clone)]
struct Shop {
    db: Db,
    id: StoreId,
    owner: Principal,
    location: String,
}

impl Shop {
    /// Makes a store in Berlin that sells in euro.
    async fn open(db: Db) -> Shop {
        let new = NewStore {
            name: "Corner".to_owned(),
            currency: "EUR".to_owned(),
            time_zone: "Europe/Berlin".to_owned(),
            country: "DE".to_owned(),
            low_stock: 5,
            owner: "Ada".to_owned(),
        };
        standing_tokens(&db).await;
        let made = Operator::by(standing(OPERATOR)).create_store(&db, new).await.unwrap();
        let who = match db.authenticate(made.owner_token.token.expose()).await.unwrap() {
            Some(Identity::Staff(who)) => who,
            other => panic!("not a person's token: {other:?}"),
        };
        front_token(&db, made.store).await;
        Shop { db, id: made.store, owner: authz::staff(who), location: made.location }
    }

    /// A second store in the same database.
    async fn neighbour(&self) -> Shop {
        Shop::open(self.db.clone()).await
    }

    /// What the owner may do.
    fn permit<S: Grants>(&self) -> Permit<S> {
        self.owner.permit().unwrap()
    }

    /// What the shop's front may do.
    fn intake(&self) -> Permit<StorefrontIntake> {
        authz::storefront(&mint(), self.id, front(self.id)).permit().unwrap()
    }

    fn draft(&self) -> Draft {
        Draft::new(&self.db, self.id, Cause::PERSON)
    }

    /// Changes something and keeps it.
    async fn change<T>(&self, change: impl AsyncFnOnce(&mut Draft) -> Result<T>) -> T {
        let mut draft = self.draft();
        let made = change(&mut draft).await.unwrap();
        commit(draft).await;
        made
    }

    /// Everything that happened so far: topic, record, payload.
    async fn events(&self) -> Vec<(String, String, Value)> {
        const SQL: &str = "SELECT topic, record, payload FROM events WHERE store = $1 ORDER BY seq";
        let mut conn = self.db.reader(self.id).await.unwrap();
        let store = self.id.to_string();
        let read = |r: crate::db::core::engine::conn::Row<'_>| Ok((r.text(0)?, r.text(1)?, r.doc(2)?));
        conn.rows(SQL, args![&store], read).await.unwrap()
    }

    /// The topics of what happened to one record.
    async fn topics(&self, record: &str) -> Vec<String> {
        self.events().await.into_iter().filter(|(_, of, _)| of == record).map(|(topic, ..)| topic).collect()
    }

    /// Everything kept of this store, as text: to look for what must not be there.
    async fn everything(&self) -> String {
        let mut conn = self.db.reader(self.id).await.unwrap();
        let (store, mut all) = (self.id.to_string(), String::new());
        for sql in [
            "SELECT doc FROM records WHERE store = $1",
            "SELECT after FROM journal WHERE store = $1 AND after IS NOT NULL",
            "SELECT payload FROM events WHERE store = $1",
        ] {
            for json in conn.rows(sql, args![&store], |r| r.json(0)).await.unwrap() {
                all.push_str(json.get());
            }
        }
        all
    }

    /// A product with one variant, and 10 of it on stock.
    async fn product(&self, sku: &str, price: &str) -> String {
        let (products, stock) = (self.permit::<ProductsEdit>(), self.permit::<InventoryAdjust>());
        let variant = NewVariant { sku: sku.to_owned(), title: String::new(), price: eur(price) };
        let new = NewProduct {
            title: format!("Product {sku}"),
            description: String::new(),
            variants: vec![variant],
            tags: Vec::new(),
            pictures: Vec::new(),
        };
        self.change(async |draft| {
            let id = products.create(draft, new).await?;
            stock.adjust(draft, sku, &self.location, 10, "delivery").await?;
            Ok(id)
        })
        .await
    }
}

async fn commit(draft: Draft) -> Committed {
    draft.commit(Completion::default()).await.unwrap()
}

fn eur(amount: &str) -> Money {
    Money::parse(amount, "EUR").unwrap()
}

fn of(sku: &str, quantity: u32) -> QuantityOf {
    QuantityOf { sku: sku.to_owned(), quantity }
}

/// What can be chosen of a category.
fn category(title: &str, parent: Option<String>) -> CategoryInput {
    CategoryInput { title: title.to_owned(), parent }
}

fn page(limit: u32, cursor: Option<String>) -> Page {
    Page { limit: Some(limit), cursor }
}

/// The text of an error that tells the caller what is wrong with the call.
fn wrong<T>(result: Result<T>) -> String {
    match result {
        Err(Error::Invalid(text)) => text.to_string(),
        Err(other) => panic!("not an invalid argument: {other:?}"),
        Ok(_) => panic!("it was accepted"),
    }
}

/// Tests stand in for the doors.
#[expect(clippy::disallowed_methods, reason = "a test opens many databases in one process")]
pub(in crate::db) fn mint() -> std::sync::Arc<Mint> {
    Mint::for_benches_and_tests()
}
