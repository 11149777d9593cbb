//! Finds installations with something waiting and works their lanes, each in a task of its own.

use super::lane::{Lane, Progress};
use super::upkeep;
use crate::authz::InstallationId;
use crate::db::{self, Db, now_ms};
use crate::runtime::Runtime;
use parking_lot::Mutex;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How often to look on a host that shares its database: others append events without telling.
const LOOK_SHARED: Duration = Duration::from_millis(50);
/// How often to look on a host of its own, for retries and schedules; events wake it at once.
const LOOK_ALONE: Duration = Duration::from_millis(500);
/// A lane is leased for so long, in milliseconds, and again while it works.
const LEASE: i64 = 30_000;

/// The running deliveries of a host.
pub struct Deliveries {
    db: Db,
    host: String,
    tasks: TaskTracker,
    stop: CancellationToken,
}

struct Shared {
    db: Db,
    runtime: Runtime,
    host: String,
    at_work: Mutex<HashSet<InstallationId>>,
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
            tasks: tasks.clone(),
            stop: stop.clone(),
        });
        tasks.spawn(look(Arc::clone(&shared)));
        upkeep::start(&tasks, &stop, db);
        Deliveries { db: db.clone(), host, tasks, stop }
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
    while !shared.stop.is_cancelled() {
        // Asked for before looking, so that what is appended while looking is not missed.
        let mut woken = std::pin::pin!(shared.db.woken());
        woken.as_mut().enable();
        match shared.db.waiting(now_ms()).await {
            Ok(waiting) => waiting.into_iter().for_each(|id| begin(&shared, id)),
            Err(e) => tracing::error!(error = %e, "cannot see what waits to be delivered; trying again"),
        }
        tokio::select! {
            () = shared.stop.cancelled() => break,
            () = woken => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Works an installation's lane, unless it is being worked already.
fn begin(shared: &Arc<Shared>, id: InstallationId) {
    if !shared.at_work.lock().insert(id) {
        return;
    }
    let mine = Arc::clone(shared);
    let work = async move {
        if let Err(e) = work(&mine, id).await {
            report(id, &e);
            // A lane that fails is looked at again, not at once.
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        mine.at_work.lock().remove(&id);
    };
    shared.tasks.spawn_on(work, shared.runtime.guests());
}

async fn work(shared: &Shared, id: InstallationId) -> db::Result<()> {
    let lane = Lane { db: &shared.db, runtime: &shared.runtime, id, stop: &shared.stop };
    loop {
        let now = now_ms();
        if shared.db.is_pg() && !shared.db.lease(id, &shared.host, now, now + LEASE).await? {
            return Ok(());
        }
        if shared.stop.is_cancelled() || lane.work().await? == Progress::Idle {
            return Ok(());
        }
    }
}

fn report(id: InstallationId, error: &db::Error) {
    match error {
        db::Error::Superseded => tracing::debug!(installation = %id, "another host delivers this"),
        db::Error::NotFound { .. } => tracing::debug!(installation = %id, "the installation is gone"),
        error => tracing::error!(installation = %id, %error, "a delivery could not be made; trying again"),
    }
}
