//! `storehand changes held`: what apps propose and a person has to decide.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::cli::client::show::{line, moment, sheet, table};
use crate::cli::client::{Client, Server, segment};
use crate::cli::{Failure, Global};

/// Which.
#[derive(clap::Args)]
pub(in crate::cli) struct Args {
    /// One of them, hld_…, with every record before and after; without it all that wait are listed
    held: Option<String>,
    /// List those that were decided: waiting, approved, rejected or lapsed
    #[arg(long, value_name = "STATE", default_value = "waiting", conflicts_with = "held")]
    state: String,
    #[command(flatten)]
    server: Server,
}

/// A change set that waits, or waited.
#[derive(Deserialize)]
struct Held {
    id: String,
    app: String,
    invocation: String,
    state: String,
    held: Vec<String>,
    scopes: Vec<String>,
    changes: i64,
    made_at: String,
    lapses_at: String,
    decided_by: Option<String>,
    decided_by_name: Option<String>,
    decided_at: Option<String>,
    reason: Option<String>,
    change_set: Option<String>,
    #[serde(default)]
    over: Vec<String>,
}

#[derive(Deserialize)]
struct Change {
    kind: String,
    id: String,
    act: String,
    before: Option<Value>,
    after: Option<Value>,
    hidden: Option<String>,
    stale: bool,
}

impl Args {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let client = self.server.connect()?;
        match &self.held {
            None => list(&client, global, &self.state),
            Some(id) => show(&client, global, id),
        }
    }
}

fn list(client: &Client, global: &Global, state: &str) -> Result<(), Failure> {
    let answer = client.get(&format!("held?limit=100&state={}", segment(state)))?;
    let items = answer.get("items").cloned().unwrap_or(Value::Null);
    global.show(&items, || {
        let items: Vec<Held> = Deserialize::deserialize(&items).unwrap_or_default();
        if items.is_empty() {
            return format!("nothing is {}", line(state));
        }
        let rows = items.into_iter().map(|one| {
            let changes = one.changes.to_string();
            [one.id, one.app, one.held.join(", "), changes, moment(&one.made_at), moment(&one.lapses_at)]
        });
        table(["HELD", "APP", "FOR", "CHANGES", "SINCE", "LAPSES"], rows) + "\n\nstorehand changes held HELD"
    })
}

fn show(client: &Client, global: &Global, id: &str) -> Result<(), Failure> {
    let place = format!("held/{}", segment(id));
    let one = client.get(&place)?;
    let changes = client.get(&format!("{place}/changes?limit=100"))?;
    let items = changes.get("items").cloned().unwrap_or(Value::Null);
    global.show(&json!({ "held": one, "changes": items }), || page(&one, &items))
}

fn page(one: &Value, changes: &Value) -> String {
    let Ok(one) = Held::deserialize(one) else { return one.to_string() };
    let changes: Vec<Change> = Deserialize::deserialize(changes).unwrap_or_default();
    let decided = one
        .decided_by_name
        .or(one.decided_by)
        .map(|by| format!("{} by {by}", one.decided_at.as_deref().map(moment).unwrap_or_default()));
    let waits = one.state == "waiting";
    let mut page = sheet(&[
        ("held", vec![one.id.clone()]),
        ("app", vec![one.app]),
        ("run", vec![one.invocation]),
        ("state", vec![one.state]),
        ("waits for", one.held),
        ("needs", one.scopes),
        ("since", vec![moment(&one.made_at)]),
        ("lapses", if waits { vec![moment(&one.lapses_at)] } else { Vec::new() }),
        ("decided", decided.into_iter().collect()),
        ("reason", one.reason.into_iter().collect()),
        ("change set", one.change_set.into_iter().collect()),
        ("goes", one.over),
    ]);
    let stale = changes.iter().any(|change| change.stale);
    for change in &changes {
        page += &told(change);
    }
    if one.changes as usize > changes.len() && !changes.is_empty() {
        page += &format!("\n… and {} more\n", one.changes as usize - changes.len());
    }
    match (waits, stale) {
        (false, _) => {}
        (true, false) => page += &format!("\nstorehand changes approve {0}\nstorehand changes reject {0}\n", one.id),
        (true, true) => {
            page += "\nRecords were changed since, so this cannot be approved as it is.\n";
            page += &format!("storehand changes rerun {0}\nstorehand changes reject {0}\n", one.id);
        }
    }
    page
}

/// One record, and of its fields those that differ.
fn told(change: &Change) -> String {
    let stale = if change.stale { " (changed since)" } else { "" };
    let mut text = format!("\n{} {} {}{stale}\n", line(&change.act), line(&change.kind), line(&change.id));
    if let Some(scope) = &change.hidden {
        return text + &format!("  hidden: needs {}\n", line(scope));
    }
    let empty = Value::Object(serde_json::Map::new());
    let (before, after) = (change.before.as_ref().unwrap_or(&empty), change.after.as_ref().unwrap_or(&empty));
    let fields =
        |value: &Value| value.as_object().map(|all| all.keys().cloned().collect::<Vec<_>>()).unwrap_or_default();
    let mut names: Vec<String> = fields(before).into_iter().chain(fields(after)).collect();
    names.sort();
    names.dedup();
    for name in names.iter().filter(|name| *name != "updated_at") {
        let (was, is) = (before.get(name), after.get(name));
        if was != is {
            let say =
                |value: Option<&Value>| value.map_or_else(|| "nothing".to_owned(), |value| line(&value.to_string()));
            text += &format!("  {}: {} -> {}\n", line(name), say(was), say(is));
        }
    }
    text
}
