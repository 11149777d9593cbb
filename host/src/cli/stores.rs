//! `storehand stores`: what the operator of the host does with its stores.

use serde::Deserialize;
use serde_json::{Value, json};

use super::client::show::{line, moment, table};
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
    /// Call a store by another name in lists of the host
    Rename(Rename),
    /// Delete a store that is suspended or being closed: in 30 days it is erased
    Delete(Delete),
    /// Keep a store that you deleted
    Keep(Resume),
}

/// Which store, and what to call it.
#[derive(clap::Args)]
pub(super) struct Rename {
    /// The store's id
    #[arg(value_name = "ID")]
    id: String,
    /// What it is called from now on
    name: String,
    #[command(flatten)]
    server: Server,
}

/// Which store, named so that it is no other.
#[derive(clap::Args)]
pub(super) struct Delete {
    /// The store's id
    #[arg(value_name = "ID")]
    id: String,
    /// What `storehand stores list` calls it
    #[arg(long, value_name = "NAME")]
    name: String,
    /// Erase it at once, and not in 30 days; nothing can be brought back
    #[arg(long)]
    now: bool,
    #[command(flatten)]
    server: Server,
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
    erased_at: Option<String>,
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
            Verb::Rename(Rename { id, name, server }) => {
                server.connect_to_host()?.put(&format!("stores/{}/name", segment(&id)), &json!({"name": name}))?;
                global.show(&json!({"store": id, "name": name}), || format!("{id} is called {}", line(&name)))
            }
            Verb::Delete(Delete { id, name, now, server }) => {
                let path = format!("stores/{}/delete", segment(&id));
                let gone = server.connect_to_host()?.post(&path, &json!({"name": name, "now": now}))?;
                let at = gone.get("erased_at").and_then(Value::as_str).unwrap_or_default().to_owned();
                global.show(&json!({"store": id, "erased_at": at}), || match now {
                    true => format!("{id} is being erased"),
                    false => format!("{id} will be erased at {}; `storehand stores keep {id}` keeps it", moment(&at)),
                })
            }
            Verb::Keep(Resume { id, server }) => {
                server.connect_to_host()?.post(&format!("stores/{}/keep", segment(&id)), &json!({}))?;
                let data = json!({"store": id, "erased_at": null});
                global
                    .show(&data, || format!("{id} stays; if it is suspended, `storehand stores resume {id}` ends that"))
            }
        }
    }
}

fn page(stores: &[Value]) -> String {
    let rows = stores.iter().filter_map(|store| Row::deserialize(store).ok()).map(|store| {
        let closing = store.erased_at.map(|at| format!("erased at {}", moment(&at)));
        let suspended = store.suspended.map(|why| format!("suspended: {why}"));
        let state = closing.or(suspended).unwrap_or_else(|| "open".to_owned());
        [store.name, state, moment(&store.created_at), store.id]
    });
    table(["NAME", "STATE", "MADE", "STORE"], rows)
}
