//! `storehand apps dry-run`: what an app would do, before it is trusted with doing it.

mod page;

use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::bytes::{Given, Named, look};
use super::configure;
use super::plan::Plan;
use crate::cli::client::{Client, Server, segment};
use crate::cli::terms::Terms;
use crate::cli::{Exit, Failure, Global};
use crate::db::Topic;

/// What to try, on what, with what.
#[derive(clap::Args)]
pub(in crate::cli) struct Args {
    /// An installed app, an APP[@VERSION] that could be installed, or the file that `storehand app build` wrote
    #[arg(value_name = "APP|FILE")]
    app: String,
    /// Try it on the latest events it would be told, for example last:200 [default: last:200]
    #[arg(long, value_name = "last:N", value_parser = last)]
    events: Option<usize>,
    /// Only on events of this topic; `storehand help topics` lists them
    #[arg(long)]
    topic: Option<Topic>,
    /// Try it as if its schedule were due; of several, name which
    #[arg(long, value_name = "CRON", num_args = 0..=1, default_missing_value = "", conflicts_with_all = ["events", "topic"])]
    schedule: Option<String>,
    /// Try this button of the app
    #[arg(long, value_name = "ID", requires = "record", conflicts_with_all = ["events", "topic", "schedule"])]
    action: Option<String>,
    /// The record the button is pressed on
    #[arg(long, value_name = "ID", requires = "action")]
    record: Option<String>,
    /// Try it with these permissions too, besides those it has or requires
    #[arg(long, value_name = "SCOPE", value_delimiter = ',', conflicts_with = "grant_all")]
    grant: Vec<String>,
    /// Try it with everything it asks for
    #[arg(long)]
    grant_all: bool,
    #[command(flatten)]
    terms: Terms,
    /// Try it with the settings in this file, a JSON object
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
    #[command(flatten)]
    server: Server,
}

/// `last:200`, or just `200`.
fn last(text: &str) -> Result<usize, String> {
    let count = text.strip_prefix("last:").unwrap_or(text).parse();
    count.ok().filter(|count| (1..=1_000).contains(count)).ok_or_else(|| "write last:1 to last:1000".to_owned())
}

impl Args {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let settings = self.settings.as_deref().map(configure::read).transpose()?;
        let client = self.server.connect()?;
        let report = match self.installed(&client, settings.is_some())? {
            Some(id) => client.post(&format!("installations/{}/dry-run", segment(&id)), &json!({ "on": self.on() }))?,
            None => self.with_scopes(&client, settings)?,
        };
        global.show(&report, || page::page(&report))
    }

    /// The installation to try as it is, if one is meant and nothing else is to be tried with it.
    fn installed(&self, client: &Client, settings: bool) -> Result<Option<String>, Failure> {
        let other = settings || self.is_about_grants();
        if other || self.app.contains('@') || Path::new(&self.app).is_file() {
            return Ok(None);
        }
        match client.installed(&self.app) {
            Ok(installed) => Ok(Some(installed.id)),
            Err(failure) if failure.exit() == Exit::NotFound => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    /// Whether it is to be tried with other grants than those it has or requires, or on other terms.
    fn is_about_grants(&self) -> bool {
        self.grant_all || !self.grant.is_empty() || !self.terms.is_empty()
    }

    fn with_scopes(&self, client: &Client, settings: Option<Value>) -> Result<Value, Failure> {
        let mut given = self.given(client)?;
        let scopes = match self.is_about_grants() {
            true => {
                let (plan, _) = Plan::ask(client, &given, None, &Map::new())?;
                if let Given::Known(named) = &mut given {
                    *named = Named { app: plan.app.clone(), version: Some(plan.version.clone()) };
                }
                Some(plan.to_try(&self.grant, self.grant_all)?)
            }
            false => None,
        };
        let chosen: Vec<&str> = scopes.iter().flatten().map(String::as_str).collect();
        let terms = self.terms.read(&chosen)?;
        let mut how = json!({ "scopes": scopes, "terms": terms, "settings": settings, "on": self.on() });
        match given.into_bytes() {
            Ok(bytes) => {
                // Settings may be secret, so they stand before the component and not in the address.
                let body = [how.to_string().into_bytes(), bytes].concat();
                client.upload("installations/dry-run-file", body)
            }
            Err(named) => {
                if let Some(how) = how.as_object_mut() {
                    how.insert("app".to_owned(), json!(named.app));
                    how.insert("version".to_owned(), json!(named.version));
                }
                client.post("installations/dry-run", &how)
            }
        }
    }

    /// The app: of an installed one the version that runs, of any other the one that is named or was uploaded last.
    fn given(&self, client: &Client) -> Result<Given, Failure> {
        if !self.app.contains('@') && !Path::new(&self.app).is_file() {
            match client.installed(&self.app) {
                Ok(one) => return Ok(Given::Known(Named { app: one.app, version: Some(one.version) })),
                Err(failure) if failure.exit() == Exit::NotFound => {}
                Err(failure) => return Err(failure),
            }
        }
        look(client, &self.app)
    }

    /// What to try it on; nothing, if the host is to choose.
    fn on(&self) -> Option<Value> {
        match (&self.schedule, &self.action, &self.record) {
            (Some(cron), ..) => Some(json!({ "schedule": { "cron": Some(cron).filter(|cron| !cron.is_empty()) } })),
            (_, Some(id), Some(record)) => Some(json!({ "action": { "id": id, "record": record } })),
            _ if self.events.is_none() && self.topic.is_none() => None,
            _ => Some(json!({ "events": { "last": self.events, "topic": self.topic.map(Topic::name) } })),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::last;

    #[test]
    fn how_many_events_is_said_in_either_way() {
        assert_eq!((last("last:200"), last("5")), (Ok(200), Ok(5)));
        assert!(last("last:0").is_err() && last("1001").is_err() && last("all").is_err());
    }
}
