//! How often discounts were used, counted by discount and by customer in the transaction that writes the orders.
//!
//! INVARIANT: the counts are derived from the orders that stand, so an order that is cancelled, deleted or taken back by
//! an undo gives its uses back, whoever does it. A count passes its bound only when an undo brings an order back.

use super::draft::Draft;
use super::staged::Bound;
use crate::authz::StoreId;
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::error::{Error, Result};
use std::collections::BTreeMap;

impl Draft {
    /// Says how often a discount may be used that an order of this draft uses.
    pub(in crate::db) fn bound_uses(&mut self, discount: &str, bound: Bound) {
        self.bounds.insert(discount.to_owned(), bound);
    }

    /// How often a discount was used, in all and by a customer, as it stands in the database.
    pub(in crate::db) async fn uses(&self, discount: &str, customer: Option<&str>) -> Result<(u64, u64)> {
        let mut conn = self.reader().await?;
        let all = read(&mut conn, self.store, discount, "").await?;
        let mine = match customer {
            Some(customer) => read(&mut conn, self.store, discount, customer).await?,
            None => 0,
        };
        Ok((all, mine))
    }
}

async fn read(conn: &mut Conn, store: StoreId, discount: &str, customer: &str) -> Result<u64> {
    const SQL: &str = "SELECT uses FROM discount_uses WHERE store = $1 AND discount = $2 AND customer = $3";
    let uses = conn.row(SQL, args![&store.to_string(), discount, customer], |r| r.int(0)).await?;
    Ok(uses.map_or(0, |uses| uses.max(0).unsigned_abs()))
}

/// Counts what the orders of a draft use more or less than before. Rows are locked in their order.
pub(super) async fn write(conn: &mut Conn, store: &str, draft: &Draft) -> Result<()> {
    let mut counts: BTreeMap<(&str, &str), i64> = BTreeMap::new();
    for staged in draft.records.values() {
        let (had, has) = (&staged.known.had.uses, &staged.known.has.uses);
        for (uses, n) in [(had, -1), (has, 1)] {
            for (discount, customer) in uses {
                *counts.entry((discount, "")).or_default() += n;
                if let Some(customer) = customer.as_deref().filter(|customer| !customer.is_empty()) {
                    *counts.entry((discount, customer)).or_default() += n;
                }
            }
        }
    }
    for ((discount, customer), n) in counts {
        if n != 0 {
            count(conn, store, (discount, customer), n, draft.bounds.get(discount)).await?;
        }
    }
    Ok(())
}

async fn count(
    conn: &mut Conn,
    store: &str,
    (discount, customer): (&str, &str),
    n: i64,
    bound: Option<&Bound>,
) -> Result<()> {
    const MORE: &str = "INSERT INTO discount_uses (store, discount, customer, uses) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (store, discount, customer) DO UPDATE SET uses = discount_uses.uses + excluded.uses \
        WHERE discount_uses.uses + excluded.uses <= $5";
    const LESS: &str = "UPDATE discount_uses SET uses = uses + $4 WHERE store = $1 AND discount = $2 AND customer = $3";
    const NONE: &str = "DELETE FROM discount_uses WHERE store = $1 AND discount = $2 AND customer = $3 AND uses <= 0";
    if n < 0 {
        conn.exec(LESS, args![store, discount, customer, n]).await?;
        return conn.exec(NONE, args![store, discount, customer]).await.map(drop);
    }
    let most = bound.and_then(|bound| bound.of(customer)).unwrap_or(i64::MAX);
    // The first use of a discount has nothing to compare with but the bound.
    if n <= most && conn.exec(MORE, args![store, discount, customer, n, most]).await? == 1 {
        return Ok(());
    }
    Err(Error::NotAgreed(bound.map_or_else(|| format!("discount `{discount}`"), |bound| bound.used_up(customer))))
}
