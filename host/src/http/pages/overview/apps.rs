//! The apps of a store with their figures of 24 hours.

use super::Known;
use crate::db::installations::State;
use crate::http::pages::frame::Frame;

/// An app as a row of the table.
pub(super) struct AppRow {
    pub(super) name: String,
    pub(super) version: String,
    /// To its runs; nothing, for whoever may not see them.
    pub(super) href: Option<String>,
    /// Where it stands, as a word in a tag.
    pub(super) state: String,
    pub(super) look: &'static str,
    /// Runs, failed ones, refused calls, changes: as words, and whether they are bad news.
    pub(super) figures: Vec<(String, bool)>,
    pub(super) p99: String,
    /// When it last ran, RFC 3339.
    pub(super) last: Option<String>,
}

pub(super) fn rows(frame: &Frame, known: &Known) -> Vec<AppRow> {
    let row = |one: &crate::db::installations::Installation| {
        let totals = known.totals.get(&one.app);
        let of = |figure: fn(&crate::db::history::AppTotals) -> i64| totals.map_or(0, figure);
        let (key, look) = match one.state {
            _ if one.recalled.as_ref().is_some_and(|recalled| recalled.pauses && recalled.goes_on.is_none()) => {
                ("app-recalled", "bad")
            }
            _ if one.paused_by_breaker().is_some() => ("app-breaker", "bad"),
            _ if one.stopped.is_some() => ("state-stopped", "bad"),
            State::Active => ("state-active", "ok"),
            State::Paused => ("state-paused", "warn"),
            State::Uninstalled => ("state-gone", ""),
        };
        let bad = |n: i64| (frame.number(&n), n > 0);
        let plain = |n: i64| (frame.number(&n), false);
        AppRow {
            name: one.name.clone(),
            version: one.version.clone(),
            href: known.day.is_some().then(|| frame.runs_of(&one.app)),
            state: frame.t(key).to_string(),
            look,
            figures: vec![
                plain(of(|t| t.runs)),
                bad(of(|t| t.failed)),
                bad(of(|t| t.denied_calls)),
                plain(of(|t| t.changes)),
            ],
            p99: totals.map_or_else(|| "–".to_owned(), |totals| frame.duration(&totals.cpu_us_p99)),
            last: known.day.as_ref().and_then(|day| day.last.get(&one.app).cloned()),
        }
    };
    known.installed.iter().map(row).collect()
}
