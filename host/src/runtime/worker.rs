//! The compile worker: a child process of the same binary that turns a component into machine code, under limits
//! of its own, so that a component made to exhaust the compiler takes nobody else with it.
//!
//! INVARIANT: a compilation may cost time and memory in proportion to the component; it ends with whoever waits for it,
//! and with the host.

use super::engine::{Room, config};
use rustix::process::{Resource, Rlimit, Signal, setrlimit};
use std::io::{Read, Write};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use wasmtime::Engine;

/// An artefact is never larger than this: half of what all of them may take in memory together, so that no app pushes
/// everybody else's out. Measured ones are two to five times the component.
pub(super) const MAX_ARTEFACT: u64 = super::load::CACHE_BYTES / 2;
/// How the worker ends when the artefact is larger.
const TOO_LARGE: i32 = 3;

/// What one compilation may take, by the size of the component.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Allowance {
    /// CPU seconds. A component of a megabyte takes one or two.
    cpu: u64,
    /// Address space in bytes.
    memory: u64,
    /// Time altogether: the worker stands behind everything else that the machine does.
    wall: Duration,
}

impl Allowance {
    fn of(component: &[u8]) -> Allowance {
        let bytes = component.len() as u64;
        let cpu = (6 + bytes / (192 << 10)).min(60);
        let memory = ((1 << 30) + (512 << 20) + 96 * bytes).min(3 << 30);
        Allowance { cpu, memory, wall: Duration::from_secs(20 + 2 * cpu).min(Duration::from_secs(100)) }
    }
}

/// Why a component was not compiled.
#[derive(Debug, thiserror::Error)]
pub enum NotCompiled {
    /// It needs more than a compilation of its size may take.
    #[error("the component takes too much time or memory to compile; make its functions smaller")]
    TooCostly,
    /// Its machine code is too large to be stored.
    #[error("the component's machine code has more than {} MiB; leave out what it does not need", MAX_ARTEFACT >> 20)]
    TooLarge,
    /// The machine was too busy.
    #[error("the host is too busy to compile the component; try again later")]
    Late,
    /// The compiler refused it.
    #[error("the component cannot be compiled: {0}")]
    Refused(String),
    /// The worker did not start or answer.
    #[error("the compile worker failed: {0}")]
    Worker(#[from] std::io::Error),
}

/// Compiles in a child process, which is killed when this is dropped. `binary` is the `storehand` command itself.
pub async fn compile(binary: &Path, component: &[u8]) -> Result<Vec<u8>, NotCompiled> {
    let Allowance { cpu, memory, wall } = Allowance::of(component);
    let mut child = tokio::process::Command::new(binary)
        .arg("compile-worker")
        .args([cpu.to_string(), memory.to_string()])
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
    let (mut stdout, mut stderr) = (stdout.take(MAX_ARTEFACT + 1), stderr.take(4_096));
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
    let status = tokio::time::timeout(wall, work).await.map_err(|_| NotCompiled::Late)??;
    match status.code() {
        Some(0) if artefact.len() as u64 <= MAX_ARTEFACT => Ok(artefact),
        Some(0 | TOO_LARGE) => Err(NotCompiled::TooLarge),
        Some(1) => Err(NotCompiled::Refused(String::from_utf8_lossy(&words).trim().chars().take(500).collect())),
        _ => Err(NotCompiled::TooCostly),
    }
}

/// The worker's side: reads a component from standard input, writes the artefact to standard output. Exits with 1
/// and words on standard error when the compiler refuses. May take so many seconds and bytes of address space.
pub fn work(cpu: u64, memory: u64) -> anyhow::Result<()> {
    limit(cpu, memory)?;
    let mut component = Vec::new();
    std::io::stdin().lock().read_to_end(&mut component)?;
    let artefact = compile_here(&component).map_err(|e| anyhow::anyhow!("{e:#}"))?;
    if artefact.len() as u64 > MAX_ARTEFACT {
        std::process::exit(TOO_LARGE);
    }
    std::io::stdout().lock().write_all(&artefact)?;
    Ok(())
}

/// Compiles in this process: for benches and for the worker itself.
pub fn compile_here(component: &[u8]) -> wasmtime::Result<Vec<u8>> {
    Engine::new(&config(Room::OnDemand))?.precompile_component(component)
}

fn limit(cpu: u64, memory: u64) -> anyhow::Result<()> {
    let both = |n| Rlimit { current: Some(n), maximum: Some(n) };
    setrlimit(Resource::Cpu, both(cpu))?;
    setrlimit(Resource::As, both(memory))?;
    // Standard input, output and error only: no file and no socket can be opened.
    setrlimit(Resource::Nofile, both(3))?;
    setrlimit(Resource::Core, both(0))?;
    // A host that is killed takes its workers along.
    #[cfg(target_os = "linux")]
    rustix::process::set_parent_process_death_signal(Some(Signal::KILL))?;
    rustix::process::nice(19)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_component_may_cost_little_and_a_large_one_more_but_never_all() {
        let of = |bytes: usize| Allowance::of(&vec![0; bytes]);
        assert_eq!((of(11_000).cpu, of(1 << 20).cpu, of(16 << 20).cpu), (6, 11, 60));
        assert!(of(16 << 20).memory <= 3 << 30 && of(16 << 20).wall <= Duration::from_secs(100));
    }
}
