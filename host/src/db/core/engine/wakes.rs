//! Which stores may have something to deliver, told by whoever commits it; on PostgreSQL the hosts tell each other.
//!
//! INVARIANT: being told is a hint and decides nothing. What is told in vain costs one look, and what is missed, because a
//! host died or a connection was lost, is found by looking at everything (see `events::look`).

use super::open::{Db, Engine};
use super::warm::RowsOf;
use super::woken::{EVERYWHERE, Woken};
use crate::authz::StoreId;
use crate::db::core::engine::conn::args;
use crate::db::core::error::Result;
use sqlx::postgres::PgListener;
use std::time::Duration;

/// What the hosts of a PostgreSQL call to each other on.
const CHANNEL: &str = "storehand_wakes";
/// What is committed within so long is told to other hosts at once: a notification waits for all others at its commit, so
/// there are few, in transactions of their own.
const GATHERED: Duration = Duration::from_millis(20);

impl Db {
    /// Says that there may be something to deliver in a store.
    pub fn wake(&self, store: StoreId) {
        self.wake_at(Some(store));
    }

    /// Says that there may be something to deliver in any store.
    pub fn wake_everywhere(&self) {
        self.wake_at(None);
    }

    fn wake_at(&self, store: Option<StoreId>) {
        if self.is_pg() {
            self.wakes().elsewhere.lock().add(store);
            self.wakes().go.notify_one();
        }
        self.wakes().here.lock().add(store);
        self.wakes().come.notify_waiters();
    }

    /// Has whoever looks for deliveries look once more at what it has found already.
    pub fn look_again(&self) {
        self.wakes().come.notify_waiters();
    }

    /// Ends once somebody is woken, counted from when it is first enabled or polled.
    pub fn woken(&self) -> tokio::sync::futures::Notified<'_> {
        self.wakes().come.notified()
    }

    /// Where something may be to deliver since this was asked last.
    pub fn take_woken(&self) -> Woken {
        std::mem::take(&mut *self.wakes().here.lock())
    }

    /// Tells the other hosts of a PostgreSQL what this one commits, until it is dropped. `host` is how they know it.
    /// What cannot be told is found by them later.
    pub async fn tell_others(&self, host: &str) -> Result<()> {
        loop {
            self.wakes().go.notified().await;
            tokio::time::sleep(GATHERED).await;
            let woken = std::mem::take(&mut *self.wakes().elsewhere.lock());
            for part in woken.told_as() {
                self.tell(host, &part).await?;
            }
        }
    }

    /// Has the other hosts of a PostgreSQL look at everything: this one does not any more. Does nothing on SQLite.
    pub async fn hand_over(&self) -> Result<()> {
        // No host is known as this, so all hear it.
        if self.is_pg() { self.tell("-", EVERYWHERE).await } else { Ok(()) }
    }

    async fn tell(&self, host: &str, stores: &str) -> Result<()> {
        const SQL: &str = "SELECT pg_notify($1, $2)";
        let told = format!("{host} {stores}");
        self.reader(RowsOf::All).await?.exec(SQL, args![CHANNEL, &told]).await.map(drop)
    }

    /// Hears what other hosts of a PostgreSQL tell, until the connection is lost.
    pub async fn hear_others(&self, host: &str) -> Result<()> {
        let Engine::Pg(pools) = self.engine() else { return Ok(()) };
        let mut listener = PgListener::connect_with(pools.listening()).await?;
        listener.listen(CHANNEL).await?;
        // What was told before is not heard any more.
        self.wakes().here.lock().add(None);
        self.wakes().come.notify_waiters();
        while let Some(told) = listener.try_recv().await? {
            let Some((by, stores)) = told.payload().split_once(' ') else { continue };
            if by == host {
                continue;
            }
            let mut here = self.wakes().here.lock();
            // Whatever is no store's id was not told by a host of this version.
            stores.split(',').for_each(|store| here.add((store != EVERYWHERE).then(|| store.parse().ok()).flatten()));
            drop(here);
            self.wakes().come.notify_waiters();
        }
        Ok(())
    }
}
