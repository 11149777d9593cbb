//! Terms in plain words, as they stand in the text that people agree to.

use super::defaults;
use crate::authz::{Scope, Terms};
use crate::db::core::caps::bound_in_words;
use crate::text::caps;
use crate::text::words::Words;
use jiff::Timestamp;

/// One line for each of the terms; none, if the grant has none and would have none by itself.
pub(in crate::db::house::installations) fn words(words: Words, scope: Scope, terms: &Terms) -> Vec<String> {
    let term = |(cap, bound)| caps::term(words, cap, &bound_in_words(words, &terms.caps, cap, bound));
    let mut lines: Vec<String> = terms.caps.iter().map(term).collect();
    if lines.is_empty() && defaults::caps(scope) {
        lines.push(caps::no_cap(words).to_string());
    }
    if terms.held {
        lines.push(caps::held(words).to_string());
    }
    lines.extend(terms.expires_at.map(|at| caps::until(words, &minute(at))));
    lines
}

/// A moment to the minute, UTC: `2026-12-31 23:00 UTC`.
fn minute(ms: i64) -> String {
    Timestamp::from_millisecond(ms).unwrap_or_default().strftime("%Y-%m-%d %H:%M UTC").to_string()
}
