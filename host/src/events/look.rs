//! What waits to be delivered is found where something was committed, when it is due, and now and then everywhere.
//!
//! INVARIANT: what looking costs depends on what there is to do, not on what is installed, but for looks at everything, which
//! take one part in [`SHARE`] of the time or are half a minute apart. What was found stays until its lane has begun.

use super::dispatch::{Beginning, Shared, begin};
use crate::authz::{InstallationId, StoreId};
use crate::db::{self, Waiting, Whose, now_ms};
use crate::survive::survive;
use std::collections::{BTreeMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Looks of a host under load begin so far apart; where each is a round trip, further.
const APART: Duration = Duration::from_millis(1);
const APART_SHARED: Duration = Duration::from_millis(5);
/// How often retries and schedules that are due are looked for, at most and at least; events wake their store at once. What
/// is due for an app that is paused is read in vain.
const DUE: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(5));
/// How often everything is looked at, likewise.
const EVERYTHING: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(30));
/// Either takes one part of so many of the time, as far as that leaves.
const SHARE: u32 = 100;
/// After a look that failed.
const FAILED: Duration = Duration::from_secs(1);
/// Other hosts of a PostgreSQL are listened to anew after so long, if they cannot be heard.
const DEAF: Duration = Duration::from_secs(5);

/// Looks until the host is stopped.
pub(super) async fn look(shared: Arc<Shared>) {
    let (mut found, mut times) = (Found::default(), Times::now());
    let apart = if shared.db.is_pg() { APART_SHARED } else { APART };
    while !shared.stop.is_cancelled() {
        let looked = Instant::now();
        // Asked for before looking, so that what is committed while looking is not missed.
        let mut woken = std::pin::pin!(shared.db.woken());
        woken.as_mut().enable();
        let turn = async {
            if let Err(error) = found.look(&shared, &mut times).await {
                error.tell("cannot see what waits to be delivered; trying again");
                times = Times::failed();
            }
            found.begin(&shared);
        };
        if survive("looking for deliveries", turn).await.is_none() {
            times = Times::failed();
        }
        tokio::select! {
            () = shared.stop.cancelled() => break,
            // The first is looked for at once, and what follows it closely together.
            () = woken, if !times.failed => tokio::time::sleep_until((looked + apart).into()).await,
            () = tokio::time::sleep_until(times.next().into()) => {}
        }
    }
}

/// When to look next, whether or not anybody is woken.
struct Times {
    due: Instant,
    everything: Instant,
    /// The last look failed: nobody is heeded until then.
    failed: bool,
}

impl Times {
    fn now() -> Times {
        Times { due: Instant::now(), everything: Instant::now(), failed: false }
    }

    /// What was being looked at is found with everything else.
    fn failed() -> Times {
        Times { due: Instant::now() + FAILED, everything: Instant::now() + FAILED, failed: true }
    }

    fn next(&self) -> Instant {
        self.due.min(self.everything)
    }
}

/// When to do again what has just been done, so that it takes [`SHARE`] of the time at most.
fn next(began: Instant, (soonest, latest): (Duration, Duration)) -> Instant {
    Instant::now() + (began.elapsed() * SHARE).clamp(soonest, latest)
}

/// What was found and has not begun: of each store in the order in which it was found.
#[derive(Default)]
struct Found {
    stores: BTreeMap<StoreId, VecDeque<InstallationId>>,
    all: HashSet<InstallationId>,
    /// The store that was begun with last.
    last: Option<StoreId>,
}

impl Found {
    async fn look(&mut self, shared: &Shared, times: &mut Times) -> db::Result<()> {
        let mut woken = shared.db.take_woken();
        self.add(std::mem::take(&mut *shared.again.lock()));
        let began = Instant::now();
        times.failed = false;
        if woken.everywhere || began >= times.everything {
            self.add(shared.db.waiting(now_ms()).await?);
            times.everything = next(began, EVERYTHING);
            times.due = Instant::now() + DUE.0;
            return Ok(());
        }
        if began >= times.due {
            woken.stores.extend(shared.later.lock().extract_if(|_, at| *at <= began).map(|(store, _)| store));
        }
        if !woken.stores.is_empty() {
            self.add(shared.db.waiting_in(&woken.stores, now_ms()).await?);
        }
        if began >= times.due {
            let began = Instant::now();
            self.add(shared.db.due(now_ms()).await?);
            times.due = next(began, DUE);
        }
        Ok(())
    }

    fn add(&mut self, waiting: Vec<Waiting>) {
        for (store, id) in waiting {
            if self.all.insert(id) {
                self.stores.entry(store).or_default().push_back(id);
            }
        }
    }

    /// Begins with the store that comes after the one that was begun with last, so that all come in turn when not all can be
    /// worked.
    fn begin(&mut self, shared: &Arc<Shared>) {
        let after = self.stores.keys().position(|store| Some(*store) > self.last).unwrap_or(0);
        let mut turns: Vec<StoreId> = self.stores.keys().copied().collect();
        turns.rotate_left(after);
        for store in turns {
            match self.begin_in(shared, store) {
                Ok(()) => self.last = Some(store),
                Err(Whose::Host) => break,
                Err(Whose::Store | Whose::App | Whose::Plan) => {}
            }
        }
    }

    /// Begins what was found in a store, or says whose share of the lanes is used up.
    fn begin_in(&mut self, shared: &Arc<Shared>, store: StoreId) -> Result<(), Whose> {
        let Some(found) = self.stores.get_mut(&store) else { return Ok(()) };
        while let Some(id) = found.front() {
            if let Beginning::PutOff(whose) = begin(shared, store, *id) {
                return Err(whose);
            }
            self.all.remove(id);
            found.pop_front();
        }
        self.stores.remove(&store);
        Ok(())
    }
}

/// Tells the other hosts of a PostgreSQL what is committed here, and hears what they commit.
pub(super) async fn talk(shared: Arc<Shared>) {
    let hear = async {
        loop {
            if let Some(Err(error)) = survive("hearing other hosts", shared.db.hear_others(&shared.host)).await {
                error.tell("cannot hear other hosts; what they commit is found a little later");
            }
            tokio::time::sleep(DEAF).await;
        }
    };
    let tell = async {
        loop {
            if let Some(Err(error)) = survive("telling other hosts", shared.db.tell_others(&shared.host)).await {
                error.tell("cannot tell other hosts; what is committed here is found by them a little later");
            }
            tokio::time::sleep(FAILED).await;
        }
    };
    tokio::join!(hear, tell);
}
