//! Which runs somebody asks for, and the statements that find them.

use super::id_at;
use super::sums::Term;
use crate::authz::{InstallationId, Scope, StaffId};
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
    /// By this version of it.
    pub version: Option<String>,
    /// That this made run: `event`, `schedule`, `action` or `checkout`.
    pub trigger: Option<String>,
    /// Runs that ended with this outcome.
    pub outcome: Option<Outcome>,
    /// With at least one call that was denied.
    pub denied: bool,
    /// That made this call, for example `orders-view.get`.
    pub call: Option<String>,
    /// That used this scope, or lacked it.
    pub scope: Option<Scope>,
    /// For this record, or with a call that read or changed it; also a button that was pressed on it, or a schedule.
    pub record: Option<String>,
    /// For this person, who pressed a button.
    pub person: Option<StaffId>,
    /// With this text in an error or a line of the log, as far as the reader may see those; 3 to 80 characters, capitals or
    /// not.
    pub text: Option<String>,
    /// Started at or after, RFC 3339.
    pub since: Option<String>,
    /// Started before, RFC 3339.
    pub until: Option<String>,
}

/// The values of a filter, as the statements take them from `$4` to `$18`.
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
    version: Option<String>,
    trigger: Option<String>,
    interface: Option<String>,
    in_calls: Option<String>,
    text: Option<String>,
    /// Whether whoever reads may see what any app wrote.
    sees_all: i64,
}

/// Shortest and longest text that is looked for, in characters.
const TEXT: std::ops::RangeInclusive<usize> = 3..=80;

impl Narrow {
    pub(super) fn of(filter: &InvocationFilter, sees_all: bool) -> Result<Narrow> {
        if let Some(call) = &filter.call {
            super::plain("a host call like `orders-view.get`", call)?;
        }
        super::some_record(filter.record.as_deref())?;
        if let Some(text) = &filter.text
            && !TEXT.contains(&text.chars().count())
        {
            return Err(Error::invalid("a text to look for has 3 to 80 characters"));
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
            version: filter.version.clone(),
            trigger: filter.trigger.clone(),
            interface: filter.scope.map(|scope| format!("%\"{}.%", scope.interface())),
            in_calls: filter.record.as_ref().map(|record| format!("%/{}\"%", literal(record))),
            text: filter.text.as_ref().map(|text| format!("%{}%", literal(&text.to_lowercase()))),
            sees_all: sees_all.into(),
        })
    }

    pub(super) fn values(&self) -> [Val<'_>; 15] {
        let Narrow { installation, app, outcome, denied, call, since, until, record, person, .. } = self;
        let Narrow { version, trigger, interface, in_calls, text, sees_all, .. } = self;
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
            version.into(),
            trigger.into(),
            interface.into(),
            in_calls.into(),
            text.into(),
            Val::Int(Some(*sees_all)),
        ]
    }
}

/// Text as a pattern that matches nothing else.
fn literal(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

/// A list of them: store `$1`, then what is between, then the filter from `$4` to `$18`. What an app wrote is looked through
/// where whoever reads may see it.
macro_rules! matching {
    ($head:literal, $store:literal, $id:literal, $($tail:literal),+) => {
        $crate::db::house::history::invocations::listed!(
            $head,
            $store,
            "AND (CAST($4 AS TEXT) IS NULL OR installation = $4) AND (CAST($5 AS TEXT) IS NULL OR app = $5) \
            AND (CAST($6 AS TEXT) IS NULL OR outcome = $6) AND (CAST($7 AS BIGINT) = 0 OR denied_calls > 0) \
            AND (CAST($8 AS TEXT) IS NULL OR CAST(detail AS TEXT) LIKE $8) \
            AND (CAST($11 AS TEXT) IS NULL OR record = $11 OR (trigger_kind = 'action' \
            AND SUBSTR(record, LENGTH(record) - LENGTH($11)) = ' ' || $11) OR CAST(detail -> 'calls' AS TEXT) LIKE $16 ESCAPE '\\') \
            AND (CAST($12 AS TEXT) IS NULL OR on_behalf_of = $12) AND (CAST($13 AS TEXT) IS NULL OR app_version = $13) \
            AND (CAST($14 AS TEXT) IS NULL OR trigger_kind = $14) \
            AND (CAST($15 AS TEXT) IS NULL OR CAST(detail -> 'totals' AS TEXT) LIKE $15) \
            AND (CAST($17 AS TEXT) IS NULL OR ((personal IS NULL OR CAST($18 AS BIGINT) = 1) AND (LOWER(error) LIKE $17 ESCAPE '\\' \
            OR LOWER(CAST(detail -> 'log' AS TEXT)) LIKE $17 ESCAPE '\\'))) ",
            "AND ", $id, " >= $9 AND ", $id, " < $10 ",
            $($tail),+
        )
    };
}
pub(super) use matching;

impl InvocationFilter {
    /// What it is found by, the rarest first; none, if every run has it, or nobody can say.
    pub(super) fn term<'a>(&self, texts: &'a Texts) -> Option<Term<'a>> {
        let Texts { record, person, version, app, .. } = texts;
        match self {
            InvocationFilter { record: Some(_), .. } => Some(Term::Record(record)),
            InvocationFilter { person: Some(_), .. } => Some(Term::Person(person)),
            InvocationFilter { outcome: Some(outcome), .. } if !outcome.is_ok() => Some(Term::Outcome(outcome.name())),
            InvocationFilter { denied: true, .. } => Some(Term::Denied),
            InvocationFilter { call: Some(_), .. } => Some(Term::Call(&texts.call)),
            InvocationFilter { scope: Some(_), .. } => Some(Term::Interface(&texts.interface)),
            InvocationFilter { version: Some(_), .. } => Some(Term::Version(version)),
            InvocationFilter { app: Some(_), .. } => Some(Term::App(app)),
            InvocationFilter { trigger: Some(_), .. } => Some(Term::Trigger(&texts.trigger)),
            _ => None,
        }
    }
}

/// The texts of a filter, as terms take them.
#[derive(Debug, Default)]
pub(super) struct Texts {
    record: String,
    person: String,
    call: String,
    version: String,
    app: String,
    trigger: String,
    interface: String,
}

impl Texts {
    pub(super) fn of(filter: &InvocationFilter) -> Texts {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        Texts {
            record: text(&filter.record),
            person: filter.person.map(|id| id.to_string()).unwrap_or_default(),
            call: text(&filter.call),
            version: text(&filter.version),
            app: text(&filter.app),
            trigger: text(&filter.trigger),
            interface: filter.scope.map(Scope::interface).unwrap_or_default(),
        }
    }
}
