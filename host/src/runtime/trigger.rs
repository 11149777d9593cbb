//! Why an app runs.

use super::bindings::app::exports::storehand::app::handler;
use crate::authz::{Denied, InvocationId, Principal, Scope};
use crate::db::{Payload, Run, Topic, rfc3339};
use sha2::{Digest as _, Sha256};

/// An event on its way to one app.
#[derive(Debug, Clone)]
pub struct Event {
    /// Its place in the store's order.
    pub seq: i64,
    /// The event's id; the same on every attempt.
    pub id: String,
    /// What happened.
    pub topic: Topic,
    /// The record it is about.
    pub record: String,
    /// What it carries.
    pub payload: Payload,
    /// When, in milliseconds.
    pub at: i64,
    /// 1 for the first attempt.
    pub attempt: i64,
    /// How many runs led to it.
    pub depth: i64,
    /// The event its chain began with, by its `seq`, if that is another.
    pub chain: Option<i64>,
}

/// Why an app runs.
#[derive(Debug, Clone)]
pub enum Trigger {
    /// Something happened in the store.
    Event(Event),
    /// A schedule of the manifest is due.
    Schedule {
        /// As in the manifest.
        cron: String,
        /// When it was due, RFC 3339 in the store's time zone.
        due: String,
    },
    /// A staff member pressed a button.
    Action {
        /// The action's id.
        id: String,
        /// The kind of the record it was pressed on.
        kind: String,
        /// The record's id.
        record: String,
    },
}

impl Trigger {
    /// A schedule that is due at this moment, in milliseconds; the app is told it in the store's time zone.
    pub fn schedule(cron: String, due: i64, zone: jiff::tz::TimeZone) -> Trigger {
        let local = jiff::Timestamp::from_millisecond(due).map(|at| at.to_zoned(zone));
        let due = local.map_or_else(|_| rfc3339(due), |at| at.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string());
        Trigger::Schedule { cron, due }
    }

    /// How long the causation chain of what this run changes is.
    pub fn depth(&self) -> i64 {
        match self {
            Trigger::Event(event) => event.depth + 1,
            Trigger::Schedule { .. } | Trigger::Action { .. } => 1,
        }
    }

    /// The event that the chain began with, if an event made it run.
    pub fn chain(&self) -> Option<i64> {
        match self {
            Trigger::Event(event) => event.chain.or(Some(event.seq)),
            Trigger::Schedule { .. } | Trigger::Action { .. } => None,
        }
    }

    /// The scope its payload needs.
    pub fn scope(&self) -> Option<Scope> {
        match self {
            Trigger::Event(event) => Some(event.topic.scope()),
            Trigger::Schedule { .. } | Trigger::Action { .. } => None,
        }
    }

    /// The same for each run that is made to answer this again: what a server may know a request by that it has seen before.
    /// It tells nothing of the store.
    pub(super) fn key(&self, run: &Run, invocation: InvocationId) -> String {
        let what = match self {
            Trigger::Event(event) => event.id.clone(),
            Trigger::Schedule { cron, due } => format!("{cron} {due}"),
            Trigger::Action { .. } => invocation.to_string(),
        };
        let of = Sha256::digest(format!("{} {what}", run.installation));
        hex::encode(of).chars().take(32).collect()
    }

    /// In a few words: `orders/created of ord_…`.
    pub fn words(&self) -> String {
        match self {
            Trigger::Event(event) => format!("{} of {}", event.topic, event.record),
            Trigger::Schedule { cron, .. } => format!("the schedule {cron}"),
            Trigger::Action { id, record, .. } => format!("{id} on {record}"),
        }
    }

    /// For the app that runs: what an event carries is opened only for one that may see it.
    pub(super) fn to_wit(&self, who: &Principal) -> Result<handler::Trigger, Denied> {
        let payload = match self {
            Trigger::Event(event) => event.payload.open(who)?,
            Trigger::Schedule { .. } | Trigger::Action { .. } => "",
        };
        Ok(self.carrying(payload))
    }

    /// The same for an app that runs for nobody: what is no store's data, and nothing else.
    pub(super) fn made_up(&self) -> handler::Trigger {
        let payload = match self {
            Trigger::Event(event) => event.payload.as_made_up(),
            Trigger::Schedule { .. } | Trigger::Action { .. } => None,
        };
        self.carrying(payload.unwrap_or("{}"))
    }

    fn carrying(&self, payload: &str) -> handler::Trigger {
        match self {
            Trigger::Event(event) => handler::Trigger::Event(handler::Event {
                id: event.id.clone(),
                topic: event.topic.name().to_owned(),
                payload: payload.to_owned(),
                at: rfc3339(event.at),
                attempt: u32::try_from(event.attempt).unwrap_or(u32::MAX),
            }),
            Trigger::Schedule { cron, due } => {
                handler::Trigger::Schedule(handler::Schedule { cron: cron.clone(), due: due.clone() })
            }
            Trigger::Action { id, kind, record } => handler::Trigger::Action(handler::Action {
                id: id.clone(),
                kind: kind.clone(),
                record_id: record.clone(),
            }),
        }
    }
}
