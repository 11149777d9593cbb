//! A run made again: the very same event, schedule or button, dry, on today's data, by the version that ran then and by
//! another one.

use super::sides::{RerunReport, RerunSide};
use super::turns::{Turn, trigger};
use super::{NotTried, Trial, place, target};
use crate::authz::Principal;
use crate::db::apps::AppFacts;
use crate::db::history::{Personal, RanFor};
use crate::db::installations::DryRun;
use crate::db::{self, Db, Outcome, now_ms, parse_ms};
use crate::runtime::component::Inspected;
use crate::runtime::{Ready, Runtime, Tried, Trigger};
use crate::text::words::Words;
use std::sync::Arc;
use std::time::Instant;
use tokio_util::task::AbortOnDropHandle;

/// What is to be run again, and with what.
#[derive(Debug)]
pub struct Again {
    /// The run.
    pub ran: RanFor,
    /// The installation, with the grants it has, at the version that runs now.
    pub now: DryRun,
    /// What to try in the place of that version.
    pub with: Option<Other>,
}

/// What is tried in the place of the version that runs now.
#[derive(Debug)]
pub enum Other {
    /// A component, read and compiled, and stored nowhere.
    Built(Inspected, Ready),
    /// Another version of the app.
    Version(DryRun),
}

/// Runs again, and waits for the report. It ends with whoever waits for it, and leaves one entry in the audit log.
pub async fn rerun(
    db: &Db,
    runtime: &Runtime,
    who: &Principal,
    again: Again,
    personal: Personal,
) -> Result<RerunReport, NotTried> {
    let Again { ran, now, with } = again;
    let place = place(now.installed.store(), now.installed.id()).await?;
    let run = &ran.run.invocation;
    let old = now.clone().at(db, &run.version).await?;
    let turn = Turn::Trigger(cause(db, &ran, &old).await?);
    let ready = runtime.ready(old.installed.store(), &old.digest).await?;
    let new = match with {
        Some(Other::Built(inspected, ready)) => Some((replaced(now, &inspected)?, ready)),
        Some(Other::Version(other)) => {
            same_world(&now, &other.facts)?;
            beside(runtime, &old, other).await?
        }
        None => beside(runtime, &old, now).await?,
    };
    let other = new.as_ref().map(|(dry, _)| serde_json::json!({ "version": dry.version, "digest": dry.digest }));
    let detail = serde_json::json!({
        "app": old.app, "version": old.version, "scopes": old.scopes, "rerun": run.id, "with": other,
    });
    let carried = Arc::new(old.begin(db, detail).await?);
    let cause = turn.words();
    let trial = |dry: &DryRun, ready| -> db::Result<Trial> {
        Ok(Trial {
            db: db.clone(),
            runtime: runtime.clone(),
            who: who.clone(),
            target: Arc::new(target(dry)?),
            ready,
            carried: Arc::clone(&carried),
            personal: Personal::default(),
            _place: None,
        })
    };
    let first = trial(&old, ready)?;
    let second = new.map(|(dry, ready)| trial(&dry, ready)).transpose()?;
    let run = async move {
        let _place = place;
        let old = first.side(&turn, &personal).await?;
        let new = match second {
            Some(second) => Some(second.side(&turn, &personal).await?),
            None => None,
        };
        Ok::<_, db::Error>((old, new))
    };
    let ended = AbortOnDropHandle::new(runtime.guests().spawn(run)).await;
    let (old, new) = ended.map_err(|_| db::Error::Closed)??;
    let recorded = RerunSide::recorded(&ran.run);
    let differences = match &new {
        Some(new) => old.differences(new, true),
        None => recorded.differences(&old, false),
    };
    Ok(RerunReport { invocation: ran.run.invocation.id, cause, recorded, old, new, differences })
}

/// The version beside the one that ran, ready to run; none, if it is that one.
async fn beside(runtime: &Runtime, old: &DryRun, other: DryRun) -> Result<Option<(DryRun, Ready)>, NotTried> {
    if other.digest == old.digest {
        return Ok(None);
    }
    let ready = runtime.ready(other.installed.store(), &other.digest).await?;
    Ok(Some((other, ready)))
}

fn same_world(now: &DryRun, facts: &AppFacts) -> db::Result<()> {
    match facts.world == now.facts.world {
        true => Ok(()),
        false => Err(db::Error::invalid(Words::ENGLISH.t("refused-rerun-world"))),
    }
}

/// The installation with a component that nobody uploaded.
fn replaced(now: DryRun, with: &Inspected) -> db::Result<DryRun> {
    let facts = with.facts();
    if *now.app != *with.manifest.id.as_str() {
        let (id, app) = (with.manifest.id.as_str(), &now.app);
        return Err(db::Error::invalid(format!("the component is `{id}`, and the run was one of `{app}`")));
    }
    same_world(&now, &facts)?;
    now.with(with.manifest.version.to_string(), facts)
}

/// What made it run, once more.
async fn cause(db: &Db, ran: &RanFor, dry: &DryRun) -> db::Result<Trigger> {
    let (run, store) = (&ran.run.invocation, dry.installed.store());
    let record = run.record.clone().unwrap_or_default();
    let no = |why: &'static str| {
        db::Error::invalid(Words::ENGLISH.t(why).with("run", run.id.to_string()).with("app", &*run.app))
    };
    match (run.trigger.as_str(), ran.cause) {
        ("event", Some(seq)) => {
            let event = db.event_at(store, seq).await?.and_then(trigger);
            event.ok_or_else(|| no("refused-rerun-gone"))
        }
        ("event", None) => Err(no("refused-rerun-old")),
        ("schedule", due) => {
            let due = due.or_else(|| parse_ms(&run.started_at).ok()).unwrap_or_else(now_ms);
            Ok(Trigger::schedule(record, due, db.time_zone(store).await?))
        }
        ("action", _) => {
            let (id, record) = record.split_once(' ').unwrap_or((record.as_str(), ""));
            let action = dry.facts.action(&dry.app, id)?;
            Ok(Trigger::Action { id: id.to_owned(), kind: action.on.clone(), record: record.to_owned() })
        }
        _ => Err(no("refused-rerun-checkout")),
    }
}

impl Trial {
    /// One run, as a side of the report.
    async fn side(mut self, turn: &Turn, personal: &Personal) -> db::Result<RerunSide> {
        let slot = self.slot(Instant::now()).await?.ok_or(db::Error::Busy(db::Whose::Host))?;
        let began = Instant::now();
        let Tried { draft, usage, .. } = self.turn(slot, turn).await?;
        let wall = began.elapsed();
        let mut ended = (usage.outcome(), usage.error().map(str::to_owned));
        let preview = match ended.0.is_ok() {
            false => None,
            true => match draft.preview(personal, &mut self.carried).await {
                Ok(preview) => Some(preview),
                // A commit would have refused it, too.
                Err(e @ db::Error::Limit { .. }) => {
                    ended = (Outcome::Limit, Some(e.to_string()));
                    None
                }
                Err(e) => return Err(e),
            },
        };
        Ok(RerunSide::tried(&self.target.version, (&usage, wall), ended, preview))
    }
}
