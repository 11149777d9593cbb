//! Runs apps. The only room that knows WebAssembly.
//!
//! In reading order: `manifest` and `component` read what an app says about itself and what its bytes really are,
//! and refuse in plain words; `worker`, `artefact` and `load` make it ready to run; `invocation` is the one door
//! between a guest and the store; `invoke` is a run from begin to end, on one of the `threads`; `calls` are the host
//! calls. `answers` tries an app where it is written.

mod answers;
mod artefact;
mod asked;
mod bindings;
mod calls;
pub mod checkout;
pub mod code;
pub mod component;
mod dry_run;
mod end;
mod engine;
mod facts;
mod invocation;
mod invoke;
mod limits;
mod link;
mod load;
pub mod manifest;
#[doc(hidden)]
pub mod measure;
pub mod refused;
mod threads;
mod trigger;
mod turns;
mod wasi;
mod worker;

pub use answers::unanswered;
pub use dry_run::{Ready, Spent, Tried};
pub use facts::{Described, describe};
pub use invocation::Target;
pub use invoke::{Finished, Steps};
pub use limits::{Budget, Exhausted};
pub use load::{NotLoaded, Settings};
pub use trigger::{Event, Trigger};
pub use turns::{NoPlace, Payer, Place, Turn};
pub use worker::{NotCompiled, work as compile_worker};

use crate::authz::Mint;
use crate::db::Db;
use limits::HostMemory;
use load::Loader;
use std::sync::Arc;
use std::time::SystemTime;
use threads::Threads;

/// Bytes all guests together may hold, per run that may be under way: an ordinary run touches far less.
const HOST_MEMORY_PER_RUN: usize = 16 << 20;

/// Whether the pool for so many runs at once can be reserved here; gives it back.
pub fn reserve_pool(runs: u32) -> Result<(), String> {
    let engine = wasmtime::Engine::new(&engine::config(engine::Room::Pool(runs)));
    engine.map(drop).map_err(|error| format!("{error:#}"))
}

/// Runs apps. Cheap to clone.
#[derive(Clone)]
pub struct Runtime(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) db: Db,
    /// Makes the principals of apps.
    mint: Arc<Mint>,
    pub(crate) loader: Loader,
    pub(crate) memory: Arc<HostMemory>,
    pub(crate) threads: Threads,
    /// Requests of apps to servers outside.
    servers: Arc<invocation::Servers>,
}

impl Runtime {
    /// Reserves the pool and starts the epoch and the guests' own threads.
    pub fn start(db: &Db, mint: Arc<Mint>, settings: &Settings) -> anyhow::Result<Runtime> {
        let memory = HostMemory::new(HOST_MEMORY_PER_RUN.saturating_mul(settings.runs as usize));
        let inner = Inner {
            db: db.clone(),
            mint,
            loader: Loader::start(settings)?,
            memory,
            threads: Threads::start(db.is_pg())?,
            servers: Arc::new(invocation::Servers::new(&settings.outbound, settings.runs)?),
        };
        Ok(Runtime(Arc::new(inner)))
    }

    /// The threads guests run on. Spawn runs here.
    pub fn guests(&self) -> &tokio::runtime::Handle {
        self.0.threads.short()
    }

    /// A place for one more component that somebody sends.
    ///
    /// # Errors
    /// None is free, or the payer is locked out for a while.
    pub fn place(&self, payer: Payer) -> Result<Place, NoPlace> {
        self.0.loader.turns.place(payer)
    }

    /// Compiles an uploaded component that was read: refused now rather than at its first run.
    pub async fn accept(&self, turn: &Turn, inspected: &component::Inspected, bytes: &[u8]) -> Result<(), NotLoaded> {
        self.0.loader.accept(turn, inspected, bytes).await
    }

    /// Reads, checks and compiles a component of the host's own.
    pub async fn accept_own(&self, bytes: &[u8]) -> Result<component::Inspected, NotLoaded> {
        let turn = self.0.loader.turns.turn(Payer::Host).await.ok_or(crate::db::Error::Closed)?;
        let inspected = component::inspect(bytes).map_err(Box::new)?;
        self.accept(&turn, &inspected, bytes).await?;
        Ok(inspected)
    }

    /// Gives up what was compiled, before then, of components that are gone.
    ///
    /// # Errors
    /// The folder or the database cannot be read.
    pub async fn forget_gone(&self, db: &Db, then: SystemTime) -> Result<(), NotLoaded> {
        self.0.loader.forget_gone(db, then).await
    }

    /// Gives up what was compiled of a component that is gone.
    pub fn forget(&self, digest: &str) {
        self.0.loader.forget(digest);
    }
}

impl std::fmt::Debug for Runtime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Runtime")
    }
}
