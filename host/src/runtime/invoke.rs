//! One run from begin to end: a fresh instance, the budget, the commit, the record.
//!
//! INVARIANT: a run holds a slot before anything starts, and its record is written whatever happens to it: the
//! `wasmtime::Store` lives outside the future that is timed, so that what it recorded survives it.

use super::bindings::app::exports::storehand::app::handler;
use super::end::{Ended, timed};
use super::invocation::{EndedRun, Invocation, Outside, Target};
use super::limits::{Budget, Exhausted, HANDLES, HOSTCALL_BYTES, MemoryLimit, Meter};
use super::load::{Loaded, NotLoaded};
use super::{Runtime, Trigger};
use crate::authz::{self, Principal};
use crate::db::{
    self, Cause, Committed, Completion, CutBy, Draft, Made, Once, Outcome, Purpose, Replay, Run, Slot, Step, Usage,
};
use crate::text::words::Words;
use std::sync::Arc;
use std::time::Duration;
use wasmtime::{Store, UpdateDeadline};

/// A run whose changes were changed by others is tried so many times before it is given up.
const TRIES: usize = 3;

/// Said of a run that went on after a call had done a part of what it does: order and stock change together, or neither.
const TORN: &str =
    "a call failed halfway and the app went on, so nothing of the run is committed; return the call's error";

/// What a run's end means for whatever made it run: the delivery it answers, the request of a person.
#[derive(Debug, Clone, Default)]
pub struct Steps {
    /// The key of the request: inserted with what the run did, if it did what it was asked.
    pub once: Option<Once>,
    /// When it did what it was asked.
    pub done: Option<Step>,
    /// When it did not.
    pub failed: Option<Step>,
}

/// How a run ended, and what was committed of it.
#[derive(Debug)]
pub struct Finished {
    /// The run.
    pub invocation: authz::InvocationId,
    /// How it ended.
    pub outcome: Outcome,
    /// Why it did not end well, if it did not.
    pub error: Option<String>,
    /// What was committed.
    pub committed: Option<Committed>,
    /// The step that was committed with it, if one was.
    pub step: Option<Step>,
    /// CPU time spent.
    pub cpu: Duration,
}

/// What a run came to, before anything of it is committed.
pub(super) struct Acted {
    pub(super) draft: Draft,
    pub(super) usage: Usage,
    pub(super) cpu: Duration,
    /// Host calls it did not use up.
    pub(super) calls_left: u32,
    /// Bytes of memory it held.
    pub(super) memory: usize,
}

impl Runtime {
    /// Runs an app once, in the place `slot` reserved, and commits what it did together with its record and `steps`.
    pub async fn invoke(
        &self,
        mut slot: Slot,
        target: &Arc<Target>,
        on_behalf_of: Option<&Principal>,
        trigger: &Trigger,
        steps: Steps,
    ) -> db::Result<Finished> {
        let loaded = self.0.loader.load(&self.0.db, target.installed.store(), &target.digest).await;
        let mut run = trigger.run(target, on_behalf_of);
        for attempt in 1.. {
            let Acted { mut draft, usage, cpu, .. } =
                self.act(slot, run, target, on_behalf_of, trigger, &loaded).await?;
            let (id, outcome) = (usage.invocation(), usage.outcome());
            if !outcome.is_ok() {
                let error = usage.error().map(str::to_owned);
                let step = match outcome {
                    // Trying a denied delivery again would be denied again: it is done with.
                    Outcome::Denied => steps.done,
                    // It had no turn, so it was no attempt: it stays where it is.
                    Outcome::Busy => None,
                    _ => steps.failed,
                };
                let (committed, step) = self.record(draft, usage, step, (target, trigger)).await?;
                return Ok(Finished { invocation: id, outcome, error, committed: Some(committed), step, cpu });
            }
            draft = draft.only_once(steps.once.clone());
            draft.makes(Made { id: id.to_string(), part: None, replay: Replay::Answer });
            let completion = Completion { usage: Some(usage), step: steps.done.clone() };
            let (error, completion) = match draft.commit_run(completion).await {
                Ok(committed) => {
                    let (error, committed, step) = (None, Some(committed), steps.done);
                    return Ok(Finished { invocation: id, outcome, error, committed, step, cpu });
                }
                Err((error, Some(completion))) => (error, completion),
                Err((error, None)) => return Err(error),
            };
            let Some(usage) = completion.usage else { return Err(error) };
            if error.is_transient() && attempt < TRIES && !self.replaced(target).await {
                (slot, run) = usage.reopen();
                continue;
            }
            return self.give_up(target, usage, error, steps, trigger).await;
        }
        Err(db::Error::Closed)
    }

    /// Whether other code has taken the place of this one: running it again would be in vain.
    async fn replaced(&self, target: &Target) -> bool {
        let now = self.0.db.installation(target.installed.id()).await;
        now.is_ok_and(|now| now.digest != target.digest)
    }

    /// A run up to the point where it is committed: what it would change, and its record.
    pub(super) async fn act(
        &self,
        slot: Slot,
        run: Run,
        target: &Arc<Target>,
        on_behalf_of: Option<&Principal>,
        trigger: &Trigger,
        loaded: &Result<Arc<Loaded>, NotLoaded>,
    ) -> db::Result<Acted> {
        let cause = trigger.cause(slot.invocation, target);
        let draft = Draft::new(&self.0.db, target.installed.store(), cause).made_by(Arc::clone(&target.digest));
        self.act_in(draft, (slot, run), target, on_behalf_of, trigger, loaded).await
    }

    /// [`Runtime::act`] in a draft that was opened for it.
    pub(super) async fn act_in(
        &self,
        draft: Draft,
        (slot, run): (Slot, Run),
        target: &Arc<Target>,
        on_behalf_of: Option<&Principal>,
        trigger: &Trigger,
        loaded: &Result<Arc<Loaded>, NotLoaded>,
    ) -> db::Result<Acted> {
        let principal = self.principal(target, on_behalf_of);
        let draft = draft.asked_with(principal.credential());
        let memory = MemoryLimit::new(&self.0.memory, target.party(trigger.purpose(draft.is_dry())));
        let outside = self.outside(target, &run, trigger, slot.invocation);
        let invocation = Invocation::new(principal, draft, slot, Arc::clone(target), memory, Budget::REACTION);
        let invocation = invocation.reaching(outside);
        let missing = trigger.scope().and_then(|scope| invocation.principal().holds(scope).err());
        let (invocation, ended, cpu) = match loaded {
            _ if let Some(missing) = missing => (invocation, no_payload(&missing, &target.app), Duration::ZERO),
            Ok(loaded) => self.guest(invocation, loaded, trigger).await?,
            Err(e) => (invocation, Ended::new(Outcome::HostError, e.to_string()), Duration::ZERO),
        };
        let EndedRun { mut draft, slot, calls_left, memory, torn } = invocation.into_ended();
        let ended = if torn && ended.outcome.is_ok() { Ended::new(Outcome::Failed, TORN) } else { ended };
        let usage = slot.finish(run, ended.outcome, cpu, ended.error);
        let used = memory.used();
        draft.holding(Box::new(memory.into_staged()));
        Ok(Acted { draft, usage, cpu, calls_left, memory: used })
    }

    /// What a run needs to call servers; nothing, if its app names none.
    fn outside(
        &self,
        target: &Target,
        run: &Run,
        trigger: &Trigger,
        invocation: authz::InvocationId,
    ) -> Option<Outside> {
        (!target.facts.hosts.is_empty()).then(|| Outside {
            servers: Arc::clone(&self.0.servers),
            db: self.0.db.clone(),
            run: run.clone(),
            key: trigger.key(run, invocation),
            sent: 0,
        })
    }

    /// Who the app is in this run.
    pub(super) fn principal(&self, target: &Target, on_behalf_of: Option<&Principal>) -> Principal {
        authz::app(&self.0.mint, &target.installed, on_behalf_of)
    }

    /// Records a run whose changes could not be committed.
    async fn give_up(
        &self,
        target: &Target,
        usage: Usage,
        error: db::Error,
        steps: Steps,
        trigger: &Trigger,
    ) -> db::Result<Finished> {
        let step = steps.failed;
        let (outcome, step) = match &error {
            // Somebody else answered this delivery: only the record of having tried is committed.
            db::Error::Superseded => (Outcome::Conflict, None),
            db::Error::Conflict(_) | db::Error::Stale | db::Error::Repeated(_) => (Outcome::Conflict, step),
            db::Error::Limit { .. } => (Outcome::Limit, step),
            // However often it is tried, nothing is left of its chain.
            db::Error::Cut(_) => (Outcome::Cut, steps.done),
            db::Error::Taken { .. } | db::Error::Invalid(_) | db::Error::NotFound { .. } | db::Error::Ended => {
                (Outcome::Failed, step)
            }
            _ => (Outcome::HostError, step),
        };
        if outcome == Outcome::HostError {
            tracing::error!(invocation = %usage.invocation(), %error, "a run could not be committed");
        }
        let (invocation, cpu) = (usage.invocation(), usage.cpu());
        let usage = usage.ended(outcome, Some(error.to_string()));
        let draft = Draft::new(&self.0.db, target.installed.store(), trigger.cause(invocation, target));
        let (committed, step) = self.record(draft, usage, step, (target, trigger)).await?;
        Ok(Finished { invocation, outcome, error: Some(error.to_string()), committed: Some(committed), step, cpu })
    }

    /// Records a run that changes nothing, with its step; without, if the delivery is not as it was any more. Says which step
    /// was taken.
    async fn record(
        &self,
        draft: Draft,
        usage: Usage,
        step: Option<Step>,
        (target, trigger): (&Target, &Trigger),
    ) -> db::Result<(Committed, Option<Step>)> {
        let invocation = usage.invocation();
        let usage = match draft.abandon(Completion { usage: Some(usage), step: step.clone() }).await {
            Ok(committed) => return Ok((committed, step)),
            Err((db::Error::Superseded, Some(Completion { usage: Some(usage), .. }))) => usage,
            Err((error, _)) => return Err(error),
        };
        let draft = Draft::new(&self.0.db, target.installed.store(), trigger.cause(invocation, target));
        let recorded = draft.abandon(Completion { usage: Some(usage), step: None }).await;
        Ok((recorded.map_err(|(error, _)| error)?, None))
    }

    /// Records that an app is not run for an event, because the chain it belongs to was cut.
    pub async fn cut(&self, slot: Slot, target: &Target, trigger: &Trigger, why: CutBy) -> db::Result<()> {
        let cause = trigger.cause(slot.invocation, target);
        let usage = slot.finish(trigger.run(target, None), Outcome::Cut, Duration::ZERO, Some(why.to_string()));
        let draft = Draft::new(&self.0.db, target.installed.store(), cause);
        draft.abandon(Completion { usage: Some(usage), step: None }).await.map(drop).map_err(|(error, _)| error)
    }

    /// The guest's part: a fresh instance, one call, and everything it used up.
    async fn guest(
        &self,
        invocation: Invocation,
        loaded: &Arc<Loaded>,
        trigger: &Trigger,
    ) -> db::Result<(Invocation, Ended, Duration)> {
        let Loaded::App(pre, wasi) = &**loaded else {
            let ended = Ended::new(Outcome::HostError, "the component is not an app that reacts");
            return Ok((invocation, ended, Duration::ZERO));
        };
        let pre = pre.clone();
        let wit = match trigger.to_wit(invocation.principal()) {
            Ok(wit) => wit,
            Err(missing) => {
                let ended = no_payload(&missing, &invocation.target().app);
                return Ok((invocation, ended, Duration::ZERO));
            }
        };
        // A person waits for a button, and a trial says nothing about the app as it runs.
        let alone = !matches!(trigger, Trigger::Action { .. }) && !invocation.is_dry_run();
        let who = invocation.target().party(trigger.purpose(invocation.is_dry_run()));
        let (store, meter) = self.store(invocation, Budget::REACTION);
        let work = async move |store: &mut Store<Invocation>| {
            let app = pre.instantiate_async(&mut *store).await?;
            app.storehand_app_handler().call_handle(&mut *store, &wit).await
        };
        let run = Box::pin(timed(store, Arc::clone(&meter), Budget::REACTION, who, work));
        let ended = self.0.threads.run(who, alone, run, &meter, Budget::REACTION.long_wait).await;
        let (mut invocation, result, cpu) = ended.ok_or(db::Error::Closed)?;
        if *wasi {
            invocation.log_printed();
        }
        let ended = match result {
            Ok(Ok(handler::Outcome::Handled)) => Ended { outcome: Outcome::Ok, error: None },
            Ok(Ok(handler::Outcome::NotHandled)) => Ended { outcome: Outcome::NotHandled, error: None },
            Ok(Err(text)) => Ended::new(Outcome::Failed, text),
            Err(ended) => ended,
        };
        Ok((invocation, ended, cpu))
    }

    /// A store with every limit set.
    pub(super) fn store(&self, invocation: Invocation, budget: Budget) -> (Store<Invocation>, Arc<Meter>) {
        let meter = Meter::new();
        let mut store = Store::new(&self.0.loader.engine, invocation);
        store.limiter(|invocation| invocation.memory());
        store.set_hostcall_fuel(HOSTCALL_BYTES);
        store.set_max_component_handles(HANDLES);
        store.set_epoch_deadline(1);
        let watch = Arc::clone(&meter);
        store.epoch_deadline_callback(move |_| {
            let spent = watch.spent_now();
            if spent > budget.cpu {
                return Err(Exhausted::Cpu.into());
            }
            if spent > budget.short {
                watch.found_long();
            }
            Ok(UpdateDeadline::YieldCustom(1, Box::pin(tokio::task::yield_now())))
        });
        (store, meter)
    }
}

/// An event is not handed to an app that may not see what is in it.
fn no_payload(missing: &authz::Denied, app: &str) -> Ended {
    let scope = missing.scope;
    Ended::new(
        Outcome::Denied,
        match missing.why {
            authz::Why::Expired(_) | authz::Why::Unreviewed(_) => {
                format!(
                    "the event's payload needs `{scope}`: {}",
                    crate::text::denied::remedy(Words::ENGLISH, missing, Some(app))
                )
            }
            _ => format!("`{scope}` is not granted to the app, and the event's payload needs it"),
        },
    )
}

impl Trigger {
    fn cause(&self, invocation: authz::InvocationId, target: &Target) -> Cause {
        let installation = Some(target.installed.id());
        Cause { invocation: Some(invocation), installation, depth: self.depth(), chain: self.chain() }
    }

    /// What its run takes places for.
    fn purpose(&self, dry: bool) -> Purpose {
        match self {
            _ if dry => Purpose::Trial,
            Trigger::Action { .. } => Purpose::Press,
            Trigger::Event(_) | Trigger::Schedule { .. } => Purpose::Delivery,
        }
    }

    pub(super) fn run(&self, target: &Target, on_behalf_of: Option<&Principal>) -> Run {
        let (trigger, topic, record, attempt) = match self {
            Trigger::Event(event) => ("event", Some(event.topic), Some(event.record.clone()), event.attempt),
            Trigger::Schedule { cron, .. } => ("schedule", None, Some(cron.clone()), 1),
            Trigger::Action { id, record, .. } => ("action", None, Some(format!("{id} {record}")), 1),
        };
        let cause = match self {
            Trigger::Event(event) => Some(event.seq),
            Trigger::Schedule { due, .. } => db::parse_ms(due).ok(),
            Trigger::Action { .. } => None,
        };
        Run {
            store: target.installed.store(),
            installation: target.installed.id(),
            app: Arc::clone(&target.app),
            version: Arc::clone(&target.version),
            trigger,
            topic,
            record,
            cause,
            on_behalf_of: on_behalf_of.and_then(Principal::as_staff),
            attempt,
        }
    }
}
