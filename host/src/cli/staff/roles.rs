//! `storehand staff roles`.

use serde::Deserialize;

use crate::cli::client::Server;
use crate::cli::client::show::line;
use crate::cli::{Failure, Global};

/// Which store.
#[derive(clap::Args)]
pub(in crate::cli) struct Args {
    #[command(flatten)]
    server: Server,
}

#[derive(Deserialize)]
struct Role {
    id: String,
    words: String,
    scopes: Vec<Held>,
}

#[derive(Deserialize)]
struct Held {
    scope: String,
}

impl Args {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let items = self.server.connect()?.get("roles")?;
        let items = items.get("items").cloned().unwrap_or_default();
        let unread = |error| Failure::failed(format!("the list of roles cannot be read: {error}"));
        let roles = Vec::<Role>::deserialize(&items).map_err(unread)?;
        global.show(&items, || roles.iter().map(page).collect::<Vec<_>>().join("\n"))
    }
}

fn page(role: &Role) -> String {
    let holds: Vec<&str> = role.scopes.iter().map(|held| held.scope.as_str()).collect();
    format!("{}\n  {}\n  {}\n", line(&role.id), line(&role.words), line(&holds.join(", ")))
}
