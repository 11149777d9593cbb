//! `storehand staff roles` and `storehand roles`: starting points for what people may do, and those of a store's own.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::authz::Scope;
use crate::cli::client::show::line;
use crate::cli::client::{Client, Server, confirm, is_asked};
use crate::cli::{Failure, Global};
use crate::db::roles;
use crate::runtime::manifest::text::nearest;

/// What to do about roles.
#[derive(clap::Subcommand)]
pub(in crate::cli) enum Verb {
    /// List the roles people can be given: templates, and the store's own
    List(Args),
    /// Create a role of the store's own
    Create(Create),
    /// Change the title or the permissions of a role of the store's own; nobody who was given them loses or gets any
    Change(Change),
    /// Delete a role of the store's own; whoever was given its permissions keeps them
    Delete(Delete),
}

/// Which store.
#[derive(clap::Args)]
pub(in crate::cli) struct Args {
    #[command(flatten)]
    server: Server,
}

/// A role that is to be.
#[derive(clap::Args)]
pub(in crate::cli) struct Create {
    /// Its title, for example Packer
    title: String,
    /// A permission, for example orders:view; `storehand help scopes` lists them
    #[arg(long = "scope", value_name = "SCOPE", value_delimiter = ',', required = true)]
    scopes: Vec<Scope>,
    #[command(flatten)]
    server: Server,
}

/// What is to be different.
#[derive(clap::Args)]
pub(in crate::cli) struct Change {
    /// The role: its title or id
    #[arg(value_name = "ROLE")]
    role: String,
    /// Another title
    #[arg(long)]
    title: Option<String>,
    /// Add a permission, for example orders:refund
    #[arg(long, value_name = "SCOPE", value_delimiter = ',')]
    add: Vec<Scope>,
    /// Remove a permission
    #[arg(long, value_name = "SCOPE", value_delimiter = ',')]
    remove: Vec<Scope>,
    #[command(flatten)]
    server: Server,
}

/// Which role.
#[derive(clap::Args)]
pub(in crate::cli) struct Delete {
    /// The role: its title or id
    #[arg(value_name = "ROLE")]
    role: String,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    server: Server,
}

/// A role, as the host tells it.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Role {
    pub(super) id: String,
    title: String,
    words: Option<String>,
    own: bool,
    scopes: Vec<Held>,
}

#[derive(Debug, Clone, Deserialize)]
struct Held {
    scope: String,
}

impl Role {
    /// What it proposes.
    pub(super) fn scopes(&self) -> impl Iterator<Item = String> {
        self.scopes.iter().map(|held| held.scope.clone())
    }

    fn is(&self, name: &str) -> bool {
        self.id == name || (self.own && self.title == name)
    }
}

fn all_roles(client: &Client) -> Result<(Value, Vec<Role>), Failure> {
    let mut answer = client.get("roles")?;
    let items = answer.get_mut("items").map(Value::take).unwrap_or_default();
    let unread = |error| Failure::failed(format!("the list of roles cannot be read: {error}"));
    let roles = Vec::<Role>::deserialize(&items).map_err(unread)?;
    Ok((items, roles))
}

fn missing(name: &str, roles: &[Role]) -> Failure {
    let called = |role: &Role| if role.own { role.title.clone() } else { role.id.clone() };
    let known: Vec<String> = roles.iter().map(called).collect();
    let failure = Failure::not_found(format!("there is no role `{}`", line(name)));
    failure.help(match nearest(name, known.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{}`?", line(near)),
        None => format!("they are {}", line(&known.join(", "))),
    })
}

/// The roles that are meant by these ids or, of the store's own, titles.
pub(super) fn named(client: &Client, names: &[String]) -> Result<Vec<Role>, Failure> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let (_, all) = all_roles(client)?;
    let one = |name: &String| all.iter().find(|role| role.is(name)).cloned().ok_or_else(|| missing(name, &all));
    names.iter().map(one).collect()
}

/// The ids of these roles: of the store's own, a title will do. What is none stays as it is, and the host says so. Asks
/// for the store's own only where one may be meant.
pub(super) fn ids(client: &Client, names: &[String]) -> Result<Vec<String>, Failure> {
    if names.iter().all(|name| roles::Role::find(name).is_some()) {
        return Ok(names.to_vec());
    }
    let (_, all) = all_roles(client)?;
    let id = |name: &String| all.iter().find(|role| role.is(name)).map_or_else(|| name.clone(), |role| role.id.clone());
    Ok(names.iter().map(id).collect())
}

/// The role of the store's own that is meant, if one is.
pub(super) fn own(client: &Client, name: &str) -> Result<Option<Role>, Failure> {
    Ok(all_roles(client)?.1.into_iter().find(|role| role.own && role.is(name)))
}

/// The same, for what cannot be done with a template.
fn changeable(client: &Client, name: &str) -> Result<Role, Failure> {
    let (_, all) = all_roles(client)?;
    match all.iter().find(|role| role.is(name)) {
        Some(role) if role.own => Ok(role.clone()),
        Some(role) => Err(Failure::usage(format!("`{}` is a template, which stays as it is", line(&role.id)))
            .help("`storehand roles create` makes a role of the store's own")),
        None => Err(missing(name, &all)),
    }
}

impl Verb {
    pub(in crate::cli) fn run(self, global: &Global) -> Result<(), Failure> {
        match self {
            Verb::List(args) => args.run(global),
            Verb::Create(args) => args.run(global),
            Verb::Change(args) => args.run(global),
            Verb::Delete(args) => args.run(global),
        }
    }
}

impl Args {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let (items, roles) = all_roles(&self.server.connect()?)?;
        global.show(&items, || roles.iter().map(page).collect::<Vec<_>>().join("\n"))
    }
}

impl Create {
    fn run(self, global: &Global) -> Result<(), Failure> {
        let made = self.server.connect()?.post("roles", &json!({"title": self.title, "scopes": self.scopes}))?;
        let id = made.get("id").and_then(Value::as_str).unwrap_or_default();
        global.show(&made, || format!("{} is a role of the store's own ({})", line(self.title.trim()), line(id)))
    }
}

impl Change {
    fn run(self, global: &Global) -> Result<(), Failure> {
        if self.title.is_none() && self.add.is_empty() && self.remove.is_empty() {
            return Err(Failure::usage("say what changes").help("--title TITLE, --add SCOPE or --remove SCOPE"));
        }
        let client = self.server.connect()?;
        let role = changeable(&client, &self.role)?;
        let title = self.title.as_deref().unwrap_or(&role.title);
        let mut scopes: std::collections::BTreeSet<String> = role.scopes().collect();
        scopes.extend(self.add.iter().map(|scope| scope.name().to_owned()));
        scopes.retain(|held| !self.remove.iter().any(|scope| scope.name() == held));
        client.put(&format!("roles/{}", role.id), &json!({"title": title, "scopes": scopes}))?;
        let data = json!({"id": role.id, "title": title, "scopes": scopes});
        global.show(&data, || {
            let scopes: Vec<String> = scopes.into_iter().collect();
            format!("{} proposes {}; nobody's permissions were changed", line(title), line(&scopes.join(", ")))
        })
    }
}

impl Delete {
    fn run(self, global: &Global) -> Result<(), Failure> {
        let client = self.server.connect()?;
        let role = changeable(&client, &self.role)?;
        let question = format!("Delete the role {}? Whoever was given its permissions keeps them.", line(&role.title));
        if !self.yes && is_asked(global) && !confirm(&question)? {
            return Err(Failure::failed("nothing was changed"));
        }
        client.delete(&format!("roles/{}", role.id))?;
        let data = json!({"id": role.id, "title": role.title});
        global.show(&data, || format!("the role {} is deleted; nobody's permissions were changed", line(&role.title)))
    }
}

fn page(role: &Role) -> String {
    let holds: Vec<String> = role.scopes().collect();
    let (name, words) = match (&role.words, role.own) {
        (Some(words), false) => (line(&role.id), line(words)),
        _ => (line(&role.title), format!("the store's own: {}", line(&role.id))),
    };
    format!("{name}\n  {words}\n  {}\n", line(&holds.join(", ")))
}
