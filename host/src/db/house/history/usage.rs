//! The usage log: one row per run, with totals per call and the first calls and denials in full.
//!
//! INVARIANT: no run without a [`Slot`]. A run that could not be recorded does not start.

use crate::authz::{ChangeSetId, InvocationId, Scope, ScopeSet};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::sampled::Sampled;
use crate::db::core::error::{Error, Result};
use crate::db::core::shares::{Party, Place, Purpose};
use crate::db::core::time::now_ms;
use quanta::Instant;
use serde::Serialize;
use std::sync::Arc;
use std::time::Duration;

pub use super::outcome::{CallOutcome, Outcome};
pub use super::run::Run;

/// Most calls, and most denials, that are recorded in full per run.
const FULL: usize = 100;
/// Room for the calls that most runs make.
const FEW: usize = 16;
/// How long to wait for a slot before saying that all are taken, where a buyer waits or nobody does.
const WAIT: Duration = Duration::from_millis(50);
/// The same where somebody pressed a button: to wait is cheap, and better than to be told to press again.
const PRESS_WAIT: Duration = Duration::from_secs(2);
/// A row takes about so many bytes, and each call, sum and line in it so many beside its text.
const ROW_BYTES: usize = 512;
const EACH_BYTES: usize = 100;
/// Most bytes of an app's error text that are recorded.
const ERROR_BYTES: usize = 4_096;

/// One host call as recorded.
#[derive(Debug, Clone, Serialize)]
pub struct Call {
    /// For example `orders-view.get`.
    pub call: &'static str,
    /// The scope it needed; none for neutral interfaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<Scope>,
    /// How it ended.
    pub outcome: CallOutcome,
    /// Since the run began, in microseconds.
    pub at_us: u64,
    /// How long it took, in microseconds.
    pub took_us: u64,
    /// What else is told of it.
    #[serde(flatten)]
    pub told: Told,
}

/// What a call was about, asked and answered. Neither what it was asked nor what it answered holds a text that somebody wrote.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Told {
    /// The record it was about: the first that it read by its id, or changed; of one that was refused, the one asked for.
    /// For example `order/ord_…`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<Box<str>>,
    /// Its arguments, in one line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked: Option<Box<str>>,
    /// The beginning of its answer, or why it was refused, in one line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered: Option<Box<str>>,
}

impl Told {
    fn bytes(&self) -> usize {
        [&self.asked, &self.answered].into_iter().flatten().map(|text| text.len()).sum()
    }
}

/// Totals of one call over the run.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Total {
    /// For example `orders-view.get`.
    pub call: &'static str,
    /// Calls that were done.
    pub ok: u64,
    /// Calls that were denied.
    pub denied: u64,
    /// Calls that met a limit, answered with an error, or were cut off.
    pub failed: u64,
    /// Those of them that met a limit; told of dry runs only.
    #[serde(skip)]
    pub limit: u64,
}

/// A line of the app's log.
#[derive(Debug, Clone, Serialize)]
pub struct LogLine {
    /// debug, info, warn or error.
    pub level: &'static str,
    /// What the app wrote; guest-controlled, stored as it is and escaped where it is shown.
    pub text: String,
}

/// The reserved place a run will be recorded in.
#[derive(Debug)]
pub struct Slot {
    pub(super) place: Place,
    /// The run's id.
    pub invocation: InvocationId,
    /// By the processor's own counter: read twice a call, and the system's clock takes twice as long.
    pub(super) started: Instant,
    pub(super) started_at: i64,
    pub(super) calls: Vec<Call>,
    pub(super) denials: Vec<Call>,
    pub(super) totals: Vec<Total>,
    under_way: Option<Call>,
    /// Lines of the app's log.
    pub log: Vec<LogLine>,
    /// Lines that were dropped because there were too many.
    pub dropped_lines: u64,
    /// How many times an erasing of personal data had begun in the store before the run did.
    pub(super) erasures: i64,
    /// Scopes for personal data that the app held: what it wrote and ended with is shown to those who hold them too.
    pub personal: ScopeSet,
    /// Bytes of memory the guest held at most.
    pub memory: usize,
    /// Whether a row says that the run is under way, because something of it may have left the host.
    pub begun: bool,
    /// Which runs that neither changed nor missed anything are told of call by call.
    sampled: Arc<Sampled>,
}

impl Db {
    /// Reserves the place a run will be recorded in, or says whose share is used up. A delivery waits until it has one.
    /// [`Error::Limit`]: the day of the app has no room for the record, or the month of its store for the run; or its circuit
    /// breaker tries it out and lets no more runs through for now.
    pub async fn reserve(&self, party: Party) -> Result<Slot> {
        match party.purpose {
            // A buyer who waits is not the one to tell that a plan is used up.
            Purpose::Checkout => self.refuse_unrecorded(party.app, true).await?,
            Purpose::Press => {
                self.may_run(party.store).await?;
                self.refuse_unrecorded(party.app, true).await?;
            }
            Purpose::Delivery => {
                self.may_run(party.store).await?;
                self.refuse_unrecorded(party.app, false).await?;
            }
            // A dry run leaves no record, and takes its place among the runs of its store.
            Purpose::Trial => self.know_plan(party.store).await?,
        }
        let patience = match party.purpose {
            Purpose::Checkout | Purpose::Trial => Some(WAIT),
            Purpose::Press => Some(PRESS_WAIT),
            Purpose::Delivery => None,
        };
        let place = self.0.slots.take(party, patience).await.map_err(Error::Busy)?;
        if party.purpose != Purpose::Trial {
            self.take_trial(party.app).await?;
        }
        Ok(Slot::new(place, self.0.erasures.of(party.store), Arc::clone(&self.0.sampled)))
    }
}

impl Slot {
    fn new(place: Place, erasures: i64, sampled: Arc<Sampled>) -> Slot {
        Slot {
            place,
            invocation: InvocationId::new(),
            started: Instant::now(),
            started_at: now_ms(),
            calls: Vec::new(),
            denials: Vec::new(),
            totals: Vec::new(),
            under_way: None,
            log: Vec::new(),
            dropped_lines: 0,
            erasures,
            personal: ScopeSet::EMPTY,
            memory: 0,
            begun: false,
            sampled,
        }
    }

    /// Opens the entry of a call, before anything is waited for: what a timeout cuts off stands as interrupted.
    pub fn open(&mut self, call: &'static str, scope: Option<Scope>) {
        self.close_interrupted();
        let at_us = self.elapsed_us();
        self.under_way =
            Some(Call { call, scope, outcome: CallOutcome::Interrupted, at_us, took_us: 0, told: Told::default() });
    }

    /// Whether the next call is one of the first, of which it is told what they were asked and what they answered.
    pub fn has_room(&self) -> bool {
        self.calls.len() < FULL
    }

    /// Closes the entry that is open, with what is told of the call.
    pub fn close(&mut self, outcome: CallOutcome, told: Told) {
        let Some(mut call) = self.under_way.take() else { return };
        (call.outcome, call.told) = (outcome, told);
        call.took_us = self.elapsed_us().saturating_sub(call.at_us);
        self.count(call.call, outcome);
        if let Some(scope) = call.scope.filter(|scope| Scope::PERSONAL.contains(scope) && outcome == CallOutcome::Ok) {
            self.personal = self.personal.with(scope); // granted while it ran
        }
        if self.calls.len() < FULL {
            if self.calls.len() == self.calls.capacity() {
                self.calls.reserve_exact(if self.calls.is_empty() { FEW } else { FULL - self.calls.len() });
            }
            self.calls.push(call.clone());
        }
        if outcome == CallOutcome::Denied && self.denials.len() < FULL {
            self.denials.push(call);
        }
    }

    fn close_interrupted(&mut self) {
        if self.under_way.is_some() {
            self.close(CallOutcome::Interrupted, Told::default());
        }
    }

    fn count(&mut self, call: &'static str, outcome: CallOutcome) {
        let same = |total: &&mut Total| std::ptr::eq(total.call, call) || total.call == call;
        let total = match self.totals.iter_mut().find(same) {
            Some(total) => total,
            None => {
                self.totals.push(Total { call, ok: 0, denied: 0, failed: 0, limit: 0 });
                let Some(total) = self.totals.last_mut() else { return };
                total
            }
        };
        match outcome {
            CallOutcome::Ok => total.ok += 1,
            CallOutcome::Denied => total.denied += 1,
            CallOutcome::Failed | CallOutcome::Interrupted => total.failed += 1,
            CallOutcome::Limit => (total.failed, total.limit) = (total.failed + 1, total.limit + 1),
        }
    }

    /// In 64 bits: this is asked twice a call.
    fn elapsed_us(&self) -> u64 {
        let elapsed = self.started.elapsed();
        elapsed.as_secs().saturating_mul(1_000_000).saturating_add(elapsed.subsec_micros().into())
    }

    /// Since the run began.
    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// When the run began, in milliseconds.
    pub fn started_at(&self) -> i64 {
        self.started_at
    }

    /// The record to be inserted, and the place, which is free again once the record is.
    pub fn finish(mut self, run: Run, outcome: Outcome, cpu: Duration, error: Option<String>) -> Usage {
        self.close_interrupted();
        let error = error.map(|text| cut(text, ERROR_BYTES));
        // Guest-controlled: a line that cannot be stored must not cost the run its record.
        self.log.iter_mut().for_each(|line| line.text = without_nul(std::mem::take(&mut line.text)));
        Usage { slot: self, run, outcome, cpu, error, changes: 0, staged: 0, change_set: None, wall: None }
    }
}

fn cut(mut text: String, most: usize) -> String {
    if text.len() > most {
        let end = (0..=most).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
        text.truncate(end);
    }
    without_nul(text)
}

/// Neither engine is given a NUL; where nobody can be told so, it becomes the replacement character.
fn without_nul(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text }
}

/// A run's record, on its way to the log.
#[derive(Debug)]
pub struct Usage {
    pub(super) slot: Slot,
    pub(super) run: Run,
    pub(super) outcome: Outcome,
    pub(super) cpu: Duration,
    pub(super) error: Option<String>,
    pub(super) wall: Option<Duration>,
    pub(super) changes: u64,
    /// Bytes of what it changed.
    pub(super) staged: usize,
    pub(super) change_set: Option<ChangeSetId>,
}

impl Usage {
    /// The run's id.
    pub fn invocation(&self) -> InvocationId {
        self.slot.invocation
    }

    /// The same run's place again, because what it did could not be committed and it is tried once more.
    pub fn reopen(self) -> (Slot, Run) {
        (self.slot, self.run)
    }

    /// The same record with another end.
    pub fn ended(mut self, outcome: Outcome, error: Option<String>) -> Usage {
        (self.outcome, self.error) = (outcome, error.map(|text| cut(text, ERROR_BYTES)));
        (self.changes, self.change_set) = (0, None);
        self
    }

    /// What it was for.
    pub(in crate::db) fn run(&self) -> &Run {
        &self.run
    }

    /// CPU time spent.
    pub fn cpu(&self) -> Duration {
        self.cpu
    }

    /// The app's or the host's error text, if it failed.
    pub fn error(&self) -> Option<&str> {
        self.error.as_deref()
    }

    /// How it ended.
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// The lines of the app's log, and how many more were dropped.
    pub fn log(&self) -> (&[LogLine], u64) {
        (&self.slot.log, self.slot.dropped_lines)
    }

    /// Totals per call.
    pub fn totals(&self) -> &[Total] {
        &self.slot.totals
    }

    /// About how many bytes its row takes.
    pub(in crate::db) fn bytes(&self) -> usize {
        let log: usize = self.slot.log.iter().map(|line| line.text.len() + EACH_BYTES).sum();
        let calls = self.slot.calls.len() + self.slot.denials.len() + self.slot.totals.len();
        let told: usize = self.slot.calls.iter().chain(&self.slot.denials).map(|call| call.told.bytes()).sum();
        ROW_BYTES + log + told + calls * EACH_BYTES + self.error.as_ref().map_or(0, String::len)
    }

    /// Leaves out what calls were asked and answered, where nothing was changed, denied or missed and enough runs of the
    /// app are told of call by call in this minute.
    pub(super) fn sample(&mut self) {
        let is_quiet = self.outcome.is_ok()
            && self.changes == 0
            && self.slot.totals.iter().all(|total| total.denied == 0 && total.failed == 0);
        let minute = self.slot.started_at / 60_000;
        if is_quiet && !self.slot.sampled.takes(self.run.installation, minute) {
            for call in &mut self.slot.calls {
                (call.told.asked, call.told.answered) = (None, None);
            }
        }
    }

    /// Leaves out what the row can do without: the app's log, whose lines then count as dropped, and each call by itself.
    pub(in crate::db) fn shorten(&mut self) {
        let slot = &mut self.slot;
        slot.dropped_lines += slot.log.len() as u64;
        (slot.log, slot.calls, slot.denials) = Default::default();
    }

    /// Whether it holds texts of an app that could see personal data.
    pub(super) fn tells_personal(&self) -> bool {
        !self.slot.personal.is_empty() && (!self.slot.log.is_empty() || self.error.is_some())
    }

    /// Leaves out what the app wrote, whose lines then count as dropped, and what it failed with.
    pub(super) fn clear_texts(&mut self) {
        self.slot.dropped_lines += std::mem::take(&mut self.slot.log).len() as u64;
        self.error = self.error.take().map(|_| super::MASK.to_owned());
    }
}
