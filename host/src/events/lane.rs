//! The deliveries of one installation, one after the other: what was filed and is due, what is new, what is
//! scheduled.

use super::backoff::{ATTEMPTS, wait};
use super::cut::why_cut;
use crate::authz::InstallationId;
use crate::db::installations::{InstallationRow, State};
use crate::db::{self, At, Db, LoggedEvent, Outcome, Purpose, Retry, Step, now_ms};
use crate::runtime::{Event, Finished, Runtime, Steps, Target, Trigger};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// Events read at once.
const BATCH: usize = 100;
/// An app that had so many deliveries parked within [`PARKED_WITHIN`] is paused.
const PARKED_MOST: i64 = 5;
/// In milliseconds.
const PARKED_WITHIN: i64 = 600_000;
/// A schedule that fails is tried so many times before it waits for its next time.
const SCHEDULE_ATTEMPTS: i64 = 3;

/// What came of working through a lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    /// Nothing is left to do.
    Idle,
    /// There may be more.
    More,
    /// The app does not run, as far as this host knows.
    NotNow,
    /// The app had no turn: what it was to be told stays where it is.
    NoTurn,
}

/// Where the cursor is before an event, and where it goes when that is done with: past the events that follow it and are
/// not told.
#[derive(Clone, Copy)]
struct Place {
    cursor: i64,
    past: i64,
}

/// How the cursor went past an event.
enum Passed {
    /// The event is done with; with where the cursor is now.
    Done(i64),
    /// It is to be tried again, or waits behind an earlier event of its record.
    Filed,
    /// Not at all.
    NoTurn,
}

/// One installation's deliveries.
pub(super) struct Lane<'a> {
    pub(super) db: &'a Db,
    pub(super) runtime: &'a Runtime,
    pub(super) id: InstallationId,
    /// Says that the host is shutting down: no new run begins.
    pub(super) stop: &'a CancellationToken,
}

/// Whether the installation was paused, upgraded, configured or granted something since `row` was read. What was
/// read is good for no further run then.
fn changed(row: &InstallationRow, target: &Target) -> bool {
    target.installed.live().get().revision > row.revision
}

impl Lane<'_> {
    /// Works through what is waiting. [`db::Error::Superseded`] says that another host is at it.
    pub(super) async fn work(&self) -> db::Result<Progress> {
        let row = self.db.installation(self.id).await?;
        let installed = self.db.installed(self.id).await?;
        // The live copy may not know yet what another host has written to the row.
        if row.state != State::Active || row.stopped.is_some() || !installed.live().get().active {
            return Ok(Progress::NotNow);
        }
        let target = Arc::new(Target::new(installed, &row));
        let now = now_ms();
        let Some(At { cursor, has_filed, is_scheduled }) = self.db.place(self.id, now).await? else {
            return Ok(Progress::Idle);
        };
        let mut answered = false;
        if has_filed {
            for retry in self.db.due_retries(row.store, self.id, now, BATCH).await? {
                if self.stop.is_cancelled() || changed(&row, &target) {
                    return Ok(Progress::More);
                }
                if self.retry(&target, retry).await? == Outcome::Busy {
                    return Ok(Progress::NoTurn);
                }
                answered = true;
            }
        }
        if is_scheduled {
            for schedule in self.db.due_schedules(self.id, now).await? {
                if self.stop.is_cancelled() || changed(&row, &target) {
                    return Ok(Progress::More);
                }
                if self.schedule(&row, &target, schedule).await? == Outcome::Busy {
                    return Ok(Progress::NoTurn);
                }
            }
        }
        match self.events(&row, &target, cursor, has_filed).await? {
            // What waited behind a retry of the same record is due now.
            Progress::Idle if answered => Ok(Progress::More),
            progress => Ok(progress),
        }
    }

    /// What is new after `kept`. `has_filed`: earlier events may wait to be tried again.
    async fn events(
        &self,
        row: &InstallationRow,
        target: &Arc<Target>,
        kept: i64,
        mut has_filed: bool,
    ) -> db::Result<Progress> {
        let events = self.db.events_after(row.store, kept, BATCH).await?;
        let mut more = events.len() == BATCH;
        super::cut::record(self, row, target, &events).await?;
        let (mut cursor, mut seen) = (kept, kept);
        for (event, later) in events.iter().zip(1..) {
            if self.stop.is_cancelled() || changed(row, target) {
                more = true;
                break;
            }
            // An event before went past it.
            if event.seq <= cursor {
                continue;
            }
            seen = event.seq;
            if self.is_told(row, event) {
                let untold = events.iter().skip(later).take_while(|event| !self.is_told(row, event));
                let place = Place { cursor, past: untold.last().map_or(seen, |event| event.seq) };
                match self.event(target, event.clone(), place, has_filed).await? {
                    Passed::NoTurn => return Ok(Progress::NoTurn),
                    Passed::Done(to) => cursor = to,
                    Passed::Filed => (cursor, has_filed) = (seen, true),
                }
                seen = cursor;
            }
        }
        if seen > cursor {
            let (installation, code) = (self.id, Arc::clone(&row.digest));
            let step = Step::Advance { installation, from: cursor, to: seen, code, record: None };
            self.db.keep_step(step).await?;
        }
        Ok(if more { Progress::More } else { Progress::Idle })
    }

    /// Whether the app is run for an event.
    fn is_told(&self, row: &InstallationRow, event: &LoggedEvent) -> bool {
        self.concerns(row, event) && why_cut(self.db, event).is_none()
    }

    /// Whether an event is for this app: one it listens to, that it did not cause itself.
    pub(super) fn concerns(&self, row: &InstallationRow, event: &LoggedEvent) -> bool {
        let listens = event.topic.is_some_and(|topic| row.facts.topics.contains(&topic));
        listens && event.caused_by != Some(self.id)
    }

    /// A new event. One whose record has an earlier event waiting waits behind it.
    async fn event(
        &self,
        target: &Arc<Target>,
        event: LoggedEvent,
        Place { cursor, past }: Place,
        has_filed: bool,
    ) -> db::Result<Passed> {
        let (installation, seq, record) = (self.id, event.seq, event.record.clone());
        let (code, about) = (Arc::clone(&target.digest), Some(event.record.clone()));
        let file = |attempt, next_at| Step::File { installation, from: cursor, to: seq, record, attempt, next_at };
        if has_filed && self.db.is_behind(installation, &event.record).await? {
            return self.db.keep_step(file(0, now_ms())).await.map(|()| Passed::Filed);
        }
        let steps = Steps {
            done: Some(Step::Advance { installation, from: cursor, to: past, code, record: about }),
            failed: Some(file(1, now_ms() + wait(1))),
            ..Steps::default()
        };
        let Finished { step, committed, .. } = self.deliver(target, event, 1, steps).await?;
        Ok(match step {
            // The step went past what the run itself made happen, too.
            Some(Step::Advance { to, .. }) => {
                let appended = committed.map(|committed| committed.appended).unwrap_or_default();
                Passed::Done(appended.right_after(to).unwrap_or(to))
            }
            Some(_) => Passed::Filed,
            None => Passed::NoTurn,
        })
    }

    /// A filed event, once more.
    async fn retry(&self, target: &Arc<Target>, retry: Retry) -> db::Result<Outcome> {
        let Retry { event, attempt, .. } = retry;
        let (installation, seq) = (self.id, event.seq);
        if event.topic.is_none() {
            // Filed by another version of the host: this one can tell nobody of it.
            return self.db.keep_step(Step::Done { installation, seq, attempt }).await.map(|()| Outcome::NotHandled);
        }
        let next_at = (attempt + 1 < ATTEMPTS).then(|| now_ms() + wait(attempt + 1));
        let steps = Steps {
            done: Some(Step::Done { installation, seq, attempt }),
            failed: Some(Step::Again { installation, seq, attempt, next_at }),
            ..Steps::default()
        };
        let finished = self.deliver(target, event, attempt + 1, steps).await?;
        if !finished.outcome.is_ok() && finished.outcome != Outcome::Busy && next_at.is_none() {
            self.pause_if_hopeless().await?;
        }
        Ok(finished.outcome)
    }

    async fn deliver(
        &self,
        target: &Arc<Target>,
        event: LoggedEvent,
        attempt: i64,
        steps: Steps,
    ) -> db::Result<Finished> {
        let trigger = trigger(event, attempt)?;
        let slot = self.slot(target).await?;
        self.runtime.invoke(slot, target, None, &trigger, steps).await
    }

    async fn schedule(
        &self,
        row: &InstallationRow,
        target: &Arc<Target>,
        schedule: db::DueSchedule,
    ) -> db::Result<Outcome> {
        let db::DueSchedule { cron, due, attempt } = schedule;
        let zone = self.db.time_zone(row.store).await?;
        let regular = db::next_due(&cron, &zone, now_ms())?;
        let step =
            |next_at, attempt| Step::Scheduled { installation: self.id, cron: cron.clone(), due, next_at, attempt };
        let failed = match attempt + 1 {
            SCHEDULE_ATTEMPTS.. => step(regular, 0),
            attempt => step((now_ms() + wait(attempt)).min(regular), attempt),
        };
        let trigger = Trigger::schedule(cron.clone(), due, zone);
        let slot = self.slot(target).await?;
        let steps = Steps { done: Some(step(regular, 0)), failed: Some(failed), ..Steps::default() };
        Ok(self.runtime.invoke(slot, target, None, &trigger, steps).await?.outcome)
    }

    /// A place for the run, as soon as the store has one. None is waited for once the host is stopped.
    pub(super) async fn slot(&self, target: &Target) -> db::Result<db::Slot> {
        let reserved = self.stop.run_until_cancelled(self.db.reserve(target.party(Purpose::Delivery))).await;
        reserved.unwrap_or(Err(db::Error::Closed))
    }

    async fn pause_if_hopeless(&self) -> db::Result<()> {
        let parked = self.db.parked_since(self.id, now_ms() - PARKED_WITHIN).await?;
        if parked >= PARKED_MOST {
            let why = format!("{parked} deliveries were given up within 10 minutes; look at its log, then resume it");
            self.db.pause_by_host(self.id, &why).await?;
        }
        Ok(())
    }
}

/// An event as the app is told it.
pub(super) fn trigger(event: LoggedEvent, attempt: i64) -> db::Result<Trigger> {
    let LoggedEvent { seq, id, topic, record, payload, depth, at, chain, .. } = event;
    let (Some(topic), Some(payload)) = (topic, payload) else {
        return Err(db::Error::Corrupt("an event without a topic".to_owned()));
    };
    Ok(Trigger::Event(Event { seq, id, topic, record, payload, at, attempt, depth, chain }))
}
