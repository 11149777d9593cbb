//! `storehand apps list`.

use serde::Deserialize;
use serde_json::Value;

use crate::cli::client::Server;
use crate::cli::client::show::{moment, table};
use crate::cli::{Failure, Global};

/// Which list.
#[derive(clap::Args)]
pub(in crate::cli) struct Args {
    /// List what can be installed instead: apps of the catalogue, and those this store has uploaded
    #[arg(long)]
    available: bool,
    #[command(flatten)]
    server: Server,
}

#[derive(Deserialize)]
struct Installation {
    id: String,
    app: String,
    version: String,
    state: String,
    state_reason: Option<String>,
    stopped: Option<String>,
    recalled: Option<Recalled>,
    private: bool,
    pending: Option<String>,
    #[serde(default)]
    review: i64,
    installed_at: String,
}

/// That the circuit breaker keeps an app from running, or tries it out.
#[derive(Deserialize)]
pub(super) struct Breaker {
    pub(super) failed: i64,
    pub(super) runs: i64,
    pub(super) minutes: i64,
    pub(super) until: Option<String>,
    pub(super) trials: i64,
    pub(super) max_trials: i64,
}

/// Whether it is the circuit breaker that keeps an app from running, by the reason the host gives.
pub(super) fn by_breaker(why: &str) -> bool {
    why.starts_with("the circuit breaker")
}

impl Breaker {
    /// What it does, and how to end that.
    pub(super) fn words(&self, app: &str) -> Vec<String> {
        let Breaker { failed, runs, minutes, .. } = self;
        let tripped = format!("{failed} of {runs} runs failed within {minutes} minutes");
        let now = match &self.until {
            Some(until) => format!("no run begins; it is tried again at {}", moment(until)),
            None => format!("it is being tried again: {} of {} runs were let through", self.trials, self.max_trials),
        };
        vec![tripped, now, format!("storehand breaker close {app}   lets it run at once")]
    }
}

/// That what runs was recalled.
#[derive(Deserialize)]
pub(super) struct Recalled {
    pub(super) severity: String,
    pub(super) reason: String,
    pub(super) mended_by: Option<String>,
    pub(super) pauses: bool,
    pub(super) goes_on: Option<GoesOn>,
}

#[derive(Deserialize)]
pub(super) struct GoesOn {
    pub(super) reason: String,
}

impl Recalled {
    /// Where an app stands whose version may have been recalled.
    pub(super) fn beside(recalled: Option<&Recalled>, version: &str, state: String) -> String {
        match recalled {
            Some(recalled) if recalled.pauses && recalled.goes_on.is_none() => recalled.words(version),
            Some(recalled) => format!("{state}; {}", recalled.words(version)),
            None => state,
        }
    }

    /// What it means for the app, in one line.
    fn words(&self, version: &str) -> String {
        let mended = self.mended_by.iter().map(|better| format!("; {better} mends it")).collect::<String>();
        let then = match (&self.goes_on, self.pauses) {
            (Some(GoesOn { reason }), _) => format!("; goes on all the same: {reason}"),
            (None, true) => "; it does not run".to_owned(),
            (None, false) => "; it runs on".to_owned(),
        };
        format!("{version} was recalled ({}): {}{mended}{then}", self.severity, self.reason)
    }
}

#[derive(Deserialize)]
struct App {
    app: String,
    version: String,
    summary: String,
    published: bool,
    uploaded_at: String,
}

impl Args {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let client = self.server.connect()?;
        match self.available {
            true => {
                let apps = client.list("apps", &[], usize::MAX)?;
                global.show(&apps, || available(&apps))
            }
            false => {
                let installed = client.installations()?;
                global.show(&installed, || running(&installed))
            }
        }
    }
}

/// Items as the type that is shown; one that cannot be read stands in no table and is told by `--json`.
fn read<T: for<'de> Deserialize<'de>>(items: &[Value]) -> impl Iterator<Item = T> + '_ {
    items.iter().filter_map(|item| T::deserialize(item).ok())
}

fn running(items: &[Value]) -> String {
    if items.is_empty() {
        return "no app is installed; `storehand apps install FILE` installs one".to_owned();
    }
    let rows = read(items).map(|one: Installation| {
        let state = match (&one.state_reason, &one.pending) {
            // The circuit breaker says so itself.
            _ if let Some(why) = &one.stopped
                && by_breaker(why) =>
            {
                why.clone()
            }
            _ if let Some(why) = &one.stopped => format!("stopped by the operator: {why}"),
            (Some(why), _) => format!("{}: {why}", one.state),
            (None, Some(next)) => format!("{}, {next} waits for consent", one.state),
            (None, None) => one.state,
        };
        let state = Recalled::beside(one.recalled.as_ref(), &one.version, state);
        let state = match one.review {
            0 => state,
            n => format!("{state}, {n} grants to look at"),
        };
        [named(one.app, one.private), one.version, state, moment(&one.installed_at), one.id]
    });
    table(["APP", "VERSION", "STATE", "INSTALLED", "INSTALLATION"], rows)
}

/// An app's id, and whether the store uploaded it for itself.
fn named(app: String, private: bool) -> String {
    if private { format!("{app} (private)") } else { app }
}

fn available(items: &[Value]) -> String {
    if items.is_empty() {
        return "there is no app to install; `storehand apps install FILE` brings one".to_owned();
    }
    let rows = read(items).map(|one: App| {
        let seen = if one.published { "every store" } else { "this store (private)" };
        [one.app, one.version, seen.to_owned(), moment(&one.uploaded_at), one.summary]
    });
    table(["APP", "VERSION", "SEEN BY", "UPLOADED", "SUMMARY"], rows)
}
