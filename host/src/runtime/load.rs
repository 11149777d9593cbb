//! From a component's digest to something that can run: from memory, from an artefact on disk, or compiled once.

use super::artefact::Artefacts;
use super::bindings::{app::AppPre, checkout::CheckoutPre};
use super::component::{Inspected, inspect};
use super::engine::{Room, Ticker, config, fingerprint};
use super::invocation::Invocation;
use super::link::linker;
use super::manifest::World;
use super::refused::Refused;
use super::turns::{Payer, Turn, Turns};
use super::worker::{self, NotCompiled};
use crate::authz::{ScopeSet, StoreId};
use crate::db::{self, Db};
use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, OptionsBuilder};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;
use wasmtime::Engine;
use wasmtime::component::Component;

/// Machine code that stays in memory, of all components together. What has to give way is read from disk again at its next
/// run, which takes a few milliseconds.
pub(super) const CACHE_BYTES: u64 = 96 * 1024 * 1024;
/// What the smallest component counts for: each has a few mappings and a file descriptor, whatever its size.
const LEAST_BYTES: u64 = 192 * 1024;

/// A component ready to be instantiated.
pub enum Loaded {
    /// Reacts to triggers. The flag says whether it imports WASI, and may print.
    App(AppPre<Invocation>, bool),
    /// Is asked at checkout.
    Checkout(CheckoutPre<Invocation>),
}

/// Why a component is not ready.
#[derive(Debug, thiserror::Error)]
pub enum NotLoaded {
    /// It is not one this host runs.
    #[error(transparent)]
    Refused(#[from] Box<Refused>),
    /// It could not be compiled.
    #[error(transparent)]
    NotCompiled(#[from] NotCompiled),
    /// The component could not be read.
    #[error(transparent)]
    Db(#[from] db::Error),
    /// The engine refused it.
    #[error("the component does not fit the engine: {0}")]
    Engine(String),
}

impl From<wasmtime::Error> for NotLoaded {
    fn from(e: wasmtime::Error) -> Self {
        NotLoaded::Engine(format!("{e:#}"))
    }
}

/// Where and how components are compiled and stored.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The folder of compiled components.
    pub artefacts: PathBuf,
    /// The `storehand` command, started as compile worker; none compiles in this process.
    pub worker: Option<PathBuf>,
    /// How many runs at once.
    pub runs: u32,
    /// What the operator says of requests of apps to servers outside.
    pub outbound: crate::outbound::Settings,
}

/// A component in memory, with the bytes of its artefact.
type Cached = (Arc<Loaded>, u64);

/// How much of [`CACHE_BYTES`] a component takes.
#[derive(Clone)]
struct Weight;

impl quick_cache::Weighter<Arc<str>, Cached> for Weight {
    fn weight(&self, _: &Arc<str>, (_, bytes): &Cached) -> u64 {
        (*bytes).max(LEAST_BYTES)
    }
}

/// The engine with what it has loaded.
pub struct Loader {
    pub(super) engine: Engine,
    artefacts: Artefacts,
    worker: Option<PathBuf>,
    pub(super) turns: Turns,
    cache: Cache<Arc<str>, Cached, Weight>,
    _ticker: Ticker,
}

impl Loader {
    /// Reserves the pool and starts the epoch.
    pub fn start(settings: &Settings) -> anyhow::Result<Loader> {
        // Reads the processor's counter against the clock for a moment, which no run should wait for.
        let _ = quanta::Instant::now();
        let engine = Engine::new(&config(Room::Pool(settings.runs))).map_err(|e| anyhow::anyhow!("{e:#}"))?;
        let artefacts = Artefacts::open(&settings.artefacts, fingerprint(&engine))?;
        Ok(Loader {
            _ticker: Ticker::start(&engine)?,
            engine,
            artefacts,
            worker: settings.worker.clone(),
            turns: Turns::default(),
            cache: room()?,
        })
    }

    /// Compiles an uploaded component that was read, and stores the artefact: refused now rather than at its first run.
    pub async fn accept(&self, turn: &Turn, inspected: &Inspected, bytes: &[u8]) -> Result<(), NotLoaded> {
        let artefact = self.compiled(turn, inspected, bytes).await?;
        self.link(&inspected.digest, &artefact).map(drop)
    }

    /// Reads, checks and compiles a component and makes it ready, for a dry run: nothing of it is stored.
    pub async fn try_load(&self, turn: &Turn, bytes: &[u8]) -> Result<(Inspected, Arc<Loaded>), NotLoaded> {
        let inspected = inspect(bytes).map_err(Box::new)?;
        let artefact = match self.artefacts.get(&inspected.digest) {
            Some(artefact) => artefact,
            None => self.compile(turn, &inspected, bytes).await?,
        };
        let loaded = Arc::new(self.link(&inspected.digest, &artefact)?);
        Ok((inspected, loaded))
    }

    /// Gives up the artefact of a component that is gone.
    pub fn forget(&self, digest: &str) {
        self.cache.remove(digest);
        self.artefacts.remove(digest);
    }

    /// Removes artefacts, made before then, of components that are gone: on PostgreSQL another host may have deleted the
    /// version.
    pub async fn forget_gone(&self, db: &Db, then: SystemTime) -> Result<(), NotLoaded> {
        let made = self.artefacts.made_before(then).map_err(NotCompiled::Worker)?;
        for (digest, file) in made {
            if !db.has_component(&digest).await? {
                self.forget(&digest);
                // Of another engine's it is the file alone.
                let _ = std::fs::remove_file(file);
            }
        }
        Ok(())
    }

    /// A short header of what to link, then machine code, made in a process of its own where there is one.
    async fn compile(&self, turn: &Turn, inspected: &Inspected, bytes: &[u8]) -> Result<Vec<u8>, NotLoaded> {
        let code = match &self.worker {
            Some(binary) => worker::compile(binary, bytes).await.inspect_err(|why| match why {
                NotCompiled::TooCostly | NotCompiled::TooLarge => self.turns.costly(turn.payer()),
                NotCompiled::Late | NotCompiled::Refused(_) | NotCompiled::Worker(_) => {}
            })?,
            None => worker::compile_here(bytes)?,
        };
        let mut artefact = Header::of(inspected).write();
        artefact.extend_from_slice(&code);
        Ok(artefact)
    }

    /// A component ready to be instantiated, for an app of this store.
    pub async fn load(&self, db: &Db, store: StoreId, digest: &Arc<str>) -> Result<Arc<Loaded>, NotLoaded> {
        if let Some((loaded, _)) = self.cache.get(digest) {
            return Ok(loaded);
        }
        // Whoever else wants the same component meanwhile waits for this one. Boxed: the way by the compiler is long, and
        // every run would carry room for it.
        let (loaded, _) = Box::pin(self.cache.get_or_insert_async(digest, self.read(db, store, digest))).await?;
        Ok(loaded)
    }

    /// From the artefact on disk, made first where there is none.
    async fn read(&self, db: &Db, store: StoreId, digest: &str) -> Result<Cached, NotLoaded> {
        let artefact = match self.artefacts.get(digest) {
            Some(artefact) => artefact,
            None => {
                // Only the compiler has a queue: what was compiled before is read past it.
                let turn = self.turns.turn(Payer::Store(store)).await.ok_or(db::Error::Closed)?;
                let bytes = db.component(digest).await?;
                let inspected = inspect(&bytes).map_err(Box::new)?;
                self.compiled(&turn, &inspected, &bytes).await?
            }
        };
        Ok((Arc::new(self.link(digest, &artefact)?), artefact.len() as u64))
    }

    /// The artefact of an inspected component, stored from now on.
    async fn compiled(&self, turn: &Turn, inspected: &Inspected, bytes: &[u8]) -> Result<Vec<u8>, NotLoaded> {
        // Somebody else may have had it compiled while this waited for its turn.
        if let Some(artefact) = self.artefacts.get(&inspected.digest) {
            return Ok(artefact);
        }
        let artefact = self.compile(turn, inspected, bytes).await?;
        self.artefacts.put(&inspected.digest, &artefact).map_err(NotCompiled::Worker)?;
        Ok(artefact)
    }

    fn link(&self, digest: &str, artefact: &[u8]) -> Result<Loaded, NotLoaded> {
        let (header, code) = Header::read(artefact)
            .ok_or_else(|| NotLoaded::Engine(format!("the artefact of {digest} has no header")))?;
        // SAFETY: the bytes come from this host's own compiler and were authenticated with this host's key when they
        // were read from disk (see `artefact`), which is what `deserialize` asks of its caller.
        #[allow(unsafe_code, reason = "loading machine code is what the engine is for")]
        let component = unsafe { Component::deserialize(&self.engine, code)? };
        let pre = linker(&self.engine, header.scopes, header.wasi)?.instantiate_pre(&component)?;
        Ok(match header.world {
            World::App => Loaded::App(AppPre::new(pre)?, header.wasi),
            World::Checkout => Loaded::Checkout(CheckoutPre::new(pre)?),
        })
    }
}

/// Room for components. In one piece, because one component may take a good part of it.
fn room() -> anyhow::Result<Cache<Arc<str>, Cached, Weight>> {
    let most = (CACHE_BYTES / LEAST_BYTES) as usize;
    let options =
        OptionsBuilder::new().shards(1).estimated_items_capacity(most).weight_capacity(CACHE_BYTES).build()?;
    Ok(Cache::with_options(options, Weight, DefaultHashBuilder::default(), DefaultLifecycle::default()))
}

/// What to link a component with: taken from its manifest when it was compiled.
#[derive(serde::Serialize, serde::Deserialize)]
struct Header {
    world: World,
    scopes: ScopeSet,
    wasi: bool,
}

impl Header {
    fn of(inspected: &Inspected) -> Header {
        let wasi = inspected.imports.iter().any(|import| import.interface.starts_with("wasi:"));
        Header { world: inspected.manifest.world(), scopes: inspected.manifest.asked(), wasi }
    }

    fn write(&self) -> Vec<u8> {
        let json = serde_json::to_vec(self).unwrap_or_default();
        let mut bytes = (json.len() as u32).to_le_bytes().to_vec();
        bytes.extend_from_slice(&json);
        bytes
    }

    fn read(bytes: &[u8]) -> Option<(Header, &[u8])> {
        let (len, rest) = bytes.split_first_chunk::<4>()?;
        let (json, code) = rest.split_at_checked(u32::from_le_bytes(*len) as usize)?;
        Some((serde_json::from_slice(json).ok()?, code))
    }
}
