//! What the host does by itself, on a clock: refreshing authority from other hosts, abandoning idle carts, retention, going on with
//! undos, clearing what apps left, erasing stores that were closed, noting who looked at personal data, saying that it is there,
//! signing where the audit logs have come to, taking backups, looking for what somebody should know of and telling it.
//!
//! INVARIANT: a turn that panics ends no job, and a job that is cut off leaves nothing that its next turn does not find.

mod alerts;
mod backups;
mod checkpoints;
mod sinks;
mod trouble;
mod webhook;

pub use alerts::Telling;
pub use checkpoints::Checkpoints;
pub use sinks::Targets;
pub use webhook::BadWebhook;

use alerts::Alerts;

use crate::db::{BackupSchedule, Db, Presence, now_ms};
use crate::runtime::Runtime;
use crate::survive::survive;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// On several hosts a revoke reaches reads within a second.
const AUTHORITY: Duration = Duration::from_millis(300);
/// How often to look for carts that were left, and for rows past their retention.
const SWEEP: Duration = Duration::from_secs(60);

/// How often to note who looked at personal data with a token.
const LOOKS: Duration = Duration::from_secs(1);

/// How often to look for undos that are not finished: of this host before it was stopped, or too large for the request
/// that asked for them.
const UNDOS: Duration = Duration::from_millis(250);

/// How often to look for what apps left that is to be cleared: also of this host before it was stopped.
const LEFTOVERS: Duration = Duration::from_millis(250);
/// How often to look for artefacts of components that are gone. One that was made within so long may be of an upload on its
/// way.
const ARTEFACTS: Duration = Duration::from_secs(3_600);

/// How often to look for stores whose time is over: also of this host before it was stopped.
const ENDINGS: Duration = Duration::from_secs(1);

/// How often runs that ended are summed up, and filed by what they are found by.
const SUMS: Duration = Duration::from_millis(500);
/// Where there is much to sum up, it waits so many times as long as it took.
const SUMS_PART: u32 = 4;

/// How often a host says that it is there: four times before it is taken to be cut off.
const SEEN: Duration = Duration::from_secs(30);

/// Between two portions of older audit entries, so that others write meanwhile.
const OLD_ENTRIES: Duration = Duration::from_millis(20);

/// A cart nobody touched for so long was left.
const CART_IDLE: Duration = Duration::from_secs(3_600);

/// The jobs of a host.
pub struct Jobs {
    db: Db,
    tasks: TaskTracker,
    stop: CancellationToken,
    presence: Presence,
    checkpoints: Arc<tokio::sync::Mutex<Checkpoints>>,
}

impl Jobs {
    /// Starts what is due on this database.
    pub fn start(
        db: &Db,
        runtime: &Runtime,
        checkpoints: Checkpoints,
        backups: Option<BackupSchedule>,
        telling: Telling,
    ) -> Result<Jobs, BadWebhook> {
        let presence = Presence::new(&machine());
        let alerts = Alerts::new(db, presence.name(), telling, (backups.clone(), checkpoints.trouble()))?;
        let checkpoints = Arc::new(tokio::sync::Mutex::new(checkpoints));
        let (db_of, tasks, stop) = (db.clone(), TaskTracker::new(), CancellationToken::new());
        let jobs = Jobs { db: db_of, tasks, stop, presence, checkpoints: Arc::clone(&checkpoints) };
        jobs.spawn(checkpoints::follow(db.clone(), checkpoints));
        jobs.spawn(old_entries(db.clone()));
        jobs.spawn(announce(db.clone(), jobs.presence.clone()));
        if db.is_pg() {
            jobs.spawn(refresh(db.clone()));
        }
        jobs.spawn(sum_up(db.clone()));
        jobs.spawn(sweep(db.clone()));
        jobs.spawn(looks(db.clone()));
        jobs.spawn(undos(db.clone()));
        jobs.spawn(leftovers(db.clone()));
        jobs.spawn(endings(db.clone()));
        jobs.spawn(cut_off(db.clone()));
        jobs.spawn(older_settings(db.clone()));
        jobs.spawn(artefacts(db.clone(), runtime.clone()));
        if let Some(schedule) = backups {
            jobs.spawn(backups::take(db.clone(), schedule));
        }
        jobs.spawn(alerts.clone().look());
        jobs.spawn(alerts.clone().post());
        jobs.spawn(alerts.mail());
        Ok(jobs)
    }

    fn spawn(&self, job: impl Future<Output = ()> + Send + 'static) {
        self.tasks.spawn(self.stop.clone().run_until_cancelled_owned(job));
    }

    /// Ends them, each at its next await: what one leaves half done it finds again after the next start.
    pub async fn drain(self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
        // What was looked at until now is held nowhere but in memory.
        while noted(&self.db).await > 0 {}
        while used(&self.db).await > 0 {}
        self.checkpoints.lock().await.write(&self.db).await;
        if let Err(e) = self.db.leave(&self.presence).await {
            e.tell("cannot write down that this host stops; it is listed as silent for a day");
        }
    }
}

/// What this machine is called; nothing, if it does not say.
fn machine() -> String {
    let said = std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    said.or_else(|| std::env::var("HOSTNAME").ok()).unwrap_or_default()
}

async fn announce(db: Db, presence: Presence) {
    loop {
        let turn = async {
            if let Err(e) = db.announce(&presence).await {
                e.tell("cannot write down that this host is there");
            }
        };
        survive("saying that this host is there", turn).await;
        tokio::time::sleep(SEEN).await;
    }
}

async fn artefacts(db: Db, runtime: Runtime) {
    // Nothing that was here before this process is on its way.
    let mut before = SystemTime::now();
    loop {
        let turn = async {
            if let Err(e) = runtime.forget_gone(&db, before).await {
                tracing::error!(error = %e, "cannot look for compiled components that are gone");
            }
        };
        survive("removing what was compiled of components that are gone", turn).await;
        tokio::time::sleep(ARTEFACTS).await;
        before = SystemTime::now().checked_sub(ARTEFACTS).unwrap_or(SystemTime::UNIX_EPOCH);
    }
}

async fn refresh(db: Db) {
    let mut version = 0;
    loop {
        match survive("refreshing authority", db.refresh_authority(version)).await {
            Some(Ok(reached)) => version = reached,
            Some(Err(e)) => e.tell("cannot read what was granted or revoked on other hosts"),
            None => {}
        }
        tokio::time::sleep(AUTHORITY).await;
    }
}

async fn undos(db: Db) {
    loop {
        let turn = async {
            if let Err(e) = db.carry_on_undos().await {
                e.tell("cannot see which undos are not finished");
            }
        };
        survive("going on with undos", turn).await;
        tokio::time::sleep(UNDOS).await;
    }
}

async fn leftovers(db: Db) {
    loop {
        let turn = async {
            if let Err(e) = db.clear_leftovers().await {
                e.tell("cannot clear what apps left");
            }
        };
        survive("clearing what apps left", turn).await;
        tokio::time::sleep(LEFTOVERS).await;
    }
}

async fn endings(db: Db) {
    loop {
        let turn = async {
            if let Err(e) = db.erase_stores(now_ms()).await {
                e.tell("cannot erase a store that was closed");
            }
        };
        survive("erasing stores", turn).await;
        tokio::time::sleep(ENDINGS).await;
    }
}

async fn older_settings(db: Db) {
    match survive("sealing secret settings", db.seal_older_settings()).await {
        Some(Ok(0)) | None => {}
        Some(Ok(n)) => tracing::info!(installations = n, "sealed secret settings that lay there as they were"),
        Some(Err(e)) => e.tell("cannot seal secret settings that lie there as they are"),
    }
}

async fn cut_off(db: Db) {
    // On SQLite no other host is at work: whatever was under way when this one began was cut off.
    let began = if db.is_pg() { None } else { Some(now_ms()) };
    loop {
        let turn = async {
            let recorded = match began {
                Some(began) => db.record_cut_off(began).await,
                None => db.record_overdue().await,
            };
            match recorded {
                Ok(0) => {}
                Ok(n) => tracing::warn!(runs = n, "recorded runs that were cut off when their host stopped"),
                Err(e) => e.tell("cannot record runs that were cut off when their host stopped"),
            }
        };
        survive("recording runs that were cut off", turn).await;
        tokio::time::sleep(SWEEP).await;
    }
}

async fn sum_up(db: Db) {
    if let Err(e) = db.watch_uses().await {
        e.tell("cannot write down since when it is known which permissions are used");
    }
    loop {
        let began = Instant::now();
        let wait = match survive("summing up runs", db.sum_up()).await {
            // Whoever commits goes first: where there is much to sum up it takes a part of the time.
            Some(Ok(true)) => began.elapsed() * SUMS_PART,
            Some(Ok(false)) | None => SUMS,
            Some(Err(e)) => {
                e.tell("cannot sum up runs");
                SUMS
            }
        };
        tokio::time::sleep(wait).await;
    }
}

/// Chains what was written before there were chains, until there is none left.
async fn old_entries(db: Db) {
    loop {
        match survive("chaining older audit entries", db.chain_old_entries()).await {
            Some(Ok(true)) => tokio::time::sleep(OLD_ENTRIES).await,
            Some(Ok(false)) => return,
            Some(Err(e)) => {
                e.tell("cannot chain older audit entries");
                tokio::time::sleep(SWEEP).await;
            }
            None => tokio::time::sleep(SWEEP).await,
        }
    }
}

async fn looks(db: Db) {
    loop {
        tokio::time::sleep(LOOKS).await;
        survive("noting who looked at personal data", noted(&db)).await;
        survive("noting which permissions people use", used(&db)).await;
    }
}

/// How many looks were noted.
async fn noted(db: &Db) -> u64 {
    db.note_looks().await.unwrap_or_else(|e| {
        e.tell("cannot note who looked at personal data with a token");
        0
    })
}

/// How many uses of permissions were written.
async fn used(db: &Db) -> usize {
    db.note_uses().await.unwrap_or_else(|e| {
        e.tell("cannot note which permissions people use");
        0
    })
}

async fn sweep(db: Db) {
    loop {
        tokio::time::sleep(SWEEP).await;
        survive("sweeping", swept(&db)).await;
    }
}

async fn swept(db: &Db) {
    if let Err(e) = db.keep_time().await {
        e.tell("cannot read the clock of the database, or note the time");
    }
    if let Err(e) = db.abandon_carts(CART_IDLE).await {
        e.tell("cannot look for carts that were left");
    }
    if let Err(e) = db.forget_quotes(now_ms()).await {
        e.tell("cannot forget quotes whose time is over");
    }
    if let Err(e) = db.lapse_held(now_ms()).await {
        e.tell("cannot end the wait of what nobody has decided on");
    }
    if let Err(e) = db.end_employments(now_ms()).await {
        e.tell("cannot write down whose last day is over");
    }
    if let Err(e) = db.note_suspended(now_ms()).await {
        e.tell("cannot write down which grants nobody looked at in time");
    }
    if let Err(e) = db.forget_spends(now_ms()).await {
        e.tell("cannot forget what was spent on days long gone");
    }
    if let Err(e) = db.clear_parts(now_ms()).await {
        e.tell("cannot clear the bytes of components that were deleted");
    }
    if let Err(e) = db.forget_alerts(now_ms()).await {
        e.tell("cannot forget alerts that were resolved long ago");
    }
    if let Err(e) = db.prune(now_ms()).await {
        e.tell("cannot remove rows past their retention");
    }
}
