//! The host under load: durable runs a second, people and apps beside runaways, undo, the first run after a restart,
//! the memory of many apps, and an app beside a webhook.

mod beside;
mod dry;
mod durable;
mod restart;
#[path = "../support/mod.rs"]
mod support;
mod undo;
mod webhook;

use storehand_host::runtime::Trigger;
use support::figures::report;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> anyhow::Result<()> {
    // As the host itself: threads for people, beside those the runtime keeps for guests.
    let executor = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["child", rest @ ..] => executor.block_on(restart::child(rest)),
        only => executor.block_on(measure(only)),
    }
}

/// Takes every figure, or those whose part is named, for example `durable`.
async fn measure(only: &[&str]) -> anyhow::Result<()> {
    let wanted = |part: &str| only.is_empty() || only.contains(&part);
    let mut figures = Vec::new();
    if wanted("durable") {
        figures.extend(durable::measure().await?);
    }
    if wanted("dry") {
        figures.extend(dry::measure().await?);
    }
    if wanted("beside") {
        figures.extend(beside::measure().await?);
    }
    if wanted("undo") {
        figures.extend(undo::measure().await?);
    }
    if wanted("restart") {
        figures.extend(restart::first_run().await?);
    }
    if wanted("memory") {
        figures.extend(restart::memory().await?);
    }
    if wanted("webhook") {
        figures.extend(webhook::measure().await?);
    }
    report("throughput", &figures)
}

/// A press of a button.
fn press(action: &str, record: &str) -> Trigger {
    Trigger::Action { id: action.to_owned(), kind: "order".to_owned(), record: record.to_owned() }
}
