//! Finds installations with something waiting and works their lanes, each in a task of its own.
//!
//! INVARIANT: what waits is looked for until the host is stopped, and a lane that ended, however it did, can begin again.

use super::lane::{Lane, Progress};
use crate::authz::{InstallationId, StoreId};
use crate::db::{self, Db, Party, Place, Places, Purpose, Shares, now_ms};
use crate::runtime::Runtime;
use crate::survive::survive;
use parking_lot::Mutex;
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::{AbortOnDropHandle, TaskTracker};

/// How often to look on a host that shares its database: others append events without telling.
const LOOK_SHARED: Duration = Duration::from_millis(50);
/// How often to look on a host of its own, for retries and schedules; events wake it at once.
const LOOK_ALONE: Duration = Duration::from_millis(500);
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
/// The same of one that failed.
const FAILED: Duration = Duration::from_millis(200);

/// The running deliveries of a host.
pub struct Deliveries {
    db: Db,
    host: String,
    tasks: TaskTracker,
    stop: CancellationToken,
    /// Goes on until the last lane has ended.
    _heartbeat: Option<AbortOnDropHandle<()>>,
}

struct Shared {
    db: Db,
    runtime: Runtime,
    host: String,
    at_work: Mutex<HashSet<InstallationId>>,
    lanes: Places,
    put_off: AtomicBool,
    tasks: TaskTracker,
    stop: CancellationToken,
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
            lanes: Places::new(Shares::common(LANES)),
            put_off: AtomicBool::new(false),
            tasks: tasks.clone(),
            stop: stop.clone(),
        });
        tasks.spawn(look(Arc::clone(&shared)));
        let _heartbeat = db.is_pg().then(|| AbortOnDropHandle::new(tokio::spawn(heartbeat(shared))));
        Deliveries { db: db.clone(), host, tasks, stop, _heartbeat }
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

async fn look(shared: Arc<Shared>) {
    let pause = if shared.db.is_pg() { LOOK_SHARED } else { LOOK_ALONE };
    let mut last = None;
    while !shared.stop.is_cancelled() {
        let mut pause = pause;
        // Asked for before looking, so that what is appended while looking is not missed.
        let mut woken = std::pin::pin!(shared.db.woken());
        woken.as_mut().enable();
        let turn = async {
            match shared.db.waiting(now_ms()).await {
                Ok(waiting) => in_turn(&shared, waiting, &mut last),
                Err(e) => {
                    e.tell("cannot see what waits to be delivered; trying again");
                    pause = NO_TURN;
                }
            }
        };
        survive("looking for deliveries", turn).await;
        tokio::select! {
            () = shared.stop.cancelled() => break,
            () = woken => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Begins with whoever comes after the one that was begun last, so that all come in turn when not all can be worked.
fn in_turn(shared: &Arc<Shared>, mut waiting: Vec<(StoreId, InstallationId)>, last: &mut Option<InstallationId>) {
    let after = waiting.partition_point(|(_, id)| Some(*id) <= *last);
    waiting.rotate_left(after);
    for (store, id) in waiting {
        if begin(shared, store, id) {
            *last = Some(id);
        }
    }
}

/// Says that a lane is worked, for as long as it is there: however the work ends, the next can begin.
struct AtWork {
    shared: Arc<Shared>,
    id: InstallationId,
    lane: Option<Place>,
}

impl AtWork {
    /// None, if it is worked already, or has to wait until others end.
    fn begin(shared: &Arc<Shared>, store: StoreId, id: InstallationId) -> Option<AtWork> {
        if !shared.at_work.lock().insert(id) {
            return None;
        }
        let mut at_work = AtWork { shared: Arc::clone(shared), id, lane: None };
        match shared.lanes.try_take(Party::new(Purpose::Delivery, store, id)) {
            Ok(lane) => at_work.lane = Some(lane),
            Err(_) => {
                shared.put_off.store(true, Ordering::Relaxed);
                return None;
            }
        }
        Some(at_work)
    }
}

impl Drop for AtWork {
    fn drop(&mut self) {
        self.shared.at_work.lock().remove(&self.id);
        let had_lane = self.lane.take().is_some();
        if had_lane && self.shared.put_off.swap(false, Ordering::Relaxed) {
            self.shared.db.wake();
        }
    }
}

/// Works an installation's lane. Says whether it begins now.
fn begin(shared: &Arc<Shared>, store: StoreId, id: InstallationId) -> bool {
    let Some(at_work) = AtWork::begin(shared, store, id) else { return false };
    let work = async move {
        let shared = Arc::clone(&at_work.shared);
        let pause = match survive("a delivery", work(&shared, id)).await {
            Some(Ok(Progress::NoTurn)) => Some(NO_TURN),
            Some(Ok(Progress::Idle | Progress::More)) => None,
            Some(Err(e)) => {
                report(id, &e);
                Some(FAILED)
            }
            None => Some(FAILED),
        };
        if let Some(pause) = pause {
            // It is looked at again, not at once.
            let _ = shared.stop.run_until_cancelled(tokio::time::sleep(pause)).await;
        }
        drop(at_work);
    };
    shared.tasks.spawn_on(work, shared.runtime.guests());
    true
}

async fn work(shared: &Shared, id: InstallationId) -> db::Result<Progress> {
    let lane = Lane { db: &shared.db, runtime: &shared.runtime, id, stop: &shared.stop };
    loop {
        if shared.db.is_pg() && !shared.db.lease(id, &shared.host, LEASE).await? {
            return Ok(Progress::Idle);
        }
        if shared.stop.is_cancelled() {
            return Ok(Progress::Idle);
        }
        let end = match shared.db.may_record(id) {
            Ok(()) => lane.work().await,
            Err(full) => Err(full),
        };
        match end.or_else(put_off)? {
            // Where lanes are put off, each gives way after a batch.
            Progress::More if !shared.put_off.load(Ordering::Relaxed) => {}
            end => return Ok(end),
        }
    }
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
            let at_work: Vec<InstallationId> = shared.at_work.lock().iter().copied().collect();
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
