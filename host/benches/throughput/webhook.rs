//! An app beside a webhook that does the same: reads an order and turns its tag. The app does it in a run on this host, the
//! webhook in a Node program that is told over HTTP and uses our own API.

use crate::press;
use crate::support::figures::{Bar, Figure, percentile};
use crate::support::guests::App;
use crate::support::host::{Host, serve};
use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use storehand_host::db::{Outcome, Purpose};
use storehand_host::runtime::{Steps, Target, Trigger};

/// Stores, and orders of each; each order is one in flight.
const STORES: usize = 8;
const ORDERS: usize = 8;
/// How long each of both is at it.
const WINDOW: Duration = Duration::from_secs(8);

/// An order with all that either needs to turn its tag.
struct Work {
    target: Arc<Target>,
    press: Trigger,
    told: Value,
}

pub async fn measure() -> anyhow::Result<Vec<Figure>> {
    if Command::new("node").arg("--version").stdout(Stdio::null()).status().is_err() {
        println!("Node is not installed, so the row of the webhook is left out");
        return Ok(Vec::new());
    }
    let folder = tempfile::tempdir()?;
    let serving = serve(folder.path()).await?;
    let host = Host { db: serving.db.clone(), runtime: serving.runtime.clone() };
    let work = work(&host, serving.address).await?;
    let (app_rate, app_p99) = of(runs(&host, &work).await?);
    let mut webhook = Webhook::start()?;
    let to = webhook.address()?;
    let told: Vec<Value> = work.into_iter().map(|work| work.told).collect();
    let (rate, p99) = of(tokio::task::spawn_blocking(move || posts(to, told)).await??);
    drop(webhook);
    serving.drain().await;
    let note = "real: 64 in flight in 8 stores, commits on disk, Node 20's own HTTP with connections that stay open; faked: a \
        loop tells both";
    let row =
        |name: &str, value, unit, baseline, bar| Figure { name: name.to_owned(), note, value, unit, baseline, bar };
    Ok(vec![
        row("events a second, a webhook that reads and tags", rate, "events/s", None, Bar::None),
        row("its p99", p99, "ms", None, Bar::None),
        row("runs a second, an app that does the same", app_rate, "runs/s", Some(rate), Bar::None),
        row("its p99, in parts of the webhook's", app_p99 / p99, "×", None, Bar::AtMost(0.1)),
        row("an app ÷ a webhook", app_rate / rate, "×", None, Bar::AtLeast(4.0)),
    ])
}

/// How many a second, and the p99 of each in milliseconds.
fn of(taken: Vec<f64>) -> (f64, f64) {
    (taken.len() as f64 / WINDOW.as_secs_f64(), percentile(taken, 99.0))
}

async fn work(host: &Host, api: SocketAddr) -> anyhow::Result<Vec<Work>> {
    let hands = host.set_up().await?;
    let app = App::build("test-guests/calls")?;
    let mut apps = Vec::new();
    for n in 0..ORDERS {
        apps.push(hands.publish(host, &app.renamed(&format!("app-{n}"))).await?);
    }
    let api = json!({ "host": api.ip().to_string(), "port": api.port() });
    let mut work = Vec::new();
    for _ in 0..STORES {
        let shop = hands.open_shop(host).await?;
        for app in &apps {
            let order = shop.order().await?;
            let target = host.target(shop.install(app, None).await?).await?;
            let told = json!({ "api": api, "token": shop.token, "store": shop.id, "order": order });
            work.push(Work { target, press: press("turn", &order), told });
        }
    }
    Ok(work)
}

/// How long each run took, in milliseconds.
async fn runs(host: &Host, work: &[Work]) -> anyhow::Result<Vec<f64>> {
    let mut tasks = tokio::task::JoinSet::new();
    let until = Instant::now() + WINDOW;
    for Work { target, press, .. } in work {
        let (db, runtime, target, press) = (host.db.clone(), host.runtime.clone(), Arc::clone(target), press.clone());
        let guests = runtime.guests().clone();
        let turns = async move {
            let mut taken = Vec::new();
            while Instant::now() < until {
                let began = Instant::now();
                let slot = db.reserve(target.party(Purpose::Delivery)).await?;
                let finished = runtime.invoke(slot, &target, None, &press, Steps::default()).await?;
                ensure!(finished.outcome == Outcome::Ok, "{:?}: {:?}", finished.outcome, finished.error);
                taken.push(began.elapsed().as_secs_f64() * 1e3);
            }
            Ok(taken)
        };
        tasks.spawn_on(turns, &guests);
    }
    let mut all = Vec::new();
    while let Some(taken) = tasks.join_next().await {
        all.extend(taken??);
    }
    Ok(all)
}

/// How long the webhook took for each event, in milliseconds.
fn posts(to: SocketAddr, told: Vec<Value>) -> anyhow::Result<Vec<f64>> {
    let until = Instant::now() + WINDOW;
    let each = told.into_iter().map(|told| {
        std::thread::spawn(move || -> anyhow::Result<Vec<f64>> {
            let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
            let mut taken = Vec::new();
            while Instant::now() < until {
                let began = Instant::now();
                let mut answer = agent.post(format!("http://{to}/")).send_json(&told)?;
                let said = answer.body_mut().read_to_string()?;
                ensure!(answer.status() == 200, "{said}");
                taken.push(began.elapsed().as_secs_f64() * 1e3);
            }
            Ok(taken)
        })
    });
    let each: Vec<_> = each.collect();
    let mut all = Vec::new();
    for thread in each {
        all.extend(thread.join().map_err(|_| anyhow::anyhow!("whoever tells the webhook panicked"))??);
    }
    Ok(all)
}

/// The Node program, until dropped.
struct Webhook(Child);

impl Webhook {
    fn start() -> anyhow::Result<Webhook> {
        let program = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/throughput/webhook.mjs");
        Ok(Webhook(Command::new("node").arg(program).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?))
    }

    fn address(&mut self) -> anyhow::Result<SocketAddr> {
        let mut port = String::new();
        BufReader::new(self.0.stdout.take().context("its output")?).read_line(&mut port)?;
        Ok((std::net::Ipv4Addr::LOCALHOST, port.trim().parse()?).into())
    }
}

impl Drop for Webhook {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
