//! `storehand apps stop`, `start` and `stopped`: the operator of the host ends an app, or one version of it, everywhere.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::cli::client::show::{moment, table};
use crate::cli::client::{Server, segment};
use crate::cli::{Failure, Global};

/// Which app to stop everywhere, and why.
#[derive(clap::Args)]
pub(in crate::cli) struct Stop {
    /// The app's id; with @VERSION that version alone
    #[arg(value_name = "APP[@VERSION]")]
    app: String,
    /// The reason, for the owners of the stores that have it
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// The store that uploaded the app for itself; not given, it is a publisher's
    #[arg(long, value_name = "STORE")]
    uploaded_by: Option<String>,
    #[command(flatten)]
    server: Server,
}

/// Which app to let run again.
#[derive(clap::Args)]
pub(in crate::cli) struct Start {
    /// The app's id, and @VERSION if one version was stopped
    #[arg(value_name = "APP[@VERSION]")]
    app: String,
    /// The store that uploaded the app for itself; not given, it is a publisher's
    #[arg(long, value_name = "STORE")]
    uploaded_by: Option<String>,
    #[command(flatten)]
    server: Server,
}

/// Which stops to list.
#[derive(clap::Args)]
pub(in crate::cli) struct Stopped {
    /// Those that ended, too
    #[arg(long)]
    ended: bool,
    #[command(flatten)]
    server: Server,
}

/// The path of an app, and the version.
pub(super) fn named(given: &str) -> Result<(String, Option<&str>), Failure> {
    let (app, version) = match given.split_once('@') {
        Some((app, version)) => (app, Some(version)),
        None => (given, None),
    };
    let (publisher, name) = app
        .split_once('/')
        .ok_or_else(|| Failure::usage("give the whole id of the app, for example acme/order-notes"))?;
    Ok((format!("apps/{}/{}", segment(publisher), segment(name)), version))
}

/// `in 3 stores`.
pub(super) fn reached(answer: &Value) -> String {
    match answer.get("stores").and_then(Value::as_u64).unwrap_or_default() {
        1 => "in 1 store".to_owned(),
        stores => format!("in {stores} stores"),
    }
}

impl Stop {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let (path, version) = named(&self.app)?;
        let body = json!({"version": version, "store": self.uploaded_by, "reason": self.reason});
        let done = self.server.connect_to_host()?.post(&format!("{path}/stop"), &body)?;
        global.show(&done, || {
            format!(
                "{} is stopped {}: no run of it can commit anything any more\n  storehand apps start {}   lets it run again",
                self.app,
                reached(&done),
                self.app
            )
        })
    }
}

impl Start {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let (path, version) = named(&self.app)?;
        let body = json!({"version": version, "store": self.uploaded_by});
        let done = self.server.connect_to_host()?.post(&format!("{path}/start"), &body)?;
        global.show(&done, || format!("{} runs again {}, where its store has not paused it", self.app, reached(&done)))
    }
}

#[derive(Deserialize)]
struct Row {
    store: Option<String>,
    app: Option<String>,
    version: Option<String>,
    reason: String,
    stopped_by: String,
    stopped_at: String,
    ended_at: Option<String>,
}

impl Stopped {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let ended = self.ended.then_some("true");
        let stops = self.server.connect_to_host()?.list("stops", &[("ended", ended)], 10_000)?;
        global.show(&stops, || match stops.is_empty() {
            true => "nothing is stopped".to_owned(),
            false => page(&stops),
        })
    }
}

fn page(stops: &[Value]) -> String {
    let rows = stops.iter().filter_map(|stop| Row::deserialize(stop).ok()).map(|stop| {
        let what = match (stop.app, stop.version, stop.store) {
            (Some(app), version, store) => {
                let version = version.map(|version| format!("@{version}")).unwrap_or_default();
                let of = store.map(|store| format!(" of {store}")).unwrap_or_default();
                format!("{app}{version}{of}")
            }
            (None, _, store) => format!("the store {}", store.unwrap_or_default()),
        };
        let until = stop.ended_at.as_deref().map_or_else(|| "still".to_owned(), moment);
        [what, stop.reason, moment(&stop.stopped_at), until, stop.stopped_by]
    });
    table(["STOPPED", "WHY", "SINCE", "UNTIL", "BY"], rows)
}
