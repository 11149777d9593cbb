//! Works the lanes of installations that something was found for (see `look`), each in a task of its own.
//!
//! INVARIANT: a lane that ended, however it did, can begin again, and what was found for it while it was worked is looked at
//! once more.

use super::lane::{Lane, Progress};
use super::look::{look, talk};
use crate::authz::{InstallationId, StoreId};
use crate::db::{self, Db, Party, Place, Places, Purpose, Shares, Waiting, Whose};
use crate::runtime::Runtime;
use crate::survive::survive;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;
use tokio_util::task::{AbortOnDropHandle, TaskTracker};

/// A lane is leased for so long, in milliseconds, and again and again while it is worked: so long its app waits when its
/// host is gone without a word.
const LEASE: i64 = 5_000;
/// How often leases are taken anew.
const HEARTBEAT: Duration = Duration::from_millis(1_500);
/// So many lanes are worked at once, of one store three quarters: twice the places there are for runs by default, as some
/// only read what waits. What is put off begins as soon as another ends.
const LANES: u32 = 128;
/// A lane whose app had no turn is looked at again after so long.
const NO_TURN: Duration = Duration::from_secs(1);
/// What changed on another host is known here by then.
const NOT_NOW: Duration = Duration::from_millis(500);
/// The same of one that failed.
const FAILED: Duration = Duration::from_millis(200);

/// The running deliveries of a host.
pub struct Deliveries {
    db: Db,
    host: String,
    tasks: TaskTracker,
    stop: CancellationToken,
    /// Go on until the last lane has ended.
    _with_others: [Option<AbortOnDropHandle<()>>; 2],
}

/// What the tasks of the deliveries share.
pub(super) struct Shared {
    pub(super) db: Db,
    runtime: Runtime,
    /// How other hosts know this one.
    pub(super) host: String,
    /// Lanes that are worked, and whether something was found for each since it looked last.
    at_work: Mutex<HashMap<InstallationId, bool>>,
    /// Lanes for which something was found while they were worked, or whose app had no turn.
    pub(super) again: Mutex<Vec<Waiting>>,
    /// Stores to look at again by themselves, and when.
    pub(super) later: Mutex<HashMap<StoreId, Instant>>,
    /// Until when this host surely has the leases it took.
    leases: Mutex<HashMap<InstallationId, Instant>>,
    lanes: Places,
    put_off: AtomicBool,
    tasks: TaskTracker,
    pub(super) stop: CancellationToken,
}

impl Shared {
    /// Has a store looked at after a while, whether or not anything happens there.
    fn look_later(&self, store: StoreId, wait: Duration) {
        self.later.lock().entry(store).or_insert_with(|| Instant::now() + wait);
    }
}

impl Deliveries {
    /// Begins to deliver.
    pub fn start(db: &Db, runtime: &Runtime) -> Deliveries {
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let host = crate::authz::record_id("host");
        let shared = Arc::new(Shared {
            db: db.clone(),
            runtime: runtime.clone(),
            host: host.clone(),
            at_work: Mutex::default(),
            again: Mutex::default(),
            later: Mutex::default(),
            leases: Mutex::default(),
            lanes: Places::new(Shares::common(LANES)),
            put_off: AtomicBool::new(false),
            tasks: tasks.clone(),
            stop: stop.clone(),
        });
        tasks.spawn(look(Arc::clone(&shared)));
        let heartbeat = db.is_pg().then(|| AbortOnDropHandle::new(tokio::spawn(heartbeat(Arc::clone(&shared)))));
        let talk = db.is_pg().then(|| AbortOnDropHandle::new(tokio::spawn(talk(shared))));
        Deliveries { db: db.clone(), host, tasks, stop, _with_others: [heartbeat, talk] }
    }

    /// Begins no more runs, and waits for those under way: each ends and is recorded, or is delivered again later.
    pub async fn drain(self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
        // Without this, whoever shares the database waits for the leases to expire.
        if self.db.is_pg()
            && let Err(e) = self.db.release(&self.host).await
        {
            tracing::warn!(error = %e, "the deliveries could not be handed over; other hosts take them when their lease expires");
        }
    }
}

/// Says that a lane is worked, for as long as it is there: however the work ends, the next can begin.
struct AtWork {
    shared: Arc<Shared>,
    store: StoreId,
    id: InstallationId,
    lane: Option<Place>,
}

impl AtWork {
    /// What was found for it is looked at once more after it has ended.
    fn found_again(&self) {
        self.shared.at_work.lock().insert(self.id, true);
    }
}

impl Drop for AtWork {
    fn drop(&mut self) {
        let found_again = self.shared.at_work.lock().remove(&self.id).unwrap_or(false);
        if found_again {
            self.shared.again.lock().push((self.store, self.id));
        }
        let made_room = self.lane.take().is_some() && self.shared.put_off.swap(false, Ordering::Relaxed);
        if found_again || made_room {
            self.shared.db.look_again();
        }
    }
}

/// Whether a lane begins.
pub(super) enum Beginning {
    /// Now, or it was begun before and looks once more before it ends.
    Begun,
    /// Not before others end: this share of the lanes is used up.
    PutOff(Whose),
}

/// Works an installation's lane.
pub(super) fn begin(shared: &Arc<Shared>, store: StoreId, id: InstallationId) -> Beginning {
    if let Some(found_again) = shared.at_work.lock().get_mut(&id) {
        *found_again = true;
        return Beginning::Begun;
    }
    let lane = match shared.lanes.try_take(Party::new(Purpose::Delivery, store, id)) {
        Ok(lane) => lane,
        Err(whose) => {
            shared.put_off.store(true, Ordering::Relaxed);
            return Beginning::PutOff(whose);
        }
    };
    shared.at_work.lock().insert(id, false);
    let at_work = AtWork { shared: Arc::clone(shared), store, id, lane: Some(lane) };
    let work = async move {
        let shared = Arc::clone(&at_work.shared);
        let pause = match survive("a delivery", work(&shared, store, id)).await {
            Some(Ok(Progress::NoTurn)) => Some(NO_TURN),
            Some(Ok(Progress::More)) => Some(Duration::ZERO),
            Some(Ok(Progress::Idle)) => None,
            // It was found because the database says that it does: another host changed that a moment ago.
            Some(Ok(Progress::NotNow)) => {
                shared.look_later(store, NOT_NOW);
                None
            }
            // Nothing can be found for it any more.
            Some(Err(e @ db::Error::NotFound { .. })) => {
                report(id, &e);
                None
            }
            Some(Err(e)) => {
                report(id, &e);
                Some(FAILED)
            }
            None => Some(FAILED),
        };
        if let Some(pause) = pause {
            // It is looked at again, not at once.
            let _ = shared.stop.run_until_cancelled(tokio::time::sleep(pause)).await;
            at_work.found_again();
        }
        drop(at_work);
    };
    shared.tasks.spawn_on(work, shared.runtime.guests());
    Beginning::Begun
}

async fn work(shared: &Shared, store: StoreId, id: InstallationId) -> db::Result<Progress> {
    let lane = Lane { db: &shared.db, runtime: &shared.runtime, id, stop: &shared.stop };
    loop {
        if !lease(shared, id).await? {
            // If the other host goes away, this one takes over.
            shared.look_later(store, Duration::from_millis(LEASE.unsigned_abs()));
            return Ok(Progress::Idle);
        }
        // What is found from here on may not be seen by what is read next.
        shared.at_work.lock().insert(id, false);
        if shared.stop.is_cancelled() {
            return Ok(Progress::Idle);
        }
        let end = match shared.db.may_run(store).await.and_then(|()| shared.db.may_record(id)) {
            Ok(()) => lane.work().await,
            Err(full) => Err(full),
        };
        let found_again = || shared.at_work.lock().get(&id).copied().unwrap_or(false);
        // Where lanes are put off, each gives way after a batch.
        let goes_on = !shared.put_off.load(Ordering::Relaxed);
        match end.or_else(put_off)? {
            Progress::More if goes_on => {}
            Progress::Idle if goes_on && found_again() => {}
            end => return Ok(end),
        }
    }
}

/// Whether this host works the lane. Where others share the database they are asked, unless it is known from before: a
/// lease is taken anew long before it ends, and what a lane did last is often a moment ago.
async fn lease(shared: &Shared, id: InstallationId) -> db::Result<bool> {
    let now = Instant::now();
    if !shared.db.is_pg() || shared.leases.lock().get(&id).is_some_and(|until| now < *until) {
        return Ok(true);
    }
    let taken = shared.db.lease(id, &shared.host, LEASE).await?;
    if taken {
        shared.leases.lock().insert(id, now + HEARTBEAT);
    }
    Ok(taken)
}

/// What has no room in the day of its app for another record stays where it is.
fn put_off(error: db::Error) -> db::Result<Progress> {
    match error {
        db::Error::Limit { .. } => Ok(Progress::NoTurn),
        error => Err(error),
    }
}

/// Takes the leases of lanes that are worked anew: a run may take longer than a lease lasts.
async fn heartbeat(shared: Arc<Shared>) {
    loop {
        tokio::time::sleep(HEARTBEAT).await;
        let turn = async {
            let now = Instant::now();
            shared.leases.lock().retain(|_, until| now < *until);
            let at_work: Vec<InstallationId> = shared.at_work.lock().keys().copied().collect();
            if let Err(e) = shared.db.lease_again(&at_work, &shared.host, LEASE).await {
                tracing::warn!(error = %e, "cannot say that this host is still delivering; another may take over");
            }
        };
        survive("the heartbeat", turn).await;
    }
}

fn report(id: InstallationId, error: &db::Error) {
    match error {
        db::Error::Superseded => tracing::debug!(installation = %id, "another host delivers this"),
        db::Error::Closed => {
            tracing::debug!(installation = %id, "the host is stopped; this is delivered after its next start")
        }
        db::Error::NotFound { .. } => tracing::debug!(installation = %id, "the installation is gone"),
        error => error.tell(format_args!("a delivery to `{id}` could not be made; trying again")),
    }
}
