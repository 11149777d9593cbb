//! Which runs somebody asks for, and the statements that find them.

use super::id_at;
use crate::authz::{InstallationId, StaffId};
use crate::db::core::engine::conn::Val;
use crate::db::core::error::{Error, Result};
use crate::db::core::time::opt_ms;
use crate::db::house::history::usage::Outcome;

/// Which runs. Every field given narrows the result.
#[derive(Debug, Clone, Default)]
pub struct InvocationFilter {
    /// Of one installation.
    pub installation: Option<InstallationId>,
    /// Of one app, by its id.
    pub app: Option<String>,
    /// Runs that ended with this outcome.
    pub outcome: Option<Outcome>,
    /// With at least one call that was denied.
    pub denied: bool,
    /// That made this call, for example `orders-view.get`.
    pub call: Option<String>,
    /// For this record, also if a button was pressed on it, or this schedule.
    pub record: Option<String>,
    /// For this person, who pressed a button.
    pub person: Option<StaffId>,
    /// Started at or after, RFC 3339.
    pub since: Option<String>,
    /// Started before, RFC 3339.
    pub until: Option<String>,
}

/// The values of a filter, as the statements take them from `$4` to `$12`.
pub(super) struct Narrow {
    installation: Option<String>,
    app: Option<String>,
    outcome: Option<&'static str>,
    denied: i64,
    call: Option<String>,
    since: String,
    until: String,
    record: Option<String>,
    person: Option<String>,
}

impl Narrow {
    pub(super) fn of(filter: &InvocationFilter) -> Result<Narrow> {
        if let Some(call) = &filter.call {
            super::plain("a host call like `orders-view.get`", call)?;
        }
        let id = |text: &Option<String>| Ok::<_, Error>(opt_ms(text.as_deref())?.map(|ms| id_at("inv", ms)));
        Ok(Narrow {
            installation: filter.installation.map(|id| id.to_string()),
            app: filter.app.clone(),
            outcome: filter.outcome.map(Outcome::name),
            denied: filter.denied.into(),
            call: filter.call.as_ref().map(|call| format!("%\"{call}\"%")),
            since: id(&filter.since)?.unwrap_or_default(),
            // Sorts after every id.
            until: id(&filter.until)?.unwrap_or_else(|| "inv_~".to_owned()),
            record: filter.record.clone(),
            person: filter.person.map(|id| id.to_string()),
        })
    }

    /// The call as PostgreSQL looks for it in its index, `$13`, and no longer among the other values.
    pub(super) fn called(&mut self, by_call: bool) -> Option<String> {
        let pattern = self.call.take_if(|_| by_call)?;
        Some(format!(r#"[{{"call":{}}}]"#, pattern.trim_matches('%')))
    }

    pub(super) fn values(&self) -> [Val<'_>; 9] {
        let Narrow { installation, app, outcome, denied, call, since, until, record, person } = self;
        [
            installation.into(),
            app.into(),
            Val::Text(*outcome),
            Val::Int(Some(*denied)),
            call.into(),
            since.into(),
            until.into(),
            record.into(),
            person.into(),
        ]
    }
}

/// A list of them: store `$1`, then what is between, then the filter from `$4` to `$12`.
macro_rules! matching {
    ($head:literal, $($tail:literal),+) => {
        $crate::db::house::history::invocations::listed!(
            $head,
            "AND (CAST($4 AS TEXT) IS NULL OR installation = $4) AND (CAST($5 AS TEXT) IS NULL OR app = $5) \
            AND (CAST($6 AS TEXT) IS NULL OR outcome = $6) AND (CAST($7 AS BIGINT) = 0 OR denied_calls > 0) \
            AND (CAST($8 AS TEXT) IS NULL OR CAST(detail AS TEXT) LIKE $8) AND id >= $9 AND id < $10 \
            AND (CAST($11 AS TEXT) IS NULL OR record = $11 OR (trigger_kind = 'action' \
            AND SUBSTR(record, LENGTH(record) - LENGTH($11)) = ' ' || $11)) AND (CAST($12 AS TEXT) IS NULL OR on_behalf_of = $12) ",
            $($tail),+
        )
    };
}
pub(super) use matching;

/// A page of them. `$narrowed` says one part of the filter in the words of an index, which a value that may be null is
/// not: with it, what is rare is found without a look at everything else.
macro_rules! newest {
    ($narrowed:literal) => {
        matching!("", $narrowed, "AND (CAST($2 AS TEXT) IS NULL OR id < $2) ORDER BY id DESC LIMIT $3")
    };
}

impl InvocationFilter {
    /// The statement for this filter, and whether it takes [`Narrow::called`] in the place of the call.
    pub(super) fn statement(&self, pg: bool) -> (&'static str, bool) {
        const ALL: &str = newest!("");
        const APP: &str = newest!("AND app = $5 "); // SQLite would go through all runs even so
        const FAILED: &str = newest!("AND outcome = $6 AND outcome NOT IN ('ok', 'not_handled') ");
        const DENIED: &str = newest!("AND denied_calls > 0 ");
        // SQLite has no index into JSON arrays, and reads on threads that stand behind all others.
        const CALLED: &str = newest!("AND detail -> 'totals' @> CAST(CAST($13 AS TEXT) AS JSONB) ");
        match self {
            InvocationFilter { call: Some(_), .. } if pg => (CALLED, true),
            InvocationFilter { denied: true, .. } => (DENIED, false),
            InvocationFilter { outcome: Some(outcome), .. }
                if !matches!(outcome, Outcome::Ok | Outcome::NotHandled) =>
            {
                (FAILED, false)
            }
            InvocationFilter { app: Some(_), .. } if pg => (APP, false),
            _ => (ALL, false),
        }
    }
}
