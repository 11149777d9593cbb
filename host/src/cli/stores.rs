//! `storehand stores`: what the operator of the host does with its stores.

use serde::Deserialize;
use serde_json::{Value, json};

use super::client::show::{moment, table};
use super::client::{Server, segment};
use super::{Failure, Global};

/// What to do with the stores of a host.
#[derive(clap::Subcommand)]
pub(super) enum Verb {
    /// List the stores, oldest first
    List(List),
    /// Suspend a store: its people, its front and its apps are refused, and told why
    Suspend(Suspend),
    /// End a suspension
    Resume(Resume),
}

/// Which host.
#[derive(clap::Args)]
pub(super) struct List {
    #[command(flatten)]
    server: Server,
}

/// Which store, and why.
#[derive(clap::Args)]
pub(super) struct Suspend {
    /// The store's id
    #[arg(value_name = "ID")]
    id: String,
    /// The reason, for everybody who is refused
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    server: Server,
}

/// Which store.
#[derive(clap::Args)]
pub(super) struct Resume {
    /// The store's id
    #[arg(value_name = "ID")]
    id: String,
    #[command(flatten)]
    server: Server,
}

#[derive(Deserialize)]
struct Row {
    id: String,
    name: String,
    created_at: String,
    suspended: Option<String>,
}

impl Verb {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        match self {
            Verb::List(list) => {
                let stores = list.server.connect_to_host()?.list("stores", &[], 10_000)?;
                global.show(&stores, || page(&stores))
            }
            Verb::Suspend(Suspend { id, reason, server }) => {
                let path = format!("stores/{}/suspend", segment(&id));
                server.connect_to_host()?.post(&path, &json!({"reason": reason}))?;
                let data = json!({"store": id, "suspended": reason});
                global.show(&data, || {
                    format!("{id} is suspended: its people, its front and its apps are refused until it is resumed")
                })
            }
            Verb::Resume(Resume { id, server }) => {
                server.connect_to_host()?.post(&format!("stores/{}/resume", segment(&id)), &json!({}))?;
                let data = json!({"store": id, "suspended": null});
                global.show(&data, || format!("{id} goes on, with the tokens and the apps it had"))
            }
        }
    }
}

fn page(stores: &[Value]) -> String {
    let rows = stores.iter().filter_map(|store| Row::deserialize(store).ok()).map(|store| {
        let state = store.suspended.map_or_else(|| "open".to_owned(), |why| format!("suspended: {why}"));
        [store.name, state, moment(&store.created_at), store.id]
    });
    table(["NAME", "STATE", "MADE", "STORE"], rows)
}
