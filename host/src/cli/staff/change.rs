//! `storehand staff change`: what a person may do from now on.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::json;

use super::list::person;
use super::roles::{Role, named};
use crate::authz::Scope;
use crate::cli::client::Server;
use crate::cli::client::show::{line, moment};
use crate::cli::{Failure, Global};

/// Whom, and what changes.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct Args {
    /// The person: their name or id
    #[arg(value_name = "NAME")]
    whom: String,
    /// Add a permission, for example orders:refund
    #[arg(long, value_name = "SCOPE", value_delimiter = ',')]
    add: Vec<Scope>,
    /// Remove a permission
    #[arg(long, value_name = "SCOPE", value_delimiter = ',')]
    remove: Vec<Scope>,
    /// Start from these roles instead of the permissions they have now
    #[arg(long = "role", value_name = "ROLE", value_delimiter = ',')]
    roles: Vec<String>,
    #[command(flatten)]
    server: Server,
}

const EXAMPLES: &str = "\
Examples:
  storehand staff change \"Sam Lee\" --add orders:refund
  storehand staff change \"Sam Lee\" --remove orders:pii
  storehand staff change \"Sam Lee\" --role accountant --add customers:view";

#[derive(Deserialize)]
struct Changed {
    scopes: Vec<String>,
    narrower: Vec<Narrow>,
    review: Option<Review>,
}

/// What they gave apps and could not give any more.
#[derive(Deserialize)]
pub(super) struct Review {
    scopes: Vec<String>,
    due: String,
}

impl Review {
    /// What has to be decided, and until when.
    pub(super) fn words(&self) -> String {
        let (scopes, due) = (line(&self.scopes.join(", ")), moment(&self.due));
        format!(
            "they granted {scopes} to apps: whoever holds it should allow it again by {due}, or it is suspended; \
             `storehand apps list` shows which apps\n"
        )
    }
}

#[derive(Deserialize)]
struct Narrow {
    id: String,
    name: String,
    lacks: Vec<String>,
}

impl Args {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        if self.add.is_empty() && self.remove.is_empty() && self.roles.is_empty() {
            return Err(Failure::usage("say what changes").help("--add SCOPE, --remove SCOPE or --role ROLE"));
        }
        let client = self.server.connect()?;
        let one = person(&client, &self.whom)?;
        let mut scopes: BTreeSet<String> = match self.roles.as_slice() {
            [] => one.scopes.into_iter().collect(),
            roles => named(&client, roles)?.iter().flat_map(Role::scopes).collect(),
        };
        scopes.extend(self.add.iter().map(|scope| scope.name().to_owned()));
        scopes.retain(|held| !self.remove.iter().any(|scope| scope.name() == held));
        let changed = client.put(&format!("staff/{}/scopes", one.id), &json!({"scopes": scopes}))?;
        let unread = |error| Failure::failed(format!("the answer cannot be read: {error}"));
        let told = Changed::deserialize(&changed).map_err(unread)?;
        global.show(&changed, || page(&one.name, &told))
    }
}

fn page(name: &str, changed: &Changed) -> String {
    let may = if changed.scopes.is_empty() { "nothing".to_owned() } else { changed.scopes.join(", ") };
    let mut page = format!("{} may do from now on, and so may their tokens: {}\n", line(name), line(&may));
    for Narrow { id, name, lacks } in &changed.narrower {
        let (name, lacks) = (line(name), line(&lacks.join(", ")));
        page += &format!("their token `{name}` ({id}) was limited to less and still cannot be used for {lacks}\n");
    }
    page + &changed.review.as_ref().map(Review::words).unwrap_or_default()
}
