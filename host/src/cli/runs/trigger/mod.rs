//! `storehand app trigger`: makes an app run, the way it runs in earnest. Nothing is simulated: something really
//! happens in the store, the host tells the app, and the run is shown.

mod cause;
mod store;

use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::{Value, json};

use super::trace::{self, Traced};
use crate::cli::app::project::Project;
use crate::cli::client::show::line;
use crate::cli::client::{Client, Installed, Server, segment};
use crate::cli::{Failure, Global};
use crate::db::Topic;

/// How often to look whether the run is there.
const LOOK: Duration = Duration::from_millis(200);

/// What should make the app run.
#[derive(clap::Args)]
pub(in crate::cli) struct Args {
    /// What should happen, for example orders/created; `storehand help topics` lists them [default: the first topic it
    /// listens to]
    #[arg(conflicts_with = "action")]
    topic: Option<Topic>,
    /// The app: its id, its short name or its installation [default: the app of the folder you are in]
    #[arg(long)]
    app: Option<String>,
    /// Press this button of the app instead
    #[arg(long, value_name = "ID", requires = "record")]
    action: Option<String>,
    /// The record it happens to; without it, a sample is made
    #[arg(long, value_name = "ID")]
    record: Option<String>,
    /// Seconds to wait for the run
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3_600), value_name = "SECONDS")]
    wait: u64,
    #[command(flatten)]
    server: Server,
}

/// What an installation says about what can make it run.
#[derive(Deserialize)]
struct Listens {
    state: String,
    stopped: Option<String>,
    topics: Vec<String>,
    schedules: Vec<Scheduled>,
    actions: Vec<Button>,
    not_granted: Vec<String>,
}

#[derive(Deserialize)]
struct Scheduled {
    cron: String,
}

#[derive(Deserialize)]
struct Button {
    id: String,
}

impl Args {
    pub(in crate::cli) fn run(self, global: &Global) -> Result<(), Failure> {
        let client = self.server.connect()?;
        let app = match &self.app {
            Some(app) => app.clone(),
            None => of_folder()?,
        };
        let installed = client.installed(&app)?;
        match (self.topic, self.action, self.record) {
            (None, Some(action), Some(record)) => press(global, &client, &installed, &action, &record),
            (topic, None, record) => {
                let (wait, listens) = (Duration::from_secs(self.wait), Listens::read(&client, &installed)?);
                let first = || listens.topics.first().and_then(|topic| topic.parse().ok());
                let topic = topic.or_else(first).ok_or_else(|| instead(&installed.app, None, &listens))?;
                happen(global, &client, &installed, (topic, &listens), record.as_deref(), wait)
            }
            _ => Err(Failure::usage("name a topic, or an action and its record")),
        }
    }
}

/// The app of the folder the command runs in.
fn of_folder() -> Result<String, Failure> {
    match Path::new("app.toml").is_file() {
        true => Ok(Project::open(Path::new("."))?.manifest.id.to_string()),
        false => Err(Failure::usage("say which app: --app APP").help("or run this in the app's folder")),
    }
}

/// Presses a button.
fn press(global: &Global, client: &Client, installed: &Installed, action: &str, record: &str) -> Result<(), Failure> {
    let path = format!("installations/{}/actions/{}", segment(&installed.id), segment(action));
    let ran = client.post(&path, &json!({"record": record}))?;
    let id = ran.get("invocation").and_then(Value::as_str).unwrap_or_default();
    tell(global, client, id, &[format!("pressed `{action}` on {record}")])
}

/// Makes something happen, and waits until the app has run because of it.
fn happen(
    global: &Global,
    client: &Client,
    installed: &Installed,
    (topic, listens): (Topic, &Listens),
    record: Option<&str>,
    wait: Duration,
) -> Result<(), Failure> {
    listens.allows(&installed.app, topic)?;
    let query = [("installation", Some(installed.id.as_str()))];
    let newest = |runs: &[Value]| runs.first().and_then(id).unwrap_or_default();
    let before = newest(&client.list("invocations", &query, 1)?);
    let happened = cause::cause(client, &installed.app, topic, record)?;
    if !global.json {
        happened.done.iter().for_each(|done| eprintln!("{}", line(done)));
    }
    let since = Instant::now();
    while since.elapsed() < wait {
        sleep(LOOK);
        let runs = client.list("invocations", &query, 50)?;
        let is = |run: &&Value, name: &str, text: &str| run.get(name).and_then(Value::as_str) == Some(text);
        // Ids sort by the time they were made; the first attempt is the last of the list.
        let mine = runs.iter().filter(|run| id(run).is_some_and(|id| id > before));
        let mut mine = mine.filter(|run| is(run, "topic", topic.name()) && is(run, "record", &happened.record));
        if let Some(run) = mine.next_back().and_then(id) {
            return tell(global, client, &run, &happened.done);
        }
    }
    Err(Failure::failed(format!("`{}` has not run for {topic} of {} within {wait:?}", installed.app, happened.record))
        .help(format!(
            "`storehand apps show {}` says what waits, `storehand logs {} -f` what runs",
            installed.app, installed.app
        )))
}

fn id(run: &Value) -> Option<String> {
    run.get("id").and_then(Value::as_str).map(str::to_owned)
}

impl Listens {
    fn read(client: &Client, installed: &Installed) -> Result<Listens, Failure> {
        let detail = client.get(&format!("installations/{}", segment(&installed.id)))?;
        Deserialize::deserialize(detail)
            .map_err(|error| Failure::failed(format!("the installation cannot be read: {error}")))
    }

    /// Refuses what could not make the app run, before anything in the store is touched.
    fn allows(&self, app: &str, topic: Topic) -> Result<(), Failure> {
        let Listens { state, stopped, topics, not_granted, .. } = self;
        let scope = topic.scope();
        if !topics.iter().any(|listened| listened == topic.name()) {
            return Err(instead(app, Some(topic), self));
        }
        if let Some(why) = stopped {
            return Err(Failure::failed(format!("`{app}` is stopped on this host: {}", line(why))));
        }
        if state != "active" {
            return Err(Failure::failed(format!("`{app}` is {state}")).help(format!("storehand apps resume {app}")));
        }
        if not_granted.iter().any(|lacking| lacking == scope.name()) {
            return Err(Failure::not_permitted(format!("`{app}` is not told of {topic}: it lacks {scope}"))
                .help(format!("storehand grants allow {app} {scope}")));
        }
        Ok(())
    }
}

/// An app that does not listen to a topic, with what makes it run.
fn instead(app: &str, topic: Option<Topic>, listens: &Listens) -> Failure {
    let Listens { topics, schedules, actions, .. } = listens;
    let what = topic.map_or_else(|| "anything that happens in the store".to_owned(), |topic| topic.to_string());
    let failure = Failure::failed(format!("`{app}` does not listen to {what}"));
    if let Some(other) = topics.first() {
        return failure.help(format!(
            "it listens to: {}; try `storehand app trigger {other} --app {app}`, or add the topic to its app.toml",
            topics.join(", ")
        ));
    }
    if let Some(button) = actions.first() {
        let id = &button.id;
        return failure.help(format!("it has buttons: `storehand app trigger --app {app} --action {id} --record ID`"));
    }
    if let Some(due) = schedules.first() {
        return failure.help(format!("it runs at {}: `storehand apps dry-run {app} --schedule` tries that", due.cron));
    }
    failure.help(format!(
        "it is asked at checkout: `storehand apps dry-run {app}` tries it on carts made from the store, and a storefront \
         token asks it in earnest: POST …/checkout/discounts"
    ))
}

/// Shows the run, and fails if it did not end well, so that a script sees it.
fn tell(global: &Global, client: &Client, invocation: &str, done: &[String]) -> Result<(), Failure> {
    let traced = Traced::read(client, invocation)?;
    global.show(&json!({"done": done, "run": traced.run}), || traced.page())?;
    match traced.outcome() {
        "ok" => Ok(()),
        "not_handled" => Err(Failure::failed("the app has nothing for this: it answered that it does not handle it")
            .help("a topic in app.toml needs its method in the app")),
        outcome => Err(Failure::failed(format!("the run ended as `{}`", line(outcome)))
            .help(format!("`storehand trace {}` shows it again", trace::id(&traced.run)))),
    }
}
