//! `storehand plan`: what a store may use, what it used, and asking for another plan.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{allows, used};
use crate::cli::client::show::{line, moment, table};
use crate::cli::client::{Form, Server};
use crate::cli::{Failure, Global};

/// What an owner does with the plan of their store.
#[derive(clap::Subcommand)]
pub(in crate::cli) enum Verb {
    /// Show the plan, and what was used of it in this month
    Show(Show),
    /// Ask the operator of the host for another plan
    Ask(Ask),
    /// Withdraw what was asked for
    Withdraw(Show),
    /// Show what each app came to in a month
    Statement(Statement),
}

/// Of which store.
#[derive(clap::Args)]
pub(in crate::cli) struct Show {
    #[command(flatten)]
    server: Server,
}

/// Which plan, and why.
#[derive(clap::Args)]
pub(in crate::cli) struct Ask {
    /// The plan's name; `storehand plan show` lists those there are
    plan: String,
    /// Why, for the operator
    #[arg(long, value_name = "TEXT", default_value = "")]
    note: String,
    #[command(flatten)]
    server: Server,
}

/// Which month, and how.
#[derive(clap::Args)]
pub(in crate::cli) struct Statement {
    /// The month, as in 2026-11; the present one, if not given
    #[arg(long, value_name = "YYYY-MM")]
    month: Option<String>,
    /// Comma-separated values, for a spreadsheet
    #[arg(long)]
    csv: bool,
    #[command(flatten)]
    server: Server,
}

#[derive(Deserialize)]
struct Now {
    title: Option<String>,
    bounds: Value,
    used: Used,
    time_zone: String,
    offered: Vec<Offered>,
    request: Option<Request>,
}

#[derive(Deserialize)]
struct Used {
    month: String,
    renews_at: String,
    apps: i64,
    people: i64,
    runs: i64,
    checkout_runs: i64,
    cpu_seconds: i64,
}

#[derive(Deserialize)]
struct Offered {
    name: String,
    title: String,
    bounds: Value,
}

#[derive(Deserialize)]
struct Request {
    plan: String,
    state: String,
    word: Option<String>,
}

#[derive(Deserialize)]
struct Line {
    app: String,
    runs: i64,
    checkout_runs: i64,
    cpu_ms: i64,
    bytes: u64,
    changes: i64,
}

impl Verb {
    pub(in crate::cli) fn run(self, global: &Global) -> Result<(), Failure> {
        match self {
            Verb::Show(Show { server }) => {
                let plan = server.connect()?.get("plan")?;
                global.show(&plan, || page(&plan))
            }
            Verb::Ask(Ask { plan, note, server }) => {
                let asked = server.connect()?.post("plan/request", &json!({ "plan": plan, "note": note }))?;
                global.show(&asked, || format!("the operator of the host was asked for {plan}"))
            }
            Verb::Withdraw(Show { server }) => {
                server.connect()?.delete("plan/request")?;
                global.show(&json!({ "request": null }), || "nothing is asked for any more".to_owned())
            }
            Verb::Statement(Statement { month, csv, server }) => {
                let (client, query) = (server.connect()?, [("month", month.as_deref())]);
                if csv {
                    return client.copy("statement", &query, Form::Csv);
                }
                let lines = client.list("statement", &query, 10_000)?;
                global.show(&lines, || statement(&lines))
            }
        }
    }
}

fn page(plan: &Value) -> String {
    let Ok(Now { title, bounds, used: now, time_zone, offered, request }) = Now::deserialize(plan) else {
        return plan.to_string();
    };
    let most = |name: &str| bounds.get(name).and_then(Value::as_i64);
    let mut text = match &title {
        Some(title) => format!("plan {}: {}\n", line(title), allows(Some(&bounds))),
        None => "no plan: the store has what the host allows every store\n".to_owned(),
    };
    text += &format!("\n{} ({time_zone}), until {}\n", now.month, moment(&now.renews_at));
    text += &used(&[
        ("runs", now.runs, most("runs")),
        ("of them at checkout", now.checkout_runs, None),
        ("seconds of processor", now.cpu_seconds, most("cpu_seconds")),
        ("apps", now.apps, most("apps")),
        ("people", now.people, most("people")),
    ]);
    if let Some(Request { plan, state, word }) = &request {
        let word = word.as_ref().map(|word| format!(": {}", line(word))).unwrap_or_default();
        text += &format!("\nasked for {plan}: {state}{word}\n");
    }
    for Offered { name, title, bounds } in &offered {
        text += &format!("\n`storehand plan ask {name}`: {}: {}", line(title), allows(Some(bounds)));
    }
    text
}

fn statement(lines: &[Value]) -> String {
    if lines.is_empty() {
        return "no app ran in that month".to_owned();
    }
    let rows = lines.iter().filter_map(|one| Line::deserialize(one).ok()).map(|one| {
        let bytes = indicatif::HumanBytes(one.bytes).to_string();
        let cpu = format!("{}.{:03} s", one.cpu_ms / 1_000, one.cpu_ms % 1_000);
        [one.app, one.runs.to_string(), one.checkout_runs.to_string(), cpu, bytes, one.changes.to_string()]
    });
    table(["APP", "RUNS", "AT CHECKOUT", "PROCESSOR", "WRITTEN", "CHANGES"], rows)
}
