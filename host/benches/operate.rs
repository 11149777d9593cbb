//! What an operator and an owner ask of the log of runs, with few runs in it and with many: pages by one filter, who
//! touched a record, a trace, a dashboard; and what summing the runs up costs.
//!
//! The runs are written as rows into the database of a host that stands still, as a host would have written them over a
//! month, since a bench cannot wait for so many. Everything that is timed is asked over HTTP of a host at work.

#[path = "support/mod.rs"]
mod support;

use anyhow::{Context as _, ensure};
use std::io::{BufReader, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::time::Instant;
use storehand_host::authz::InvocationId;
use storehand_host::db::now_ms;
use support::figures::{Bar, Figure, percentile, report};
use support::host::{Host, Shop, serve};
use support::http::answer;

/// Few and many runs. `OPERATE_RUNS` takes another number for many: the ten million of the bar take an hour to write.
const FEW: i64 = 100_000;
const MANY: i64 = 1_000_000;
/// Over so long, in milliseconds: a month.
const OVER: i64 = 30 * 86_400_000;
/// Times that each is asked for, of which the 99th percentile is taken.
const ASKED: usize = 100;
/// What a run recorded, as the host writes it.
const DETAIL: &str = r#"{"totals":[{"call":"orders-view.get","ok":1,"denied":0,"failed":0},{"call":"orders-edit.add-tag","ok":1,"denied":0,"failed":0}],"calls":[{"call":"orders-view.get","scope":"orders:view","outcome":"ok","at_us":10,"took_us":20,"record":"order/ORDER"},{"call":"orders-edit.add-tag","scope":"orders:edit","outcome":"ok","at_us":40,"took_us":30,"record":"order/ORDER"}],"denials":[],"log":[{"level":"info","text":"tagged an order"}],"dropped_lines":0}"#;

fn main() -> anyhow::Result<()> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(measure())
}

async fn measure() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let many = std::env::var("OPERATE_RUNS").ok().and_then(|text| text.parse().ok()).unwrap_or(MANY);
    let shop = {
        let serving = serve(folder.path()).await?;
        let host = Host { db: serving.db.clone(), runtime: serving.runtime.clone() };
        let shop = host.set_up().await?.open_shop(&host).await?;
        serving.drain().await;
        shop
    };
    let few = asked(folder.path(), &shop, FEW).await?;
    let most = asked(folder.path(), &shop, many - FEW).await?;
    let mut figures = Vec::new();
    for ((what, path, bar), (before, after)) in QUESTIONS.iter().zip(few.taken.iter().zip(&most.taken)) {
        let note = "real: HTTP over loopback, SQLite; faked: the runs are rows nobody ran";
        let row = |name: String, value: f64, unit, baseline, bar| Figure { name, note, value, unit, baseline, bar };
        figures.push(row(format!("{what}, p99 ({path})"), *after, "ms", Some(*before), Bar::AtMost(*bar)));
        figures.push(row(format!("{what}: many runs ÷ few"), after / before.max(0.1), "×", None, Bar::AtMost(2.0)));
    }
    let row = |name: &str, value: f64, unit, bar| Figure {
        name: name.to_owned(),
        note: "real: the host's own summing up, beside nothing else",
        value,
        unit,
        baseline: None,
        bar,
    };
    figures.push(row("summing up, time of a run", 1e6 / most.summed_up, "µs", Bar::None));
    figures.push(row("bytes of the database for each run", most.bytes / many as f64, "B", Bar::None));
    report("operate", &figures)
}

/// What is asked: in words, its path below the store, and the bar in milliseconds.
const QUESTIONS: [(&str, &str, f64); 8] = [
    ("newest runs", "invocations", 50.0),
    ("runs that crashed", "invocations?outcome=trapped", 50.0),
    ("runs with a denied call", "invocations?denied=true", 50.0),
    ("runs of a rare version", "invocations?version=9.9.9", 50.0),
    ("runs with one call", "invocations?call=orders-edit.add-tag", 50.0),
    ("who touched an order", "invocations?record=ord_77", 20.0),
    ("a trace", "invocations/RUN", 20.0),
    ("a dashboard of a month", "usage/versions?since=SINCE", 200.0),
];

struct Asked {
    /// The 99th percentile of each question, in milliseconds.
    taken: Vec<f64>,
    /// Runs summed up in a second.
    summed_up: f64,
    /// What the database takes.
    bytes: f64,
}

/// Writes so many more runs, starts the host, and asks.
async fn asked(folder: &Path, shop: &Shop, runs: i64) -> anyhow::Result<Asked> {
    let run = write(folder, shop, runs)?;
    let serving = serve(folder).await?;
    let began = Instant::now();
    // The host's own job does the same meanwhile; whoever is second finds it done.
    while behind(folder)? > 0 {
        if !serving.db.sum_up().await? {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    }
    let summed_up = runs as f64 / began.elapsed().as_secs_f64();
    let stream = TcpStream::connect(serving.address)?;
    stream.set_nodelay(true)?;
    let (mut to, mut from) = (stream.try_clone()?, BufReader::new(stream));
    let (mut line, mut body) = (String::new(), Vec::new());
    let since = jiff::Timestamp::from_millisecond(now_ms() - OVER)?.to_string();
    let mut taken = Vec::new();
    for (what, path, _) in QUESTIONS {
        let path = path.replace("RUN", &run).replace("SINCE", &since);
        let request = format!(
            "GET /api/v1/stores/{}/{path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {}\r\n\r\n",
            shop.id, shop.token
        );
        let mut times = Vec::new();
        for _ in 0..ASKED {
            let asked = Instant::now();
            to.write_all(request.as_bytes())?;
            let status = answer(&mut from, &mut line, &mut body)?;
            times.push(asked.elapsed().as_secs_f64() * 1e3);
            ensure!(status == 200, "{what}: {status} {}", String::from_utf8_lossy(&body));
        }
        taken.push(percentile(times, 99.0));
        println!("{what}: {:.1} ms", taken.last().copied().unwrap_or(0.0));
    }
    serving.drain().await;
    let bytes = std::fs::metadata(folder.join("storehand.sqlite"))?.len() as f64;
    Ok(Asked { taken, summed_up, bytes })
}

fn behind(folder: &Path) -> anyhow::Result<i64> {
    let conn = rusqlite::Connection::open(folder.join("storehand.sqlite"))?;
    let sql = "SELECT (SELECT COALESCE(MAX(rowid), 0) FROM invocations) - (SELECT n FROM folded)";
    Ok(conn.query_row(sql, [], |row| row.get(0))?)
}

/// Writes runs as rows, and says the id of the last.
fn write(folder: &Path, shop: &Shop, runs: i64) -> anyhow::Result<String> {
    let mut conn = rusqlite::Connection::open(folder.join("storehand.sqlite"))?;
    conn.pragma_update(None, "synchronous", "OFF")?;
    let write = conn.transaction()?;
    let (store, mut last) = (shop.id.to_string(), String::new());
    {
        let mut insert = write.prepare(
            "INSERT INTO invocations (store, id, installation, app, app_version, trigger_kind, topic, record, outcome, attempt, \
            started_at, wall_us, cpu_us, host_calls, denied_calls, failed_calls, changes, detail, memory, bytes) \
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'orders/created', ?7, ?8, 1, ?9, ?10, ?11, 2, ?12, 0, 1, ?13, 1048576, 900)",
        )?;
        let tail = InvocationId::new().to_string();
        let tail = tail.get(16..28).context("an id")?;
        for n in 0..runs {
            let at = now_ms() - OVER + OVER / runs * n;
            last = format!("inv_{at:012x}{tail}{n:08x}");
            let app = n % 20;
            let version = if n % 5_000 == 0 { "9.9.9" } else { "1.4.0" };
            let outcome = if n % 2_000 == 0 { "trapped" } else { "ok" };
            let order = format!("ord_{}", n % (runs / 10).max(1));
            insert.execute(rusqlite::params![
                store,
                last,
                format!("ins_{app:032x}"),
                format!("acme/app-{app}"),
                version,
                if n % 10 == 0 { "schedule" } else { "event" },
                order,
                outcome,
                at,
                n % 9_000,
                n % 3_000,
                i64::from(n % 1_000 == 0),
                DETAIL.replace("ORDER", &order),
            ])?;
        }
    }
    write.commit()?;
    Ok(last)
}
