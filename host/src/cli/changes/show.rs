//! `storehand changes show`.

use serde::Deserialize;
use serde_json::{Value, json};

use super::by;
use crate::cli::client::show::{moment, sheet, table};
use crate::cli::client::{Server, segment};
use crate::cli::runs::trace::{Change, changed};
use crate::cli::{Failure, Global};

/// More than people read; the rest is counted.
const MOST: usize = 1_000;

/// Which change set.
#[derive(clap::Args)]
pub(in crate::cli) struct Args {
    /// Its id, chg_…
    change_set: String,
    #[command(flatten)]
    server: Server,
}

#[derive(Deserialize)]
struct Set {
    id: String,
    actor: String,
    actor_name: Option<String>,
    installation: Option<String>,
    invocation: Option<String>,
    changes: i64,
    undone: i64,
    undo: Option<String>,
    at: String,
}

/// What stands beside the images of a change.
#[derive(Deserialize)]
struct Beside {
    n: i64,
    erased: bool,
    undone_by: Option<Place>,
    undoes: Vec<Place>,
}

#[derive(Deserialize)]
struct Place {
    change_set: String,
    n: i64,
}

impl Args {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let client = self.server.connect()?;
        let path = format!("journal/{}", segment(&self.change_set));
        let mut set = client.get(&path)?;
        let changes = client.list(&format!("{path}/changes"), &[], MOST)?;
        let text = page(&set, &changes);
        if let Some(fields) = set.as_object_mut() {
            fields.insert("changed".to_owned(), json!(changes));
        }
        global.show(&set, || text)
    }
}

fn page(set: &Value, changes: &[Value]) -> String {
    let Ok(set) = Set::deserialize(set) else { return set.to_string() };
    let head = sheet(&[
        ("change set", vec![set.id.clone()]),
        ("by", vec![by(set.actor_name.as_deref(), &set.actor)]),
        ("installation", set.installation.iter().cloned().collect()),
        ("run", set.invocation.iter().cloned().collect()),
        ("at", vec![moment(&set.at)]),
        ("undo", set.undo.iter().cloned().collect()),
        ("taken back", if set.undone > 0 { vec![format!("{} of {}", set.undone, set.changes)] } else { Vec::new() }),
    ]);
    let rows = changes.iter().filter_map(|change| Some((Change::deserialize(change).ok()?, change)));
    let rows = rows.filter_map(|(change, all)| {
        let beside = Beside::deserialize(all).ok()?;
        let [act, record, what] = changed(&change);
        let what = if beside.erased { "its personal data was erased".to_owned() } else { what };
        let place = |place: &Place| format!("{}/{}", place.change_set, place.n);
        let undone = beside.undone_by.as_ref().map(|by| format!("taken back by {}", place(by)));
        let undoes = beside.undoes.first().map(|of| format!("takes back {}", place(of)));
        Some([beside.n.to_string(), act, record, what, undone.or(undoes).unwrap_or_default()])
    });
    let more = set.changes.saturating_sub(changes.len() as i64);
    let tail = if more > 0 { format!("\n{more} more changes") } else { String::new() };
    format!("{head}\n{}{tail}", table(["N", "CHANGED", "RECORD", "WHAT", "CHAIN"], rows))
}
