//! Whether how long a refused sign-in takes tells a known address from an unknown one (T55): Welch's t of two rows of answers,
//! as they arrive over HTTP, one of each in turn.

#[path = "support/mod.rs"]
mod support;

use anyhow::{Context as _, ensure};
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use storehand_host::authn::{Keys, password};
use support::figures::{Bar, Figure, percentile, report};
use support::host::{Host, serve_behind};

/// Answers of each row. `SIGN_INS` takes others, for a look.
const SAMPLES: usize = 5_000;
/// What waited for something else of this machine is left out: whatever is above this percentile of both rows together.
const LOOKED_AT: f64 = 90.0;
/// Two rows that differ by chance alone are further apart once in about 100,000 times.
const APART: f64 = 4.5;

fn main() -> anyhow::Result<()> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(measure())
}

async fn measure() -> anyhow::Result<()> {
    let samples = std::env::var("SIGN_INS").ok().and_then(|text| text.parse().ok()).unwrap_or(SAMPLES);
    let folder = tempfile::tempdir()?;
    let serving = serve_behind(folder.path(), &["127.0.0.0/8"]).await?;
    Host { db: serving.db.clone(), runtime: serving.runtime.clone() }.set_up().await?;
    accounts(folder.path(), samples)?;
    let to = serving.address;
    let (known, unknown) = tokio::task::spawn_blocking(move || answers(to, samples)).await??;
    let both: Vec<f64> = known.iter().chain(&unknown).copied().collect();
    let most = percentile(both, LOOKED_AT);
    let looked_at = |row: &[f64]| row.iter().copied().filter(|taken| *taken <= most).collect::<Vec<_>>();
    let (one, other) = (looked_at(&known), looked_at(&unknown));
    let note = "real: HTTP over loopback, argon2id, the row that counts failures; faked: the networks they come from";
    let row =
        |name: &str, value, unit, baseline, bar| Figure { name: name.to_owned(), note, value, unit, baseline, bar };
    let figures = [
        row(
            "a wrong password of a known address, beside an unknown one",
            mean(&one),
            "ms",
            Some(mean(&other)),
            Bar::None,
        ),
        row("how far apart both rows are: |t| of Welch", welch(&one, &other).abs(), "", None, Bar::AtMost(APART)),
    ];
    serving.drain().await;
    report("sign_in", &figures)
}

/// Accounts that nobody signs in to, with a password of their own each as far as its hash goes.
fn accounts(folder: &std::path::Path, many: usize) -> anyhow::Result<()> {
    let hashed = password::hash(&Keys::from_master(&[1; 32]), "correct horse staple 42 lantern");
    let hashed = hashed.map_err(|_| anyhow::anyhow!("no hash"))?;
    let mut db = rusqlite::Connection::open(folder.join("storehand.sqlite"))?;
    db.busy_timeout(Duration::from_secs(30))?;
    let all = db.transaction()?;
    for n in 0..many {
        all.execute(
            "INSERT INTO accounts (id, email, name, password, totp_step, totp_failures, failures, operator, created_at) \
             VALUES (?1, ?2, 'Sam', ?3, 0, 0, 0, 0, 0)",
            [format!("acc_{n:032x}"), address("known", n), hashed.clone()],
        )?;
    }
    Ok(all.commit()?)
}

/// Addresses of both rows look alike.
fn address(row: &str, n: usize) -> String {
    format!("{row:_<8}{n:08}@example.com")
}

/// How long each answer took, in milliseconds. Each comes from a network of its own, as the guesses of many would.
fn answers(to: SocketAddr, many: usize) -> anyhow::Result<(Vec<f64>, Vec<f64>)> {
    let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
    let ask = |row: &str, n: usize, from: String| -> anyhow::Result<f64> {
        let form = [("email", address(row, n)), ("password", "not the password at all".to_owned())];
        let asked = agent.post(format!("http://{to}/sign-in"));
        let asked = asked.header("x-forwarded-for", from).header("x-forwarded-proto", "https");
        let begun = Instant::now();
        let mut answer = asked.send_form(form)?;
        let text = answer.body_mut().read_to_string().context("no text")?;
        let taken = begun.elapsed().as_secs_f64() * 1e3;
        ensure!(answer.status() == 200 && text.contains("role=\"alert\""), "{row} {n}: {} {text}", answer.status());
        Ok(taken)
    };
    let (mut known, mut unknown) = (Vec::with_capacity(many), Vec::with_capacity(many));
    for n in 0..many {
        let from = |side: u8| format!("{}.{}.{}.1", 20 + side, n / 250, n % 250);
        // Whichever comes first meets what the one before left warm.
        match n % 2 {
            0 => {
                known.push(ask("known", n, from(0))?);
                unknown.push(ask("unknown", n, from(1))?);
            }
            _ => {
                unknown.push(ask("unknown", n, from(1))?);
                known.push(ask("known", n, from(0))?);
            }
        }
    }
    Ok((known, unknown))
}

fn mean(row: &[f64]) -> f64 {
    row.iter().sum::<f64>() / row.len().max(1) as f64
}

fn variance(row: &[f64]) -> f64 {
    let middle = mean(row);
    row.iter().map(|taken| (taken - middle).powi(2)).sum::<f64>() / (row.len().max(2) - 1) as f64
}

fn welch(one: &[f64], other: &[f64]) -> f64 {
    let apart = variance(one) / one.len().max(1) as f64 + variance(other) / other.len().max(1) as f64;
    (mean(one) - mean(other)) / apart.sqrt()
}
