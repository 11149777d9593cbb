//! `storehand staff dry-run`: what somebody can do and what not, operation by operation.

use serde::Deserialize;
use serde_json::Value;

use super::list::people;
use super::roles::own;
use crate::cli::client::show::{line, table};
use crate::cli::client::{Client, Server};
use crate::cli::{Failure, Global};
use crate::db::roles::Role;
use crate::runtime::manifest::text::nearest;

/// Whom to try.
#[derive(clap::Args)]
pub(in crate::cli) struct Args {
    /// A role, for example fulfilment-agent, one of the store's own, or a staff member's name or id
    #[arg(value_name = "ROLE|NAME")]
    whom: String,
    #[command(flatten)]
    server: Server,
}

#[derive(Deserialize)]
struct Report {
    name: String,
    scopes: Vec<String>,
    routes: Vec<Access>,
}

#[derive(Deserialize)]
struct Access {
    method: String,
    path: String,
    summary: String,
    tag: String,
    allowed: bool,
    missing: Vec<String>,
    reserved: Option<String>,
}

impl Args {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let client = self.server.connect()?;
        let whom = match Role::find(&self.whom) {
            Some(role) => ("role", role.id.to_owned()),
            None => match own(&client, &self.whom)? {
                Some(role) => ("role", role.id),
                None => ("staff", self.person(&client)?),
            },
        };
        let report = client.get_with("staff/dry-run", &[(whom.0, Some(&whom.1))])?;
        global.show(&report, || page(&report))
    }

    /// The id of the person who is meant.
    fn person(&self, client: &Client) -> Result<String, Failure> {
        let (_, all) = people(client)?;
        let meant: Vec<_> = all.iter().filter(|one| one.id == self.whom || one.name == self.whom).collect();
        match meant.as_slice() {
            [one] => Ok(one.id.clone()),
            [] => {
                let names = all.iter().map(|one| one.name.as_str()).chain(Role::ALL.iter().map(|role| role.id));
                let near = nearest(&self.whom, names);
                let failure = Failure::not_found(format!("there is no role and nobody called `{}`", line(&self.whom)));
                let roles: Vec<&str> = Role::ALL.iter().map(|role| role.id).collect();
                Err(failure.help(match near {
                    Some(near) => format!("did you mean `{}`?", line(near)),
                    None => format!("the roles are {}; `storehand staff list` shows the people", roles.join(", ")),
                }))
            }
            several => {
                let ids: Vec<&str> = several.iter().map(|one| one.id.as_str()).collect();
                let failure = Failure::usage(format!("several people are called `{}`", line(&self.whom)));
                Err(failure.help(format!("give the id: {}", ids.join(", "))))
            }
        }
    }
}

fn page(report: &Value) -> String {
    let Ok(report) = Report::deserialize(report) else { return report.to_string() };
    let (can, cannot): (Vec<&Access>, Vec<&Access>) = report.routes.iter().partition(|route| route.allowed);
    // What no staff member can ever do says nothing about this one.
    let (never, missing): (Vec<&Access>, Vec<&Access>) = cannot.into_iter().partition(|route| route.reserved.is_some());
    let what = |route: &Access| [route.tag.clone(), route.summary.clone(), place(route)];
    let lacking = |route: &&Access| {
        let [tag, summary, place] = what(route);
        [route.missing.join(" and "), tag, summary, place]
    };
    let held = if report.scopes.is_empty() { "no permission".to_owned() } else { report.scopes.join(", ") };
    let (name, all) = (line(&report.name), can.len() + missing.len());
    let mut page = format!("{name} can do {} of {all} things staff can do, holding {}\n", can.len(), line(&held));
    page += &format!("\nCAN\n\n{}\n", table(["ABOUT", "WHAT", "ROUTE"], can.iter().map(|route| what(route))));
    if !missing.is_empty() {
        let rows = table(["MISSING", "ABOUT", "WHAT", "ROUTE"], missing.iter().map(lacking));
        page += &format!("\nCANNOT\n\n{rows}\n");
    }
    page += &format!("\n{} more are done by the owner, the shop's front or the host's people alone\n", never.len());
    page + "Nobody gives an app or a person what they do not hold themselves\n"
}

/// The route without what all of them begin with.
fn place(route: &Access) -> String {
    let path = route.path.strip_prefix("/api/v1").unwrap_or(&route.path);
    format!("{} {}", route.method, path.strip_prefix("/stores/{store}/").unwrap_or(path))
}
