//! Terms in plain words, as they stand in the text that people agree to.

use crate::authz::{Scope, Terms};
use jiff::Timestamp;

/// One line for each of the terms; none, if the grant has none.
pub(in crate::db::installations) fn words(_scope: Scope, terms: &Terms) -> Vec<String> {
    terms.expires_at.map(|at| format!("until {}", minute(at))).into_iter().collect()
}

/// A moment to the minute, UTC: `2026-12-31 23:00 UTC`.
fn minute(ms: i64) -> String {
    Timestamp::from_millisecond(ms).unwrap_or_default().strftime("%Y-%m-%d %H:%M UTC").to_string()
}
