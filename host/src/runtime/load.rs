//! From a component's digest to something that can run: from memory, from an artefact on disk, or compiled once.

use super::artefact::Artefacts;
use super::bindings::{app::AppPre, checkout::CheckoutPre};
use super::component::{Inspected, inspect};
use super::engine::{Room, Ticker, config, fingerprint};
use super::invocation::Invocation;
use super::link::linker;
use super::manifest::World;
use super::refused::Refused;
use super::worker::{self, NotCompiled};
use crate::authz::ScopeSet;
use crate::db::{self, Db};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use wasmtime::Engine;
use wasmtime::component::Component;

/// So many components stay in memory; each takes about 100 KiB and a few mappings.
const KEPT: usize = 1_024;

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

/// Where and how components are compiled and kept.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The folder of compiled components.
    pub artefacts: PathBuf,
    /// The `storehand` command, started as compile worker; none compiles in this process.
    pub worker: Option<PathBuf>,
    /// How many runs at once.
    pub runs: u32,
}

/// Components by digest, each with when it was last used.
type Kept = HashMap<Arc<str>, (Arc<Loaded>, u64)>;

/// The engine with what it has loaded.
pub struct Loader {
    pub(super) engine: Engine,
    artefacts: Artefacts,
    worker: Option<PathBuf>,
    one_at_a_time: tokio::sync::Mutex<()>,
    kept: Mutex<Kept>,
    clock: AtomicU64,
    _ticker: Ticker,
}

impl Loader {
    /// Reserves the pool and starts the epoch.
    pub fn start(settings: &Settings) -> anyhow::Result<Loader> {
        let engine = Engine::new(&config(Room::Pool(settings.runs))).map_err(|e| anyhow::anyhow!("{e:#}"))?;
        let artefacts = Artefacts::open(&settings.artefacts, fingerprint(&engine))?;
        Ok(Loader {
            _ticker: Ticker::start(&engine)?,
            engine,
            artefacts,
            worker: settings.worker.clone(),
            one_at_a_time: tokio::sync::Mutex::default(),
            kept: Mutex::default(),
            clock: AtomicU64::new(0),
        })
    }

    /// Reads, checks and compiles an uploaded component, and keeps the artefact: refused now rather than at its
    /// first run.
    pub async fn accept(&self, bytes: &[u8]) -> Result<Inspected, NotLoaded> {
        let inspected = inspect(bytes).map_err(Box::new)?;
        let artefact = self.compiled(&inspected, bytes).await?;
        self.link(&inspected.digest, &artefact)?;
        Ok(inspected)
    }

    /// Reads, checks and compiles a component and makes it ready, for a dry run: nothing of it is kept.
    pub async fn try_load(&self, bytes: &[u8]) -> Result<(Inspected, Arc<Loaded>), NotLoaded> {
        let inspected = inspect(bytes).map_err(Box::new)?;
        let code = {
            let _turn = self.one_at_a_time.lock().await;
            self.compile(bytes).await?
        };
        let mut artefact = Header::of(&inspected).write();
        artefact.extend_from_slice(&code);
        let loaded = Arc::new(self.link(&inspected.digest, &artefact)?);
        Ok((inspected, loaded))
    }

    /// Machine code, in a process of its own where there is one.
    async fn compile(&self, bytes: &[u8]) -> Result<Vec<u8>, NotLoaded> {
        Ok(match &self.worker {
            Some(binary) => worker::compile(binary, bytes).await?,
            None => worker::compile_here(bytes)?,
        })
    }

    /// A component ready to be instantiated.
    pub async fn load(&self, db: &Db, digest: &Arc<str>) -> Result<Arc<Loaded>, NotLoaded> {
        if let Some(loaded) = self.in_memory(digest) {
            return Ok(loaded);
        }
        let artefact = match self.artefacts.get(digest) {
            Some(artefact) => artefact,
            None => {
                let bytes = db.component(digest).await?;
                let inspected = inspect(&bytes).map_err(Box::new)?;
                self.compiled(&inspected, &bytes).await?
            }
        };
        let loaded = Arc::new(self.link(digest, &artefact)?);
        self.keep(digest, &loaded);
        Ok(loaded)
    }

    fn in_memory(&self, digest: &str) -> Option<Arc<Loaded>> {
        let mut kept = self.kept.lock();
        let (loaded, used) = kept.get_mut(digest)?;
        *used = self.clock.fetch_add(1, Ordering::Relaxed);
        Some(Arc::clone(loaded))
    }

    /// Keeps a component in memory, and lets the one go that was not used for longest.
    fn keep(&self, digest: &Arc<str>, loaded: &Arc<Loaded>) {
        let mut kept = self.kept.lock();
        if kept.len() >= KEPT
            && let Some(oldest) = kept.iter().min_by_key(|(_, (_, used))| *used).map(|(digest, _)| Arc::clone(digest))
        {
            kept.remove(&oldest);
        }
        kept.insert(Arc::clone(digest), (Arc::clone(loaded), self.clock.fetch_add(1, Ordering::Relaxed)));
    }

    /// The artefact of an inspected component: a short header of what to link, then machine code.
    async fn compiled(&self, inspected: &Inspected, bytes: &[u8]) -> Result<Vec<u8>, NotLoaded> {
        let _turn = self.one_at_a_time.lock().await;
        if let Some(artefact) = self.artefacts.get(&inspected.digest) {
            return Ok(artefact);
        }
        let code = self.compile(bytes).await?;
        let mut artefact = Header::of(inspected).write();
        artefact.extend_from_slice(&code);
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
