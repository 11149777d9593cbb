//! The web admin under load: every page of a store with a past, alone, beside guests that spin, and while people sign in;
//! what each sends, asks of the database, and allocates.

#[path = "support/mod.rs"]
mod support;

use anyhow::{Context as _, ensure};
use sha2::{Digest as _, Sha256};
use std::alloc::{GlobalAlloc, Layout};
use std::io::{BufReader, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};
use storehand_host::db::{Purpose, now_ms};
use storehand_host::runtime::{Steps, Target, Trigger};
use support::figures::{Bar, Figure, percentile, report};
use support::guests::App;
use support::host::{Host, Shop, serve_behind};
use support::http::answer;
use tokio::task::JoinSet;

/// Paid orders and runs that are stored. `PAGES_ORDERS` and `PAGES_RUNS` take others, for a look.
const ORDERS: u64 = 10_000;
const RUNS: u64 = 100_000;
/// Times that each page is asked for, of which the 99th percentile is taken. `PAGES_ASKED` takes another number, for a look.
const ASKED: u64 = 200;
/// Guests that spin beside.
const SPINNING: usize = 64;
/// Sign-ins that wait for a hash at any time.
const SIGNING_IN: usize = 32;
/// What statements are told as: see `db/core/engine/conn.rs`.
const STATEMENT: &str = "storehand_host::db::core::engine::conn";

/// Counts what is allocated.
struct Counting(mimalloc::MiMalloc);

static ALLOCATED: AtomicU64 = AtomicU64::new(0);
static STATEMENTS: AtomicU64 = AtomicU64::new(0);

#[global_allocator]
static ALLOCATOR: Counting = Counting(mimalloc::MiMalloc);

#[expect(unsafe_code, reason = "an allocator is")]
// SAFETY: everything is handed on as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATED.fetch_add(layout.size() as u64, Relaxed);
        // SAFETY: the caller's.
        unsafe { self.0.alloc(layout) }
    }
    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        // SAFETY: the caller's.
        unsafe { self.0.dealloc(place, layout) }
    }
}

/// Counts statements, each of which is told at the level `trace`.
struct Counted;

impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for Counted {
    fn on_event(&self, _: &tracing::Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
        STATEMENTS.fetch_add(1, Relaxed);
    }
}

fn main() -> anyhow::Result<()> {
    use tracing_subscriber::layer::SubscriberExt as _;
    use tracing_subscriber::{EnvFilter, Layer as _, util::SubscriberInitExt as _};
    tracing_subscriber::registry().with(Counted.with_filter(EnvFilter::new(format!("off,{STATEMENT}=trace")))).init();
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(measure())
}

fn of(variable: &str, otherwise: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

async fn measure() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let serving = serve_behind(folder.path(), &["127.0.0.0/8"]).await?;
    let host = Host { db: serving.db.clone(), runtime: serving.runtime.clone() };
    let hands = host.set_up().await?;
    let shop = hands.open_shop(&host).await?;
    let noop = shop.install(&hands.publish(&host, &App::build("test-guests/noop")?).await?, None).await?;
    let runaway = hands.publish(&host, &App::build("runaway")?).await?;
    let runaway = shop.install(&runaway, Some(serde_json::json!({ "kind": "spin" }))).await?;
    let (orders, runs) = (of("PAGES_ORDERS", ORDERS), of("PAGES_RUNS", RUNS));
    let asked_for = of("PAGES_ASKED", ASKED);
    let mut order = String::new();
    for _ in 0..orders.div_ceil(100) {
        order = shop.paid_orders(100).await?.pop().unwrap_or_default();
    }
    run(&host, &host.target(noop).await?, &order, runs).await?;
    let cookie = session(folder.path(), &shop)?;
    let mut asking = Asking::new(serving.address, cookie)?;
    let paths = paths(&mut asking, &shop, &order, &noop.to_string())?;
    let mut figures = Vec::new();
    let mut rows = Vec::new();
    for path in &paths {
        asking.page(path)?;
        let (mut statements, mut allocated, mut bytes) = (u64::MAX, u64::MAX, 0);
        let mut taken = Vec::new();
        for _ in 0..asked_for {
            let (before, had) = (STATEMENTS.load(Relaxed), ALLOCATED.load(Relaxed));
            let asked = Instant::now();
            bytes = asking.page(path)?;
            taken.push(asked.elapsed().as_secs_f64() * 1e3);
            // The least: what the host does by itself meanwhile is not the page's.
            statements = statements.min(STATEMENTS.load(Relaxed) - before);
            allocated = allocated.min(ALLOCATED.load(Relaxed) - had);
        }
        rows.push((path.clone(), percentile(taken, 99.0), bytes, statements, allocated));
    }
    let first_load = asking.first_load(paths.first().context("an overview")?)?;
    let guests = spin(&host, &host.target(runaway).await?);
    let mut beside = Vec::new();
    for path in &paths {
        let mut taken = Vec::new();
        for _ in 0..asked_for {
            let asked = Instant::now();
            asking.page(path)?;
            taken.push(asked.elapsed().as_secs_f64() * 1e3);
        }
        beside.push(percentile(taken, 99.0));
        println!("{path}: {:.1} ms beside {SPINNING} guests", beside.last().copied().unwrap_or(0.0));
    }
    guests.end().await;
    let overview = paths.first().context("an overview")?;
    let quiet = rows.first().map_or(0.0, |row| row.1);
    let hashing = while_signing_in(serving.address, &mut asking, overview)?;
    let name = |path: &str| path.replace(&shop.id.to_string(), "…").replace(&order, "ord_…");
    for ((path, quiet, bytes, statements, allocated), beside) in rows.iter().zip(beside) {
        let row = |what: &str, value: f64, unit, baseline, bar| Figure {
            name: format!("{}: {what}", name(path)),
            note: "real: HTTP over loopback with a session, a store with a past on SQLite",
            value,
            unit,
            baseline,
            bar,
        };
        figures.push(row("p99 beside 64 spinning guests", beside, "ms", Some(*quiet), Bar::AtMost(50.0)));
        figures.push(row("bytes, as sent", *bytes as f64 / 1e3, "kB", None, Bar::AtMost(20.0)));
        figures.push(row("statements", *statements as f64, "", None, Bar::AtMost(40.0)));
        figures.push(row("allocated", *allocated as f64 / 1e6, "MB", None, Bar::AtMost(2.0)));
    }
    figures.push(Figure {
        name: "first load: the overview and all that it loads".to_owned(),
        note: "real: bytes of bodies as sent to a browser that takes gzip",
        value: first_load as f64 / 1e3,
        unit: "kB",
        baseline: None,
        bar: Bar::AtMost(60.0),
    });
    figures.push(Figure {
        name: "overview, p99, while 32 sign-ins wait for a hash".to_owned(),
        note: "real: passwords hashed with argon2id, two at once; faked: the networks they come from",
        value: hashing,
        unit: "ms",
        baseline: Some(quiet),
        bar: Bar::AtMost(2.0 * quiet),
    });
    serving.drain().await;
    report("pages", &figures)
}

/// Runs an app so often, many at once.
async fn run(host: &Host, target: &Arc<Target>, order: &str, runs: u64) -> anyhow::Result<()> {
    let left = Arc::new(AtomicU64::new(runs));
    let mut tasks = JoinSet::new();
    for _ in 0..SPINNING {
        let (db, runtime, target, left) =
            (host.db.clone(), host.runtime.clone(), Arc::clone(target), Arc::clone(&left));
        let trigger = press("nothing", order);
        let guests = runtime.guests().clone();
        let work = async move {
            while left.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(1)).is_ok() {
                let slot = db.reserve(target.party(Purpose::Press)).await?;
                runtime.invoke(slot, &target, None, &trigger, Steps::default()).await?;
            }
            anyhow::Ok(())
        };
        tasks.spawn_on(work, &guests);
    }
    for ended in tasks.join_all().await {
        ended?;
    }
    Ok(())
}

fn press(action: &str, record: &str) -> Trigger {
    Trigger::Action { id: action.to_owned(), kind: "order".to_owned(), record: record.to_owned() }
}

/// Guests that spin until they are ended, and begin again.
struct Spinning {
    stop: Arc<AtomicBool>,
    tasks: JoinSet<()>,
}

fn spin(host: &Host, target: &Arc<Target>) -> Spinning {
    let (stop, mut tasks) = (Arc::new(AtomicBool::new(false)), JoinSet::new());
    for _ in 0..SPINNING {
        let (db, runtime, target, stop) =
            (host.db.clone(), host.runtime.clone(), Arc::clone(target), Arc::clone(&stop));
        let guests = runtime.guests().clone();
        let work = async move {
            while !stop.load(Relaxed) {
                let Ok(slot) = db.reserve(target.party(Purpose::Press)).await else { continue };
                let _ = runtime.invoke(slot, &target, None, &press("run-away", "none"), Steps::default()).await;
            }
        };
        tasks.spawn_on(work, &guests);
    }
    Spinning { stop, tasks }
}

impl Spinning {
    async fn end(self) {
        self.stop.store(true, Relaxed);
        self.tasks.join_all().await;
    }
}

/// Every page of the store that shows something.
fn paths(asking: &mut Asking, shop: &Shop, order: &str, installation: &str) -> anyhow::Result<Vec<String>> {
    let base = format!("/stores/{}", shop.id);
    let mut first = |list: &str, of: &str| -> anyhow::Result<String> {
        asking.page(&format!("{base}/{list}"))?;
        let text = String::from_utf8_lossy(&asking.body);
        let found = text.split(&format!("{base}/{list}/{of}")).nth(1).and_then(|rest| rest.split(['"', '?']).next());
        Ok(format!("{list}/{of}{}", found.with_context(|| format!("{list} shows none"))?))
    };
    let (run, change) = (first("activity/runs", "inv_")?, first("activity/changes", "chg_")?);
    let person = first("people", "stf_")?;
    let pages = [
        String::new(),
        "/apps".to_owned(),
        format!("/apps/{installation}"),
        "/activity/runs".to_owned(),
        format!("/{run}"),
        "/activity/changes".to_owned(),
        format!("/{change}"),
        "/activity/held".to_owned(),
        "/activity/audit".to_owned(),
        "/people".to_owned(),
        format!("/{person}"),
        "/people/roles".to_owned(),
        "/store/orders".to_owned(),
        format!("/store/orders/{order}"),
    ];
    Ok(pages.iter().map(|page| format!("{base}{page}")).collect())
}

fn hash(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

/// A session of the owner, put into the database: signing in is not what is measured.
fn session(folder: &std::path::Path, shop: &Shop) -> anyhow::Result<String> {
    let db = rusqlite::Connection::open(folder.join("storehand.sqlite"))?;
    db.busy_timeout(Duration::from_secs(10))?;
    let body = hash("a session of the bench");
    let sum = hash(&format!("storehand token checksum {body}"));
    let secret = format!("sh_ses_{body}_{}", sum.get(..8).unwrap_or_default());
    let staff: String =
        db.query_row("SELECT id FROM staff WHERE store = ?1 AND owner = 1", [shop.id.to_string()], |row| row.get(0))?;
    let id = staff.trim_start_matches("stf_");
    let now = now_ms();
    db.execute_batch(&format!(
        "INSERT INTO accounts (id, email, name, totp, totp_step, totp_failures, failures, operator, created_at) \
         VALUES ('acc_{id}', 'ana@example.com', 'Ana', 'none', 0, 0, 0, 0, {now}); \
         UPDATE staff SET account = 'acc_{id}' WHERE id = '{staff}'; \
         INSERT INTO sessions (hash, id, account, stage, device, created_at, used_at, proved_at, expires_at) \
         VALUES ('{}', 'ses_{id}', 'acc_{id}', 'full', 'bench', {now}, {now}, {now}, {});",
        hash(&secret),
        now + 3_600_000
    ))?;
    Ok(secret)
}

/// A browser with one connection, which allocates nothing while it asks.
struct Asking {
    stream: BufReader<TcpStream>,
    cookie: String,
    line: String,
    /// What the last page said.
    body: Vec<u8>,
}

impl Asking {
    fn new(to: SocketAddr, cookie: String) -> anyhow::Result<Asking> {
        let stream = TcpStream::connect(to)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        let stream = BufReader::with_capacity(1 << 20, stream);
        Ok(Asking { stream, cookie, line: String::with_capacity(1 << 12), body: Vec::with_capacity(1 << 20) })
    }

    /// Asks for a page and what it loads; how many bytes all of it has.
    fn first_load(&mut self, path: &str) -> anyhow::Result<usize> {
        let mut bytes = self.page(path)?;
        let text = String::from_utf8_lossy(&self.body).into_owned();
        for asset in text.split("\"/assets/").skip(1).filter_map(|rest| rest.split('"').next()) {
            bytes += self.page(&format!("/assets/{asset}"))?;
        }
        Ok(bytes)
    }

    /// Asks for a page; how many bytes it has.
    fn page(&mut self, path: &str) -> anyhow::Result<usize> {
        let cookie = &self.cookie;
        write!(
            self.stream.get_mut(),
            "GET {path} HTTP/1.1\r\nhost: localhost\r\naccept-encoding: gzip\r\ncookie: __Host-sid={cookie}\r\n\r\n"
        )?;
        let status = answer(&mut self.stream, &mut self.line, &mut self.body)?;
        ensure!(status == 200, "{path}: {}", String::from_utf8_lossy(&self.body));
        Ok(self.body.len())
    }
}

/// The 99th percentile of a page while so many wait for their password to be compared.
fn while_signing_in(to: SocketAddr, asking: &mut Asking, page: &str) -> anyhow::Result<f64> {
    let stop = Arc::new(AtomicBool::new(false));
    let people: Vec<_> = (0..SIGNING_IN)
        .map(|person| {
            let stop = Arc::clone(&stop);
            std::thread::spawn(move || {
                let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
                let mut attempt = 0_u32;
                while !stop.load(Relaxed) {
                    attempt += 1;
                    // Each from a network of its own: together they would be one, and wait for their turn.
                    let from = format!("10.{person}.{}.1", attempt % 250);
                    let form = [("email", format!("p{person}a{attempt}@example.com")), ("password", "x".repeat(20))];
                    let asked = agent.post(format!("http://{to}/sign-in"));
                    let asked = asked.header("x-forwarded-for", from).header("x-forwarded-proto", "https");
                    let _ = asked.send_form(form);
                }
            })
        })
        .collect();
    std::thread::sleep(Duration::from_millis(500));
    let mut taken = Vec::new();
    for _ in 0..ASKED {
        let asked = Instant::now();
        asking.page(page)?;
        taken.push(asked.elapsed().as_secs_f64() * 1e3);
    }
    stop.store(true, Relaxed);
    for person in people {
        person.join().map_err(|_| anyhow::anyhow!("somebody who signs in panicked"))?;
    }
    Ok(percentile(taken, 99.0))
}
