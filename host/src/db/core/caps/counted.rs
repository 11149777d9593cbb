//! What is counted against caps: on which account, how much of it, and the refusal of more than is left.

use super::day::Day;
use super::words;
use crate::authz::{Cap, Caps, Scope};
use crate::db::core::error::Error;
use crate::db::core::time::rfc3339;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What is counted together: one scope's use, of one kind, in one day or on one order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(in crate::db) struct Account {
    pub(in crate::db) scope: Scope,
    /// Named as in rows.
    pub(in crate::db) cap: String,
    /// The day, `2026-11-22`, or the order's id.
    pub(in crate::db) period: String,
    /// The currency's code; nothing for what is counted in times.
    pub(in crate::db) unit: String,
}

/// What a draft is about to spend on one account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::db) struct Spend {
    pub(in crate::db) amount: i64,
    /// At most so much may be spent on the account in all.
    pub(in crate::db) bound: i64,
}

/// What a draft has counted.
#[derive(Debug, Default)]
pub(in crate::db) struct Counted {
    /// What the commit spends.
    pub(in crate::db) spends: BTreeMap<Account, Spend>,
    /// Prices that change, by sku.
    pub(in crate::db) prices: BTreeMap<String, PriceStep>,
    /// What a dry run was charged at its calls. A real run's charge is committed at once, and is not in here.
    pub(in crate::db) charged: BTreeMap<Account, i64>,
    /// Records changed under a scope whose grant bounds how many.
    pub(super) rows: BTreeMap<Scope, BTreeSet<String>>,
    /// The store's day in which the draft began, once somebody asked for it.
    pub(in crate::db) day: Option<Day>,
}

/// A price that a draft changes, in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::db) struct PriceStep {
    /// As it was before the draft.
    pub(in crate::db) before: i64,
    pub(in crate::db) after: i64,
    /// At most so many per cent up or down from where the day began; none for people, and for grants without the cap.
    pub(in crate::db) most: Option<u64>,
}

pub(super) fn account(scope: Scope, cap: Cap, period: String, unit: &str) -> Account {
    Account { scope, cap: cap.name().to_owned(), period, unit: unit.to_owned() }
}

/// What may be spent in all; as good as everything where there is no cap, so that what is used shows there too.
pub(super) fn bound(caps: &Caps, cap: Cap) -> i64 {
    caps.get(cap).and_then(|bound| i64::try_from(bound).ok()).unwrap_or(i64::MAX)
}

/// More than a cap leaves.
pub(in crate::db) fn over(scope: Scope, caps: &Caps, cap: Cap, left: i64, renews: Option<i64>) -> Error {
    over_with(scope, caps, cap, words::amount(caps, cap, left), renews)
}

/// [`over`], with what is left in words of its own.
pub(super) fn over_with(scope: Scope, caps: &Caps, cap: Cap, left: String, renews: Option<i64>) -> Error {
    let limit = format!("`{scope}`: {}", words::cap(caps, cap));
    Error::Limit { limit, left, renews: renews.map(rfc3339) }
}
