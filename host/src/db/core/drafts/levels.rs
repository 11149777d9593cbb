//! How a draft changes stock levels: as deltas, which never conflict, unless the level was counted or an undo rests on it.

use super::draft::Draft;
use super::entry::{Entry, Happened};
use super::staged::StagedLevel;
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::{Kind, to_json};
use crate::db::core::topic::Topic;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// Applies level changes as deltas, and says what became of them.
pub(super) async fn levels(
    conn: &mut Conn,
    store: &str,
    draft: &Draft,
    journal: &mut Vec<Entry<'_>>,
    happened: &mut Vec<Happened<'_>>,
) -> Result<()> {
    const ADD: &str = "INSERT INTO stock (store, sku, location, available, updated_at) VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT (store, sku, location) DO UPDATE SET available = stock.available + excluded.available, \
        updated_at = excluded.updated_at RETURNING available";
    const DROP: &str = "DELETE FROM stock WHERE store = $1 AND sku = $2 RETURNING location, available";
    // What goes away with a product was there before this draft, so it goes before anything is added.
    for (sku, scopes) in &draft.dropped_skus {
        for (location, available) in conn.rows(DROP, args![store, sku], |r| Ok((r.text(0)?, r.int(1)?))).await? {
            let before = Some(level_image(available, false, 0)?);
            journal.push(Entry {
                kind: Kind::Stock,
                id: format!("{sku}@{location}"),
                before,
                after: None,
                rev: 0,
                scopes: *scopes,
            });
        }
    }
    for ((sku, location), level) in &draft.levels {
        let StagedLevel { delta, with_orders, expect, least, counted, reason, threshold, scopes } = level;
        let row = args![store, sku, location, *delta, draft.now];
        let available = conn.row(ADD, row, |r| r.int(0)).await?.ok_or_else(|| Error::Corrupt("no level".to_owned()))?;
        let before = available - delta;
        let id = format!("{sku}@{location}");
        if expect.is_some_and(|expected| expected != before) {
            return Err(Error::Conflict(format!("the level of `{sku}`")));
        }
        if least.is_some_and(|least| available < least) {
            let left = before.max(0);
            return Err(Error::NotAgreed(format!("only {left} of `{sku}` are left; ask for a new quote")));
        }
        journal.push(Entry {
            kind: Kind::Stock,
            id: id.clone(),
            before: Some(level_image(before, false, 0)?),
            after: Some(level_image(available, *counted, *with_orders)?),
            rev: 0,
            scopes: *scopes,
        });
        let adjusted = serde_json::json!({ "sku": sku, "location": location, "before": before, "available": available, "reason": reason });
        let payload = Cow::Owned(to_json(&adjusted)?);
        happened.push(Happened { topic: Topic::InventoryAdjusted, record: id.clone(), payload });
        if before >= *threshold && available < *threshold {
            let low =
                serde_json::json!({ "sku": sku, "location": location, "available": available, "threshold": threshold });
            let payload = Cow::Owned(to_json(&low)?);
            happened.push(Happened { topic: Topic::InventoryLow, record: id, payload });
        }
    }
    Ok(())
}

/// A level as the journal shows it. That it was counted stands there too: an undo cannot take back what a count of
/// somebody else has overwritten. So does how much of the change moved with orders: that is taken back with them.
pub(super) fn level_image(available: i64, counted: bool, with_orders: i64) -> Result<Cow<'static, RawValue>> {
    let mut image = serde_json::Map::new();
    image.insert("available".to_owned(), available.into());
    if counted {
        image.insert("counted".to_owned(), true.into());
    }
    if with_orders != 0 {
        image.insert("with_orders".to_owned(), with_orders.into());
    }
    Ok(Cow::Owned(to_json(&image)?))
}
