//! A draft as it is kept while it waits, and a draft again.

use super::{HeldChange, kind};
use crate::authz::{ScopeSet, StoreId};
use crate::db::core::caps::{Account, PriceStep, Spend};
use crate::db::core::drafts::draft::{Draft, Emit, Payload, Staged, StagedLevel};
use crate::db::core::drafts::rows::Known;
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::to_json;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// Everything of a draft that its commit needs.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Parcel {
    records: Vec<PackedRecord>,
    relied: Vec<(String, String, i64)>,
    levels: Vec<PackedLevel>,
    dropped_skus: Vec<(String, ScopeSet)>,
    /// Key and value, in hex; no value: removed.
    storage: Vec<(String, Option<String>)>,
    emits: Vec<PackedEmit>,
    spends: Vec<(Account, Spend)>,
    #[serde(default)]
    prices: Vec<(String, PriceStep)>,
}

#[derive(Debug, Serialize, Deserialize)]
struct PackedRecord {
    kind: String,
    id: String,
    rev: Option<i64>,
    before: Option<Box<RawValue>>,
    after: Option<Box<RawValue>>,
    created_at: i64,
    scopes: ScopeSet,
}

#[derive(Debug, Serialize, Deserialize)]
struct PackedLevel {
    sku: String,
    location: String,
    delta: i64,
    #[serde(default)]
    with_orders: i64,
    expect: Option<i64>,
    counted: bool,
    reason: String,
    threshold: i64,
    scopes: ScopeSet,
}

#[derive(Debug, Serialize, Deserialize)]
struct PackedEmit {
    topic: String,
    record: String,
    payload: Option<Box<RawValue>>,
}

impl Parcel {
    /// Takes everything out of a draft but what it has reserved, which the commit of the hold still needs.
    pub(super) fn pack(draft: &Draft) -> Parcel {
        let records = draft.records.iter().map(|((kind, id), staged)| PackedRecord {
            kind: kind.name().to_owned(),
            id: id.clone(),
            rev: staged.rev,
            before: staged.before.clone(),
            after: staged.after.clone(),
            created_at: staged.created_at,
            scopes: staged.scopes,
        });
        let levels = draft.levels.iter().map(|((sku, location), level)| PackedLevel {
            sku: sku.clone(),
            location: location.clone(),
            delta: level.delta,
            with_orders: level.with_orders,
            expect: level.expect,
            counted: level.counted,
            reason: level.reason.clone(),
            threshold: level.threshold,
            scopes: level.scopes,
        });
        let emits = draft.emits.iter().map(|emit| PackedEmit {
            topic: emit.topic.name().to_owned(),
            record: emit.record.clone(),
            payload: match &emit.payload {
                Payload::Record => None,
                Payload::Given(payload) => Some(payload.clone()),
            },
        });
        Parcel {
            records: records.collect(),
            relied: draft.relied.iter().map(|((kind, id), rev)| (kind.name().to_owned(), id.clone(), *rev)).collect(),
            levels: levels.collect(),
            dropped_skus: draft.dropped_skus.clone(),
            storage: draft.storage.iter().map(|(key, value)| (key.clone(), value.as_ref().map(hex::encode))).collect(),
            emits: emits.collect(),
            spends: draft.counted.spends.iter().map(|(account, spend)| (account.clone(), *spend)).collect(),
            prices: draft.counted.prices.iter().map(|(sku, step)| (sku.clone(), *step)).collect(),
        }
    }

    /// Prices it would change, by sku.
    pub(super) fn prices(&self) -> &[(String, PriceStep)] {
        &self.prices
    }

    /// What it reserves of caps.
    pub(super) fn spent(&self) -> &[(Account, Spend)] {
        &self.spends
    }

    /// The ids of the records it would change, each once.
    pub(super) fn touches(&self) -> Vec<String> {
        let levels = self.levels.iter().map(|level| format!("{}@{}", level.sku, level.location));
        let mut ids: Vec<String> = self.records.iter().map(|record| record.id.clone()).chain(levels).collect();
        ids.sort();
        ids.dedup();
        ids
    }

    /// Puts everything back into an empty draft, but what it counts against caps: that is asked anew.
    pub(super) fn unpack(self, draft: &mut Draft) -> Result<()> {
        for record in self.records {
            let PackedRecord { kind: name, id, rev, before, after, created_at, scopes } = record;
            // Only an undo brings a record back, and an undo is a person's: it is never held.
            let kind = kind(&name)?;
            let known = Known::of(kind, before.as_deref(), after.as_deref())?;
            let staged = Staged { rev, before, after, created_at, scopes, revived: 0, known };
            draft.records.insert((kind, id), staged);
        }
        for (name, id, rev) in self.relied {
            draft.relied.insert((kind(&name)?, id), rev);
        }
        for level in self.levels {
            let PackedLevel { sku, location, delta, with_orders, expect, counted, reason, threshold, scopes } = level;
            let staged = StagedLevel { delta, with_orders, expect, counted, reason, threshold, scopes };
            draft.levels.insert((sku, location), staged);
        }
        draft.dropped_skus = self.dropped_skus;
        for (key, value) in self.storage {
            let value = value.map(hex::decode).transpose().map_err(|e| Error::Corrupt(e.to_string()))?;
            draft.storage.insert(key, value);
        }
        for PackedEmit { topic, record, payload } in self.emits {
            // A topic this version does not know is nobody's any more.
            let Ok(topic) = topic.parse() else { continue };
            draft.emits.push(Emit { topic, record, payload: payload.map_or(Payload::Record, Payload::Given) });
        }
        draft.measure();
        Ok(())
    }

    /// Each record as it was seen and as it would be, and whether it is still as it was seen.
    pub(super) async fn changes(self, conn: &mut Conn, store: StoreId) -> Result<Vec<HeldChange>> {
        const REV: &str = "SELECT rev FROM records WHERE store = $1 AND kind = $2 AND id = $3";
        const LEVEL: &str = "SELECT available FROM stock WHERE store = $1 AND sku = $2 AND location = $3";
        let (store, mut all) = (store.to_string(), Vec::new());
        for PackedRecord { kind, id, rev, before, after, .. } in self.records {
            let now = conn.row(REV, args![&store, &kind, &id], |r| r.int(0)).await?;
            let act = match (&before, &after) {
                (None, _) => "create",
                (_, None) => "delete",
                _ => "change",
            };
            let n = all.len() as i64;
            all.push(HeldChange { n, kind, id, act, before, after, hidden: None, stale: now != rev });
        }
        for PackedLevel { sku, location, delta, expect, .. } in self.levels {
            let now = conn.row(LEVEL, args![&store, &sku, &location], |r| r.int(0)).await?.unwrap_or(0);
            let image = |available: i64| to_json(&serde_json::json!({ "available": available }));
            all.push(HeldChange {
                n: all.len() as i64,
                kind: crate::db::core::kinds::Kind::Stock.name().to_owned(),
                id: format!("{sku}@{location}"),
                act: "change",
                before: Some(image(now)?),
                after: Some(image(now + delta)?),
                hidden: None,
                stale: expect.is_some_and(|expect| expect != now),
            });
        }
        Ok(all)
    }
}
