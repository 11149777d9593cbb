//! `storehand apps show`.

use serde::Deserialize;
use serde_json::Value;

use super::list::{Breaker, Recalled, by_breaker};
use crate::cli::client::show::{mib, moment, sheet};
use crate::cli::client::{Server, segment};
use crate::cli::{Failure, Global};

/// Which app.
#[derive(clap::Args)]
pub(in crate::cli) struct Args {
    /// The app: its id, its short name or its installation
    app: String,
    #[command(flatten)]
    server: Server,
}

/// An installed app, as the host describes it.
#[derive(Deserialize)]
struct Detail {
    id: String,
    app: String,
    name: String,
    version: String,
    digest: String,
    state: String,
    state_reason: Option<String>,
    stopped: Option<String>,
    recalled: Option<Recalled>,
    breaker: Option<Breaker>,
    private: bool,
    pending: Option<String>,
    installed_by: String,
    installed_by_name: Option<String>,
    installed_at: String,
    grants: Vec<Grant>,
    not_granted: Vec<String>,
    topics: Vec<String>,
    schedules: Vec<Schedule>,
    actions: Vec<Action>,
    hosts: Vec<crate::db::apps::OutboundHost>,
    behind: i64,
    waiting: i64,
    parked: i64,
    written_today: Written,
    cut: Option<Cut>,
}

#[derive(Deserialize)]
struct Cut {
    events: i64,
    at: String,
}

#[derive(Deserialize)]
struct Written {
    bytes: i64,
    budget: i64,
    store_bytes: i64,
    store_budget: i64,
    staff_bytes: i64,
    storefront_bytes: i64,
    people_budget: i64,
    refused: i64,
    renews_at: String,
}

impl Written {
    fn words(&self) -> Vec<String> {
        let mine =
            format!("{} of {}, counted anew from {}", mib(self.bytes), mib(self.budget), moment(&self.renews_at));
        let apps = format!("all apps of the store: {} of {}", mib(self.store_bytes), mib(self.store_budget));
        let (staff, front, most) = (mib(self.staff_bytes), mib(self.storefront_bytes), mib(self.people_budget));
        let people = format!("its people: {staff}, its front: {front}, each of {most}");
        let refused = format!("not run at least {} times, as its runs could not be recorded any more", self.refused);
        [mine, apps, people].into_iter().chain((self.refused > 0).then_some(refused)).collect()
    }
}

#[derive(Deserialize)]
struct Grant {
    scope: String,
    words: String,
    terms: Terms,
    expired: bool,
    review: Option<Review>,
}

#[derive(Deserialize)]
struct Review {
    due: String,
    suspended: bool,
}

#[derive(Deserialize)]
struct Terms {
    words: Vec<String>,
}

#[derive(Deserialize)]
struct Schedule {
    cron: String,
    next: String,
}

#[derive(Deserialize)]
struct Action {
    id: String,
    label: String,
    on: String,
}

impl Args {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let client = self.server.connect()?;
        let installed = client.installed(&self.app)?;
        let detail = client.get(&format!("installations/{}", segment(&installed.id)))?;
        // Whoever may not take changes back is not told how many there are.
        let radius = match detail.get("recalled").is_some_and(|recalled| !recalled.is_null()) {
            true => client.get(&format!("installations/{}/radius", segment(&installed.id))).ok(),
            false => None,
        };
        global.show(&detail, || page(&detail, radius.as_ref()))
    }
}

/// How far the version that runs reached.
#[derive(Deserialize)]
struct Radius {
    installation: String,
    version: String,
    since: String,
    changes: i64,
    records: i64,
    looked_at: i64,
    undoable: i64,
    changed_since: i64,
    impossible: i64,
    more: bool,
    more_records: bool,
}

impl Radius {
    fn words(self) -> Vec<String> {
        let more = if self.more { "more than " } else { "" };
        let made = format!("{} made {more}{} changes since {}", self.version, self.changes, moment(&self.since));
        let left = [(self.changed_since, "changed since"), (self.impossible, "cannot be taken back")];
        let records = |n: i64| if n == 1 { "1 record".to_owned() } else { format!("{n} records") };
        let left = left.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!(", {} {what}", records(*n)));
        let of = match self.more_records {
            true => format!("of the latest {} of {more}{} records, ", self.looked_at, self.records),
            false => String::new(),
        };
        let now = format!("{of}{} can be taken back now{}", self.undoable, left.collect::<String>());
        let how = format!("storehand changes undo --app {} --since {}", self.installation, self.since);
        vec![made, now, how]
    }
}

fn page(detail: &Value, radius: Option<&Value>) -> String {
    let Ok(one) = Detail::deserialize(detail) else { return detail.to_string() };
    let state = match one.state_reason {
        // The circuit breaker says so itself.
        _ if let Some(why) = &one.stopped
            && by_breaker(why) =>
        {
            why.clone()
        }
        _ if let Some(why) = &one.stopped => format!("stopped by the operator of this host: {why}"),
        Some(why) => format!("{}: {why}", one.state),
        None => one.state,
    };
    let state = Recalled::beside(one.recalled.as_ref(), &one.version, state);
    let grants = one.grants.iter().map(|grant| {
        let ended = if grant.expired { " (ended)" } else { "" };
        let due = grant.review.as_ref().map(|review| match (review.suspended, moment(&review.due)) {
            (false, at) => {
                format!("; whoever gave it could not any more: allow or revoke it by {at}, or it is suspended")
            }
            (true, at) => format!("; suspended, its review was due on {at}: allow it again, or revoke it"),
        });
        let terms = grant.terms.words.iter().map(|words| format!("; {words}"));
        let terms = terms.chain(due).collect::<String>();
        format!("{:<18} {}{terms}{ended}", grant.scope, grant.words)
    });
    let schedules = one.schedules.iter().map(|due| format!("{:<18} next at {}", due.cron, moment(&due.next)));
    let actions = one.actions.iter().map(|action| format!("{:<18} \"{}\" on {}s", action.id, action.label, action.on));
    let counts =
        [(one.behind, "events not yet delivered"), (one.waiting, "wait to be tried again"), (one.parked, "given up")];
    let backlog: Vec<String> = counts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    let pending = one.pending.iter().map(|next| format!("{next} waits: `storehand apps upgrade {}@{next}`", one.app));
    let cut = one.cut.map(|Cut { events, at }| {
        format!(
            "not told of {events} events in 7 days, last at {}: it and other apps were answering each other; see \
             `storehand logs {}` for why, and pause one of them",
            moment(&at),
            one.app
        )
    });
    let cut = cut.into_iter().collect();
    let sheet = sheet(&[
        ("installation", vec![one.id]),
        ("version", vec![one.version]),
        ("uploaded", one.private.then(|| "by this store for itself (private)".to_owned()).into_iter().collect()),
        ("digest", vec![format!("sha256:{}", one.digest)]),
        ("state", vec![state]),
        ("breaker", one.breaker.as_ref().map(|breaker| breaker.words(&one.app)).unwrap_or_default()),
        ("reached", radius.and_then(|radius| Radius::deserialize(radius).ok()).map(Radius::words).unwrap_or_default()),
        ("upgrade", pending.collect()),
        (
            "installed",
            vec![format!("{} by {}", moment(&one.installed_at), one.installed_by_name.unwrap_or(one.installed_by))],
        ),
        ("may", grants.collect()),
        ("may not", one.not_granted),
        ("told of", one.topics),
        ("runs at", schedules.collect()),
        ("buttons", actions.collect()),
        (
            "calls",
            one.hosts.iter().map(|host| format!("{host}: {}", crate::cli::client::show::line(&host.reason))).collect(),
        ),
        ("wrote today", one.written_today.words()),
        ("cut", cut),
        ("backlog", if backlog.is_empty() { vec!["nothing waits".to_owned()] } else { backlog }),
    ]);
    let head = sheet_head(&one.name, &one.app);
    format!("{head}\n\n{sheet}")
}

fn sheet_head(name: &str, app: &str) -> String {
    crate::cli::client::show::line(&format!("{name} ({app})"))
}
