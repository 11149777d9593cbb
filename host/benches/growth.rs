//! What a host does with many installations, and PostgreSQL beside SQLite: orders a second over the API, each with one run
//! of an app that reads and tags it, how long one order waits for its run, and what an idle host takes.
//!
//! `sqlite` or `postgres` takes the figures of one engine alone; PostgreSQL's are left out where it is not installed.

#[path = "../../tests/support/postgres.rs"]
#[allow(dead_code, clippy::expect_used, clippy::panic, reason = "it is the tests' own, which use more of it")]
mod postgres;
#[path = "support/mod.rs"]
mod support;

use anyhow::{Context as _, ensure};
use serde::{Deserialize, Serialize};
use std::io::{BufReader, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};
use storehand_host::authz::scope::kind::StaffManage;
use storehand_host::authz::{InstallationId, StoreId};
use storehand_host::db::{Db, now_ms};
use storehand_host::serve::Serving;
use support::figures::{Bar, Figure, percentile, process_time, report};
use support::guests::App;
use support::host::{Hands, Host, serve_on};
use support::http::answer;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Installations of one app each in a store of its own. `GROWTH` takes another number for the larger host.
const FEW: usize = 10;
const MANY: usize = 10_000;
/// Stores that get orders.
const BUSY: usize = 10;
/// Clients that place orders, each as fast as it is answered.
const CLIENTS: usize = 16;
/// Parts of the time for which they do, and how long each is: the last shows whether it falls.
const PARTS: usize = 4;
const PART: Duration = Duration::from_secs(3);
/// Orders of which each waits until it is alone.
const ALONE: usize = 200;
/// How long an idle host is looked at.
const IDLE: Duration = Duration::from_secs(10);

/// What one host came to.
#[derive(Serialize, Deserialize)]
struct Measured {
    /// Orders a second that had their runs, all that were left behind included.
    rate: f64,
    /// Orders a second that were taken, in each part.
    parts: Vec<f64>,
    /// From an order's answer to its run's record, p50 in milliseconds.
    waits: f64,
    /// Of a core, in percent.
    idle: f64,
}

impl Measured {
    /// Of a host in a process of its own: a process serves one.
    fn of(url: Option<String>, installations: usize) -> anyhow::Result<Measured> {
        let mut host = Command::new(std::env::current_exe()?);
        host.args(["host", &installations.to_string()]).args(url).stderr(Stdio::inherit());
        let said = host.output()?;
        ensure!(said.status.success(), "the host of {installations} installations failed");
        Ok(serde_json::from_slice(&said.stdout)?)
    }
}

fn main() -> anyhow::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    if let ["host", installations, url @ ..] = words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        let url = url.first().map(|url| (*url).to_owned());
        let executor = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let measured = executor.block_on(measure(url, installations.parse()?))?;
        println!("{}", serde_json::to_string(&measured)?);
        return Ok(());
    }
    let wanted = |part: &str| words.is_empty() || words.iter().any(|word| word == part);
    let many = std::env::var("GROWTH").ok().and_then(|text| text.parse().ok()).unwrap_or(MANY);
    let mut figures = Vec::new();
    let mut sqlite = None;
    for engine in ["sqlite", "postgres"].into_iter().filter(|engine| wanted(engine)) {
        let is_pg = engine == "postgres";
        if is_pg && !postgres::is_installed() {
            println!("PostgreSQL is not installed, so its figures are left out");
            continue;
        }
        let url = || is_pg.then(postgres::durable_database);
        let few = Measured::of(url(), FEW)?;
        let large = Measured::of(url(), many)?;
        figures.extend(rows(engine, &few, &large, many, sqlite));
        sqlite = sqlite.or(Some(few.rate));
    }
    report("growth", &figures)
}

fn rows(engine: &str, few: &Measured, large: &Measured, many: usize, sqlite: Option<f64>) -> Vec<Figure> {
    let row = |name: String, value, unit, baseline, bar| Figure {
        name: format!("{engine}: {name}"),
        note: "real: HTTP over loopback, commits on disk, a run for each order; faked: stores that get no orders",
        value,
        unit,
        baseline,
        bar,
    };
    let (first, last) = (few.parts.first().copied().unwrap_or(0.0), few.parts.last().copied().unwrap_or(0.0));
    let mut rows = vec![
        row(format!("orders a second, each with a run, {FEW} installations"), few.rate, "orders/s", sqlite, Bar::None),
        row(
            "orders taken in the last quarter of the time ÷ the first".to_owned(),
            last / first,
            "×",
            None,
            Bar::AtLeast(0.95),
        ),
        row(
            format!("orders a second, {many} ÷ {FEW} installations"),
            large.rate / few.rate,
            "×",
            None,
            Bar::AtLeast(0.95),
        ),
        row("order → run recorded, p50".to_owned(), few.waits, "ms", None, Bar::None),
        row(format!("the same, {many} ÷ {FEW} installations"), large.waits / few.waits, "×", None, Bar::AtMost(1.2)),
        row(format!("an idle host, {many} installations"), large.idle, "% of a core", Some(few.idle), Bar::AtMost(2.0)),
    ];
    if let Some(sqlite) = sqlite {
        rows.push(row("orders a second ÷ those on SQLite".to_owned(), few.rate / sqlite, "×", None, Bar::AtLeast(0.5)));
    }
    rows
}

async fn measure(url: Option<String>, installations: usize) -> anyhow::Result<Measured> {
    let app = App::build("test-guests/tagger")?;
    let folder = tempfile::tempdir()?;
    let serving = serve_on(folder.path(), url).await?;
    let host = Host { db: serving.db.clone(), runtime: serving.runtime.clone() };
    let hands = host.set_up().await?;
    let fronts = Arc::new(open(&host, &hands, &app, installations).await?);
    drained(&host.db).await?;
    let idle = idle().await;
    let waits = alone(serving.address, &host.db, &fronts).await?;
    let (rate, parts) = load(&serving, &fronts).await?;
    serving.drain().await;
    Ok(Measured { rate, parts, waits, idle })
}

/// A store's front, and the app that hears of its orders.
struct Front {
    store: StoreId,
    token: String,
    app: InstallationId,
}

async fn open(host: &Host, hands: &Hands, app: &App, installations: usize) -> anyhow::Result<Vec<Front>> {
    let inspected = hands.publish(host, app).await?;
    let mut fronts = Vec::new();
    for n in 0..installations {
        let shop = hands.open_shop(host).await?;
        let app = shop.install(&inspected, None).await?;
        if n < BUSY {
            let token = shop.permit::<StaffManage>()?.create_storefront_token(&host.db, "the front", None).await?;
            fronts.push(Front { store: shop.id, token: token.token.expose().to_owned(), app });
        }
    }
    Ok(fronts)
}

/// Waits until every app was told everything.
async fn drained(db: &Db) -> anyhow::Result<()> {
    let since = Instant::now();
    while !db.waiting(now_ms()).await?.is_empty() {
        ensure!(since.elapsed() < Duration::from_secs(120), "the apps do not come to an end");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

/// What the process takes, without PostgreSQL's own, while nothing happens, in percent of a core.
async fn idle() -> f64 {
    tokio::time::sleep(Duration::from_secs(2)).await;
    let (before, began) = (process_time(), Instant::now());
    tokio::time::sleep(IDLE).await;
    100.0 * (process_time() - before).as_secs_f64() / began.elapsed().as_secs_f64()
}

/// How long an order that is placed alone waits for its run.
async fn alone(to: SocketAddr, db: &Db, fronts: &[Front]) -> anyhow::Result<f64> {
    let front = fronts.first().context("a front")?;
    let mut client = Client::new(to, front)?;
    let mut waits = Vec::new();
    for _ in 0..ALONE {
        let before = db.cursor(front.app).await?;
        client.order()?;
        let answered = Instant::now();
        while db.cursor(front.app).await? == before {
            ensure!(answered.elapsed() < Duration::from_secs(30), "an order without a run");
            tokio::time::sleep(Duration::from_micros(200)).await;
        }
        waits.push(answered.elapsed().as_secs_f64() * 1e3);
    }
    Ok(percentile(waits, 50.0))
}

/// Places orders for a while, and waits for their runs; how many a second were taken and had theirs, and how many were
/// taken in each part of the time.
async fn load(serving: &Serving, fronts: &Arc<Vec<Front>>) -> anyhow::Result<(f64, Vec<f64>)> {
    let (stop, placed) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|n| {
            let (stop, placed, fronts, to) =
                (Arc::clone(&stop), Arc::clone(&placed), Arc::clone(fronts), serving.address);
            std::thread::spawn(move || -> anyhow::Result<()> {
                let mut clients = Vec::new();
                for front in fronts.iter() {
                    clients.push(Client::new(to, front)?);
                }
                let mut turn = n;
                while !stop.load(Relaxed) {
                    turn = (turn + 1) % clients.len();
                    clients.get_mut(turn).context("a client")?.order()?;
                    placed.fetch_add(1, Relaxed);
                }
                Ok(())
            })
        })
        .collect();
    let (mut parts, since, first) = (Vec::new(), Instant::now(), placed.load(Relaxed));
    for _ in 0..PARTS {
        let (began, before) = (Instant::now(), placed.load(Relaxed));
        tokio::time::sleep(PART).await;
        parts.push((placed.load(Relaxed) - before) as f64 / began.elapsed().as_secs_f64());
    }
    stop.store(true, Relaxed);
    drained(&serving.db).await?;
    let rate = (placed.load(Relaxed) - first) as f64 / since.elapsed().as_secs_f64();
    for client in clients {
        client.join().map_err(|_| anyhow::anyhow!("a client panicked"))??;
    }
    Ok((rate, parts))
}

/// A shop's front with one connection.
struct Client {
    stream: BufReader<TcpStream>,
    request: String,
    line: String,
    body: Vec<u8>,
}

impl Client {
    fn new(to: SocketAddr, front: &Front) -> anyhow::Result<Client> {
        let stream = TcpStream::connect(to)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        let body = r#"{"lines":[{"sku":"TEA","quantity":1}]}"#;
        let request = format!(
            "POST /api/v1/stores/{}/storefront/orders HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            front.store,
            front.token,
            body.len()
        );
        Ok(Client { stream: BufReader::new(stream), request, line: String::new(), body: Vec::new() })
    }

    fn order(&mut self) -> anyhow::Result<()> {
        self.stream.get_mut().write_all(self.request.as_bytes())?;
        let status = answer(&mut self.stream, &mut self.line, &mut self.body)?;
        ensure!(matches!(status, 200..=299), "{status}: {}", String::from_utf8_lossy(&self.body));
        Ok(())
    }
}
