//! `storehand grants`: what an installed app may do, one permission at a time.

use serde::Deserialize;
use serde_json::{Value, json};

use super::client::show::{moment, table};
use super::client::{Client, Installed, Server, segment};
use super::{Failure, Global};
use crate::authz::Scope;

/// What to do with the permissions of an app.
#[derive(clap::Subcommand)]
pub(super) enum Verb {
    /// Show what an app may do, and what it asks for and may not
    Show(Show),
    /// Grant an app permissions it asks for
    Allow(Change),
    /// Take permissions from an app: from the very next call on, and for every run that has not ended
    Revoke(Change),
}

/// Which app.
#[derive(clap::Args)]
pub(super) struct Show {
    /// The app: its id, its short name or its installation
    app: String,
    #[command(flatten)]
    server: Server,
}

/// Which app, and which permissions.
#[derive(clap::Args)]
pub(super) struct Change {
    /// The app: its id, its short name or its installation
    app: String,
    /// The permissions, for example orders:edit; `storehand help scopes` lists them
    #[arg(required = true)]
    scopes: Vec<Scope>,
    #[command(flatten)]
    server: Server,
}

#[derive(Deserialize)]
struct Grant {
    scope: String,
    words: String,
    granted_by: String,
    granted_at: String,
}

impl Verb {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        match self {
            Verb::Show(args) => {
                let client = args.server.connect()?;
                let installed = client.installed(&args.app)?;
                show(global, &client, &installed)
            }
            Verb::Allow(args) => {
                let client = args.server.connect()?;
                let installed = client.installed(&args.app)?;
                for scope in &args.scopes {
                    client.put(&format!("{}/grants/{}", place(&installed), segment(scope.name())), &json!({}))?;
                }
                show(global, &client, &installed)
            }
            Verb::Revoke(args) => {
                let client = args.server.connect()?;
                let installed = client.installed(&args.app)?;
                for scope in &args.scopes {
                    client.delete(&format!("{}/grants/{}", place(&installed), segment(scope.name())))?;
                }
                show(global, &client, &installed)
            }
        }
    }
}

fn place(installed: &Installed) -> String {
    format!("installations/{}", segment(&installed.id))
}

/// What the app holds now.
fn show(global: &Global, client: &Client, installed: &Installed) -> Result<(), Failure> {
    let detail = client.get(&place(installed))?;
    let part = |name: &str| detail.get(name).cloned().unwrap_or(Value::Null);
    let (grants, lacking) = (part("grants"), part("not_granted"));
    let data = json!({"id": installed.id, "app": installed.app, "grants": grants, "not_granted": lacking});
    global.show(&data, || page(&installed.app, &grants, &lacking))
}

fn page(app: &str, grants: &Value, lacking: &Value) -> String {
    let grants: Vec<Grant> = Deserialize::deserialize(grants).unwrap_or_default();
    let lacking: Vec<Scope> = Deserialize::deserialize(lacking).unwrap_or_default();
    let mut page = match grants.is_empty() {
        true => format!("{app} may do nothing\n"),
        false => {
            let rows = grants.into_iter().map(|one| [one.scope, one.words, moment(&one.granted_at), one.granted_by]);
            table(["MAY", "", "SINCE", "GRANTED BY"], rows) + "\n"
        }
    };
    if !lacking.is_empty() {
        let rows = lacking.iter().map(|scope| [scope.name().to_owned(), scope.words().to_owned()]);
        page += &format!("\n{}\n\nstorehand grants allow {app} SCOPE", table(["MAY NOT", ""], rows));
    }
    page
}
