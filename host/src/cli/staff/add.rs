//! `storehand staff add`: a person with the permissions of roles, or single ones.

use serde_json::{Value, json};

use super::roles::ids;
use crate::authz::Scope;
use crate::cli::client::Server;
use crate::cli::client::show::{line, moment};
use crate::cli::{Failure, Global};

/// Whom, and what they may do.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct Args {
    /// The person's name
    name: String,
    /// A role, for example fulfilment-agent; several add up, and `storehand staff roles` lists them
    #[arg(long = "role", value_name = "ROLE", value_delimiter = ',')]
    roles: Vec<String>,
    /// A single permission, for example orders:view; `storehand help scopes` lists them
    #[arg(long = "scope", value_name = "SCOPE", value_delimiter = ',')]
    scopes: Vec<Scope>,
    #[command(flatten)]
    server: Server,
}

const EXAMPLES: &str = "\
Examples:
  storehand staff add \"Sam Lee\" --role fulfilment-agent
  storehand staff add \"Kim Roth\" --role app-manager,marketing-manager
  storehand staff add \"Night shift\" --scope orders:view,orders:fulfill";

impl Args {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        if self.roles.is_empty() && self.scopes.is_empty() {
            return Err(Failure::usage("say what they may do")
                .help("--role ROLE, as `storehand staff roles` lists them, or --scope SCOPE"));
        }
        let client = self.server.connect()?;
        let roles = ids(&client, &self.roles)?;
        let added = client.post("staff", &json!({"name": self.name, "roles": roles, "scopes": self.scopes}))?;
        global.show(&added, || {
            let id = added.get("id").and_then(Value::as_str).unwrap_or_default();
            format!("{} is {}, one of the store's staff\n{}", line(&self.name), line(id), token(added.get("token")))
        })
    }
}

/// A token just made, for whoever is to use it.
pub(super) fn token(made: Option<&Value>) -> String {
    let field = |name: &str| made.and_then(|made| made.get(name)).and_then(Value::as_str);
    let until = match field("expires_at") {
        Some(at) => format!("it ends {}", moment(at)),
        None => "it has no end".to_owned(),
    };
    format!("their token, shown this once; {until}:\n{}", line(field("token").unwrap_or_default()))
}
