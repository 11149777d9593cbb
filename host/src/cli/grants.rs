//! `storehand grants`: what an installed app may do, one permission at a time.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::client::show::{moment, table};
use super::client::{Client, Installed, Server, segment};
use super::terms::Terms;
use super::{Failure, Global};
use crate::authz::Scope;

/// What to do with the permissions of an app.
#[derive(clap::Subcommand)]
pub(super) enum Verb {
    /// Show the permissions an app has, and those it asks for and does not have
    Show(Show),
    /// Grant an app permissions it asks for
    Allow(Allow),
    /// Change the terms of a grant: how much, until when, and whether a person approves it
    Limit(Limit),
    /// Revoke permissions of an app, from its next call on, also for runs that have not ended
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

/// What to allow, on which terms.
#[derive(clap::Args)]
pub(super) struct Allow {
    #[command(flatten)]
    change: Change,
    #[command(flatten)]
    terms: Terms,
}

/// What to limit, and how.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Limit {
    #[command(flatten)]
    change: Change,
    #[command(flatten)]
    terms: Terms,
}

const EXAMPLES: &str = "\
Examples:
  storehand grants limit refunds orders:refund --cap 50.00/day,20.00/order
  storehand grants limit refunds orders:refund --cap none/order  without a cap on one order
  storehand grants limit prices products:price --cap 10% --hold   each change small, and approved by a person
  storehand grants limit refunds orders:refund --expires 30d     for thirty days from now
  storehand grants limit refunds orders:refund --expires never   without an end";

#[derive(Deserialize)]
struct Grant {
    scope: String,
    words: String,
    granted_by: String,
    granted_by_name: Option<String>,
    granted_at: String,
    terms: Shown,
    used: Vec<Used>,
    expired: bool,
    review: Option<Review>,
}

#[derive(Deserialize)]
struct Review {
    due: String,
    suspended: bool,
}

#[derive(Deserialize)]
struct Shown {
    words: Vec<String>,
}

#[derive(Deserialize)]
struct Used {
    used: String,
}

impl Verb {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        match self {
            Verb::Show(args) => {
                let client = args.server.connect()?;
                let installed = client.installed(&args.app)?;
                show(global, &client, &installed)
            }
            Verb::Allow(Allow { change, terms }) => {
                let terms = change.terms(&terms)?;
                let client = change.server.connect()?;
                let installed = client.installed(&change.app)?;
                for scope in change.scopes.iter().map(|scope| scope.name()) {
                    let terms = terms.get(scope).cloned().unwrap_or_else(|| json!({}));
                    client.put(&one(&installed, scope), &json!({ "terms": terms }))?;
                }
                show(global, &client, &installed)
            }
            Verb::Limit(Limit { change, terms }) => {
                if terms.is_empty() {
                    return Err(Failure::usage("nothing to change was given")
                        .help("give --cap, --expires or --hold; --help has examples"));
                }
                let terms = change.terms(&terms)?;
                let client = change.server.connect()?;
                let installed = client.installed(&change.app)?;
                for (scope, terms) in &terms {
                    client.patch(&one(&installed, scope), terms)?;
                }
                show(global, &client, &installed)
            }
            Verb::Revoke(args) => {
                let client = args.server.connect()?;
                let installed = client.installed(&args.app)?;
                for scope in &args.scopes {
                    client.delete(&one(&installed, scope.name()))?;
                }
                show(global, &client, &installed)
            }
        }
    }
}

impl Change {
    fn terms(&self, terms: &Terms) -> Result<Map<String, Value>, Failure> {
        let scopes: Vec<&str> = self.scopes.iter().map(|scope| scope.name()).collect();
        terms.read(&scopes)
    }
}

/// The path of one grant.
fn one(installed: &Installed, scope: &str) -> String {
    format!("{}/grants/{}", place(installed), segment(scope))
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
            let rows = grants.into_iter().map(|one| {
                let ended = one.expired.then(|| "ended".to_owned());
                let used = one.used.into_iter().map(|used| format!("{} used today", used.used));
                let review = one.review.map(|review| match review.suspended {
                    true => format!("suspended, its review was due on {}", moment(&review.due)),
                    false => format!("suspended on {} unless it is allowed again", moment(&review.due)),
                });
                let terms =
                    ended.into_iter().chain(review).chain(one.terms.words).chain(used).collect::<Vec<_>>().join("; ");
                [one.scope, one.words, terms, moment(&one.granted_at), one.granted_by_name.unwrap_or(one.granted_by)]
            });
            table(["MAY", "", "TERMS", "SINCE", "GRANTED BY"], rows) + "\n"
        }
    };
    if !lacking.is_empty() {
        let rows = lacking.iter().map(|scope| [scope.name().to_owned(), scope.words().to_owned()]);
        page += &format!("\n{}\n\nstorehand grants allow {app} SCOPE", table(["MAY NOT", ""], rows));
    }
    page
}
