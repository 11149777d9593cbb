//! Trying an app: it runs on what really happened in the store, with exactly the grants in question, and nothing of it
//! is committed.
//!
//! INVARIANT: a dry run leaves one entry in the audit log and no other row. Each of its runs holds a slot and every
//! limit, and acts for the person who asked: it sees what both of them may see.

mod report;
mod rerun;
mod sides;
mod tally;
mod turns;

pub use report::*;
pub use rerun::{Again, Other, rerun};
pub use sides::*;
pub use turns::{EVENTS, MAX_EVENTS, On};

use crate::authz::{InstallationId, Principal, StoreId};
use crate::db::history::Personal;
use crate::db::installations::DryRun;
use crate::db::{self, Carried, Db, Party, Place, Places, Purpose, Shares, Slot};
use crate::runtime::{NotLoaded, Ready, Runtime, Target, Tried};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};
use tally::Tally;
use tokio_util::task::AbortOnDropHandle;
use turns::Turn;

/// A dry run begins no run after so long: whoever asked is waiting.
const LONGEST: Duration = Duration::from_secs(20);
/// So many dry runs at once on one host, of one store three quarters; each holds a copy of its app's storage, 16 MiB at
/// most.
const PLACES: u32 = 8;
/// A dry run waits so long for its place.
const PATIENCE: Duration = Duration::from_secs(2);

/// Why nothing was tried.
#[derive(Debug, thiserror::Error)]
pub enum NotTried {
    /// The data that is needed could not be read, or the asker may not.
    #[error(transparent)]
    Db(#[from] db::Error),
    /// The app is not one that can run here.
    #[error(transparent)]
    NotLoaded(#[from] NotLoaded),
}

/// Tries an app, and waits for the report. It ends with whoever waits for it. `ready`, if its component is one that nobody
/// uploaded.
pub async fn dry_run(
    db: &Db,
    runtime: &Runtime,
    who: &Principal,
    dry: DryRun,
    on: Option<On>,
    personal: Personal,
    ready: Option<Ready>,
) -> Result<DryRunReport, NotTried> {
    let place = place(dry.installed.store(), dry.installed.id()).await?;
    let ready = match ready {
        Some(ready) => ready,
        None => runtime.ready(dry.installed.store(), &dry.digest).await?,
    };
    let on = on.unwrap_or_else(|| On::of(&dry.facts));
    let turns = on.turns(db, who, &dry).await?;
    let detail = serde_json::json!({
        "app": dry.app, "version": dry.version, "scopes": dry.scopes, "trigger": on.name(), "runs": turns.len(),
    });
    let carried = dry.begin(db, detail).await?;
    let trial = Trial {
        db: db.clone(),
        runtime: runtime.clone(),
        who: who.clone(),
        target: Arc::new(target(&dry)?),
        ready,
        carried: Arc::new(carried),
        personal,
        _place: Some(place),
    };
    // On the guests' own threads, as every run.
    let run = runtime.guests().spawn(trial.run(dry, on.name(), turns));
    Ok(AbortOnDropHandle::new(run).await.map_err(|_| db::Error::Closed)??)
}

/// A place for a dry run of this installation.
async fn place(store: StoreId, app: InstallationId) -> db::Result<Place> {
    static OF_HOST: LazyLock<Places> = LazyLock::new(|| Places::new(Shares::common(PLACES)));
    OF_HOST.take(Party::new(Purpose::Trial, store, app), Some(PATIENCE)).await.map_err(db::Error::Busy)
}

/// What is run.
fn target(dry: &DryRun) -> db::Result<Target> {
    Ok(Target {
        installed: dry.installed.clone(),
        app: Arc::clone(&dry.app),
        version: Arc::clone(&dry.version),
        digest: Arc::clone(&dry.digest),
        facts: Arc::clone(&dry.facts),
        settings: Arc::new(dry.given()?),
    })
}

/// A dry run under way.
struct Trial {
    db: Db,
    runtime: Runtime,
    who: Principal,
    target: Arc<Target>,
    ready: Ready,
    carried: Arc<Carried>,
    personal: Personal,
    _place: Option<Place>,
}

impl Trial {
    async fn run(mut self, dry: DryRun, on: &'static str, turns: Vec<Turn>) -> db::Result<DryRunReport> {
        let (since, found, mut tally, mut stopped) = (Instant::now(), turns.len(), Tally::new(), None);
        for (n, turn) in turns.iter().enumerate() {
            let Some(slot) = self.slot(since).await? else {
                stopped = Some(format!("it took longer than {} s; {n} of {found} were tried", LONGEST.as_secs()));
                break;
            };
            let tried = self.turn(slot, turn).await?;
            tally.take(turn, tried, &self.personal, &mut self.carried).await?;
        }
        let report = tally.report(&dry, on, found as u64, self.who.held());
        Ok(DryRunReport { stopped, ..report })
    }

    async fn turn(&self, slot: Slot, turn: &Turn) -> db::Result<Tried> {
        let Trial { runtime, target, who, ready, carried, .. } = self;
        match turn {
            Turn::Trigger(trigger) => runtime.try_out(slot, target, who, trigger, ready, carried).await,
            Turn::Cart(cart) => runtime.try_cart(slot, target, who, cart, ready, carried).await,
        }
    }

    /// A place for a run, as soon as there is one; none once it has taken too long. Runs in earnest go first: a dry
    /// run asks again and again rather than standing in their line.
    async fn slot(&self, since: Instant) -> db::Result<Option<Slot>> {
        loop {
            if since.elapsed() > LONGEST {
                return Ok(None);
            }
            match self.db.reserve(self.target.party(Purpose::Trial)).await {
                Err(db::Error::Busy(_)) => tokio::time::sleep(Duration::from_millis(20)).await,
                slot => return slot.map(Some),
            }
        }
    }
}

impl Turn {
    /// What made the app run, in a few words.
    fn words(&self) -> String {
        match self {
            Turn::Trigger(trigger) => trigger.words(),
            Turn::Cart(cart) => format!("a cart of {}", cart.lines.len()),
        }
    }
}
