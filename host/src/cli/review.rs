//! `storehand review`: who may do what in a store and does not use it.

use serde::Deserialize;
use serde_json::{Value, json};

use super::client::Server;
use super::client::show::{line, moment};
use super::{Failure, Global};

/// What counts as unused, and whether the review is done.
#[derive(clap::Args)]
pub(super) struct Args {
    /// After how many days without use something counts as unused
    #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..=366))]
    days: u32,
    /// Note that access was reviewed; it is due again 90 days later
    #[arg(long, conflicts_with = "days")]
    done: bool,
    #[command(flatten)]
    server: Server,
}

#[derive(Deserialize)]
struct Review {
    days: u32,
    watched_since: Option<String>,
    reviewed: Reviewed,
    apps_looked_at: usize,
    apps: Vec<App>,
    people_looked_at: usize,
    people: Vec<Person>,
    tokens: Option<Vec<Token>>,
    more: bool,
}

#[derive(Deserialize)]
struct Reviewed {
    at: Option<String>,
    by_name: Option<String>,
    due: String,
    is_due: bool,
}

#[derive(Deserialize)]
struct App {
    app: String,
    version: String,
    unused: Vec<Unused>,
    over_asks: Vec<String>,
    ending: Vec<Ending>,
    under_review: Vec<UnderReview>,
    tighter: Vec<Tighter>,
}

#[derive(Deserialize)]
struct Unused {
    scope: String,
    last_used: Option<String>,
    certain: bool,
}

#[derive(Deserialize)]
struct Ending {
    scope: String,
    expires_at: String,
}

#[derive(Deserialize)]
struct UnderReview {
    scope: String,
    due: String,
    suspended: bool,
}

#[derive(Deserialize)]
struct Tighter {
    scope: String,
    bound: String,
    most_spent: String,
    proposed: String,
    currency: Option<String>,
}

#[derive(Deserialize)]
struct Person {
    staff: String,
    name: String,
    last_seen: Option<String>,
    why: Vec<String>,
    unused: Vec<UnusedByPerson>,
}

#[derive(Deserialize)]
struct UnusedByPerson {
    scope: String,
    last_used: Option<String>,
    certain: bool,
}

#[derive(Deserialize)]
struct Token {
    token: String,
    name: String,
    staff_name: Option<String>,
    used_at: Option<String>,
}

impl Args {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let client = self.server.connect()?;
        if self.done {
            let done = client.post("review", &json!({}))?;
            return global.show(&done, || {
                let due = done.get("due").and_then(Value::as_str).unwrap_or_default();
                format!("access was reviewed; it is due again on {}", moment(due))
            });
        }
        let review = client.get(&format!("review?days={}", self.days))?;
        global.show(&review, || page(&review))
    }
}

/// The review in words, each finding with the command that drops it.
fn page(review: &Value) -> String {
    let Ok(review) = Review::deserialize(review) else { return review.to_string() };
    let mut lines = vec![head(&review)];
    for app in &review.apps {
        lines.push(format!("\n{} {}", app.app, app.version));
        lines.extend(of_app(app, review.days));
    }
    if !review.people.is_empty() {
        lines.push("\npeople".to_owned());
    }
    for person in &review.people {
        let seen = person.last_seen.as_deref().map_or_else(|| "never".to_owned(), moment);
        for unused in &person.unused {
            let used =
                unused.last_used.as_ref().map_or_else(|| "never used".to_owned(), |day| format!("last used on {day}"));
            let known = if unused.certain { "" } else { ", as far as is known" };
            lines.push(found(
                &format!("{}: {}: {used}{known}", person.name, unused.scope),
                &format!("staff change {} --remove {}", person.staff, unused.scope),
            ));
        }
        let why = person.why.iter().filter(|why| *why != "unused");
        let why = why.map(|why| why.replace('_', " ")).collect::<Vec<_>>().join(", ");
        if why.is_empty() {
            continue;
        }
        lines.push(found(
            &format!("{}: {why}; last seen: {seen}", person.name),
            &format!("staff remove {}", person.staff),
        ));
    }
    if review.tokens.as_ref().is_some_and(|tokens| !tokens.is_empty()) {
        lines.push("\ntokens".to_owned());
    }
    for token in review.tokens.iter().flatten() {
        let used = token.used_at.as_deref().map_or_else(|| "never".to_owned(), moment);
        let whose = token.staff_name.as_deref().unwrap_or("the shop's front");
        lines.push(format!("  {}", line(&format!("{} of {whose}: last used: {used} ({})", token.name, token.token))));
    }
    if review.more {
        lines.push("\nthere is more than was looked at; decide on this, then ask again".to_owned());
    }
    let nothing = review.apps.is_empty() && review.people.is_empty() && review.tokens.iter().flatten().next().is_none();
    if nothing {
        lines.push("\nnothing is left to decide".to_owned());
    }
    lines.push("\n`storehand review --done` notes that you went through it".to_owned());
    lines.join("\n")
}

fn head(review: &Review) -> String {
    let watched = match &review.watched_since {
        Some(since) => {
            format!("what apps use has been recorded since {}; what they used before that is not known", moment(since))
        }
        None => "what apps use is not recorded yet".to_owned(),
    };
    let Reviewed { at, by_name, due, is_due } = &review.reviewed;
    let last = match at {
        Some(at) => format!("reviewed on {} by {}", moment(at), line(by_name.as_deref().unwrap_or("somebody"))),
        None => "never reviewed".to_owned(),
    };
    let due = if *is_due { format!("due since {}", moment(due)) } else { format!("next due on {}", moment(due)) };
    format!(
        "{} and {} looked at; unused is what was not used for {} days\n{watched}\n{last}, {due}",
        counted(review.apps_looked_at, "app", "apps"),
        counted(review.people_looked_at, "person", "people"),
        review.days
    )
}

fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// What was found, and below it how to drop it.
fn found(what: &str, command: &str) -> String {
    format!("  {}\n    storehand {}", line(what), line(command))
}

fn of_app(app: &App, days: u32) -> Vec<String> {
    let mut lines = Vec::new();
    for Unused { scope, last_used, certain } in &app.unused {
        let used = last_used.as_ref().map_or_else(|| "never used".to_owned(), |day| format!("last used on {day}"));
        let known = if *certain { "" } else { ", as far as is known" };
        let asks = if app.over_asks.contains(scope) { "; the app cannot be installed without it" } else { "" };
        lines.push(found(
            &format!("{scope}: {used}{known}, not for {days} days{asks}"),
            &format!("grants revoke {} {scope}", app.app),
        ));
    }
    for Ending { scope, expires_at } in &app.ending {
        lines.push(found(
            &format!("{scope}: ends on {}", moment(expires_at)),
            &format!("grants allow {} {scope}", app.app),
        ));
    }
    for UnderReview { scope, due, suspended } in &app.under_review {
        let what = if *suspended { "suspended since" } else { "to be decided by" };
        lines.push(found(
            &format!("{scope}: whoever gave it could not any more; {what} {}", moment(due)),
            &format!("grants revoke {} {scope}", app.app),
        ));
    }
    for Tighter { scope, bound, most_spent, proposed, currency } in &app.tighter {
        let unit = currency.as_ref().map(|code| format!(" {code}")).unwrap_or_default();
        lines.push(found(
            &format!("{scope}: at most {bound}{unit} a day, and never more than {most_spent}{unit} was needed"),
            &format!("grants limit {} {scope} --cap {proposed}/day", app.app),
        ));
    }
    lines
}
