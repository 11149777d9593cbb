//! The report of a dry run as an owner reads it: what the app would change, what it used, what it was denied, what it
//! never used, and whether it fits its limits.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::cli::client::show::{Colour, coloured, line, table, took};
use crate::cli::runs::trace::{Change, changed};

/// So many changes are shown to people; the rest is counted.
const SHOWN: usize = 20;

#[derive(Deserialize)]
struct Report {
    app: String,
    version: String,
    installation: Option<String>,
    scopes: Vec<String>,
    terms: BTreeMap<String, Terms>,
    trigger: String,
    runs: u64,
    stopped: Option<String>,
    outcomes: BTreeMap<String, u64>,
    changes: Changes,
    carts: Vec<Cart>,
    used: Vec<Used>,
    denied: Vec<Denied>,
    capped: Vec<Capped>,
    unused: Vec<Unused>,
    limits: Vec<Limit>,
    cpu: Cpu,
    failures: Vec<Failed>,
    log_lines: u64,
}

#[derive(Deserialize)]
struct Terms {
    words: Vec<String>,
}

#[derive(Deserialize)]
struct Changes {
    total: u64,
    runs: u64,
    held_runs: u64,
    kinds: Vec<Kind>,
    first: Vec<Change>,
    keys_set: u64,
    keys_deleted: u64,
}

#[derive(Deserialize)]
struct Kind {
    kind: String,
    act: String,
    count: u64,
}

#[derive(Deserialize)]
struct Cart {
    lines: Vec<Line>,
    total: Option<Money>,
}

#[derive(Deserialize)]
struct Line {
    sku: String,
    quantity: u64,
    discount: Option<Money>,
    label: Option<String>,
}

#[derive(Deserialize)]
struct Money {
    amount: String,
    currency: String,
}

#[derive(Deserialize)]
struct Used {
    scope: String,
    words: String,
    runs: u64,
    payloads: u64,
    calls: Vec<Call>,
}

#[derive(Deserialize)]
struct Call {
    call: String,
    ok: u64,
    failed: u64,
    limit: u64,
}

#[derive(Deserialize)]
struct Denied {
    scope: String,
    times: u64,
    runs: u64,
    calls: Vec<String>,
    remedy: String,
}

#[derive(Deserialize)]
struct Capped {
    scope: String,
    times: u64,
    runs: u64,
    calls: Vec<String>,
    terms: Vec<String>,
}

#[derive(Deserialize)]
struct Unused {
    scope: String,
    words: String,
    required: bool,
    granted: bool,
}

#[derive(Deserialize)]
struct Limit {
    limit: String,
    unit: String,
    most: u64,
    budget: u64,
    runs: u64,
}

#[derive(Deserialize)]
struct Cpu {
    total_us: i64,
    median_us: i64,
    most_us: i64,
}

#[derive(Deserialize)]
struct Failed {
    outcome: String,
    error: String,
    runs: u64,
}

pub(super) fn page(report: &Value) -> String {
    let Ok(report) = Report::deserialize(report) else { return report.to_string() };
    let parts = [
        head(&report),
        changes(&report),
        carts(&report.carts),
        used(&report),
        denied(&report),
        capped(&report),
        unused(&report),
        ends(&report),
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}

fn times(count: u64) -> String {
    match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        count => format!("{count} times"),
    }
}

fn many(count: u64, one: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {one}{plural}")
}

fn head(report: &Report) -> String {
    let Report { app, version, trigger, runs, scopes, .. } = report;
    let installed = if report.installation.is_some() { "" } else { ", which is not installed" };
    let on = match trigger.as_str() {
        "event" => format!("the latest {}", many(*runs, "event")),
        "schedule" => "its schedule".to_owned(),
        "action" => "its button".to_owned(),
        _ => many(*runs, "sample cart"),
    };
    let with = if scopes.is_empty() { "no permission".to_owned() } else { scopes.join(", ") };
    let mut head = line(&format!("{app} {version}{installed}, tried on {on}. Nothing was changed."));
    head += &format!("\nWith {}\n", line(&with));
    for (scope, terms) in report.terms.iter().filter(|(_, terms)| !terms.words.is_empty()) {
        head += &format!("  {}\n", line(&format!("{scope}: {}", terms.words.join("; "))));
    }
    if *runs == 0 {
        head += "\nIt was not run: nothing has happened yet that it would be told\n";
    }
    if let Some(why) = &report.stopped {
        head += &format!("\n{}\n", coloured(&line(why), Colour::Yellow));
    }
    head
}

fn changes(report: &Report) -> String {
    let Changes { total, runs, held_runs, kinds, first, keys_set, keys_deleted } = &report.changes;
    let mut part = match total {
        0 => "IT WOULD CHANGE NOTHING\n".to_owned(),
        _ => {
            let kinds: Vec<String> = kinds.iter().map(|k| format!("{} {} {}", k.count, k.kind, k.act)).collect();
            let (total, of) = (many(*total, "change"), many(*runs, "run"));
            format!("IT WOULD MAKE {total} in {of}: {}\n", line(&kinds.join(", ")))
        }
    };
    if first.iter().enumerate().any(|(n, one)| first.iter().take(n).any(|before| before.is_of_same_record(one))) {
        part += "Each run saw the store as it is, and not what the runs before it would have changed\n";
    }
    if *held_runs > 0 {
        part += &format!("What {} would change waits for a person first\n", many(*held_runs, "run"));
    }
    if !first.is_empty() {
        part += &format!("\n{}\n", table(["CHANGE", "RECORD", "WHAT"], first.iter().take(SHOWN).map(changed)));
    }
    let rest = total.saturating_sub(first.len().min(SHOWN) as u64);
    if rest > 0 {
        part += &format!("and {rest} more; --json shows the first 100 whole\n");
    }
    if keys_set + keys_deleted > 0 {
        part += &format!("In its own storage it would set {} and delete {keys_deleted}\n", many(*keys_set, "key"));
    }
    part
}

fn carts(carts: &[Cart]) -> String {
    if carts.is_empty() {
        return String::new();
    }
    let row = |cart: &Cart| {
        let money = |money: &Money| format!("{} {}", money.amount, money.currency);
        let goods: Vec<String> = cart.lines.iter().map(|line| format!("{} x {}", line.quantity, line.sku)).collect();
        let off = cart.lines.iter().filter_map(|line| {
            Some(format!("{} off {} \"{}\"", money(line.discount.as_ref()?), line.sku, line.label.as_deref()?))
        });
        let off: Vec<String> = off.collect();
        let off = if off.is_empty() { "nothing off".to_owned() } else { off.join(", ") };
        [goods.join(", "), cart.total.as_ref().map(money).unwrap_or_default(), off]
    };
    format!("AT CHECKOUT IT WOULD ANSWER\n\n{}\n", table(["CART", "TOTAL", "DISCOUNT"], carts.iter().map(row)))
}

fn used(report: &Report) -> String {
    if report.used.is_empty() {
        return "IT USED NO PERMISSION\n".to_owned();
    }
    let row = |used: &Used| {
        let told = match (used.payloads, report.trigger.as_str()) {
            (0, _) => None,
            (told, "checkout") => Some(format!("asked about {}", many(told, "cart"))),
            (told, _) => Some(format!("told of {}", many(told, "event"))),
        };
        let call = |call: &Call| {
            let Call { call, ok, failed, limit } = call;
            let mut text = format!("{call} {}", times(ok + failed + limit));
            for (count, how) in [(failed, "failed"), (limit, "over a limit")] {
                if *count > 0 {
                    text += &format!(", {count} {how}");
                }
            }
            text
        };
        let how: Vec<String> = told.into_iter().chain(used.calls.iter().map(call)).collect();
        [used.scope.clone(), used.words.clone(), used.runs.to_string(), how.join("; ")]
    };
    format!("IT USED\n\n{}\n", table(["PERMISSION", "ALLOWS", "RUNS", "HOW OFTEN"], report.used.iter().map(row)))
}

fn denied(report: &Report) -> String {
    if report.denied.is_empty() {
        return String::new();
    }
    let row = |denied: &Denied| {
        let calls = if denied.calls.is_empty() { "the event itself".to_owned() } else { denied.calls.join(", ") };
        let often = format!("{} in {}", times(denied.times), many(denied.runs, "run"));
        [denied.scope.clone(), often, calls, remedy(report, denied)]
    };
    let table = table(["PERMISSION", "HOW OFTEN", "WHAT FOR", "WHAT WOULD LIFT IT"], report.denied.iter().map(row));
    format!("{}\n\n{table}\n", coloured("IT WAS DENIED", Colour::Red))
}

fn capped(report: &Report) -> String {
    if report.capped.is_empty() {
        return String::new();
    }
    let row = |capped: &Capped| {
        let often = format!("{} in {}", times(capped.times), many(capped.runs, "run"));
        [capped.scope.clone(), often, capped.calls.join(", "), capped.terms.join("; ")]
    };
    let table = table(["PERMISSION", "HOW OFTEN", "WHAT FOR", "GRANTED"], report.capped.iter().map(row));
    format!("{}\n\n{table}\n", coloured("IT WAS STOPPED BY A LIMIT", Colour::Yellow))
}

/// The host's words, or, of an app that is not installed, what can be done about it here.
fn remedy(report: &Report, denied: &Denied) -> String {
    match report.installation {
        None if denied.remedy.starts_with("grant ") => format!("--grant {}", denied.scope),
        _ => denied.remedy.replace('`', ""),
    }
}

fn unused(report: &Report) -> String {
    if report.unused.is_empty() {
        return String::new();
    }
    let row = |unused: &Unused| {
        let had = match (unused.granted, unused.required) {
            (true, true) => "had it, and says it cannot do without",
            (true, false) => "had it",
            (false, _) => "did not have it",
        };
        [unused.scope.clone(), unused.words.clone(), had.to_owned()]
    };
    let table = table(["PERMISSION", "ALLOWS", ""], report.unused.iter().map(row));
    format!("IT ASKS FOR AND NEVER USED\n\n{table}\n")
}

fn ends(report: &Report) -> String {
    let outcomes: Vec<String> = report.outcomes.iter().map(|(name, count)| format!("{count} {name}")).collect();
    let mut part = String::new();
    if report.runs > 0 {
        let Cpu { total_us, median_us, most_us } = report.cpu;
        let (all, middle, most) = (took(total_us), took(median_us), took(most_us));
        let runs = many(report.runs, "run");
        part = format!(
            "{runs}: {}\ncomputing {all} in all, {middle} in the middle, {most} at most\n",
            outcomes.join(", ")
        );
    }
    for limit in &report.limits {
        let (most, budget) = (amount(limit.most, &limit.unit), amount(limit.budget, &limit.unit));
        let text = format!("near a limit in {}: {} up to {most} of {budget}", many(limit.runs, "run"), limit.limit);
        part += &format!("{}\n", coloured(&line(&text), Colour::Yellow));
    }
    for failed in &report.failures {
        let text = format!("{} ended as {}: {}", many(failed.runs, "run"), failed.outcome, failed.error);
        part += &format!("{}\n", coloured(&line(&text), Colour::Red));
    }
    if report.log_lines > 0 {
        part += &format!("It wrote {} into its log; --json shows the first\n", many(report.log_lines, "line"));
    }
    part
}

fn amount(count: u64, unit: &str) -> String {
    match unit {
        "us" => took(i64::try_from(count).unwrap_or(i64::MAX)),
        "bytes" => format!("{:.1} MiB", count as f64 / 1_048_576.0),
        unit => format!("{count} {unit}"),
    }
}
