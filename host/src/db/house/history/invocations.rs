//! The usage log as people read it: what `usage:view` allows.

use crate::authz::{
    ChangeSetId, HeldId, InstallationId, InvocationId, Permit, Scope, ScopeSet, StaffId, StoreId,
    scope::kind::UsageView,
};
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::error::{Error, Result};
use crate::db::core::time::rfc3339;
use crate::db::house::held::{self, HeldState};
use crate::db::house::history::Personal;
use crate::db::house::history::usage::Outcome;
use crate::db::house::people::names::Names;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One run, as shown in lists.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Invocation {
    /// Its id.
    #[schema(value_type = String)]
    pub id: InvocationId,
    /// The installation that ran.
    #[schema(value_type = String)]
    pub installation: InstallationId,
    /// The app's id.
    pub app: String,
    /// The version that ran.
    pub version: String,
    /// What made it run: `event`, `schedule`, `action` or `checkout`.
    pub trigger: String,
    /// The event's topic.
    pub topic: Option<String>,
    /// The record of the event or action, or the schedule.
    pub record: Option<String>,
    /// How it ended.
    pub outcome: Outcome,
    /// The staff member for whom it ran.
    #[schema(value_type = Option<String>)]
    pub on_behalf_of: Option<StaffId>,
    /// What they are called, also once they are gone.
    pub on_behalf_of_name: Option<String>,
    /// 1 for the first attempt.
    pub attempt: i64,
    /// RFC 3339.
    pub started_at: String,
    /// How long it took, in microseconds.
    pub wall_us: i64,
    /// How much processor time it took, in microseconds.
    pub cpu_us: i64,
    /// How many host calls it made.
    pub host_calls: i64,
    /// How many of them were denied.
    pub denied_calls: i64,
    /// How many of them failed or were cut off.
    pub failed_calls: i64,
    /// How many records it changed.
    pub changes: i64,
    /// The change set that holds them.
    #[schema(value_type = Option<String>)]
    pub change_set: Option<ChangeSetId>,
    /// Of a run whose changes had to wait for a person: where they stand. Nothing of them is done unless approved.
    pub held: Option<HeldState>,
    /// Why it ended as it did; of an app's own error, what the app wrote.
    pub error: Option<String>,
    /// The scope that error and log need, if they are hidden for lack of it: the app could see personal data in this
    /// run, and may have written it.
    #[schema(value_type = Option<String>)]
    pub hidden: Option<Scope>,
}

/// One run with its host calls and log lines.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct InvocationDetail {
    /// What lists show.
    #[serde(flatten)]
    pub invocation: Invocation,
    /// The held change set in which what it proposed waits, or waited, for a person. What is in it, and who decided, is
    /// for those who may approve: `GET …/held/{id}`.
    #[schema(value_type = Option<String>)]
    pub held_set: Option<HeldId>,
    /// Totals per call.
    pub totals: Vec<CallTotal>,
    /// The first hundred calls.
    pub calls: Vec<CallRecord>,
    /// The first hundred calls that were denied.
    pub denials: Vec<CallRecord>,
    /// The app's log lines.
    pub log: Vec<LogRecord>,
    /// Log lines that were dropped because there were too many.
    pub dropped_lines: u64,
}

/// Totals of one call in one run.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CallTotal {
    /// For example `orders-view.get`.
    pub call: String,
    /// How many were done.
    pub ok: u64,
    /// How many were denied.
    pub denied: u64,
    /// How many failed or were cut off.
    pub failed: u64,
}

/// One host call.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CallRecord {
    /// For example `orders-view.get`.
    pub call: String,
    /// The scope it needed; none for what every app can do.
    #[serde(default)]
    pub scope: Option<String>,
    /// `ok`, `denied`, `limit`, `failed` or `interrupted`.
    pub outcome: String,
    /// When, since the run began, in microseconds.
    pub at_us: u64,
    /// How long it took, in microseconds.
    pub took_us: u64,
    /// The record it was about: the first that it read by its id, or changed, for example `order/ord_…`. Nothing of calls
    /// recorded before this was recorded. Of one that was refused: the one asked for.
    #[serde(default)]
    pub record: Option<String>,
    /// What it was asked, in one line: names, numbers, cases, ids and money; `'…'` stands for a text. For those who hold the
    /// scope that the call needed; of runs that changed, missed or were denied something, and of ten others of the app a
    /// minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<String>,
    /// The beginning of its answer, or why it was refused, likewise. Nothing of calls that read personal data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<String>,
}

impl CallRecord {
    /// Leaves out what it was asked and answered for whoever could not ask it.
    fn seen_by(&mut self, sees: ScopeSet) {
        // What needs no scope says nothing of the store; a scope that is not known any more is nobody's.
        let seen = |name: &str| name.parse::<Scope>().is_ok_and(|scope| sees.contains(scope));
        if !self.scope.as_deref().is_none_or(seen) {
            (self.asked, self.answered) = (None, None);
        }
    }
}

/// A line of an app's log. The app wrote it: escape it where it is shown.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LogRecord {
    /// debug, info, warn or error.
    pub level: String,
    /// What the app wrote.
    pub text: String,
}

#[derive(Deserialize, Default)]
struct Detail {
    totals: Vec<CallTotal>,
    calls: Vec<CallRecord>,
    denials: Vec<CallRecord>,
    log: Vec<LogRecord>,
    dropped_lines: u64,
}

/// What [`invocation`] and [`detailed`] read, and more behind it: of the store `$1`. SQLite takes no index for a column with
/// a plus before it, and goes by what else is asked for.
macro_rules! listed {
    ($head:literal, $store:literal, $($tail:literal),+) => {
        concat!(
            "SELECT id, installation, app, app_version, trigger_kind, topic, record, outcome, on_behalf_of, attempt, \
            started_at, wall_us, cpu_us, host_calls, denied_calls, failed_calls, changes, change_set, error, (SELECT \
            MAX(h.state) FROM held h WHERE h.store = invocations.store AND h.invocation = invocations.id), detail, personal",
            $head,
            " FROM invocations WHERE ",
            $store,
            " = $1 ",
            $($tail),+
        )
    };
}
pub(super) use listed;

/// Stands in the place of what an app wrote and the reader may not see.
fn hidden(scope: Scope) -> String {
    format!("hidden: the app could see personal data in this run; `{scope}` shows what it wrote")
}

/// Reads what lists select; the detail, which lists leave alone, comes after it. What an app wrote that could see
/// personal data is shown to those who can see the same.
pub(super) fn invocation(r: &Row<'_>, store: StoreId, personal: &Personal) -> Result<Invocation> {
    let lacking = r.opt_text(21)?.and_then(|scopes| personal.hides_any(&scopes, store));
    let outcome = r.text(7)?;
    let opt = |i: usize| r.opt_text(i);
    let bad = |e: crate::authz::BadId| Error::Corrupt(e.to_string());
    Ok(Invocation {
        id: r.parse(0)?,
        installation: r.parse(1)?,
        app: r.text(2)?,
        version: r.text(3)?,
        trigger: r.text(4)?,
        topic: opt(5)?,
        record: opt(6)?,
        outcome: outcome_of(&outcome)?,
        on_behalf_of: opt(8)?.map(|id| id.parse()).transpose().map_err(bad)?,
        on_behalf_of_name: None,
        attempt: r.int(9)?,
        started_at: rfc3339(r.int(10)?),
        wall_us: r.int(11)?,
        cpu_us: r.int(12)?,
        host_calls: r.int(13)?,
        denied_calls: r.int(14)?,
        failed_calls: r.int(15)?,
        changes: r.int(16)?,
        change_set: opt(17)?.map(|id| id.parse()).transpose().map_err(bad)?,
        error: opt(18)?.map(|text| lacking.map_or(text, hidden)),
        hidden: lacking,
        held: opt(19)?.map(|state| HeldState::read(&state)).transpose()?,
    })
}

impl Invocation {
    /// Adds what the person is called for whom it ran.
    pub(super) async fn named(&mut self, conn: &mut Conn, names: &mut Names) -> Result<()> {
        if let Some(staff) = self.on_behalf_of {
            self.on_behalf_of_name = names.name(conn, &staff.to_string()).await?;
        }
        Ok(())
    }
}

pub(super) fn outcome_of(text: &str) -> Result<Outcome> {
    serde_json::from_value(serde_json::Value::String(text.to_owned()))
        .map_err(|_| Error::Corrupt(format!("a run that ended `{text}`")))
}

fn detailed(r: &Row<'_>, store: StoreId, personal: &Personal, sees: ScopeSet) -> Result<InvocationDetail> {
    let invocation = invocation(r, store, personal)?;
    let detail = r.opt_json(20)?;
    let detail: Detail = match &detail {
        Some(json) => serde_json::from_str(json.get()).map_err(|e| Error::Corrupt(e.to_string()))?,
        None => Detail::default(),
    };
    let Detail { totals, mut calls, mut denials, mut log, dropped_lines } = detail;
    calls.iter_mut().chain(&mut denials).for_each(|call| call.seen_by(sees));
    if let Some(scope) = invocation.hidden {
        log.iter_mut().for_each(|line| line.text = hidden(scope));
        log.dedup_by(|one, other| one.level == other.level);
    }
    Ok(InvocationDetail { invocation, held_set: None, totals, calls, denials, log, dropped_lines })
}

impl Permit<UsageView> {
    /// One run with its host calls and log lines. What calls were asked and answered is told of those calls alone that the
    /// reader could make, by the scopes that they hold: it says what is in the store.
    pub async fn invocation(
        &self,
        db: &Db,
        id: InvocationId,
        personal: &Personal,
        sees: ScopeSet,
    ) -> Result<InvocationDetail> {
        one(db, self.store(), id, personal, sees).await
    }
}

/// A run, and what exactly it was for.
#[derive(Debug, Clone)]
pub struct RanFor {
    /// The run.
    pub run: InvocationDetail,
    /// Of an event its place in the store's order, of a schedule when it was due, in milliseconds; nothing for runs
    /// of other kinds, and for those recorded before this was recorded.
    pub cause: Option<i64>,
}

impl Permit<UsageView> {
    /// One run, and what it was for: to run it again.
    pub async fn ran_for(&self, db: &Db, id: InvocationId, personal: &Personal) -> Result<RanFor> {
        const SQL: &str = "SELECT cause FROM invocations WHERE store = $1 AND id = $2";
        let run = one(db, self.store(), id, personal, ScopeSet::EMPTY).await?;
        let (store, id) = (self.store().to_string(), id.to_string());
        let cause = db.reader(self.store()).await?.row(SQL, args![&store, &id], |r| r.opt_int(0)).await?;
        Ok(RanFor { run, cause: cause.flatten() })
    }
}

async fn one(
    db: &Db,
    store: StoreId,
    id: InvocationId,
    personal: &Personal,
    sees: ScopeSet,
) -> Result<InvocationDetail> {
    const SQL: &str = listed!("", "store", "AND id = $2");
    let mut conn = db.reader(store).await?;
    let read = |r: Row<'_>| detailed(&r, store, personal, sees);
    let found = conn.row(SQL, args![&store.to_string(), &id.to_string()], read).await?;
    let mut run = found.ok_or_else(|| Error::not_found("run", id.to_string()))?;
    run.invocation.named(&mut conn, &mut Names::of(store)).await?;
    if run.invocation.held.is_some() {
        run.held_set = held::of_run(&mut conn, store, id).await?;
    }
    Ok(run)
}
