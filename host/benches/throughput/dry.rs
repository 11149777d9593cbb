//! A dry run against the real runs it foretells.

use crate::support::figures::{Bar, Figure, median};
use crate::support::guests::App;
use crate::support::host::{Host, Shop};
use anyhow::{Context as _, ensure};
use std::time::Instant;
use storehand_host::authz::InstallationId;
use storehand_host::authz::scope::kind::{AppsRun, AppsView};
use storehand_host::db::history::Personal;
use storehand_host::db::{Outcome, Purpose, Topic};
use storehand_host::runtime::{Event, Steps, Trigger};
use storehand_host::trial::{On, dry_run};

/// Events in one dry run.
const EVENTS: usize = 500;
/// Rounds of which the median counts: a dry run, then the real ones of the same events.
const ROUNDS: usize = 5;

pub async fn measure() -> anyhow::Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    let host = Host::start(folder.path()).await?;
    let hands = host.set_up().await?;
    let shop = hands.open_shop(&host).await?;
    let agent = hands.publish(&host, &App::build("fulfilment-agent")?).await?;
    let agent = shop.install(&agent, None).await?;
    let (mut dry, mut real) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        for _ in 0..EVENTS / 100 {
            shop.paid_orders(100).await?;
        }
        dry.push(tried(&host, &shop, agent).await?);
        real.push(in_earnest(&host, &shop, agent).await?);
    }
    let (dry, real) = (median(dry), median(real));
    let note = "real: the app on 500 paid orders, reads, storage, a fulfilment; a dry run shows each change before and \
        after and drops it, a real run commits it; both one after the other";
    let row =
        |name: &str, value, baseline, bar| Figure { name: name.to_owned(), note, value, unit: "ms", baseline, bar };
    Ok(vec![
        row("real run of fulfilment-agent, in a row of 500", real, None, Bar::None),
        row("dry run of fulfilment-agent, in a row of 500", dry, Some(real), Bar::AtMost(1.2 * real)),
    ])
}

/// Milliseconds a run takes in a dry run of the latest events.
async fn tried(host: &Host, shop: &Shop, agent: InstallationId) -> anyhow::Result<f64> {
    let (run, view) = (shop.permit::<AppsRun>()?, shop.permit::<AppsView>()?);
    let began = Instant::now();
    let dry = run.dry_run(&view, &host.db, agent).await?;
    let on = On::Events { last: EVENTS, topic: Some(Topic::OrdersPaid) };
    let report = dry_run(&host.db, &host.runtime, &shop.owner, dry, Some(on), Personal::default(), None).await?;
    let took = began.elapsed();
    ensure!(report.changes.total == EVENTS as u64, "{} of {EVENTS} would be fulfilled", report.changes.total);
    Ok(took.as_secs_f64() * 1e3 / EVENTS as f64)
}

/// Milliseconds a real run of the same events takes.
async fn in_earnest(host: &Host, shop: &Shop, agent: InstallationId) -> anyhow::Result<f64> {
    let (db, runtime, target) = (host.db.clone(), host.runtime.clone(), host.target(agent).await?);
    let events = db.latest_events(shop.id, &[Topic::OrdersPaid], agent, EVENTS).await?;
    let guests = runtime.guests().clone();
    let began = Instant::now();
    let runs = guests.spawn(async move {
        for event in events {
            let (seq, topic) = (event.seq, Topic::OrdersPaid);
            let (id, record, at) = (event.id, event.record, event.at);
            let payload = event.payload.context("an event of a topic that is known")?;
            let trigger =
                Trigger::Event(Event { seq, id, topic, record, payload, at, attempt: 1, depth: 0, chain: None });
            let slot = db.reserve(target.party(Purpose::Delivery)).await?;
            let finished = runtime.invoke(slot, &target, None, &trigger, Steps::default()).await?;
            ensure!(finished.outcome == Outcome::Ok, "{:?}: {:?}", finished.outcome, finished.error);
            ensure!(finished.committed.is_some_and(|kept| kept.changes > 0), "nothing was fulfilled");
        }
        Ok(())
    });
    runs.await??;
    Ok(began.elapsed().as_secs_f64() * 1e3 / EVENTS as f64)
}
