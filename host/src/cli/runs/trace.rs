//! `storehand trace`: one run from trigger to end, with its host calls, its log lines and what it changed.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::cli::client::show::{Colour, coloured, line, moment, sheet, table, text, took};
use crate::cli::client::{Client, Server, segment};
use crate::cli::{Exit, Failure, Global};

/// More changes than a run makes; the rest is counted, not shown.
const CHANGES: usize = 1_000;

/// More permissions than this that a run lacked are listed only when asked for.
const FEW: usize = 3;

/// Which run.
#[derive(clap::Args)]
pub(in crate::cli) struct Args {
    /// The run's id, inv_…
    invocation: String,
    /// List each permission it lacked, with what grants it
    #[arg(long)]
    denied: bool,
    /// Show what each call was asked and what it answered, as far as you may make that call yourself
    #[arg(long)]
    calls: bool,
    #[command(flatten)]
    server: Server,
}

impl Args {
    pub(in crate::cli) fn run(self, global: &Global) -> Result<(), Failure> {
        let traced = Traced::read(&self.server.connect()?, &self.invocation)?;
        global.show(&traced.run, || traced.shown(self.denied, self.calls))
    }
}

#[derive(Deserialize)]
struct Run {
    id: String,
    installation: String,
    app: String,
    version: String,
    trigger: String,
    topic: Option<String>,
    record: Option<String>,
    outcome: String,
    on_behalf_of: Option<String>,
    on_behalf_of_name: Option<String>,
    attempt: i64,
    started_at: String,
    wall_us: i64,
    cpu_us: i64,
    host_calls: i64,
    changes: i64,
    error: Option<String>,
    held: Option<String>,
    proposal: Option<Held>,
    calls: Vec<Call>,
    denials: Vec<Call>,
    log: Vec<Line>,
    dropped_lines: u64,
}

/// What a run proposed and a person has to decide, or has decided.
#[derive(Deserialize)]
struct Held {
    id: String,
    state: String,
    held: Vec<String>,
    changes: i64,
    lapses_at: String,
    decided_by: Option<String>,
    decided_by_name: Option<String>,
    decided_at: Option<String>,
    reason: Option<String>,
    change_set: Option<String>,
}

#[derive(Deserialize)]
struct Call {
    call: String,
    scope: Option<String>,
    outcome: String,
    at_us: i64,
    took_us: i64,
    record: Option<String>,
    asked: Option<String>,
    answered: Option<String>,
}

#[derive(Deserialize)]
struct Line {
    level: String,
    text: String,
}

/// A record before and after.
#[derive(Deserialize)]
pub(in crate::cli) struct Change {
    kind: String,
    id: String,
    act: String,
    before: Option<Value>,
    after: Option<Value>,
    hidden: Option<String>,
}

impl Change {
    /// Whether both changed the same record.
    pub(in crate::cli) fn is_of_same_record(&self, other: &Change) -> bool {
        (&self.kind, &self.id) == (&other.kind, &other.id)
    }
}

/// A run as the host tells it, and what it changed.
pub(super) struct Traced {
    /// The run, with the changes as `changed`.
    pub(super) run: Value,
    changes: Vec<Value>,
    /// Why the changes cannot be seen, if they cannot.
    unseen: Option<String>,
}

impl Traced {
    /// Reads a run. Who may not see the change journal, or what waits for a person, sees the rest all the same, and is
    /// told so.
    pub(super) fn read(client: &Client, id: &str) -> Result<Traced, Failure> {
        let mut run = client.get(&format!("invocations/{}", segment(id)))?;
        let changes = match run.get("change_set").and_then(Value::as_str) {
            Some(set) => client.list(&format!("journal/{}/changes", segment(set)), &[], CHANGES),
            None => Ok(Vec::new()),
        };
        let (changes, unseen) = match changes {
            Ok(changes) => (changes, None),
            Err(failure) if failure.exit() == Exit::NotPermitted => (Vec::new(), Some(failure.to_string())),
            Err(failure) => return Err(failure),
        };
        let proposal = match run.get("held_set").and_then(Value::as_str) {
            Some(held) => client.get(&format!("held/{}", segment(held))),
            None => Ok(Value::Null),
        };
        let proposal = match proposal {
            Err(failure) if failure.exit() == Exit::NotPermitted => Value::Null,
            proposal => proposal?,
        };
        if let Some(fields) = run.as_object_mut() {
            fields.insert("changed".to_owned(), json!(changes));
            fields.insert("proposal".to_owned(), proposal);
        }
        Ok(Traced { run, changes, unseen })
    }

    /// How it ended.
    pub(super) fn outcome(&self) -> &str {
        self.run.get("outcome").and_then(Value::as_str).unwrap_or("unknown")
    }

    /// All of it for a person.
    pub(super) fn page(&self) -> String {
        self.shown(false, false)
    }

    /// The same, with each permission that was lacking, and with what calls were asked, if they are asked for.
    fn shown(&self, denied: bool, asked: bool) -> String {
        page(&self.run, &self.changes, self.unseen.as_deref(), (denied, asked))
    }
}

/// The id of a run.
pub(super) fn id(run: &Value) -> &str {
    run.get("id").and_then(Value::as_str).unwrap_or_default()
}

fn page(run: &Value, changes: &[Value], unseen: Option<&str>, (denied, asked): (bool, bool)) -> String {
    let Ok(run) = Run::deserialize(run) else { return run.to_string() };
    let mut page = head(&run);
    if !run.calls.is_empty() {
        page += &format!("\n{}\n", calls(&run));
    }
    if asked {
        page += &format!("\n{}\n", asked_of(&run));
    }
    for remedy in remedies(&run, denied) {
        page += &format!("\n{remedy}\n");
    }
    if !run.log.is_empty() {
        page += "\nLOG\n";
        for entry in &run.log {
            page += &format!("{:<6} {}\n", line(&entry.level), text(&entry.text).replace('\n', "\n       "));
        }
    }
    if run.dropped_lines > 0 {
        page += &format!("{} more lines were dropped: there were too many\n", run.dropped_lines);
    }
    let changes: Vec<Change> = changes.iter().filter_map(|change| Change::deserialize(change).ok()).collect();
    if !changes.is_empty() {
        page += &format!("\n{}\n", table(["CHANGED", "RECORD", "WHAT"], changes.iter().map(changed)));
    }
    if let Some(why) = unseen {
        page += &format!("\nit changed {} records, which you may not see: {why}\n", run.changes);
    }
    page
}

fn head(run: &Run) -> String {
    let colour = match run.outcome.as_str() {
        "ok" => Colour::Green,
        "denied" | "not_handled" => Colour::Yellow,
        _ => Colour::Red,
    };
    let trigger = run.topic.as_deref().unwrap_or(&run.trigger);
    let trigger = match &run.record {
        Some(record) => format!("{trigger} of {record}"),
        None => trigger.to_owned(),
    };
    let attempt = if run.attempt > 1 { format!(", attempt {}", run.attempt) } else { String::new() };
    let rows = sheet(&[
        ("run", vec![run.id.clone()]),
        ("trigger", vec![format!("{trigger}{attempt}")]),
        ("for", run.on_behalf_of_name.iter().chain(run.on_behalf_of.iter()).take(1).cloned().collect()),
        ("at", vec![moment(&run.started_at)]),
        ("took", vec![format!("{}, {} of them computing", took(run.wall_us), took(run.cpu_us))]),
        ("why", run.error.iter().cloned().collect()),
        ("held", run.proposal.as_ref().map(waited).or(run.held.as_deref().map(unseen)).into_iter().collect()),
    ]);
    let outcome = coloured(&line(&run.outcome), colour);
    format!("{} {}: {outcome}\n\n{rows}", line(&run.app), line(&run.version))
}

/// The same for whoever may not see what was proposed.
fn unseen(state: &str) -> String {
    match state {
        "waiting" => "its changes wait for a person; `changes:approve` shows which".to_owned(),
        state => format!("its changes waited for a person; {state}; `changes:approve` shows which"),
    }
}

/// Where what a run proposed stands, as a sentence.
fn waited(held: &Held) -> String {
    let Held { id, state, changes, .. } = held;
    let many = if *changes == 1 { "1 change".to_owned() } else { format!("{changes} changes") };
    let when = held.decided_at.as_deref().map(moment).unwrap_or_default();
    let who = held.decided_by_name.as_deref().or(held.decided_by.as_deref()).unwrap_or("somebody");
    match state.as_str() {
        "waiting" => {
            let (scopes, until) = (held.held.join(", "), moment(&held.lapses_at));
            format!(
                "{many} made with {scopes}: waiting for a person until {until}; `storehand changes held {id}` shows \
                 what, `storehand changes approve {id}` does it"
            )
        }
        "approved" => {
            let set = held.change_set.as_deref().unwrap_or_default();
            format!("{many} waited for a person; approved by {who}, {when}, and done as {set}")
        }
        "rejected" => {
            let reason = held.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
            format!("{many} waited for a person; rejected by {who}, {when}{reason}; nothing was done")
        }
        _ => format!("{many} waited for a person; nobody decided by {when}, and nothing was done"),
    }
}

fn calls(run: &Run) -> String {
    // Denials beyond the first hundred calls stand behind them.
    let last = run.calls.last().map_or(0, |call| call.at_us);
    let late = run.denials.iter().filter(|call| run.calls.len() >= 100 && call.at_us > last);
    let rows = run.calls.iter().chain(late).map(|call| {
        let scope = call.scope.clone().unwrap_or_else(|| "-".to_owned());
        let record = call.record.clone().unwrap_or_else(|| "-".to_owned());
        [took(call.at_us), call.call.clone(), scope, record, call.outcome.clone(), took(call.took_us)]
    });
    let mut text = table(["AT", "CALL", "SCOPE", "RECORD", "OUTCOME", "TOOK"], rows);
    if run.host_calls > run.calls.len() as i64 {
        text += &format!(
            "\n{} calls in all; only the first {} and the first 100 denials are recorded",
            run.host_calls,
            run.calls.len()
        );
    }
    text
}

/// What calls were asked and what they answered, a line each.
fn asked_of(run: &Run) -> String {
    let told = run.calls.iter().filter(|call| call.asked.is_some() || call.answered.is_some());
    let lines: Vec<String> = told
        .map(|call| {
            let asked = call.asked.as_deref().unwrap_or_default();
            let answered = call.answered.as_ref().map(|answer| format!(" → {answer}")).unwrap_or_default();
            line(&format!("{}({asked}){answered}", call.call))
        })
        .collect();
    match lines.is_empty() {
        false => lines.join("\n"),
        true => "What calls were asked is recorded of runs that changed, missed or were denied something, and of ten others \
            of an app a minute, and shown to those who hold the permission that the call needs."
            .to_owned(),
    }
}

/// What would lift the denials: once per scope, or where to find that, if they are more than a few and not asked for.
fn remedies(run: &Run, all: bool) -> Vec<String> {
    let mut scopes: Vec<&str> = run.denials.iter().filter_map(|call| call.scope.as_deref()).collect();
    scopes.sort_unstable();
    scopes.dedup();
    if scopes.len() > FEW && !all {
        return vec![line(&format!(
            "It tried {} things you did not allow; `storehand trace {} --denied` lists them.",
            run.denials.len(),
            run.id
        ))];
    }
    let both = match run.on_behalf_of {
        Some(_) => "; the run was for a person, who must hold it too",
        None => "",
    };
    let line_of = |scope: &str| {
        let count = run.denials.iter().filter(|call| call.scope.as_deref() == Some(scope)).count();
        let times = if count == 1 { "once".to_owned() } else { format!("{count} times") };
        let app = if run.app.is_empty() { &run.installation } else { &run.app };
        line(&format!("{scope} was denied {times}: `storehand grants allow {app} {scope}` grants it{both}"))
    };
    scopes.into_iter().map(line_of).collect()
}

/// A row about one record: what became of which of its fields.
pub(in crate::cli) fn changed(change: &Change) -> [String; 3] {
    let what = match (&change.hidden, &change.before, &change.after) {
        (Some(scope), ..) => format!("hidden: it needs {scope}"),
        (None, Some(Value::Object(before)), Some(Value::Object(after))) => {
            let names = after.keys().chain(before.keys().filter(|name| !after.contains_key(*name)));
            let differs = names.filter(|name| *name != "updated_at" && before.get(*name) != after.get(*name));
            let words = |name: &String| format!("{name}: {} → {}", brief(before.get(name)), brief(after.get(name)));
            differs.map(words).collect::<Vec<_>>().join(", ")
        }
        _ => String::new(),
    };
    [change.act.clone(), format!("{} {}", change.kind, change.id), what]
}

/// A value in a few characters.
fn brief(value: Option<&Value>) -> String {
    let text = value.map_or_else(|| "-".to_owned(), Value::to_string);
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_told_by_the_fields_that_differ() {
        let change = Change {
            kind: "order".to_owned(),
            id: "ord_1".to_owned(),
            act: "changed".to_owned(),
            before: Some(json!({"tags": [], "status": "open", "updated_at": "a"})),
            after: Some(json!({"tags": ["big"], "status": "open", "updated_at": "b"})),
            hidden: None,
        };
        assert_eq!(changed(&change)[2], "tags: [] → [\"big\"]");
    }

    #[test]
    fn a_long_value_is_cut_off() {
        let long = Value::String("ü".repeat(500));
        assert_eq!(brief(Some(&long)).chars().count(), 61);
    }
}
