//! People and well-behaved apps beside apps that do not stop.

use crate::press;
use crate::support::figures::{Bar, Figure, percentile};
use crate::support::guests::App;
use crate::support::host::{Hands, Host, Shop, serve};
use anyhow::{Context as _, ensure};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::{Duration, Instant};
use storehand_host::authz::scope::kind::OrdersView;
use storehand_host::db::{Cause, Db, Draft, Outcome, Payload, Purpose, Topic, now_ms};
use storehand_host::runtime::{Event, Runtime, Steps, Target, Trigger};
use tokio::task::JoinSet;

/// Runs of the well-behaved app of which the 99th percentile is taken, and as many that warm up.
const RUNS: usize = 500;
/// Clients of the API, each with one request under way at any time.
const CLIENTS: usize = 4;
/// How long they ask.
const ASKING: Duration = Duration::from_secs(6);

pub async fn measure() -> anyhow::Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    let serving = serve(folder.path()).await?;
    let host = Host { db: serving.db.clone(), runtime: serving.runtime.clone() };
    let hands = host.set_up().await?;
    let shop = hands.open_shop(&host).await?;
    let runaway = hands.publish(&host, &App::build("runaway")?).await?;
    let runaway = shop.install(&runaway, Some(serde_json::json!({ "kind": "spin" }))).await?;
    let runaway = host.target(runaway).await?;

    let mut figures = Vec::new();
    let url = format!("http://{}/api/v1/stores/{}", serving.address, shop.id);
    let quiet = ask(&url, &shop.token).await?;
    let spinning = Spinning::start(&host, &runaway, 64);
    let beside = ask(&url, &shop.token).await?;
    spinning.end().await;
    let note = "real: HTTP over loopback, tokens, database; four clients list staff and audit entries; 64 guests spin \
        until their budget ends and begin again";
    figures.push(row("admin API, p99, nothing else runs", note, quiet, None, Bar::None));
    figures.push(row("admin API, p99, while 64 guests spin", note, beside, Some(quiet), Bar::AtMost(100.0)));

    let (agent, triggers) = agent(&host, &hands, &shop).await?;
    let mut triggers = triggers.chunks(RUNS);
    let mut next = || triggers.next().context("as many triggers as runs");
    latency(&host, &agent, next()?).await?;
    let quiet = latency(&host, &agent, next()?).await?;
    let spinning = Spinning::start(&host, &runaway, 16);
    let beside = latency(&host, &agent, next()?).await?;
    spinning.end().await;
    let note = "real: trigger to durable answer, one run after the other: reads, storage, a fulfilment, the commit; \
        16 guests spin until their budget ends and begin again";
    figures.push(row("fulfilment-agent, p99, nothing else runs", note, quiet, None, Bar::None));
    let bar = Bar::AtMost(2.0 * quiet);
    figures.push(row("fulfilment-agent, p99, beside 16 runaways", note, beside, Some(quiet), bar));
    serving.drain().await;
    Ok(figures)
}

fn row(name: &str, note: &'static str, value: f64, baseline: Option<f64>, bar: Bar) -> Figure {
    Figure { name: name.to_owned(), note, value, unit: "ms", baseline, bar }
}

/// Guests that spin until they are ended, and begin again.
struct Spinning {
    stop: Arc<AtomicBool>,
    tasks: JoinSet<()>,
}

impl Spinning {
    fn start(host: &Host, target: &Arc<Target>, many: usize) -> Spinning {
        let (stop, mut tasks) = (Arc::new(AtomicBool::new(false)), JoinSet::new());
        for _ in 0..many {
            let (db, runtime, target, stop) =
                (host.db.clone(), host.runtime.clone(), Arc::clone(target), Arc::clone(&stop));
            let guests = runtime.guests().clone();
            tasks.spawn_on(async move { spin(&db, &runtime, &target, &stop).await }, &guests);
        }
        Spinning { stop, tasks }
    }

    async fn end(self) {
        self.stop.store(true, Relaxed);
        self.tasks.join_all().await;
    }
}

async fn spin(db: &Db, runtime: &Runtime, target: &Arc<Target>, stop: &AtomicBool) {
    while !stop.load(Relaxed) {
        // Where no slot is free the next turn finds one.
        let Ok(slot) = db.reserve(target.party(Purpose::Press)).await else { continue };
        if let Err(e) = runtime.invoke(slot, target, None, &press("run-away", "none"), Steps::default()).await {
            eprintln!("a runaway was not recorded: {e}");
        }
    }
}

/// The 99th percentile of the API's answers, in milliseconds.
async fn ask(url: &str, token: &str) -> anyhow::Result<f64> {
    let mut clients = Vec::new();
    for client in 0..CLIENTS {
        let url = format!("{url}/{}", if client % 2 == 0 { "staff" } else { "audit" });
        let bearer = format!("Bearer {token}");
        clients.push(std::thread::spawn(move || -> anyhow::Result<Vec<f64>> {
            let (agent, mut taken, began) = (ureq::agent(), Vec::new(), Instant::now());
            while began.elapsed() < ASKING {
                let asked = Instant::now();
                let mut answer = agent.get(&url).header("authorization", &bearer).call()?;
                ensure!(answer.status() == 200, "the API answered {}", answer.status());
                answer.body_mut().read_to_vec()?;
                taken.push(asked.elapsed().as_secs_f64() * 1e3);
                // People pause; a client that does not would measure itself.
                std::thread::sleep(Duration::from_millis(5));
            }
            Ok(taken)
        }));
    }
    let ended =
        tokio::task::spawn_blocking(move || clients.into_iter().map(|client| client.join()).collect::<Vec<_>>());
    let mut taken = Vec::new();
    for client in ended.await? {
        taken.extend(client.map_err(|_| anyhow::anyhow!("a client panicked"))??);
    }
    Ok(percentile(taken, 99.0))
}

/// Installs the agent, and makes a paid order, told as an event, for each of its runs.
async fn agent(host: &Host, hands: &Hands, shop: &Shop) -> anyhow::Result<(Arc<Target>, Vec<Trigger>)> {
    let agent = hands.publish(host, &App::build("fulfilment-agent")?).await?;
    // Nothing of what the delivery loop does by itself: the app listens from now on, and these orders came before.
    let orders = paid_orders(shop, 3 * RUNS).await?;
    let view = shop.permit::<OrdersView>()?;
    let mut draft = Draft::new(&host.db, shop.id, Cause::PERSON);
    let mut triggers = Vec::new();
    for order in orders {
        let payload = serde_json::to_string(&view.get(&mut draft, &order).await?)?;
        let (id, topic) = (format!("evt_{order}"), Topic::OrdersPaid);
        triggers.push(Trigger::Event(Event {
            seq: 0,
            id,
            topic,
            record: order,
            payload: Payload::new(topic, payload),
            at: now_ms(),
            attempt: 1,
            depth: 0,
            chain: None,
        }));
    }
    Ok((host.target(shop.install(&agent, None).await?).await?, triggers))
}

async fn paid_orders(shop: &Shop, many: usize) -> anyhow::Result<Vec<String>> {
    let mut orders = Vec::new();
    while orders.len() < many {
        orders.extend(shop.paid_orders((many - orders.len()).min(100)).await?);
    }
    Ok(orders)
}

/// The 99th percentile of runs one after the other, in milliseconds.
async fn latency(host: &Host, target: &Arc<Target>, triggers: &[Trigger]) -> anyhow::Result<f64> {
    let mut taken = Vec::new();
    for trigger in triggers {
        let (db, runtime, target, trigger) =
            (host.db.clone(), host.runtime.clone(), Arc::clone(target), trigger.clone());
        let guests = runtime.guests().clone();
        let began = Instant::now();
        let run = guests.spawn(async move {
            let slot = db.reserve(target.party(Purpose::Delivery)).await?;
            runtime.invoke(slot, &target, None, &trigger, Steps::default()).await
        });
        let finished = run.await??;
        taken.push(began.elapsed().as_secs_f64() * 1e3);
        ensure!(finished.outcome == Outcome::Ok, "{:?}: {:?}", finished.outcome, finished.error);
        ensure!(finished.committed.is_some_and(|kept| kept.changes > 0), "nothing was fulfilled");
    }
    Ok(percentile(taken, 99.0))
}
