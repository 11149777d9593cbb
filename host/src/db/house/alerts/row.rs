//! An alert as it is stored, and as it is shown.

use super::rule::{Level, Rule};
use crate::db::core::engine::conn::Row;
use crate::db::core::error::{Error, Result};
use crate::db::core::time::rfc3339;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// An alert. What it says in words is made from it by whoever shows it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Alert {
    /// Its id.
    pub id: String,
    /// The store it is of; none, if it concerns the host.
    pub store: Option<String>,
    /// The rule that found it.
    pub rule: Rule,
    /// What it is about: an installation, a version of an app, a host.
    pub subject: String,
    /// The app's id, if it is about one.
    pub app: Option<String>,
    /// The version that it was found of, if it is about an app.
    pub version: Option<String>,
    /// How bad it is.
    pub severity: Level,
    /// Its figures. Which there are depends on the rule.
    #[schema(value_type = Object)]
    pub facts: Map<String, Value>,
    /// Since when, RFC 3339.
    pub raised_at: String,
    /// When it was found last, to the minute, RFC 3339.
    pub seen_at: String,
    /// How often it came back within an hour of being resolved, and the first time.
    pub times: i64,
    /// When somebody said that they know, RFC 3339.
    pub acknowledged_at: Option<String>,
    /// Who, for example `staff:stf_…`.
    pub acknowledged_by: Option<String>,
    /// Until when nobody is to be bothered with it, RFC 3339.
    pub snoozed_until: Option<String>,
    /// When its cause was gone, RFC 3339; none, as long as it is there.
    pub resolved_at: Option<String>,
}

/// What every reading of alerts selects, of `alerts`.
macro_rules! alerts {
    ($tail:literal) => {
        alerts!("", $tail)
    };
    ($more:expr, $tail:expr) => {
        concat!(
            "SELECT id, store, rule, subject, app, app_version, severity, facts, raised_at, seen_at, times, acknowledged_at, \
            acknowledged_by, snoozed_until, resolved_at",
            $more,
            " FROM alerts ",
            $tail
        )
    };
}
pub(super) use alerts;

pub(super) fn read(r: &Row<'_>) -> Result<Alert> {
    let some = |text: String| (!text.is_empty()).then_some(text);
    let (rule, severity) = (r.text(2)?, r.text(6)?);
    Ok(Alert {
        id: r.text(0)?,
        store: some(r.text(1)?),
        rule: rule.parse().map_err(|()| Error::Corrupt(format!("an alert of the rule `{rule}`")))?,
        subject: r.text(3)?,
        app: some(r.text(4)?),
        version: some(r.text(5)?),
        severity: Level::read(&severity).ok_or_else(|| Error::Corrupt(format!("an alert that is `{severity}`")))?,
        facts: r.doc(7)?,
        raised_at: rfc3339(r.int(8)?),
        seen_at: rfc3339(r.int(9)?),
        times: r.int(10)?,
        acknowledged_at: r.opt_int(11)?.map(rfc3339),
        acknowledged_by: r.opt_text(12)?,
        snoozed_until: r.opt_int(13)?.map(rfc3339),
        resolved_at: r.opt_int(14)?.map(rfc3339),
    })
}
