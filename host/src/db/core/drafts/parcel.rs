//! A draft as it is stored while it waits, and a draft again.

use super::cause::{Emit, Payload};
use super::draft::Draft;
use super::staged::Known;
use super::staged::{Staged, StagedLevel};
use crate::authz::ScopeSet;
use crate::db::core::caps::{Account, PriceStep, Spend};
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::Kind;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// Everything of a draft that its commit needs.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::db) struct Parcel {
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
    /// How many apps had answered each other when it was proposed, and in which chain.
    #[serde(default = "first")]
    depth: i64,
    #[serde(default)]
    chain: Option<i64>,
}

/// What was packed before depths were: a run's own.
fn first() -> i64 {
    1
}

#[derive(Debug, Serialize, Deserialize)]
pub(in crate::db) struct PackedRecord {
    pub(in crate::db) kind: String,
    pub(in crate::db) id: String,
    pub(in crate::db) rev: Option<i64>,
    pub(in crate::db) before: Option<Box<RawValue>>,
    pub(in crate::db) after: Option<Box<RawValue>>,
    pub(in crate::db) created_at: i64,
    pub(in crate::db) scopes: ScopeSet,
}

#[derive(Debug, Serialize, Deserialize)]
pub(in crate::db) struct PackedLevel {
    pub(in crate::db) sku: String,
    pub(in crate::db) location: String,
    pub(in crate::db) delta: i64,
    #[serde(default)]
    pub(in crate::db) with_orders: i64,
    pub(in crate::db) expect: Option<i64>,
    pub(in crate::db) counted: bool,
    pub(in crate::db) reason: String,
    pub(in crate::db) threshold: i64,
    pub(in crate::db) scopes: ScopeSet,
}

#[derive(Debug, Serialize, Deserialize)]
struct PackedEmit {
    topic: String,
    record: String,
    payload: Option<Box<RawValue>>,
}

impl Parcel {
    /// Takes everything out of a draft but what it has reserved, which the commit of the hold still needs.
    pub(in crate::db) fn pack(draft: &Draft) -> Parcel {
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
            depth: draft.cause.depth,
            chain: draft.cause.chain,
        }
    }

    /// How long the chain of apps that answer each other was when it was proposed, and which.
    pub(in crate::db) fn chain(&self) -> (i64, Option<i64>) {
        (self.depth, self.chain)
    }

    /// Prices it would change, by sku.
    pub(in crate::db) fn prices(&self) -> &[(String, PriceStep)] {
        &self.prices
    }

    /// What it reserves of caps.
    pub(in crate::db) fn spent(&self) -> &[(Account, Spend)] {
        &self.spends
    }

    /// The ids of the records it would change, each once.
    pub(in crate::db) fn touches(&self) -> Vec<String> {
        let levels = self.levels.iter().map(|level| format!("{}@{}", level.sku, level.location));
        let mut ids: Vec<String> = self.records.iter().map(|record| record.id.clone()).chain(levels).collect();
        ids.sort();
        ids.dedup();
        ids
    }

    /// Puts everything back into an empty draft, but what it counts against caps: that is asked anew.
    pub(in crate::db) fn unpack(self, draft: &mut Draft) -> Result<()> {
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
            // Only the shop's front promises stock, and what it records is never held.
            let least = None;
            let staged = StagedLevel { delta, with_orders, expect, least, counted, reason, threshold, scopes };
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

    /// The records it would change, and the levels.
    pub(in crate::db) fn into_parts(self) -> (Vec<PackedRecord>, Vec<PackedLevel>) {
        (self.records, self.levels)
    }
}

impl Draft {
    /// Lets go of what is packed; what it has reserved stays, and no price changes yet.
    pub(in crate::db) fn empty_into_parcel(&mut self) {
        (self.records, self.storage, self.emits) = Default::default();
        self.counted.prices.clear();
    }
}

fn kind(name: &str) -> Result<Kind> {
    Kind::named(name).ok_or_else(|| Error::Corrupt(format!("a record that is a `{name}`")))
}
