//! Where quotes stand: the newest of each cart, in a table of its own. They are no store data: nobody changes one, and
//! nothing is undone by forgetting it.

use super::quote::Stored;
use crate::authz::StoreId;
use crate::db::core::drafts::draft::Draft;
use crate::db::core::engine::conn::args;
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::Result;
use crate::db::core::kinds::{from_json, to_json};

/// Stores a quote in the place of the one before.
pub(super) async fn store(db: &Db, store: StoreId, stored: &Stored, expires_at: i64) -> Result<()> {
    const SQL: &str = "INSERT INTO quotes (store, cart, id, expires_at, doc) VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT (store, cart) DO UPDATE SET id = excluded.id, expires_at = excluded.expires_at, doc = excluded.doc";
    let row = (store.to_string(), stored.quote.cart.clone(), stored.quote.id.clone(), expires_at, to_json(stored)?);
    db.write_with(store, row, |conn, (store, cart, id, expires_at, doc)| {
        Box::pin(async move { conn.exec(SQL, args![&*store, &*cart, &*id, *expires_at, &*doc]).await.map(drop) })
    })
    .await
}

/// The newest quote of a cart, and the moment it ends.
pub(super) async fn newest(draft: &Draft, cart: &str) -> Result<Option<(Stored, i64)>> {
    const SQL: &str = "SELECT doc, expires_at FROM quotes WHERE store = $1 AND cart = $2";
    let store = draft.store().to_string();
    let found = draft.reader().await?.row(SQL, args![&store, cart], |r| Ok((r.json(0)?, r.int(1)?))).await?;
    found.map(|(doc, expires_at)| Ok((from_json(&doc)?, expires_at))).transpose()
}

/// So many are forgotten in one transaction.
const PORTION: u64 = 500;

impl Db {
    /// Forgets quotes that ended before `now`, in milliseconds, 500 in each transaction. Says how many.
    pub async fn forget_quotes(&self, now: i64) -> Result<u64> {
        const SQL: &str = "DELETE FROM quotes WHERE (store, cart) IN \
            (SELECT store, cart FROM quotes WHERE expires_at < $1 LIMIT 500)";
        let mut forgotten = 0;
        loop {
            let write = self.write_with(RowsOf::All, now, |conn, before| {
                Box::pin(async move { conn.exec(SQL, args![*before]).await })
            });
            let n = write.await?;
            forgotten += n;
            if n < PORTION {
                return Ok(forgotten);
            }
        }
    }
}
