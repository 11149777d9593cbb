//! What a host that was just started costs: the first run of an app whose artefact is on disk, and the memory of a
//! thousand apps. Each is measured in a process of its own.

use crate::press;
use crate::support::figures::{Bar, Figure, median};
use crate::support::guests::App;
use crate::support::host::Host;
use anyhow::{Context as _, bail, ensure};
use std::path::Path;
use std::time::{Duration, Instant};
use storehand_host::authz::InstallationId;
use storehand_host::db::{Db, Outcome, Purpose};
use storehand_host::runtime::Steps;

/// Starts of which the median counts.
const STARTS: usize = 15;
/// Apps installed, each another component.
const APPS: usize = 1_000;

/// The first run after a start.
pub async fn first_run() -> anyhow::Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    install(folder.path(), 1).await?;
    let mut taken = Vec::new();
    for _ in 0..STARTS {
        taken.push(ask_child("first-run", folder.path())?);
    }
    Ok(vec![Figure {
        name: "first run of an app after a restart, artefact on disk".to_owned(),
        note: "real: a new process; from the trigger to the durable answer: rows, artefact read and authenticated, linked, \
            run, committed; faked: the disk's cache is warm",
        value: median(taken),
        unit: "ms",
        baseline: None,
        bar: Bar::AtMost(5.0),
    }])
}

/// Resident memory once many apps have run.
pub async fn memory() -> anyhow::Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    install(folder.path(), APPS).await?;
    let (before, after) = (ask_child("started", folder.path())?, ask_child("memory", folder.path())?);
    let note = "real: VmRSS of a new process; a thousand components of different digests in one store, each run once; \
        faked: they are one program under a thousand names";
    let row = |name: &str, value, bar| Figure { name: name.to_owned(), note, value, unit: "MB", baseline: None, bar };
    Ok(vec![
        row("resident before any app has run", before, Bar::None),
        row("resident with 1,000 installed apps, each having run once", after, Bar::AtMost(200.0)),
    ])
}

/// Installs so many apps in one store of a new host.
async fn install(folder: &Path, many: usize) -> anyhow::Result<()> {
    let host = Host::start(folder).await?;
    let hands = host.set_up().await?;
    let shop = hands.open_shop(&host).await?;
    let noop = App::build("test-guests/noop")?;
    for number in 0..many {
        let app = hands.publish(&host, &noop.renamed(&format!("noop-{number:04}"))).await?;
        shop.install(&app, None).await?;
        if number % 100 == 99 {
            eprintln!("{} of {many} apps are compiled and installed", number + 1);
        }
    }
    Ok(())
}

/// Runs this bench as a child process, which answers with a number.
fn ask_child(what: &str, folder: &Path) -> anyhow::Result<f64> {
    let child = std::process::Command::new(std::env::current_exe()?).args(["child", what]).arg(folder).output()?;
    ensure!(child.status.success(), "the child failed: {}", String::from_utf8_lossy(&child.stderr));
    let text = String::from_utf8(child.stdout)?;
    text.trim().parse().with_context(|| format!("the child said `{text}`"))
}

/// The child's side.
pub async fn child(words: &[&str]) -> anyhow::Result<()> {
    let [what, folder] = words else { bail!("the child is asked something about a folder") };
    let host = Host::start(Path::new(folder)).await?;
    let installed: Vec<InstallationId> = host.db.active_installations().await?.into_iter().map(|(id, _)| id).collect();
    let answer = match *what {
        "first-run" => {
            let first = *installed.first().context("an app is installed")?;
            run(&host, first).await?.as_secs_f64() * 1e3
        }
        "started" => resident()?,
        "memory" => {
            for id in installed {
                run(&host, id).await?;
            }
            resident()?
        }
        other => bail!("nobody answers `{other}`"),
    };
    println!("{answer}");
    Ok(())
}

/// Runs an app once: how long it took from the trigger to the durable answer.
async fn run(host: &Host, id: InstallationId) -> anyhow::Result<Duration> {
    let Host { db, runtime } = host;
    let began = Instant::now();
    let target = host.target(id).await?;
    let (db, runtime): (Db, _) = (db.clone(), runtime.clone());
    let guests = runtime.guests().clone();
    let run = guests.spawn(async move {
        let slot = db.reserve(target.party(Purpose::Delivery)).await?;
        runtime.invoke(slot, &target, None, &press("nothing", "none"), Steps::default()).await
    });
    let finished = run.await??;
    let taken = began.elapsed();
    ensure!(finished.outcome == Outcome::Ok, "{:?}: {:?}", finished.outcome, finished.error);
    Ok(taken)
}

/// Resident memory of this process, in megabytes of a million bytes.
fn resident() -> anyhow::Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("a system that tells VmRSS")?;
    let kib: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kib * 1_024.0 / 1e6)
}
