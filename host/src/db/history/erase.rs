//! Erasing personal data from the change journal: the entries stay, with what they say about when and by whom; what
//! they held is gone for good, and no undo brings it back.

use crate::authz::{Permit, scope::kind::CustomersDelete};
use crate::db::Db;
use crate::db::engine::conn::args;
use crate::db::error::{Error, Result};
use crate::db::people::{audit, authority};
use crate::db::records::doc::Kind;
use crate::db::undo::ERASED;
use serde_json::value::RawValue;

impl Permit<CustomersDelete> {
    /// Erases the personal data of a customer from the journal, whether the customer is still there or not. Returns
    /// how many entries there are; erasing twice changes nothing.
    pub async fn erase(&self, db: &Db, customer: &str) -> Result<u64> {
        const SQL: &str = "UPDATE journal SET before = CASE WHEN before IS NULL THEN NULL ELSE $4 END, \
            after = CASE WHEN after IS NULL THEN NULL ELSE $4 END WHERE store = $1 AND kind = $2 AND id = $3";
        let args = (self.store(), self.actor(), self.basis(), customer.to_owned());
        db.write_with(args, |conn, (store, actor, basis, customer)| {
            Box::pin(async move {
                authority::fence(conn, *basis).await?;
                let erased = RawValue::from_string(ERASED.to_owned()).map_err(|e| Error::Corrupt(e.to_string()))?;
                let (text, kind) = (store.to_string(), Kind::CustomerContact.name());
                let many = conn.exec(SQL, args![&text, kind, customer, &erased]).await?;
                if many == 0 {
                    return Err(Error::not_found(Kind::Customer.name(), customer.as_str()));
                }
                let detail = serde_json::json!({ "entries": many });
                audit::note(conn, *store, *actor, "customers.erase", customer, &detail).await?;
                Ok(many)
            })
        })
        .await
    }
}
