//! What taking changes back does to kept data, on both engines.

mod conserved;
mod histories;
mod large;
mod refused;
mod stories;
pub(super) mod world;

use super::apps::{Asks, operator, version};
use super::*;
use crate::authz::scope::kind::{
    CategoriesEdit, ChangesUndo, ChangesView, CustomersEdit, DiscountsDelete, DiscountsEdit, DiscountsView,
    InventoryView, OrdersCapture, OrdersCreate, OrdersDelete, OrdersEdit, OrdersView, ProductsDelete, ProductsPrice,
    ProductsView,
};
use crate::authz::{InstallationId, Scope, StaffId};
use crate::db::house::history::{ChangeSet, JournalFilter, Personal};
use crate::db::house::installations::{Install, State};
use crate::db::house::undo::{Act, Skipped, Undo, UndoOf, UndoPreview, UndoState, Why};
use crate::db::shop::marketing::discounts::{DiscountInput, DiscountValue};
use crate::db::shop::sales::orders::{Contact, NewOrder};

/// What the apps of these stories may do.
const MAY: &[Scope] = &[
    Scope::OrdersView,
    Scope::OrdersCreate,
    Scope::OrdersEdit,
    Scope::OrdersCapture,
    Scope::OrdersDelete,
    Scope::CustomersEdit,
    Scope::CustomersDelete,
    Scope::ProductsEdit,
    Scope::ProductsPrice,
    Scope::ProductsDelete,
    Scope::CategoriesEdit,
    Scope::InventoryAdjust,
    Scope::DiscountsEdit,
    Scope::DiscountsDelete,
];

/// An installed app of a store.
#[derive(Clone)]
pub(super) struct App {
    shop: Shop,
    id: InstallationId,
    who: Principal,
    pub(super) name: String,
}

impl App {
    pub(super) async fn new(shop: &Shop, name: &str) -> App {
        // One publisher may upload a thousand versions, and a thousand stores are told of here.
        let publisher = format!("acme-{}", shop.id.to_string().chars().last().unwrap());
        let app = format!("{publisher}/{name}-{}", shop.id);
        let scopes: Vec<(Scope, bool)> = MAY.iter().map(|scope| (*scope, false)).collect();
        let upload = version("acme/notes", "1.0.0", Asks { scopes: &scopes, ..Asks::default() });
        let requests = upload.facts.requests.clone();
        let uploaded = crate::db::house::apps::Upload { app: app.clone(), ..upload };
        let publisher =
            crate::db::house::people::tokens::Publisher { name: publisher, token: super::standing(super::PUBLISHER) };
        shop.db.upload(crate::db::house::apps::Uploader::Publisher(publisher), uploaded).await.unwrap();
        operator().publish(&shop.db, super::apps::named(&app, "1.0.0", None)).await.unwrap();
        let consent = shop.owner.consent(&requests, MAY.iter().copied().collect()).unwrap();
        let install = Install { app: app.clone(), version: "1.0.0".to_owned(), settings: None, shown: None };
        let id = consent.install(&shop.db, install, None).await.unwrap().id;
        App { who: shop.app(id).await, shop: shop.clone(), id, name: app }
    }

    fn permit<S: Grants>(&self) -> Permit<S> {
        self.who.permit().unwrap()
    }

    pub(super) fn draft(&self) -> Draft {
        let cause = Cause { invocation: None, installation: Some(self.id), depth: 1, chain: None };
        Draft::new(&self.shop.db, self.shop.id, cause)
    }

    /// A run that changes something.
    async fn run<T>(&self, change: impl AsyncFnOnce(&mut Draft) -> Result<T>) -> T {
        let mut draft = self.draft();
        let made = change(&mut draft).await.unwrap();
        commit(draft).await;
        made
    }

    /// Everything it changed.
    fn all(&self) -> UndoOf {
        UndoOf { installation: Some(self.id), ..UndoOf::default() }
    }
}

impl Shop {
    async fn undo(&self, of: &UndoOf) -> Undo {
        let started = self.permit::<ChangesUndo>().start(&self.db, &self.owner, of, None).await.unwrap();
        self.db.carry_on_undos().await.unwrap();
        self.permit::<ChangesView>().undo(&self.db, started.id).await.unwrap()
    }

    async fn preview(&self, of: &UndoOf) -> UndoPreview {
        self.permit::<ChangesUndo>().preview(&self.db, &self.owner, of).await.unwrap()
    }

    async fn skipped(&self, undo: &Undo) -> Vec<Skipped> {
        let page = page(100, None);
        self.permit::<ChangesView>().skipped(&self.db, undo.id, &page).await.unwrap().items
    }

    /// Change sets, newest first.
    async fn sets(&self) -> Vec<ChangeSet> {
        let filter = JournalFilter::default();
        self.permit::<ChangesView>().change_sets(&self.db, &filter, &page(100, None)).await.unwrap().items
    }

    /// A person of the store who holds these.
    async fn person(&self, scopes: &[Scope]) -> Principal {
        let staff = self.permit::<crate::authz::scope::kind::StaffManage>();
        let new = crate::db::house::people::staff::NewStaff {
            name: "Ben".to_owned(),
            scopes: scopes.iter().copied().collect(),
        };
        let made = staff.add(&self.db, &self.owner, new, None).await.unwrap();
        match self.db.authenticate(made.token.token.expose()).await.unwrap() {
            Some(Identity::Staff(who)) => authz::staff(who),
            other => panic!("not a person's token: {other:?}"),
        }
    }

    async fn the_order(&self, id: &str) -> crate::db::shop::sales::orders::Order {
        self.permit::<OrdersView>().get(&mut self.draft(), id).await.unwrap()
    }

    async fn level(&self, sku: &str) -> i64 {
        self.permit::<InventoryView>().level(&mut self.draft(), sku, &self.location).await.unwrap().available
    }
}

fn new_order() -> NewOrder {
    NewOrder { lines: vec![of("TEA", 1)], ..NewOrder::default() }
}

fn discount(code: &str) -> DiscountInput {
    DiscountInput::new(code, code, DiscountValue::Percent(10))
}

fn undo_of(undo: &Undo) -> UndoOf {
    UndoOf { undo: Some(undo.id), ..UndoOf::default() }
}

fn contact(name: &str) -> Contact {
    Contact { name: Some(name.to_owned()), ..Contact::default() }
}

/// All records of a store, without their revisions, in order.
async fn dump(shop: &Shop) -> Vec<(String, String, i64, Value)> {
    const SQL: &str = "SELECT kind, id, created_at, doc FROM records WHERE store = $1 ORDER BY kind, id";
    let mut conn = shop.db.reader(shop.id).await.unwrap();
    let store = shop.id.to_string();
    let read = |r: crate::db::core::engine::conn::Row<'_>| Ok((r.text(0)?, r.text(1)?, r.int(2)?, r.doc(3)?));
    conn.rows(SQL, args![&store], read).await.unwrap()
}
