//! `storehand staff list`.

use serde::Deserialize;
use serde_json::Value;

use crate::cli::client::show::{moment, table};
use crate::cli::client::{Client, Server};
use crate::cli::{Failure, Global};

/// Which store.
#[derive(clap::Args)]
pub(in crate::cli) struct Args {
    #[command(flatten)]
    server: Server,
}

/// A person of the store, as the host tells it.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Person {
    pub(super) id: String,
    pub(super) name: String,
    owner: bool,
    scopes: Vec<String>,
    created_at: String,
}

/// Everyone who belongs to the store.
pub(super) fn people(client: &Client) -> Result<(Value, Vec<Person>), Failure> {
    let mut answer = client.get("staff")?;
    let items = answer.get_mut("items").map(Value::take).unwrap_or_default();
    let people = Vec::deserialize(&items);
    Ok((items, people.map_err(|error| Failure::failed(format!("the list of staff cannot be read: {error}")))?))
}

impl Args {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let (items, people) = people(&self.server.connect()?)?;
        let row = |person: &Person| {
            let may = if person.owner { "everything: the owner".to_owned() } else { person.scopes.join(", ") };
            [person.name.clone(), person.id.clone(), moment(&person.created_at), may]
        };
        global.show(&items, || table(["NAME", "ID", "SINCE", "MAY"], people.iter().map(row)))
    }
}
