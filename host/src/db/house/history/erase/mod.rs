//! Erasing a customer's personal data from the history: the journal, held change sets, what runs wrote and
//! ended with, events, answers that wait to be asked for again. What happened, when and by whom stays.
//!
//! In reading order: `person` (what is theirs, and what they are called), `places` (where it stands), `clean` (what
//! becomes of each place).
//!
//! INVARIANT: what is erased is gone for good, and nothing that was under way brings it back: an undo, an approval, a run,
//! an answer. What began before commits nothing (see `erasures` beside the drafts); what was committed meanwhile is looked
//! through again, until nothing is found. What stays is said, with the reason. Looking for it goes page by page outside the
//! committer; each transaction changes a portion.

mod clean;
mod person;
mod places;

use crate::authz::{Permit, StoreId, scope::kind::CustomersDelete, scope::kind::OrdersDelete};
use crate::db::core::drafts::draft::{Cause, Draft};
use crate::db::core::drafts::erasures;
use crate::db::core::drafts::opens::opens;
use crate::db::core::drafts::staged::Origin;
use crate::db::core::engine::conn::args;
use crate::db::core::engine::open::Db;
use crate::db::core::engine::portion;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::Kind;
use crate::db::core::time::now_ms;
use crate::db::house::completion::Completion;
use crate::db::house::evidence;
use crate::db::house::people::{audit, authority};
use crate::db::shop::sales::carts::CartContact;
use crate::db::shop::sales::orders::{FulfillmentStatus, Order, OrderContact, OrderStatus};
use clean::Clean;
pub(in crate::db) use person::MASK;
use person::Person;

// A customer's data on an order is looked up with the permit for deleting the customer, and emptied with that for
// deleting orders.
opens! {
    CustomersDelete reads OrderContact;
    OrdersDelete writes OrderContact;
}

/// So many records change in one commit.
const BATCH: usize = 200;
/// What was committed while it was erased is looked through so many times before whoever asked is told to ask again.
const PASSES: u32 = 6;

/// Since when a pass looks; by default from the beginning of the history.
#[derive(Debug, Default)]
struct Since {
    /// The last event there was.
    event: i64,
    /// The moment, in milliseconds.
    at: i64,
}

/// What was erased, and what was not.
#[derive(Debug, Default)]
pub struct Erased {
    /// Entries of the journal that hold none of it any more.
    pub entries: u64,
    /// Runs whose log or error held some, or that touched it.
    pub runs: u64,
    /// Held change sets that held some; they are rejected.
    pub held: u64,
    /// Events, audit entries and answers that held some.
    pub others: u64,
    /// Orders whose own buyer's data was emptied.
    pub orders: u64,
    /// What still holds some, and why.
    pub stays: Vec<Stays>,
}

/// Something that still holds personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stays {
    /// What it is: a customer, an order, a cart, an installation.
    pub what: &'static str,
    /// Its id.
    pub id: String,
    /// Why it stays.
    pub why: WhyStays,
}

/// Why something still holds personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyStays {
    /// The customer is not deleted.
    NotDeleted,
    /// The buyer's data belongs to an order, which one may have to retain; whoever may delete orders can have it erased.
    Order,
    /// An order that is still to be sent needs an address.
    OpenOrder,
    /// It was written again and again while it was erased.
    Again,
    /// Somebody wrote it into a tag, a reason or another text of a record.
    Text,
    /// An app has it in its storage.
    Storage,
    /// An app may see personal data, and may have sent it elsewhere.
    App,
}

impl Permit<CustomersDelete> {
    /// Erases a customer's personal data from the whole history, whether the customer is still there
    /// or not: that of the customer, of the orders and carts that are or were the customer's, and of those with the same
    /// e-mail address. With the permit to delete orders, that of orders that are done with, too. Erasing twice changes
    /// nothing.
    pub async fn erase(&self, db: &Db, customer: &str, orders: Option<&Permit<OrdersDelete>>) -> Result<Erased> {
        let (mut began, mut since) = (self.begin(db).await?, Since::default());
        let mut person = Person::find(db, self.store(), customer).await?;
        let mut erased = Erased::default();
        for pass in 1.. {
            let found = self.pass(db, &mut person, orders, &since, &mut erased).await?;
            // What was begun before this pass commits nothing, and what was committed while it went on was nothing of theirs.
            if pass > 1 && found == 0 {
                break;
            }
            if pass == PASSES {
                let (what, id) = (Kind::Customer.name(), person.customer.clone());
                erased.stays.push(Stays { what, id, why: WhyStays::Again });
                break;
            }
            since = std::mem::replace(&mut began, self.begin(db).await?);
        }
        erased.stays.extend(places::apps(db, &person).await?);
        let detail = serde_json::json!({ "entries": erased.entries, "runs": erased.runs, "orders": erased.orders });
        let args = (self.store(), self.actor(), self.basis(), customer.to_owned(), detail);
        db.write_with(self.store(), args, |conn, (store, actor, basis, customer, detail)| {
            Box::pin(async move {
                authority::fence(conn, *basis).await?;
                audit::note(conn, *store, *actor, "customers.erase", customer, detail).await.map(|_| ())
            })
        })
        .await?;
        db.checkpoint().await?;
        Ok(erased)
    }

    /// Makes whatever is under way in the store start anew, if it could bring back what it has seen.
    async fn begin(&self, db: &Db) -> Result<Since> {
        let args = (self.store(), self.basis());
        let raised = db.write_then(
            self.store(),
            args,
            |conn, (store, basis)| {
                Box::pin(async move {
                    authority::fence(conn, *basis).await?;
                    erasures::raise(conn, &store.to_string()).await
                })
            },
            |db, (store, _), (count, _)| db.0.erasures.learn(*store, *count),
        );
        let (_, event) = raised.await?;
        Ok(Since { event, at: now_ms() })
    }

    /// Goes through everything that was committed since a moment. Says how much of it was theirs.
    async fn pass(
        &self,
        db: &Db,
        person: &mut Person,
        orders: Option<&Permit<OrdersDelete>>,
        since: &Since,
        erased: &mut Erased,
    ) -> Result<u64> {
        erased.stays.clear();
        person.look(db).await?;
        let emptied = self.empty(db, person, orders, erased).await?;
        // What was emptied just now stands in the journal as it was.
        person.note_runs(db).await?;
        let mut entries = 0;
        for (kind, id) in &person.contacts {
            while let some @ 1.. = self.clean(db, vec![Clean::Journal(*kind, id.clone())]).await? {
                entries += some;
                tokio::task::yield_now().await;
            }
        }
        let held = places::held(db, person).await?;
        let held = self.clean(db, held).await?;
        let (mut runs, mut others) = (0, 0);
        for place in places::TEXTS {
            let Some(mut after) = place.from(since) else { continue };
            while let Some((found, last)) = place.page(db, person, &after, since).await? {
                after = last;
                let many = self.clean(db, found).await?;
                *(if place.is_run() { &mut runs } else { &mut others }) += many;
                tokio::task::yield_now().await;
            }
        }
        (erased.entries, erased.held) = (erased.entries + entries, erased.held + held);
        (erased.runs, erased.others) = (erased.runs + runs, erased.others + others);
        Ok(emptied + entries + held + runs + others)
    }

    /// Empties what the person's orders and carts hold themselves, as far as it may go, and says what stays.
    async fn empty(
        &self,
        db: &Db,
        person: &Person,
        orders: Option<&Permit<OrdersDelete>>,
        erased: &mut Erased,
    ) -> Result<u64> {
        let mut changed = 0;
        if person.is_there {
            let (what, id) = (Kind::Customer.name(), person.customer.clone());
            erased.stays.push(Stays { what, id, why: WhyStays::NotDeleted });
        }
        let ids: Vec<&(Kind, String)> =
            person.contacts.iter().filter(|(kind, _)| *kind != Kind::CustomerContact).collect();
        for part in ids.chunks(BATCH) {
            let mut draft = Draft::new(db, self.store(), Cause::PERSON);
            draft.set_origin(Origin::Erasure);
            let mut emptied = 0;
            for (kind, id) in part {
                let why = match kind {
                    Kind::OrderContact => self.empty_order(&mut draft, orders, id).await?,
                    // As when a customer is deleted: whoever has gone buys nothing any more.
                    _ if !person.is_there => self.empty_cart(&mut draft, id).await?,
                    _ => None,
                };
                emptied += u64::from(*kind == Kind::OrderContact && why.is_none());
                let what = if *kind == Kind::OrderContact { Kind::Order.name() } else { Kind::Cart.name() };
                erased.stays.extend(why.map(|why| Stays { what, id: id.clone(), why }));
            }
            if !draft.is_empty() {
                changed += draft.commit(Completion::default()).await?.changes;
                erased.orders += emptied;
            }
        }
        Ok(changed)
    }

    async fn empty_order(
        &self,
        draft: &mut Draft,
        orders: Option<&Permit<OrdersDelete>>,
        id: &str,
    ) -> Result<Option<WhyStays>> {
        let order: Option<Order> = draft.find(self, id).await?;
        let Some(mut contact) = draft.open::<OrderContact, _>(self, id).await? else { return Ok(None) };
        if contact.doc == OrderContact::default() {
            return Ok(None);
        }
        let done =
            |order: &Order| order.status == OrderStatus::Cancelled || order.fulfillment == FulfillmentStatus::Fulfilled;
        match orders {
            None => Ok(Some(WhyStays::Order)),
            Some(_) if !order.as_ref().is_none_or(done) => Ok(Some(WhyStays::OpenOrder)),
            Some(orders) => {
                contact.doc = OrderContact::default();
                draft.put(orders, &contact).map(|()| None)
            }
        }
    }

    async fn empty_cart(&self, draft: &mut Draft, id: &str) -> Result<Option<WhyStays>> {
        if let Some(contact) = draft.open::<CartContact, _>(self, id).await? {
            draft.remove(self, contact)?;
        }
        Ok(None)
    }

    /// Cleans places, a portion in each transaction. Says how many held some.
    async fn clean(&self, db: &Db, mut places: Vec<Clean>) -> Result<u64> {
        let mut many = 0;
        while !places.is_empty() {
            let rest = places.split_off(places.len().min(BATCH));
            let mut part = std::mem::replace(&mut places, rest);
            let fits = portion::fits(&part, Clean::bytes);
            let late = part.split_off(fits);
            places.splice(0..0, late);
            let args = (self.store(), self.actor(), self.basis(), part);
            many += db
                .write_with(self.store(), args, |conn, (store, actor, basis, part)| {
                    Box::pin(async move {
                        authority::fence(conn, *basis).await?;
                        let mut many = evidence::blank(conn, *store, *actor, &Clean::audits(part)).await?;
                        for clean in part {
                            many += clean.apply(conn, *store, *actor).await?;
                        }
                        Ok(many)
                    })
                })
                .await?;
        }
        Ok(many)
    }
}

/// Whether anything at all is known of a customer.
async fn is_known(db: &Db, store: StoreId, customer: &str) -> Result<bool> {
    const SQL: &str = "SELECT COUNT(*) FROM (SELECT 1 FROM records WHERE store = $1 AND id = $2 AND kind = 'customer' \
        UNION ALL SELECT 1 FROM journal WHERE store = $1 AND id = $2 AND kind = 'customer') AS known";
    Ok(db.reader(store).await?.count(SQL, args![&store.to_string(), customer]).await? > 0)
}

fn unknown(customer: &str) -> Error {
    Error::not_found(Kind::Customer.name(), customer)
}
