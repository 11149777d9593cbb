//! Accounts made on the host itself, for a demonstration: whoever runs this process holds the database anyway.
//!
//! INVARIANT: no request leads here.

use super::factor::set_codes;
use super::{NewAccount, insert};
use crate::authz::{AccountId, Actor, StaffId, StoreId};
use crate::db::core::engine::conn::args;
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::Result;
use crate::db::house::people::audit;

impl Db {
    /// Makes the account of a person of a store, with a sealed second factor and saved codes, by their hashes. It operates the host as well, as that of a
    /// first start does.
    pub async fn account_on_host(
        &self,
        (store, staff): (StoreId, StaffId),
        new: NewAccount,
        (sealed, codes): (String, Vec<String>),
    ) -> Result<AccountId> {
        const FACTOR: &str = "UPDATE accounts SET totp = $2 WHERE id = $1";
        const JOIN: &str = "UPDATE staff SET account = $2 WHERE id = $1 AND account IS NULL";
        let change = (store, staff, AccountId::new(), new, (sealed, codes));
        self.write_with(RowsOf::All, change, |conn, (store, staff, account, new, (sealed, codes))| {
            Box::pin(async move {
                insert(conn, *account, new, true).await?;
                let (id, person) = (account.to_string(), staff.to_string());
                conn.exec(FACTOR, args![&id, sealed]).await?;
                set_codes(conn, *account, codes).await?;
                conn.exec(JOIN, args![&person, &id]).await?;
                audit::note(conn, *store, Actor::Host, "staff.join", &person, &serde_json::json!({})).await?;
                Ok(*account)
            })
        })
        .await
    }
}
