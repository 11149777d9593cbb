//! Looks at personal data by people: each is noted in the audit log before anything of it is shown.
//!
//! INVARIANT: what these return was noted under the name of whoever looks, in a transaction that checked anew that they may.

use super::{audit, authority};
use crate::authz::scope::kind::{CustomersPii, OrdersPii};
use crate::authz::{Actor, Basis, Grants, Permit, StoreId};
use crate::db::core::drafts::draft::Draft;
use crate::db::core::engine::open::Db;
use crate::db::core::error::Result;
use crate::db::shop::sales::orders::{Contact, OrderContact};
use futures_util::future::BoxFuture;
use serde_json::{Value, json};

/// A look that is noted.
struct Look {
    store: StoreId,
    actor: Actor,
    basis: Basis,
    act: &'static str,
    subject: String,
    detail: Value,
}

impl Look {
    fn of<S: Grants>(permit: &Permit<S>, act: &'static str, subject: String, detail: Value) -> Look {
        Look { store: permit.store(), actor: permit.actor(), basis: permit.basis(), act, subject, detail }
    }

    fn note(self, db: &Db) -> BoxFuture<'_, Result<()>> {
        Box::pin(db.write_with(self.store, self, |conn, look| {
            Box::pin(async move {
                authority::fence(conn, look.basis).await?;
                audit::note(conn, look.store, look.actor, look.act, &look.subject, &look.detail).await.map(drop)
            })
        }))
    }
}

impl Permit<OrdersPii> {
    /// The personal data of an order, for a person who asks to see it.
    pub async fn look(&self, db: &Db, draft: &mut Draft, order: &str) -> Result<OrderContact> {
        let found = self.contact(draft, order).await?;
        Look::of(self, "orders.see_contact", order.to_owned(), json!({})).note(db).await?;
        Ok(found)
    }
}

impl Permit<CustomersPii> {
    /// The personal data of a customer, for a person who asks to see it.
    pub async fn look(&self, db: &Db, draft: &mut Draft, customer: &str) -> Result<Contact> {
        let found = self.contact(draft, customer).await?;
        Look::of(self, "customers.see_contact", customer.to_owned(), json!({})).note(db).await?;
        Ok(found)
    }

    /// Customers whose name or e-mail address contains these words, for a person who looks for somebody. Who was found is
    /// noted, and what was typed is not: it is personal data itself.
    pub async fn look_for(&self, db: &Db, draft: &mut Draft, words: &str) -> Result<Vec<(String, Contact)>> {
        let found = self.named(draft, words).await?;
        let ids: Vec<&str> = found.iter().map(|(id, _)| id.as_str()).collect();
        let store = self.store().to_string();
        Look::of(self, "customers.find", store, json!({ "found": ids })).note(db).await?;
        Ok(found)
    }
}
