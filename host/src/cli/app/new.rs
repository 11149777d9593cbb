//! `storehand app new`: a project that builds, with a test that passes.

use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use serde_json::json;

use super::publisher;
use super::template::{Plan, files};
use crate::authz::Scope;
use crate::cli::{Failure, Global};
use crate::db::Topic;
use crate::runtime::manifest::text::is_slug;

/// What to write and where to.
#[derive(clap::Args)]
pub(in crate::cli) struct Args {
    /// The app's name, or PUBLISHER/NAME; its folder is made here
    name: Option<String>,
    /// The publisher: the first part of the app's id [default: from git, or your user name]
    #[arg(long, env = "STOREHAND_PUBLISHER", value_name = "NAME")]
    publisher: Option<String>,
    /// The language
    #[arg(short, long, value_enum, default_value_t = Template::Rust)]
    template: Template,
    /// A topic to listen to, such as orders/created; `storehand help topics` lists them
    #[arg(long = "on", value_name = "TOPIC")]
    on: Vec<Topic>,
    /// A scope to ask for, such as orders:edit; `storehand help scopes` lists them
    #[arg(long = "scope", value_name = "SCOPE")]
    scopes: Vec<Scope>,
}

/// The languages there is a template for.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Template {
    Rust,
}

impl Args {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let Template::Rust = self.template;
        let named = match self.name {
            Some(name) => name,
            None => ask_for_name()?,
        };
        let named = match named.contains('/') {
            true => named,
            false => format!("{}/{named}", self.publisher.map_or_else(whose, Ok)?),
        };
        let plan = plan(&named, self.on, self.scopes)?;
        let dir = PathBuf::from(&plan.name);
        write(&dir, &plan)?;
        let data = json!({"id": format!("{}/{}", plan.publisher, plan.name), "dir": dir, "on": plan.on, "scopes": plan.scopes});
        global.show(&data, || {
            let name = dir.display();
            let id = format!("{}/{}", plan.publisher, plan.name);
            format!(
                "{name} is ready, its id is {id}:\n  cd {name}\n  edit app.toml      say what it does, and why it needs each \
                 permission\n  storehand app check\n  cargo test\n  storehand app build"
            )
        })
    }
}

/// Whose app it is, where that was not said.
fn whose() -> Result<String, Failure> {
    match publisher::of_folder() {
        Some(name) => Ok(name),
        None if io::stdin().is_terminal() => ask_for("whose app it is (the first part of its id)"),
        None => Err(Failure::usage("it is not known whose app it is").help(
            "give --publisher NAME, or PUBLISHER/NAME; in a store of your own any name will do, as long as no publisher \
             of the host has it",
        )),
    }
}

fn ask_for_name() -> Result<String, Failure> {
    if !io::stdin().is_terminal() {
        return Err(Failure::usage("the app needs a name").help("for example `storehand app new order-notes`"));
    }
    ask_for("name of the app")
}

fn ask_for(what: &str) -> Result<String, Failure> {
    eprint!("{what}: ");
    let mut name = String::new();
    let read = io::stderr().flush().and_then(|()| io::stdin().read_line(&mut name));
    read.map_err(|error| Failure::failed(format!("cannot read the name: {error}")))?;
    Ok(name.trim().to_owned())
}

/// What was asked for, made whole: a topic brings its view scope, and without any topic the app listens to new orders.
fn plan(named: &str, mut on: Vec<Topic>, mut scopes: Vec<Scope>) -> Result<Plan, Failure> {
    let (publisher, name) = named.split_once('/').unwrap_or(("", named));
    for (part, what) in [(publisher, "publisher"), (name, "name")] {
        if !is_slug(part, 3, 40) || !part.starts_with(|c: char| c.is_ascii_lowercase()) {
            return Err(Failure::usage(format!("`{part}` cannot be the {what} of an app"))
                .help("use 3 to 40 characters of a-z, 0-9 and `-`, beginning with a letter"));
        }
    }
    if let Some(scope) = scopes.iter().find(|scope| !scope.for_apps()) {
        return Err(Failure::usage(format!("`{scope}` is for people: no app can be given it"))
            .help("`storehand help scopes` lists what an app may ask for"));
    }
    scopes.sort();
    scopes.dedup();
    if scopes.iter().any(|scope| scope.at_checkout()) {
        if scopes.len() > 1 || !on.is_empty() {
            return Err(Failure::usage("an app at checkout sees its cart and nothing else")
                .help("use `--scope checkout:discount` alone; make a second app for the rest"));
        }
    } else {
        if on.is_empty() {
            on.push(Topic::OrdersCreated);
        }
        on.sort();
        on.dedup();
        scopes.extend(on.iter().map(|topic| topic.scope()));
        scopes.sort();
        scopes.dedup();
    }
    Ok(Plan { name: name.to_owned(), publisher: publisher.to_owned(), on, scopes })
}

/// Writes the project into a folder that does not exist yet or is empty.
fn write(dir: &Path, plan: &Plan) -> Result<(), Failure> {
    let occupied = match fs::read_dir(dir) {
        Ok(mut entries) => entries.next().is_some(),
        Err(_) => dir.exists(),
    };
    if occupied {
        return Err(Failure::failed(format!("`{}` exists and is not empty", dir.display()))
            .help("choose another name, or another folder to be in"));
    }
    for (name, text) in files(plan) {
        let path = dir.join(name);
        let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&path, text));
        written.map_err(|error| Failure::failed(format!("cannot write `{}`: {error}", path.display())))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_brings_its_scope_and_no_topic_means_new_orders() {
        let made = |on: &[Topic], scopes: &[Scope]| {
            plan("acme/notes", on.to_vec(), scopes.to_vec()).map(|plan| (plan.on, plan.scopes))
        };
        assert_eq!(made(&[], &[]).ok(), Some((vec![Topic::OrdersCreated], vec![Scope::OrdersView])));
        let low = made(&[Topic::InventoryLow, Topic::InventoryLow], &[Scope::OrdersEdit]);
        assert_eq!(low.ok(), Some((vec![Topic::InventoryLow], vec![Scope::OrdersEdit, Scope::InventoryView])));
        assert_eq!(made(&[], &[Scope::CheckoutDiscount]).ok(), Some((vec![], vec![Scope::CheckoutDiscount])));
        assert!(made(&[Topic::OrdersPaid], &[Scope::CheckoutDiscount]).is_err());
        assert!(made(&[], &[Scope::StaffManage]).is_err());
    }

    #[test]
    fn names_are_plain() {
        for bad in ["", "ab", "Notes", "9lives", "../notes", "a/b", "acme/no tes", "acme/notes/more", "-x-"] {
            assert!(plan(bad, vec![], vec![]).is_err(), "{bad}");
        }
        assert_eq!(plan("acme/notes", vec![], vec![]).map(|plan| plan.publisher).ok().as_deref(), Some("acme"));
    }
}
