//! `storehand apps recall`, `recalls` and `go-on`: the operator of the host recalls a version, and a store goes on in spite of
//! it.

use serde::Deserialize;
use serde_json::{Value, json};

use super::state::told;
use super::stop::{named, reached};
use crate::cli::client::show::{moment, table};
use crate::cli::client::{Server, segment};
use crate::cli::{Failure, Global};

/// How bad it is.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Severity {
    /// Worth knowing
    Info,
    /// It may do harm; a store may go on with a reason
    Warning,
    /// It does harm; no store goes on
    Critical,
}

impl Severity {
    fn name(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Critical => "critical",
        }
    }
}

/// Which version to recall, and why.
#[derive(clap::Args)]
pub(in crate::cli) struct Recall {
    /// The app's id and the version
    #[arg(value_name = "APP@VERSION")]
    app: String,
    /// How bad it is
    #[arg(long, value_enum)]
    severity: Severity,
    /// The reason, for the owners of the stores that have it
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// The version that mends it
    #[arg(long, value_name = "VERSION")]
    mended_by: Option<String>,
    /// Only take it out of the catalogue and warn: it goes on running where it is installed
    #[arg(long)]
    withdraw_only: bool,
    /// The store that uploaded the app for itself; not given, it is a publisher's
    #[arg(long, value_name = "STORE")]
    uploaded_by: Option<String>,
    #[command(flatten)]
    server: Server,
}

/// Which recalls to list.
#[derive(clap::Args)]
pub(in crate::cli) struct Recalls {
    /// The id of one: list the stores that run what it is of
    #[arg(value_name = "RECALL")]
    recall: Option<String>,
    /// Those that ended, too
    #[arg(long)]
    ended: bool,
    #[command(flatten)]
    server: Server,
}

/// Which app to go on with, and why.
#[derive(clap::Args)]
pub(in crate::cli) struct GoOn {
    /// The app: its id, its short name or its installation
    app: String,
    /// The reason, for the store's audit log and for the operator of the host
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    server: Server,
}

impl Recall {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let (path, version) = named(&self.app)?;
        let version = version.ok_or_else(|| Failure::usage("say which version, as in acme/order-notes@1.4.0"))?;
        let body = json!({"store": self.uploaded_by, "severity": self.severity.name(), "reason": self.reason,
            "mended_by": self.mended_by, "withdraw_only": self.withdraw_only});
        let path = format!("{path}/versions/{}/recall", segment(version));
        let done = self.server.connect_to_host()?.post(&path, &body)?;
        global.show(&done, || {
            let what = match self.withdraw_only {
                true => "it runs on where it is installed, and its owners are warned",
                false => "no run of it can commit anything any more",
            };
            format!(
                "{} is recalled {}: {what}\n  storehand apps recalls     shows how far it reached\n  storehand apps start {}   ends the recall",
                self.app,
                reached(&done),
                self.app
            )
        })
    }
}

impl GoOn {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let client = self.server.connect()?;
        let installed = client.installed(&self.app)?;
        let path = format!("installations/{}/go-on", segment(&installed.id));
        client.post(&path, &json!({"reason": self.reason}))?;
        told(global, &installed.id, &installed.app, "active", "goes on in spite of its recall; the operator reads why")
    }
}

impl Recalls {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let client = self.server.connect_to_host()?;
        if let Some(recall) = &self.recall {
            let stores = client.list(&format!("recalls/{}/stores", segment(recall)), &[], 10_000)?;
            return global.show(&stores, || match stores.is_empty() {
                true => "no store runs it".to_owned(),
                false => in_stores(&stores),
            });
        }
        let ended = self.ended.then_some("true");
        let recalls = client.list("recalls", &[("ended", ended)], 10_000)?;
        global.show(&recalls, || match recalls.is_empty() {
            true => "nothing is recalled".to_owned(),
            false => page(&recalls),
        })
    }
}

#[derive(Deserialize)]
struct Row {
    id: String,
    store: Option<String>,
    app: String,
    version: String,
    severity: String,
    reason: String,
    mended_by: Option<String>,
    pauses: bool,
    stopped_at: String,
    ended_at: Option<String>,
}

fn page(recalls: &[Value]) -> String {
    let rows = recalls.iter().filter_map(|recall| Row::deserialize(recall).ok()).map(|one| {
        let of = one.store.map(|store| format!(" of {store}")).unwrap_or_default();
        let severity = if one.pauses { one.severity } else { format!("{} (withdrawn only)", one.severity) };
        let until = one.ended_at.as_deref().map_or_else(|| "still".to_owned(), moment);
        let mended = one.mended_by.unwrap_or_else(|| "–".to_owned());
        let what = format!("{}@{}{of}", one.app, one.version);
        [what, severity, one.reason, mended, moment(&one.stopped_at), until, one.id]
    });
    table(["RECALLED", "SEVERITY", "WHY", "MENDED BY", "SINCE", "UNTIL", "RECALL"], rows)
}

#[derive(Deserialize)]
struct InStore {
    store: String,
    store_name: String,
    version: String,
    runs: bool,
    changes: i64,
    more: bool,
    goes_on: Option<String>,
}

fn in_stores(stores: &[Value]) -> String {
    let rows = stores.iter().filter_map(|one| InStore::deserialize(one).ok()).map(|one| {
        let changes = if one.more { format!("more than {}", one.changes) } else { one.changes.to_string() };
        let runs = if one.runs { "runs" } else { "does not run" };
        [one.store_name, one.store, one.version, runs.to_owned(), changes, one.goes_on.unwrap_or_default()]
    });
    table(["STORE", "ID", "VERSION", "STATE", "CHANGES", "GOES ON BECAUSE"], rows)
}
