//! `storehand plans` (the operator's), `storehand plan` and `storehand store` (an owner's): what a store may use, what it used, and
//! its end.

mod own;
pub(in crate::cli) mod store;

pub(super) use own::Verb as OwnVerb;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::client::show::{moment, sheet, table};
use super::client::{Server, segment};
use super::{Failure, Global};

/// What to do with the plans of a host.
#[derive(clap::Subcommand)]
pub(super) enum Verb {
    /// List plans, and what each allows
    List(Host),
    /// Make a plan
    Make(Make),
    /// Change a plan, for every store that has it; what is not named stays
    Change(Change),
    /// Delete a plan that no store has
    Delete(Delete),
    /// Give a store a plan
    Give(Give),
    /// List what owners ask for
    Requests(Host),
    /// Accept what an owner asks for: the store has the plan from now on
    Accept(Decide),
    /// Decline what an owner asks for
    Decline(Decide),
}

/// Which host.
#[derive(clap::Args)]
pub(super) struct Host {
    #[command(flatten)]
    server: Server,
}

/// What a plan allows. `none` takes a bound away.
#[derive(clap::Args)]
struct Bounds {
    /// Apps that are installed
    #[arg(long, value_name = "N|none", value_parser = bound)]
    apps: Option<Bound>,
    /// People, owners among them
    #[arg(long, value_name = "N|none", value_parser = bound)]
    people: Option<Bound>,
    /// Runs of apps in a month; checkout goes on
    #[arg(long, value_name = "N|none", value_parser = bound)]
    runs: Option<Bound>,
    /// Runs of apps at once, on each host; checkout has no part in it
    #[arg(long, value_name = "N|none", value_parser = bound)]
    runs_at_once: Option<Bound>,
    /// Seconds of processor time in a month; checkout goes on
    #[arg(long, value_name = "N|none", value_parser = bound)]
    cpu_seconds: Option<Bound>,
    /// MiB an app may write in a day
    #[arg(long, value_name = "N|none", value_parser = bound)]
    mib_per_day: Option<Bound>,
    /// Days for which runs may be retained
    #[arg(long, value_name = "N|none", value_parser = bound)]
    usage_days: Option<Bound>,
    /// Days for which changes may be retained
    #[arg(long, value_name = "N|none", value_parser = bound)]
    journal_days: Option<Bound>,
}

/// A number, or that there is none.
#[derive(Debug, Clone, Copy)]
struct Bound(Option<i64>);

fn bound(text: &str) -> Result<Bound, String> {
    match text {
        "none" => Ok(Bound(None)),
        _ => text.parse().map(|n| Bound(Some(n))).map_err(|_| "a whole number, or `none`".to_owned()),
    }
}

impl Bounds {
    /// Those that were named, over what there is.
    fn over(&self, before: Option<&Value>) -> Value {
        let mut bounds = before.and_then(Value::as_object).cloned().unwrap_or_else(Map::new);
        for (name, value) in [
            ("apps", self.apps),
            ("people", self.people),
            ("runs", self.runs),
            ("runs_at_once", self.runs_at_once),
            ("cpu_seconds", self.cpu_seconds),
            ("mib_per_day", self.mib_per_day),
            ("usage_days", self.usage_days),
            ("journal_days", self.journal_days),
        ] {
            if let Some(Bound(value)) = value {
                bounds.insert(name.to_owned(), json!(value));
            }
        }
        Value::Object(bounds)
    }
}

/// What is made.
#[derive(clap::Args)]
pub(super) struct Make {
    /// Its name: 3 to 40 of a-z, 0-9 and hyphens
    name: String,
    /// What people read; its name, if not given
    #[arg(long)]
    title: Option<String>,
    #[command(flatten)]
    bounds: Bounds,
    /// Every store has it that is given no other
    #[arg(long)]
    standard: bool,
    /// Owners cannot ask for it
    #[arg(long)]
    hidden: bool,
    #[command(flatten)]
    server: Server,
}

/// What is deleted.
#[derive(clap::Args)]
pub(super) struct Delete {
    /// The plan's name
    name: String,
    #[command(flatten)]
    server: Server,
}

/// What is changed.
#[derive(clap::Args)]
pub(super) struct Change {
    /// The plan's name
    name: String,
    /// What people read
    #[arg(long)]
    title: Option<String>,
    #[command(flatten)]
    bounds: Bounds,
    /// Whether every store has it that is given no other
    #[arg(long, value_name = "yes|no", value_parser = yes_or_no)]
    standard: Option<bool>,
    /// Whether owners can ask for it
    #[arg(long, value_name = "yes|no", value_parser = yes_or_no)]
    offered: Option<bool>,
    #[command(flatten)]
    server: Server,
}

fn yes_or_no(text: &str) -> Result<bool, String> {
    match text {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err("say `yes` or `no`".to_owned()),
    }
}

/// Which store has which.
#[derive(clap::Args)]
pub(super) struct Give {
    /// The store's id
    id: String,
    /// The plan's name; the standard one, if not given
    plan: Option<String>,
    #[command(flatten)]
    server: Server,
}

/// Whose request is decided on.
#[derive(clap::Args)]
pub(super) struct Decide {
    /// The store's id
    id: String,
    /// A word to its owner
    #[arg(long, value_name = "TEXT")]
    word: Option<String>,
    #[command(flatten)]
    server: Server,
}

#[derive(Deserialize)]
struct Row {
    name: String,
    title: String,
    bounds: Value,
    standard: bool,
    offered: bool,
    stores: i64,
}

#[derive(Deserialize)]
struct Asked {
    store: String,
    store_name: String,
    has: Option<String>,
    plan: String,
    note: String,
    asked_at: String,
}

impl Verb {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        match self {
            Verb::List(Host { server }) => {
                let plans = server.connect_to_host()?.list("plans", &[], 1_000)?;
                global.show(&plans, || listed(&plans))
            }
            Verb::Make(Make { name, title, bounds, standard, hidden, server }) => {
                let title = title.unwrap_or_else(|| name.clone());
                let body = json!({ "name": name, "title": title, "bounds": bounds.over(None), "standard": standard,
                    "offered": !hidden });
                let made = server.connect_to_host()?.post("plans", &body)?;
                global.show(&made, || format!("{name} is made: {}", allows(made.get("bounds"))))
            }
            Verb::Change(Change { name, title, bounds, standard, offered, server }) => {
                let client = server.connect_to_host()?;
                let path = format!("plans/{}", segment(&name));
                let before = client.get(&path)?;
                let of = |key: &str| before.get(key).cloned().unwrap_or_default();
                let body = json!({
                    "title": title.map_or_else(|| of("title"), Value::String),
                    "bounds": bounds.over(before.get("bounds")),
                    "standard": standard.map_or_else(|| of("standard"), Value::Bool),
                    "offered": offered.map_or_else(|| of("offered"), Value::Bool),
                });
                let changed = client.put(&path, &body)?;
                global.show(&changed, || {
                    let allows = allows(changed.get("bounds"));
                    format!("{name} allows from now on: {allows}; what is over it already stays")
                })
            }
            Verb::Delete(Delete { name, server }) => {
                server.connect_to_host()?.delete(&format!("plans/{}", segment(&name)))?;
                global.show(&json!({ "plan": name, "deleted": true }), || format!("{name} is deleted"))
            }
            Verb::Give(Give { id, plan, server }) => {
                let path = format!("stores/{}/plan/give", segment(&id));
                server.connect_to_host()?.post(&path, &json!({ "plan": plan }))?;
                let data = json!({ "store": id, "plan": plan });
                global
                    .show(&data, || format!("{id} has {} from now on", plan.as_deref().unwrap_or("the standard plan")))
            }
            Verb::Requests(Host { server }) => {
                let requests = server.connect_to_host()?.list("plan-requests", &[], 1_000)?;
                global.show(&requests, || asked(&requests))
            }
            Verb::Accept(decide) => decide.run(global, "accept", "has the plan it asked for"),
            Verb::Decline(decide) => decide.run(global, "decline", "retains the plan it has"),
        }
    }
}

impl Decide {
    fn run(self, global: &Global, verb: &str, told: &str) -> Result<(), Failure> {
        let Decide { id, word, server } = self;
        let path = format!("stores/{}/plan/{verb}", segment(&id));
        server.connect_to_host()?.post(&path, &json!({ "word": word }))?;
        global.show(&json!({ "store": id, "decided": verb, "word": word }), || format!("{id} {told}"))
    }
}

/// What a plan allows, in words; of what it bounds alone.
fn allows(bounds: Option<&Value>) -> String {
    let of = |name: &str| bounds.and_then(|bounds| bounds.get(name)).and_then(Value::as_i64);
    let words: Vec<String> = [
        ("apps", "apps"),
        ("people", "people"),
        ("runs", "runs a month"),
        ("runs_at_once", "of its runs at once"),
        ("cpu_seconds", "s of processor a month"),
        ("mib_per_day", "MiB an app and day"),
        ("usage_days", "days of runs"),
        ("journal_days", "days of changes"),
    ]
    .into_iter()
    .filter_map(|(name, words)| of(name).map(|n| format!("{n} {words}")))
    .collect();
    if words.is_empty() { "as much as the host allows every store".to_owned() } else { words.join(", ") }
}

fn listed(plans: &[Value]) -> String {
    if plans.is_empty() {
        return "there is no plan: every store has what the host allows; `storehand plans make` makes one".to_owned();
    }
    let rows = plans.iter().filter_map(|plan| Row::deserialize(plan).ok()).map(|plan| {
        let mut marks = Vec::new();
        marks.extend(plan.standard.then_some("standard"));
        marks.extend((!plan.offered).then_some("hidden"));
        [plan.name, plan.title, allows(Some(&plan.bounds)), plan.stores.to_string(), marks.join(", ")]
    });
    table(["NAME", "TITLE", "ALLOWS", "GIVEN TO", "MARKS"], rows)
}

fn asked(requests: &[Value]) -> String {
    if requests.is_empty() {
        return "no owner asks for another plan".to_owned();
    }
    let rows = requests.iter().filter_map(|one| Asked::deserialize(one).ok()).map(|one| {
        let has = one.has.unwrap_or_else(|| "none".to_owned());
        [one.store_name, format!("{has} → {}", one.plan), one.note, moment(&one.asked_at), one.store]
    });
    table(["NAME", "PLAN", "WHY", "ASKED", "STORE"], rows)
}

/// Lines of what is used and what is allowed.
fn used(rows: &[(&str, i64, Option<i64>)]) -> String {
    let of = |used: i64, most: Option<i64>| match most {
        Some(most) => format!("{used} of {most}"),
        None => used.to_string(),
    };
    let rows: Vec<_> = rows.iter().map(|(name, n, most)| (*name, vec![of(*n, *most)])).collect();
    sheet(&rows)
}
