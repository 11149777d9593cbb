//! `storehand audit list`.

use std::collections::HashSet;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use crate::cli::client::show::{line, moment, table};
use crate::cli::client::{Client, Server};
use crate::cli::{Failure, Global, print};

/// How often to ask for more while following.
const AGAIN: Duration = Duration::from_secs(2);

/// Which entries.
#[derive(clap::Args)]
pub(in crate::cli) struct Args {
    /// Only this act, for example grants.revoke
    #[arg(long)]
    act: Option<String>,
    /// Only what was done to this, by its id
    #[arg(long, value_name = "ID")]
    subject: Option<String>,
    /// The host's own log, not a store's (operator)
    #[arg(long)]
    host: bool,
    /// Wait for more, until interrupted
    #[arg(short, long)]
    follow: bool,
    /// How many of the newest
    #[arg(short = 'n', long, value_name = "COUNT", default_value_t = 50)]
    lines: usize,
    #[command(flatten)]
    server: Server,
}

#[derive(Deserialize)]
struct Entry {
    id: String,
    actor: String,
    actor_name: Option<String>,
    act: String,
    subject: String,
    subject_name: Option<String>,
    at: String,
}

impl Args {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let client = if self.host { self.server.connect_to_host()? } else { self.server.connect()? };
        let entries = self.entries(&client, self.lines)?;
        if !self.follow {
            return global.show(&entries, || page(&entries));
        }
        let mut seen = HashSet::new();
        let mut new = entries;
        loop {
            // Oldest first: what comes is printed below.
            for entry in new.iter().rev() {
                let read = Entry::deserialize(entry).map_err(|error| Failure::failed(error.to_string()))?;
                if seen.insert(read.id.clone()) {
                    print(&if global.json { entry.to_string() } else { read.line() })?;
                }
            }
            std::thread::sleep(AGAIN);
            new = self.entries(&client, 100)?;
            seen.retain(|id| new.iter().any(|entry| entry.get("id").and_then(Value::as_str) == Some(id)));
        }
    }

    fn entries(&self, client: &Client, most: usize) -> Result<Vec<Value>, Failure> {
        client.list("audit", &[("act", self.act.as_deref()), ("subject", self.subject.as_deref())], most)
    }
}

impl Entry {
    fn cells(self) -> [String; 5] {
        let who = self.actor_name.unwrap_or(self.actor);
        [moment(&self.at), who, self.act, self.subject_name.unwrap_or(self.subject), self.id]
    }

    fn line(self) -> String {
        line(&self.cells().join("  "))
    }
}

fn page(entries: &[Value]) -> String {
    if entries.is_empty() {
        return "there is no such entry".to_owned();
    }
    let rows = entries.iter().filter_map(|entry| Entry::deserialize(entry).ok()).map(Entry::cells);
    table(["TIME", "BY", "ACT", "TO", "ENTRY"], rows)
}
