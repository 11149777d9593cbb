//! The compile worker: a child process of the same binary that turns a component into machine code, under limits
//! of its own, so that a component made to exhaust the compiler takes nobody else with it.

use super::engine::{Room, config};
use rustix::process::{Resource, Rlimit, setrlimit};
use std::io::{Read, Write};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use wasmtime::Engine;

/// CPU seconds a compilation may take. Ordinary components of a megabyte take a few.
const CPU_SECONDS: u64 = 60;
/// Address space a compilation may take.
const ADDRESS_SPACE: u64 = 3 << 30;
/// Time a compilation may take altogether.
const WALL: Duration = Duration::from_secs(90);
/// An artefact is never larger than this: half of what all of them may take in memory together, so that no app pushes
/// everybody else's out. Measured ones are two to five times the component.
const MOST_ARTEFACT: u64 = super::load::KEPT_BYTES / 2;

/// Why a component was not compiled.
#[derive(Debug, thiserror::Error)]
pub enum NotCompiled {
    /// It needs more than a compilation may take.
    #[error("the component takes too much time or memory to compile; make its functions smaller")]
    TooCostly,
    /// The compiler refused it.
    #[error("the component cannot be compiled: {0}")]
    Refused(String),
    /// The worker did not start or answer.
    #[error("the compile worker failed: {0}")]
    Worker(#[from] std::io::Error),
}

/// Compiles in a child process. `binary` is the `storehand` command itself.
pub async fn compile(binary: &Path, component: &[u8]) -> Result<Vec<u8>, NotCompiled> {
    let mut child = tokio::process::Command::new(binary)
        .arg("compile-worker")
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let (Some(mut stdin), Some(stdout), Some(stderr)) = (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        return Err(std::io::Error::other("no pipes to the worker").into());
    };
    let (mut artefact, mut words) = (Vec::new(), Vec::new());
    let (mut stdout, mut stderr) = (stdout.take(MOST_ARTEFACT), stderr.take(4_096));
    let work = async {
        let feed = async {
            // A worker killed by its limits closes the pipe early; its exit says so better.
            let _ = stdin.write_all(component).await;
            drop(stdin);
        };
        let (_, out, err) = tokio::join!(feed, stdout.read_to_end(&mut artefact), stderr.read_to_end(&mut words));
        out.and(err)?;
        child.wait().await
    };
    let status = tokio::time::timeout(WALL, work).await.map_err(|_| NotCompiled::TooCostly)??;
    match status.code() {
        Some(0) => Ok(artefact),
        Some(1) => Err(NotCompiled::Refused(String::from_utf8_lossy(&words).trim().chars().take(500).collect())),
        _ => Err(NotCompiled::TooCostly),
    }
}

/// The worker's side: reads a component from standard input, writes the artefact to standard output. Exits with 1
/// and words on standard error when the compiler refuses.
pub fn work() -> anyhow::Result<()> {
    limit()?;
    let mut component = Vec::new();
    std::io::stdin().lock().read_to_end(&mut component)?;
    let artefact = compile_here(&component).map_err(|e| anyhow::anyhow!("{e:#}"))?;
    std::io::stdout().lock().write_all(&artefact)?;
    Ok(())
}

/// Compiles in this process: for benches and for the worker itself.
pub fn compile_here(component: &[u8]) -> wasmtime::Result<Vec<u8>> {
    Engine::new(&config(Room::OnDemand))?.precompile_component(component)
}

fn limit() -> anyhow::Result<()> {
    let both = |n| Rlimit { current: Some(n), maximum: Some(n) };
    setrlimit(Resource::Cpu, both(CPU_SECONDS))?;
    setrlimit(Resource::As, both(ADDRESS_SPACE))?;
    // Standard input, output and error only: no file and no socket can be opened.
    setrlimit(Resource::Nofile, both(3))?;
    setrlimit(Resource::Core, both(0))?;
    rustix::process::nice(19)?;
    Ok(())
}
