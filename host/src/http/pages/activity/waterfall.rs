//! The host calls of a run along its time, as bars.

use crate::db::history::{CallRecord, InvocationDetail};
use crate::http::pages::frame::Frame;

/// How wide the whole time of a run is drawn.
const WIDE: u64 = 1_000;
/// No bar is narrower, so that each is seen.
const LEAST: u64 = 6;

/// A host call as a row.
pub(super) struct CallRow {
    pub(super) call: String,
    pub(super) scope: String,
    /// The record it was about, by its id.
    pub(super) record: String,
    /// What it was asked and what it answered, as far as whoever looks may know.
    pub(super) asked: Option<String>,
    pub(super) answered: Option<String>,
    /// How it ended, as a word in a tag.
    pub(super) decision: String,
    pub(super) look: &'static str,
    /// Why, if it was not simply done.
    pub(super) why: String,
    pub(super) x: u64,
    pub(super) width: u64,
    /// When it began, in words for whoever does not see the bar.
    pub(super) began: String,
    pub(super) took: String,
}

fn row(frame: &Frame, call: &CallRecord, whole: u64) -> CallRow {
    let (decision, look, why) = match call.outcome.as_str() {
        "ok" => ("call-ok", "ok", None),
        "denied" => ("call-denied", "bad", Some("call-denied-why")),
        "limit" => ("call-limit", "warn", Some("call-limit-why")),
        "interrupted" => ("call-interrupted", "bad", Some("call-interrupted-why")),
        _ => ("call-failed", "bad", None),
    };
    let place = |us: u64| us.min(whole).saturating_mul(WIDE) / whole;
    let width = place(call.took_us).max(LEAST);
    let micros = |us: u64| frame.duration(&i64::try_from(us).unwrap_or(i64::MAX));
    CallRow {
        call: call.call.clone(),
        scope: call.scope.clone().unwrap_or_default(),
        record: call.record.clone().unwrap_or_default(),
        asked: call.asked.clone(),
        answered: call.answered.clone(),
        decision: frame.t(decision).to_string(),
        look,
        why: why.map(|key| frame.t(key).to_string()).unwrap_or_default(),
        x: place(call.at_us).min(WIDE - width),
        width,
        began: frame.t("call-began").with("when", micros(call.at_us)).to_string(),
        took: micros(call.took_us),
    }
}

/// The calls of a run in their order, and those that were denied after the last of them.
pub(super) fn rows(frame: &Frame, run: &InvocationDetail) -> Vec<CallRow> {
    let ends = run.calls.iter().chain(&run.denials).map(|call| call.at_us.saturating_add(call.took_us));
    let wall = u64::try_from(run.invocation.wall_us).unwrap_or(0);
    let whole = ends.max().unwrap_or(0).max(wall).max(1);
    let last = run.calls.last().map_or(0, |call| call.at_us);
    let later = run.denials.iter().filter(|call| call.at_us > last || run.calls.is_empty());
    run.calls.iter().chain(later).map(|call| row(frame, call, whole)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::pages::words::Words;

    fn call(at_us: u64, took_us: u64) -> CallRecord {
        CallRecord {
            call: "orders-view.get".to_owned(),
            scope: None,
            outcome: "ok".to_owned(),
            at_us,
            took_us,
            record: None,
            asked: None,
            answered: None,
        }
    }

    #[test]
    fn a_bar_stands_where_its_call_was_and_never_outside() {
        let frame = Frame::bare(Words::ENGLISH);
        let drawn = |at, took| {
            let drawn = row(&frame, &call(at, took), 1_000);
            (drawn.x, drawn.width)
        };
        assert_eq!(drawn(250, 500), (250, 500));
        assert_eq!(drawn(999, 0), (994, 6));
        assert_eq!(drawn(u64::MAX, u64::MAX), (0, 1_000));
    }
}
