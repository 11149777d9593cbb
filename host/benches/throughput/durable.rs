//! Runs a second whose record, and whose changes, are on disk before the answer.

use crate::press;
use crate::support::figures::{Bar, Figure, median, process_time, written};
use crate::support::guests::App;
use crate::support::host::{Hands, Host};
use anyhow::ensure;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};
use storehand_host::db::{Outcome, Purpose};
use storehand_host::runtime::{Runtime, Steps, Target, Trigger};

/// Pairs of a store and an app; each has one run under way at any time.
const PAIRS: usize = 64;
/// Apps of a store that has several.
const APPS: usize = 8;
/// Windows of which the median counts.
const WINDOWS: usize = 7;
/// How long each is.
const WINDOW: Duration = Duration::from_millis(1_500);

/// An app in a store, and what makes it run.
type Pair = (Arc<Target>, Trigger);

pub async fn measure() -> anyhow::Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    let host = Host::start(folder.path()).await?;
    let hands = host.set_up().await?;
    let noop = App::build("test-guests/noop")?;
    let calls = App::build("test-guests/calls")?;
    let idle = pairs(&host, &hands, 1, &noop, "nothing").await?;
    let busy = pairs(&host, &hands, 1, &calls, "turn").await?;
    let shared = pairs(&host, &hands, APPS, &calls, "turn").await?;
    let mut figures = Vec::new();
    let rows = [
        (
            "durable runs a second, no-op app, 64 stores at once",
            "real: slot, fresh instance, commit with full sync on SQLite, answer; faked: a loop presses the buttons",
            idle,
            20_000.0,
        ),
        (
            "durable runs a second, each with one change, 64 stores at once",
            "real: as above, with an order read twice and changed, fence, journal, event; faked: a loop presses the buttons",
            busy,
            10_000.0,
        ),
        (
            "durable runs a second, each with one change, 8 apps in each of 8 stores at once",
            "as above; rows of one store stand side by side, so a group of runs writes fewer pages",
            shared,
            10_000.0,
        ),
    ];
    for (name, note, pairs, bar) in rows {
        let (rate, cpu, pages) = load(&host.runtime, &host.db, pairs).await?;
        let row = |name: String, value, unit, bar| Figure { name, note, value, unit, baseline: None, bar };
        figures.push(row(name.to_owned(), rate, "runs/s", Bar::AtLeast(bar)));
        figures.push(row(format!("processor time of one of these: {name}"), cpu, "µs", Bar::None));
        figures.push(row(format!("pages of 4 KiB written for each of these: {name}"), pages, "pages", Bar::None));
    }
    Ok(figures)
}

/// Opens stores with so many apps each, and an order for each app.
async fn pairs(host: &Host, hands: &Hands, each: usize, app: &App, action: &str) -> anyhow::Result<Vec<Pair>> {
    let mut apps = Vec::new();
    for number in 0..each {
        let named = if each > 1 { app.renamed(&format!("app-{number}")) } else { app.clone() };
        apps.push(hands.publish(host, &named).await?);
    }
    let mut pairs = Vec::new();
    for _ in 0..PAIRS / each {
        let shop = hands.open_shop(host).await?;
        for app in &apps {
            let order = shop.order().await?;
            pairs.push((host.target(shop.install(app, None).await?).await?, press(action, &order)));
        }
    }
    Ok(pairs)
}

/// Keeps every pair running and counts: runs a second, the processor time of one in microseconds, and what it writes, in the
/// log and later in the database, in pages.
async fn load(runtime: &Runtime, db: &storehand_host::db::Db, pairs: Vec<Pair>) -> anyhow::Result<(f64, f64, f64)> {
    let (done, stop) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
    let mut tasks = tokio::task::JoinSet::new();
    for (target, trigger) in pairs {
        let (runtime, db, done, stop) = (runtime.clone(), db.clone(), Arc::clone(&done), Arc::clone(&stop));
        let guests = runtime.guests().clone();
        let turns = async move {
            while !stop.load(Relaxed) {
                let slot = db.reserve(target.party(Purpose::Delivery)).await?;
                let finished = runtime.invoke(slot, &target, None, &trigger, Steps::default()).await?;
                ensure!(finished.outcome == Outcome::Ok, "{:?}: {:?}", finished.outcome, finished.error);
                done.fetch_add(1, Relaxed);
            }
            Ok(())
        };
        tasks.spawn_on(turns, &guests);
    }
    tokio::time::sleep(WINDOW).await;
    let (mut rates, cpu, first, bytes) = (Vec::new(), process_time(), done.load(Relaxed), written());
    for _ in 0..WINDOWS {
        let (began, before) = (Instant::now(), done.load(Relaxed));
        tokio::time::sleep(WINDOW).await;
        rates.push((done.load(Relaxed) - before) as f64 / began.elapsed().as_secs_f64());
    }
    let runs = (done.load(Relaxed) - first).max(1) as f64;
    let each = (process_time() - cpu).as_secs_f64() * 1e6 / runs;
    let pages = (written() - bytes) as f64 / 4_096.0 / runs;
    stop.store(true, Relaxed);
    while let Some(task) = tasks.join_next().await {
        task??;
    }
    Ok((median(rates), each, pages))
}
