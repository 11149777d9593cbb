//! `storehand alerts`: what somebody should look at, of a store or of the host, and the rules it is found by.

use serde::Deserialize;
use serde_json::{Value, json};

use super::client::show::{line, moment, table};
use super::client::{Client, Server, segment};
use super::{Failure, Global};

/// What to do with alerts.
#[derive(clap::Subcommand)]
pub(super) enum Verb {
    /// List what somebody should look at, newest first
    List(List),
    /// Say that somebody knows of an alert; it stays open until its cause is gone
    Acknowledge(Acknowledge),
    /// Snooze an alert for some hours
    Snooze(Snooze),
    /// List the rules, and from which threshold on something is found
    Rules(Rules),
    /// Set the threshold of a rule, or turn it on or off
    Set(Set),
}

/// Whose alerts.
#[derive(clap::Args)]
struct Whose {
    /// Those about the host, as its operator, and not those of a store
    #[arg(long)]
    host: bool,
    #[command(flatten)]
    server: Server,
}

impl Whose {
    fn connect(&self) -> Result<Client, Failure> {
        if self.host { self.server.connect_to_host() } else { self.server.connect() }
    }
}

/// Which alerts to list.
#[derive(clap::Args)]
pub(super) struct List {
    /// Those that are resolved, too
    #[arg(long)]
    resolved: bool,
    /// With --host: those of stores, too
    #[arg(long, requires = "host")]
    stores: bool,
    #[command(flatten)]
    whose: Whose,
}

/// Which alert.
#[derive(clap::Args)]
pub(super) struct Acknowledge {
    /// The alert's id
    #[arg(value_name = "ALERT")]
    id: String,
    #[command(flatten)]
    whose: Whose,
}

/// Which alert, and for how long.
#[derive(clap::Args)]
pub(super) struct Snooze {
    /// The alert's id
    #[arg(value_name = "ALERT")]
    id: String,
    /// For so many hours
    #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u32).range(1..=672))]
    hours: u32,
    #[command(flatten)]
    whose: Whose,
}

/// Whose rules.
#[derive(clap::Args)]
pub(super) struct Rules {
    #[command(flatten)]
    whose: Whose,
}

/// Which rule, and what of it.
#[derive(clap::Args)]
pub(super) struct Set {
    /// The rule's name, as `alerts rules` lists it
    rule: String,
    /// From where on something is found
    #[arg(long, value_name = "N")]
    threshold: Option<i64>,
    /// Look for nothing by it
    #[arg(long)]
    off: bool,
    /// Look for something by it again
    #[arg(long, conflicts_with = "off")]
    on: bool,
    #[command(flatten)]
    whose: Whose,
}

#[derive(Deserialize)]
struct Alert {
    id: String,
    store: Option<String>,
    severity: String,
    title: String,
    what: String,
    remedy: String,
    raised_at: String,
    acknowledged_at: Option<String>,
    snoozed_until: Option<String>,
    resolved_at: Option<String>,
}

#[derive(Deserialize)]
struct Rule {
    rule: String,
    enabled: bool,
    threshold: i64,
    unit: String,
    default: i64,
}

impl Verb {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        match self {
            Verb::List(List { resolved, stores, whose }) => {
                let yes = |flag: bool| flag.then_some("true");
                let asked = [("resolved", yes(resolved)), ("stores", yes(stores))];
                let alerts = whose.connect()?.list("alerts", &asked, 10_000)?;
                global.show(&alerts, || page(&alerts))
            }
            Verb::Acknowledge(Acknowledge { id, whose }) => {
                let path = format!("alerts/{}/acknowledge", segment(&id));
                let alert = whose.connect()?.post(&path, &json!({}))?;
                global.show(&alert, || format!("{} is acknowledged; it stays open until its cause is gone", line(&id)))
            }
            Verb::Snooze(Snooze { id, hours, whose }) => {
                let path = format!("alerts/{}/snooze", segment(&id));
                let alert = whose.connect()?.post(&path, &json!({ "hours": hours }))?;
                global.show(&alert, || format!("{} is snoozed for {hours} h", line(&id)))
            }
            Verb::Rules(Rules { whose }) => {
                let rules = whose.connect()?.list("alert-rules", &[], 1_000)?;
                global.show(&rules, || rules_page(&rules))
            }
            Verb::Set(set) => set.run(global),
        }
    }
}

impl Set {
    fn run(self, global: &Global) -> Result<(), Failure> {
        if self.threshold.is_none() && !self.on && !self.off {
            return Err(Failure::usage("name a --threshold, --on or --off"));
        }
        let mut body = json!({ "rule": self.rule });
        if let (Value::Object(fields), Some(threshold)) = (&mut body, self.threshold) {
            fields.insert("threshold".to_owned(), threshold.into());
        }
        if let (Value::Object(fields), true) = (&mut body, self.on || self.off) {
            fields.insert("enabled".to_owned(), self.on.into());
        }
        let rule = self.whose.connect()?.patch("alert-rules", &body)?;
        global.show(&rule, || rules_page(std::slice::from_ref(&rule)))
    }
}

fn page(alerts: &[Value]) -> String {
    if alerts.is_empty() {
        return "nothing to look at".to_owned();
    }
    let one = |alert: Alert| {
        let state = match (&alert.resolved_at, &alert.acknowledged_at, &alert.snoozed_until) {
            (Some(at), ..) => format!("resolved {}", moment(at)),
            (None, Some(at), _) => format!("acknowledged {}", moment(at)),
            (None, None, Some(until)) => format!("snoozed until {}", moment(until)),
            (None, None, None) => "open".to_owned(),
        };
        let of = alert.store.map(|store| format!(", {store}")).unwrap_or_default();
        let then = if alert.resolved_at.is_none() { format!("\n  {}", line(&alert.remedy)) } else { String::new() };
        format!(
            "{} ({}, since {}, {state}{of})\n  {}{then}\n  {}",
            line(&alert.title),
            line(&alert.severity),
            moment(&alert.raised_at),
            line(&alert.what),
            line(&alert.id)
        )
    };
    alerts.iter().filter_map(|alert| Alert::deserialize(alert).ok()).map(one).collect::<Vec<_>>().join("\n\n")
}

fn rules_page(rules: &[Value]) -> String {
    let rows = rules.iter().filter_map(|rule| Rule::deserialize(rule).ok()).map(|rule| {
        let number = |n: i64| if rule.unit == "none" { String::new() } else { format!("{n} {}", rule.unit) };
        let state = if rule.enabled { "on" } else { "off" };
        [rule.rule.clone(), state.to_owned(), number(rule.threshold), number(rule.default)]
    });
    table(["RULE", "STATE", "FROM", "DEFAULT"], rows)
}
