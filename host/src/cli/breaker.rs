//! `storehand breaker`: the circuit breaker, which pauses what keeps failing.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::client::show::{line, sheet};
use super::client::{Server, segment};
use super::{Failure, Global};

/// What to do with the circuit breaker.
#[derive(clap::Subcommand)]
pub(super) enum Verb {
    /// Let an app run again that the circuit breaker paused
    Close(Close),
    /// Show how the circuit breaker is set (operator)
    Show(Show),
    /// Set what the circuit breaker does, and from when on (operator)
    Set(Set),
}

/// Which app.
#[derive(clap::Args)]
pub(super) struct Close {
    /// The app: its id, its short name or its installation
    app: String,
    #[command(flatten)]
    server: Server,
}

/// Which host.
#[derive(clap::Args)]
pub(super) struct Show {
    #[command(flatten)]
    server: Server,
}

/// What to set; what is not given stays.
#[derive(clap::Args)]
pub(super) struct Set {
    /// What it does with an app that keeps failing in a store
    #[arg(long, value_parser = ["off", "report", "act"])]
    apps: Option<String>,
    /// What it does with a version that keeps failing in several stores
    #[arg(long, value_parser = ["off", "report", "act"])]
    versions: Option<String>,
    /// From so many runs on
    #[arg(long, value_name = "N")]
    runs: Option<i64>,
    /// And such a percentage of them that failed
    #[arg(long, value_name = "N")]
    percent: Option<i64>,
    /// Within so many minutes
    #[arg(long, value_name = "N")]
    minutes: Option<i64>,
    /// Seconds until it is tried again; each time in a row doubles it
    #[arg(long, value_name = "SECONDS")]
    cooldown: Option<i64>,
    /// So many runs are let through then
    #[arg(long, value_name = "N")]
    trials: Option<i64>,
    #[command(flatten)]
    server: Server,
}

#[derive(Deserialize)]
struct Settings {
    apps: String,
    versions: String,
    runs: i64,
    percent: i64,
    minutes: i64,
    cooldown: i64,
    trials: i64,
}

impl Verb {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        match self {
            Verb::Close(Close { app, server }) => {
                let client = server.connect()?;
                let installed = client.installed(&app)?;
                let path = format!("installations/{}/breaker/close", segment(&installed.id));
                let done = client.post(&path, &json!({}))?;
                let closed = done.get("closed").and_then(Value::as_bool).unwrap_or_default();
                global.show(&done, || match closed {
                    true => format!("{} runs again, and is counted anew", line(&app)),
                    false => format!("the circuit breaker has not paused {}", line(&app)),
                })
            }
            Verb::Show(Show { server }) => {
                let set = server.connect_to_host()?.get("breaker")?;
                global.show(&set, || page(&set))
            }
            Verb::Set(set) => set.run(global),
        }
    }
}

impl Set {
    fn run(self, global: &Global) -> Result<(), Failure> {
        let numbers = [
            ("runs", self.runs),
            ("percent", self.percent),
            ("minutes", self.minutes),
            ("cooldown", self.cooldown),
            ("trials", self.trials),
        ];
        let modes = [("apps", self.apps), ("versions", self.versions)];
        let numbers = numbers.into_iter().filter_map(|(name, n)| Some((name.to_owned(), Value::from(n?))));
        let modes = modes.into_iter().filter_map(|(name, mode)| Some((name.to_owned(), Value::from(mode?))));
        let body: Map<String, Value> = numbers.chain(modes).collect();
        if body.is_empty() {
            return Err(Failure::usage("name what to set, for example --apps report"));
        }
        let set = self.server.connect_to_host()?.patch("breaker", &Value::Object(body))?;
        global.show(&set, || page(&set))
    }
}

fn page(set: &Value) -> String {
    let Ok(set) = Settings::deserialize(set) else { return set.to_string() };
    let does = |mode: &str| match mode {
        "act" => "paused".to_owned(),
        "report" => "only reported".to_owned(),
        "off" => "left alone".to_owned(),
        other => other.to_owned(),
    };
    let trips = format!("at {} runs of which {} % failed, within {} minutes", set.runs, set.percent, set.minutes);
    let again = format!("after {} s with {} runs; each time in a row doubles the wait", set.cooldown, set.trials);
    sheet(&[
        ("an app in a store", vec![does(&set.apps)]),
        ("a version everywhere", vec![does(&set.versions)]),
        ("trips", vec![trips]),
        ("tried again", vec![again]),
    ])
}
