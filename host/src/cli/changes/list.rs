//! `storehand changes list`.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::by;
use crate::cli::client::Server;
use crate::cli::client::show::{moment, table};
use crate::cli::runs::logs::since;
use crate::cli::{Failure, Global};

/// Which change sets.
#[derive(clap::Args)]
pub(in crate::cli) struct Args {
    /// Only those of an app: its id, its short name or its installation
    #[arg(long)]
    app: Option<String>,
    /// Only those that changed this record, by its id
    #[arg(long)]
    record: Option<String>,
    /// Only those made since then: 10m, 2h, 3d, or a time such as 2026-08-01T07:00:00Z
    #[arg(long, value_name = "AGO|TIME", value_parser = since)]
    since: Option<Timestamp>,
    /// How many of the newest
    #[arg(short = 'n', long, value_name = "COUNT", default_value_t = 50)]
    lines: usize,
    #[command(flatten)]
    server: Server,
}

#[derive(Deserialize)]
struct Set {
    id: String,
    actor: String,
    actor_name: Option<String>,
    changes: i64,
    undone: i64,
    undo: Option<String>,
    at: String,
}

impl Args {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let client = self.server.connect()?;
        let app = self.app.as_deref().map(|app| client.installed_or_gone(app)).transpose()?;
        let since = self.since.map(|at| at.to_string());
        let query = [("installation", app.as_deref()), ("record", self.record.as_deref()), ("since", since.as_deref())];
        let sets = client.list("journal", &query, self.lines)?;
        global.show(&sets, || page(&sets))
    }
}

fn page(sets: &[Value]) -> String {
    if sets.is_empty() {
        return "nothing was changed".to_owned();
    }
    let rows = sets.iter().filter_map(|set| Set::deserialize(set).ok()).map(|set| {
        let note = match (&set.undo, set.undone) {
            (Some(undo), 0) => format!("takes changes back ({undo})"),
            (Some(undo), _) => format!("took changes back ({undo}), and was taken back"),
            (None, 0) => String::new(),
            (None, undone) if undone == set.changes => "taken back".to_owned(),
            (None, undone) => format!("{undone} taken back"),
        };
        [moment(&set.at), by(set.actor_name.as_deref(), &set.actor), set.changes.to_string(), set.id, note]
    });
    table(["TIME", "BY", "CHANGES", "CHANGE SET", "NOTE"], rows)
}
