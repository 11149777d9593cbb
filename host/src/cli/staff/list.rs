//! `storehand staff list`.

use serde::Deserialize;
use serde_json::Value;

use crate::cli::client::show::{line, moment, table};
use crate::cli::client::{Client, Server};
use crate::cli::{Failure, Global};
use crate::runtime::manifest::text::nearest;

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
    pub(super) scopes: Vec<String>,
    created_at: String,
    suspended_at: Option<String>,
    ends_at: Option<String>,
}

impl Person {
    /// Whether they work here at the moment, in words.
    fn state(&self) -> String {
        match (&self.suspended_at, &self.ends_at) {
            (Some(since), _) => format!("suspended since {}", moment(since)),
            (None, Some(until)) => format!("until {}", moment(until)),
            (None, None) => "works".to_owned(),
        }
    }
}

/// Everyone who belongs to the store.
pub(super) fn people(client: &Client) -> Result<(Value, Vec<Person>), Failure> {
    let mut answer = client.get("staff")?;
    let items = answer.get_mut("items").map(Value::take).unwrap_or_default();
    let people = Vec::deserialize(&items);
    Ok((items, people.map_err(|error| Failure::failed(format!("the list of staff cannot be read: {error}")))?))
}

/// The one person who is meant, by their name or id.
pub(super) fn person(client: &Client, whom: &str) -> Result<Person, Failure> {
    let (_, all) = people(client)?;
    let meant: Vec<&Person> = all.iter().filter(|one| one.id == whom || one.name == whom).collect();
    match meant.as_slice() {
        [one] => Ok((*one).clone()),
        [] => {
            let failure = Failure::not_found(format!("nobody is called `{}`", line(whom)));
            Err(failure.help(match nearest(whom, all.iter().map(|one| one.name.as_str())) {
                Some(near) => format!("did you mean `{}`?", line(near)),
                None => "`storehand staff list` shows the people".to_owned(),
            }))
        }
        several => {
            let ids: Vec<&str> = several.iter().map(|one| one.id.as_str()).collect();
            let failure = Failure::usage(format!("several people are called `{}`", line(whom)));
            Err(failure.help(format!("give the id: {}", ids.join(", "))))
        }
    }
}

impl Args {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let (items, people) = people(&self.server.connect()?)?;
        let row = |person: &Person| {
            let may = if person.owner { "everything: the owner".to_owned() } else { person.scopes.join(", ") };
            [person.name.clone(), person.id.clone(), moment(&person.created_at), person.state(), may]
        };
        global.show(&items, || table(["NAME", "ID", "SINCE", "STATE", "MAY"], people.iter().map(row)))
    }
}
