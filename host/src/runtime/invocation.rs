//! One run as the engine sees it, and the one door through which a guest reaches store data.
//!
//! INVARIANT: [`Invocation::host_call`] alone lends a permit and the draft. It counts, checks, records, and only then
//! acts; what is denied is a value for the guest, what is used up ends the run.

mod ask;
mod fetch;

pub use ask::NotAllowed;
pub use fetch::NotSent;
pub(super) use fetch::{Outside, Servers};

use super::asked::Line;
use super::bindings::app::storehand::app::types;
use super::limits::{Budget, Exhausted, LOG_LINE_BYTES, LOG_LINES, MemoryLimit};
use super::wasi::Wasi;
use crate::authz::{Denied, Grants, InvocationId, Permit, Principal, Scope};
use crate::db::apps::AppFacts;
use crate::db::installations::GivenSettings;
use crate::db::{self, CallOutcome, Draft, LogLine, Party, Purpose, Slot, Told, record_of};
use crate::outbound::NoAnswer;
use crate::text::denied::remedy;
use crate::text::words::Words;
use quanta::Instant;
use serde::Serialize;
use std::sync::Arc;
use std::time::Duration;

/// Everything one run has.
pub struct Invocation {
    principal: Principal,
    draft: Draft,
    slot: Slot,
    target: Arc<Target>,
    memory: MemoryLimit,
    wasi: Option<Box<Wasi>>,
    calls_left: u32,
    /// What is left of its time in the database, where that is counted.
    database_left: Option<Duration>,
    dry_run: bool,
    /// Whether a call failed when it had staged a part of what it does.
    torn: bool,
    /// What it needs to call servers outside the store; none, where it may call none.
    outside: Option<Box<Outside>>,
}

/// What is left of a run once its guest has returned.
pub(super) struct EndedRun {
    pub(super) draft: Draft,
    pub(super) slot: Slot,
    pub(super) calls_left: u32,
    pub(super) memory: MemoryLimit,
    /// Whether a call failed when it had staged a part of what it does.
    pub(super) torn: bool,
}

/// What is to run: one installation at one version.
#[derive(Debug)]
pub struct Target {
    /// The installation with its live grants.
    pub installed: crate::authz::Installed,
    /// The app's id.
    pub app: Arc<str>,
    /// Its version.
    pub version: Arc<str>,
    /// SHA-256 of the component, hex.
    pub digest: Arc<str>,
    /// What the version is and asks for: the servers it may call stand there.
    pub facts: Arc<AppFacts>,
    /// The app's settings in this store, as it is given them.
    pub settings: Arc<GivenSettings>,
}

impl Target {
    /// An installation as it is now.
    pub fn new(installed: crate::authz::Installed, row: &db::installations::InstallationRow) -> Target {
        Target {
            installed,
            app: Arc::clone(&row.app),
            version: Arc::clone(&row.version),
            digest: Arc::clone(&row.digest),
            facts: Arc::clone(&row.facts),
            settings: Arc::clone(&row.given),
        }
    }

    /// Who takes a place for a run of it.
    pub fn party(&self, purpose: Purpose) -> Party {
        Party::new(purpose, self.installed.store(), self.installed.id())
    }
}

/// Why a host call did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The scope is not held: a value for the guest.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Tried and refused: a value for the guest.
    #[error(transparent)]
    Db(#[from] db::Error),
    /// A request to a server outside was not made, or not answered: a value for the guest.
    #[error(transparent)]
    Outside(#[from] NotSent),
    /// A limit is used up: ends the run.
    #[error(transparent)]
    Exhausted(#[from] Exhausted),
}

impl CallError {
    /// What the store answered, if it was asked.
    fn of_db(&self) -> Option<&db::Error> {
        match self {
            CallError::Db(e) => Some(e),
            CallError::Denied(_) | CallError::Outside(_) | CallError::Exhausted(_) => None,
        }
    }
}

impl Invocation {
    pub(super) fn new(
        principal: Principal,
        draft: Draft,
        mut slot: Slot,
        target: Arc<Target>,
        memory: MemoryLimit,
        budget: Budget,
    ) -> Self {
        let dry_run = draft.is_dry();
        slot.personal = Scope::PERSONAL.into_iter().filter(|scope| principal.holds(*scope).is_ok()).collect();
        let database_left = draft.is_shared().then_some(budget.database);
        let (calls_left, wasi, torn) = (budget.calls, None, false);
        Self { principal, draft, slot, target, memory, wasi, calls_left, database_left, dry_run, torn, outside: None }
    }

    /// What is left of a run that has ended.
    pub(super) fn into_ended(self) -> EndedRun {
        let Invocation { draft, mut slot, calls_left, memory, torn, .. } = self;
        slot.memory = memory.used();
        EndedRun { draft, slot, calls_left, memory, torn }
    }

    /// Who acts: what the run may see is asked of it before it begins.
    pub(super) fn principal(&self) -> &Principal {
        &self.principal
    }

    /// What runs.
    pub(super) fn target(&self) -> &Target {
        &self.target
    }

    /// Its id, and when it began, in milliseconds.
    pub(super) fn began(&self) -> (InvocationId, i64) {
        (self.slot.invocation, self.slot.started_at())
    }

    /// Whether nothing of it will be committed.
    pub(super) fn is_dry_run(&self) -> bool {
        self.dry_run
    }

    /// The memory it may take.
    pub(super) fn memory(&mut self) -> &mut MemoryLimit {
        &mut self.memory
    }

    /// Its WASI, made when it is asked for first.
    pub(super) fn wasi(&mut self) -> &mut Wasi {
        let (invocation, started_at) = self.began();
        self.wasi.get_or_insert_with(|| Box::new(Wasi::new(invocation, started_at)))
    }

    /// Takes a log line; what is over the limit is dropped and counted. Text and length are guest-controlled.
    pub(super) fn log(&mut self, level: &'static str, mut text: String) {
        if self.slot.log.len() >= LOG_LINES {
            self.slot.dropped_lines += 1;
            return;
        }
        if text.len() > LOG_LINE_BYTES {
            let end = (0..=LOG_LINE_BYTES).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
            text.truncate(end);
        }
        self.slot.log.push(LogLine { level, text: text.replace('\0', "\u{fffd}") });
    }

    /// Takes what it printed as lines of its log.
    pub(super) fn log_printed(&mut self) {
        let printed = self.wasi.as_ref().map(|wasi| wasi.printed()).unwrap_or_default();
        printed.lines().for_each(|line| self.log("info", line.to_owned()));
    }

    fn count(&mut self) -> Result<(), Exhausted> {
        self.calls_left = self.calls_left.checked_sub(1).ok_or(Exhausted::Calls)?;
        Ok(())
    }

    /// Takes a call's time from what is left of the run's in the database.
    fn bill(&mut self, began: Option<Instant>) -> Result<(), CallError> {
        let (Some(left), Some(began)) = (&mut self.database_left, began) else { return Ok(()) };
        *left = left.checked_sub(began.elapsed()).ok_or(Exhausted::Database)?;
        Ok(())
    }

    /// A line for what a call is asked, if there is room for it in the record.
    pub(super) fn asked(&self) -> Line {
        if self.slot.has_room() { Line::default() } else { Line::closed() }
    }

    /// The one door. The permit is checked before anything is waited for.
    pub(super) async fn host_call<S: Grants, T: Serialize>(
        &mut self,
        call: &'static str,
        asked: Line,
        action: impl AsyncFnOnce(Permit<S>, &mut Draft) -> db::Result<T>,
    ) -> Result<T, CallError> {
        self.count()?;
        self.slot.open(call, Some(S::SCOPE));
        self.draft.touches_nothing();
        let acts = self.draft.acts();
        let began = self.database_left.map(|_| Instant::now());
        let result = match self.principal.permit::<S>() {
            Ok(permit) => action(permit, &mut self.draft).await.map_err(CallError::from),
            Err(denied) => Err(CallError::Denied(denied)),
        };
        let result = self.bill(began).and(result);
        self.torn |= result.is_err() && self.draft.acts() != acts;
        let record = self.draft.about().or_else(|| asked.first_id().filter(|_| result.is_err()).and_then(record_of));
        // Which texts a record of personal data has is personal as well.
        let answered = match Scope::PERSONAL.contains(&S::SCOPE) || !self.slot.has_room() {
            true => None,
            false => Line::answer(result.as_ref().map_err(CallError::of_db)),
        };
        self.slot.close(outcome(&result), Told { record, asked: asked.end(), answered });
        self.memory.stage(self.draft.bytes())?;
        result
    }

    /// The door of the interfaces that need no scope: counted and recorded all the same.
    pub(super) async fn neutral_call<T>(
        &mut self,
        call: &'static str,
        action: impl AsyncFnOnce(&mut Draft) -> db::Result<T>,
    ) -> Result<T, CallError> {
        self.count()?;
        self.slot.open(call, None);
        let began = self.database_left.map(|_| Instant::now());
        let result = action(&mut self.draft).await.map_err(CallError::from);
        let result = self.bill(began).and(result);
        self.slot.close(outcome(&result), Told::default());
        self.memory.stage(self.draft.bytes())?;
        result
    }

    /// Counts a call that cannot fail and is not worth a line: a clock, a log line.
    pub(super) fn small_call(&mut self) -> wasmtime::Result<()> {
        Ok(self.count()?)
    }
}

fn outcome<T>(result: &Result<T, CallError>) -> CallOutcome {
    match result {
        Ok(_) => CallOutcome::Ok,
        Err(CallError::Denied(_) | CallError::Db(db::Error::Denied(_))) => CallOutcome::Denied,
        Err(CallError::Outside(
            NotSent::NotAllowed(NotAllowed::Denied(_)) | NotSent::NoAnswer(NoAnswer::Denied(_)),
        )) => CallOutcome::Denied,
        Err(CallError::Outside(NotSent::Busy(_) | NotSent::NoAnswer(NoAnswer::TooLarge(_)))) => CallOutcome::Limit,
        Err(CallError::Db(db::Error::Limit { .. } | db::Error::TooLong)) => CallOutcome::Limit,
        Err(_) => CallOutcome::Failed,
    }
}

/// What a guest is told of a request that was not made or not answered.
fn outside(why: &NotSent) -> types::Error {
    let said = why.to_string();
    match why {
        NotSent::NotAllowed(NotAllowed::Denied(_)) | NotSent::NoAnswer(NoAnswer::Denied(_)) => {
            types::Error::Denied(types::Denial { scope: "http".to_owned(), remedy: said })
        }
        NotSent::NotAllowed(NotAllowed::Invalid(_)) => types::Error::Invalid(said),
        NotSent::Busy(_) | NotSent::NoAnswer(NoAnswer::TooLarge(_)) => {
            types::Error::Limit(types::Exhausted { limit: said, left: "0".to_owned(), renews: None })
        }
        NotSent::NoAnswer(_) | NotSent::Dry(_) => types::Error::Unavailable(said),
    }
}

impl types::Host for Invocation {
    /// Policy answers are values; broken budgets are traps. What is the host's own fault is logged, not told.
    fn convert_error(&mut self, error: CallError) -> wasmtime::Result<types::Error> {
        Ok(match error {
            CallError::Exhausted(limit) => return Err(limit.into()),
            CallError::Denied(denied) | CallError::Db(db::Error::Denied(denied)) => {
                let remedy = remedy(Words::ENGLISH, &denied, Some(&self.target.app));
                types::Error::Denied(types::Denial { scope: denied.scope.name().to_owned(), remedy })
            }
            CallError::Outside(why) => outside(&why),
            CallError::Db(e @ db::Error::NotFound { .. }) => types::Error::NotFound(e.to_string()),
            CallError::Db(e @ (db::Error::Conflict(_) | db::Error::Stale | db::Error::Ended)) => {
                types::Error::Conflict(e.to_string())
            }
            CallError::Db(db::Error::Limit { limit, left, renews }) => {
                types::Error::Limit(types::Exhausted { limit, left, renews })
            }
            CallError::Db(db::Error::TooLong) => types::Error::Limit(types::Exhausted {
                limit: "what one run may read".to_owned(),
                left: "0".to_owned(),
                renews: None,
            }),
            CallError::Db(e @ (db::Error::Invalid(_) | db::Error::NoCursor | db::Error::Taken { .. })) => {
                types::Error::Invalid(e.to_string())
            }
            CallError::Db(e) => {
                tracing::error!(invocation = %self.slot.invocation, error = %e, "a host call failed for the host's own reasons");
                types::Error::Unavailable("the host could not answer; try again".to_owned())
            }
        })
    }
}
