//! `storehand changes approve`, `reject` and `rerun`: a person's word on what an app proposed.

use serde_json::{Value, json};

use crate::cli::client::show::line;
use crate::cli::client::{Server, segment};
use crate::cli::{Failure, Global};

/// What to approve.
#[derive(clap::Args)]
pub(in crate::cli) struct Approve {
    /// The held change set, hld_…
    held: String,
    #[command(flatten)]
    server: Server,
}

/// What to reject.
#[derive(clap::Args)]
pub(in crate::cli) struct Reject {
    /// The held change set, hld_…
    held: String,
    /// The reason, for people who look at it later
    #[arg(long)]
    reason: Option<String>,
    #[command(flatten)]
    server: Server,
}

/// What to propose anew.
#[derive(clap::Args)]
pub(in crate::cli) struct Rerun {
    /// The held change set, hld_…
    held: String,
    #[command(flatten)]
    server: Server,
}

impl Approve {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let done = self.server.connect()?.post(&path(&self.held, "approve"), &json!({}))?;
        global.show(&done, || {
            let set = done.get("change_set").and_then(Value::as_str).unwrap_or_default();
            let over = done.get("over").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
            let over: String = over.map(|over| format!("\nyou let it pass: {}", line(over))).collect();
            format!("{} is approved and done as {set}{over}", self.held)
        })
    }
}

impl Reject {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let done = self.server.connect()?.post(&path(&self.held, "reject"), &json!({ "reason": self.reason }))?;
        global.show(&done, || format!("{} is rejected; nothing of it was done", self.held))
    }
}

impl Rerun {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let done = self.server.connect()?.post(&path(&self.held, "rerun"), &json!({}))?;
        global.show(&done, || match done.get("held").and_then(Value::as_str) {
            Some(held) => format!("{} is dropped; the app proposes {held} in its place", self.held),
            None => format!("{} is dropped, and what made it is done again: `storehand logs -f` shows it", self.held),
        })
    }
}

fn path(held: &str, verb: &str) -> String {
    format!("held/{}/{verb}", segment(held))
}
