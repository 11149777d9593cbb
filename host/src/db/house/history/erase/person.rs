//! Whose data is erased: the records that are theirs, what they are called in them, and the runs that touched them.

use super::{is_known, unknown};
use crate::authz::StoreId;
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::error::Result;
use crate::db::core::kinds::Kind;
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::BTreeSet;

/// So many records are looked at before others get a turn.
const PAGE: i64 = 200;
/// What is shorter is not looked for in texts: it stands in half of all words.
const SHORTEST: usize = 4;
/// What stands in the place of a text that held personal data.
pub(in crate::db) const MASK: &str = "[erased with a customer's personal data]";

/// Somebody whose data is to be erased.
pub(super) struct Person {
    /// Their store.
    pub(super) whose: StoreId,
    pub(super) store: String,
    pub(super) customer: String,
    /// Whether the customer is still there.
    pub(super) is_there: bool,
    /// The records that hold, or held, their personal data.
    pub(super) contacts: BTreeSet<(Kind, String)>,
    /// Runs that changed one of these, or would have.
    pub(super) runs: BTreeSet<String>,
    /// What they are called: names, addresses and numbers, in lower case.
    values: BTreeSet<String>,
    emails: BTreeSet<String>,
}

impl Person {
    /// Finds what is somebody's. `not found` if nothing is known of such a customer.
    pub(super) async fn find(db: &Db, store: StoreId, customer: &str) -> Result<Person> {
        let (whose, store) = (store, store.to_string());
        if !is_known(db, whose, customer).await? {
            return Err(unknown(customer));
        }
        let contacts = BTreeSet::from([(Kind::CustomerContact, customer.to_owned())]);
        let (runs, values, emails) = Default::default();
        let customer = customer.to_owned();
        let mut person = Person { whose, store, customer, is_there: false, contacts, runs, values, emails };
        person.look(db).await?;
        person.learn(db).await?;
        for (kind, contact) in [(Kind::Order, Kind::OrderContact), (Kind::Cart, Kind::CartContact)] {
            person.linked(db, kind, contact).await?;
            person.same_address(db, contact).await?;
        }
        person.learn(db).await?;
        Ok(person)
    }

    /// Looks whether the customer is still there, or there again.
    pub(super) async fn look(&mut self, db: &Db) -> Result<()> {
        const THERE: &str = "SELECT COUNT(*) FROM records WHERE store = $1 AND kind = 'customer' AND id = $2";
        self.is_there = db.reader(self.whose).await?.count(THERE, args![&self.store, &self.customer]).await? > 0;
        Ok(())
    }

    /// Orders or carts that are, or ever were, the customer's.
    async fn linked(&mut self, db: &Db, kind: Kind, contact: Kind) -> Result<()> {
        const NOW: &str = "SELECT id FROM records WHERE store = $1 AND kind = $2 AND customer = $3";
        const ONCE: &str = "SELECT id, CAST(MAX(CASE WHEN CAST(before ->> 'customer' AS TEXT) = $3 \
            OR CAST(after ->> 'customer' AS TEXT) = $3 THEN 1 ELSE 0 END) AS BIGINT) FROM journal \
            WHERE store = $1 AND kind = $2 AND id > $4 GROUP BY id ORDER BY id LIMIT $5";
        let now = db
            .reader(self.whose)
            .await?
            .rows(NOW, args![&self.store, kind.name(), &self.customer], |r| r.text(0))
            .await?;
        self.contacts.extend(now.into_iter().map(|id| (contact, id)));
        let mut after = String::new();
        loop {
            let values = args![&self.store, kind.name(), &self.customer, &after, PAGE];
            let page = db.reader(self.whose).await?.rows(ONCE, values, |r| Ok((r.text(0)?, r.int(1)?))).await?;
            let Some((last, _)) = page.last() else { return Ok(()) };
            after = last.clone();
            self.contacts.extend(page.into_iter().filter(|(_, theirs)| *theirs == 1).map(|(id, _)| (contact, id)));
            tokio::task::yield_now().await;
        }
    }

    /// Orders or carts with an e-mail address of theirs, of a buyer who was not signed in.
    async fn same_address(&mut self, db: &Db, contact: Kind) -> Result<()> {
        const NOW: &str = "SELECT id, doc FROM records WHERE store = $1 AND kind = $2 AND id > $3 ORDER BY id LIMIT $4";
        const ONCE: &str = "SELECT id, before, after FROM journal WHERE store = $1 AND kind = $2 AND id IN (SELECT id \
            FROM journal WHERE store = $1 AND kind = $2 AND id > $3 GROUP BY id ORDER BY id LIMIT $4) ORDER BY id";
        if self.emails.is_empty() {
            return Ok(());
        }
        for sql in [NOW, ONCE] {
            let mut after = String::new();
            loop {
                let values = args![&self.store, contact.name(), &after, PAGE];
                let read =
                    |r: Row<'_>| Ok((r.text(0)?, r.opt_json(1)?, if sql == ONCE { r.opt_json(2)? } else { None }));
                let page = db.reader(self.whose).await?.rows(sql, values, read).await?;
                let Some((last, ..)) = page.last() else { break };
                after = last.clone();
                for (id, one, other) in page {
                    if [one, other].iter().flatten().any(|image| self.is_addressed(image)) {
                        self.contacts.insert((contact, id));
                    }
                }
                tokio::task::yield_now().await;
            }
        }
        Ok(())
    }

    fn is_addressed(&self, image: &RawValue) -> bool {
        let read: Value = serde_json::from_str(image.get()).unwrap_or_default();
        email_of(&read).is_some_and(|email| self.emails.contains(&email))
    }

    /// Reads what they are called in all their records, and in what these were before.
    async fn learn(&mut self, db: &Db) -> Result<()> {
        const NOW: &str = "SELECT doc FROM records WHERE store = $1 AND kind = $2 AND id = $3";
        const ONCE: &str = "SELECT before, after FROM journal WHERE store = $1 AND kind = $2 AND id = $3";
        let mut conn = db.reader(self.whose).await?;
        for (kind, id) in self.contacts.clone() {
            for sql in [NOW, ONCE] {
                let read = |r: Row<'_>| Ok((r.opt_json(0)?, if sql == ONCE { r.opt_json(1)? } else { None }));
                for (one, other) in conn.rows(sql, args![&self.store, kind.name(), &id], read).await? {
                    [one, other].iter().flatten().for_each(|image| self.note(image));
                }
            }
        }
        Ok(())
    }

    fn note(&mut self, image: &RawValue) {
        let read: Value = serde_json::from_str(image.get()).unwrap_or_default();
        self.emails.extend(email_of(&read));
        let contact = read.get("contact").unwrap_or(&read);
        for place in ["/name", "/email", "/phone", "/address/street"] {
            let text = contact.pointer(place).and_then(Value::as_str).unwrap_or_default().trim().to_lowercase();
            if text.chars().count() >= SHORTEST {
                self.values.insert(text);
            }
        }
    }

    /// Notes the runs that changed their data.
    pub(super) async fn note_runs(&mut self, db: &Db) -> Result<()> {
        const SQL: &str = "SELECT DISTINCT invocation FROM journal WHERE store = $1 AND kind = $2 AND id = $3 \
            AND invocation IS NOT NULL";
        let mut conn = db.reader(self.whose).await?;
        for (kind, id) in &self.contacts {
            self.runs.extend(runs(&mut conn, SQL, &self.store, *kind, id).await?);
        }
        Ok(())
    }

    /// Whether a record is theirs, by its id alone.
    pub(super) fn owns(&self, id: &str) -> bool {
        let theirs = |kind: Kind| self.contacts.contains(&(kind, id.to_owned()));
        theirs(Kind::CustomerContact) || theirs(Kind::OrderContact) || theirs(Kind::CartContact)
    }

    /// Whether a text names them.
    pub(super) fn is_named_in(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.values.iter().any(|value| text.contains(value))
    }

    /// Masks every text of a document that names them. Whether there was any.
    pub(super) fn mask(&self, value: &mut Value) -> bool {
        match value {
            Value::String(text) if self.is_named_in(text) => {
                MASK.clone_into(text);
                true
            }
            // Every part, not only the first.
            Value::Array(items) => items.iter_mut().fold(false, |any, item| self.mask(item) | any),
            Value::Object(fields) => fields.values_mut().fold(false, |any, field| self.mask(field) | any),
            _ => false,
        }
    }

    /// A document without what names them, if it did.
    pub(super) fn masked(&self, json: &RawValue) -> Option<Box<RawValue>> {
        let mut value: Value = serde_json::from_str(json.get()).ok()?;
        if !self.mask(&mut value) {
            return None;
        }
        serde_json::value::to_raw_value(&value).ok()
    }
}

/// The e-mail address in what a contact is or was, in lower case.
fn email_of(read: &Value) -> Option<String> {
    let contact = read.get("contact").unwrap_or(read);
    contact.get("email").and_then(Value::as_str).map(str::to_lowercase)
}

async fn runs(conn: &mut Conn, sql: &'static str, store: &str, kind: Kind, id: &str) -> Result<Vec<String>> {
    conn.rows(sql, args![store, kind.name(), id], |r| r.text(0)).await
}
