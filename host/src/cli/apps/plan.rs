//! What an install or an upgrade would mean, asked of the host and decided on by whoever runs the command.
//!
//! INVARIANT: what is shown is, word for word, what is sent along and stored with the consent.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::bytes::{Given, Named};
use crate::cli::client::show::{line, text};
use crate::cli::client::{Client, confirm, is_asked};
use crate::cli::terms::Terms;
use crate::cli::{Failure, Global};

/// Which permissions to grant, and how sure whoever runs the command is.
#[derive(Debug, clap::Args)]
pub(super) struct Choice {
    /// Grant these optional permissions too, for example orders:edit,orders:cancel; required ones are always granted
    #[arg(long = "grant", value_name = "SCOPE", value_delimiter = ',', conflicts_with = "grant_all")]
    grant: Vec<String>,
    /// Grant everything the app asks for
    #[arg(long)]
    grant_all: bool,
    #[command(flatten)]
    terms: Terms,
    /// Do it without asking, with the permissions named here; needed where there is no terminal
    #[arg(long, short)]
    yes: bool,
    /// Only show what would happen
    #[arg(long)]
    dry_run: bool,
}

/// What the host says it would mean.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Plan {
    pub(super) app: String,
    pub(super) version: String,
    refused: Option<String>,
    scopes: Vec<Asked>,
    upgrade_of: Option<String>,
    adds: Option<Added>,
    pub(super) shown: String,
}

/// What a version has that the installed one has not.
#[derive(Debug, Clone, Deserialize)]
struct Added {
    scopes: Vec<String>,
    topics: Vec<String>,
    schedules: Vec<String>,
    actions: Vec<Value>,
    hosts: Vec<Value>,
}

#[derive(Debug, Clone, Deserialize)]
struct Asked {
    scope: String,
    words: String,
    reason: String,
    required: bool,
    granted: bool,
    chosen: bool,
    held: bool,
}

/// What was decided on.
#[derive(Debug)]
pub(super) struct Decided {
    /// What it means.
    pub(super) plan: Plan,
    /// What will be granted.
    pub(super) scopes: Vec<String>,
    /// On which terms.
    pub(super) terms: Map<String, Value>,
}

impl Plan {
    pub(super) fn ask(
        client: &Client,
        given: &Given,
        scopes: Option<&[String]>,
        terms: &Map<String, Value>,
    ) -> Result<(Plan, Value), Failure> {
        let (path, mut body) = given.to_plan();
        body.insert("scopes".to_owned(), json!(scopes));
        body.insert("terms".to_owned(), json!(terms));
        let plan = client.post(path, &Value::Object(body))?;
        let read = Plan::deserialize(&plan);
        let read = read.map_err(|error| Failure::failed(format!("the host's plan cannot be read: {error}")))?;
        Ok((read, plan))
    }

    /// What to try the app with: what it has and requires, and what is named here, or all it asks for.
    pub(super) fn to_try(&self, grant: &[String], all: bool) -> Result<Vec<String>, Failure> {
        self.check_asked(grant)?;
        let wanted = |asked: &&Asked| all || asked.required || asked.granted || grant.contains(&asked.scope);
        Ok(self.scopes.iter().filter(wanted).map(|asked| asked.scope.clone()).collect())
    }

    /// Refuses what the app does not ask for.
    fn check_asked(&self, grant: &[String]) -> Result<(), Failure> {
        for scope in grant {
            if !self.scopes.iter().any(|asked| asked.scope == *scope) {
                let asked: Vec<&str> = self.scopes.iter().map(|asked| asked.scope.as_str()).collect();
                return Err(Failure::usage(format!("`{}` does not ask for `{}`", self.app, line(scope)))
                    .help(format!("it asks for: {}", asked.join(", "))));
            }
        }
        Ok(())
    }

    /// The installation that a version of this app would replace.
    pub(super) fn installed(&self) -> Option<&str> {
        self.upgrade_of.as_deref()
    }

    /// Whether the version asks for nothing that nobody has agreed to yet.
    pub(super) fn is_free(&self) -> bool {
        let empty = |added: &Added| {
            let Added { scopes, topics, schedules, actions, hosts } = added;
            scopes.is_empty() && topics.is_empty() && schedules.is_empty() && actions.is_empty() && hosts.is_empty()
        };
        self.adds.as_ref().is_some_and(empty)
    }

    /// Whether the app holds on to something that the person who asks does not hold, and nothing else is in the way: the version then
    /// waits for somebody who does.
    pub(super) fn waits(&self) -> bool {
        self.upgrade_of.is_some()
            && self.scopes.iter().any(|asked| asked.granted && !asked.held)
            && self.scopes.iter().all(|asked| asked.granted || !asked.chosen || asked.held)
    }

    /// What the app asks for and does not hold.
    fn open(&self) -> impl Iterator<Item = &Asked> {
        self.scopes.iter().filter(|asked| !asked.granted)
    }
}

impl Choice {
    /// Shows the plan and lets it be decided. `None`: nothing is to be done, because it was only to be shown or
    /// somebody said no. `check` may refuse the plan before anybody is asked.
    pub(super) fn decide(
        &self,
        client: &Client,
        global: &Global,
        given: &mut Given,
        check: impl Fn(&Plan) -> Result<(), Failure>,
    ) -> Result<Option<Decided>, Failure> {
        let (first, _) = Plan::ask(client, given, None, &Map::new())?;
        check(&first)?;
        // The very version that was looked at, even if another is uploaded meanwhile.
        if let Given::Known(named) = given {
            *named = Named { app: first.app.clone(), version: Some(first.version.clone()) };
        }
        let asks = is_asked(global) && !self.yes && !self.dry_run;
        let scopes = self.scopes(&first, asks)?;
        let names: Vec<&str> = scopes.iter().map(String::as_str).collect();
        let terms = self.terms.read(&names)?;
        let (plan, document) = Plan::ask(client, given, Some(&scopes), &terms)?;
        if self.dry_run {
            let refused = plan.refused.as_ref().map(|why| format!("\nIt would be refused: {}", line(why)));
            global.show(&document, || text(&plan.shown) + "\n" + &refused.unwrap_or_default())?;
            return Ok(None);
        }
        if let Some(why) = &plan.refused
            && !plan.waits()
        {
            return Err(Failure::not_permitted(text(why)));
        }
        if !global.json {
            eprintln!("{}\n", text(&plan.shown));
        }
        if plan.is_free() && scopes.is_empty() {
            return Ok(Some(Decided { plan, scopes, terms }));
        }
        if asks && !confirm("Do it?")? {
            eprintln!("nothing was done");
            return Ok(None);
        }
        if !asks && !self.yes {
            return Err(Failure::usage("confirmation required, and there is no terminal to ask on")
                .help("read what it would mean with --dry-run, then pass --yes"));
        }
        Ok(Some(Decided { plan, scopes, terms }))
    }

    /// The scopes to grant: the required ones, those named, and on a terminal those said yes to.
    fn scopes(&self, plan: &Plan, asks: bool) -> Result<Vec<String>, Failure> {
        plan.check_asked(&self.grant)?;
        let mut scopes = Vec::new();
        for asked in plan.open() {
            let named = self.grant_all || asked.required || self.grant.contains(&asked.scope);
            if named || (asks && asked.held && self.grant.is_empty() && offer(asked)?) {
                scopes.push(asked.scope.clone());
            }
        }
        Ok(scopes)
    }
}

/// Offers one optional permission.
fn offer(asked: &Asked) -> Result<bool, Failure> {
    let Asked { scope, words, reason, .. } = asked;
    confirm(&format!("Optional: {} [{scope}]\n  \"{}\"\n  Grant it?", line(words), line(reason)))
}
