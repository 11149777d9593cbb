//! Reasons to run an app.

use serde::Serialize;

use crate::bindings::app::exports::storehand::app::handler;
pub use crate::bindings::app::exports::storehand::app::handler::{Outcome, Trigger};

/// The moment of every event, schedule and run of a fake host.
pub(super) const NOW: &str = "2026-01-02T03:04:05Z";

/// Something happened. The payload is a record of the SDK, or JSON as the contract's table of topics says.
///
/// # Panics
/// When the payload cannot be written as JSON.
pub fn event(topic: &str, payload: &impl Serialize) -> Trigger {
    let payload = match serde_json::to_string(payload) {
        Ok(payload) => payload,
        Err(error) => panic!("the payload cannot be written as JSON: {error}"),
    };
    let (id, topic, at) = ("evt_1".to_owned(), topic.to_owned(), NOW.to_owned());
    Trigger::Event(handler::Event { id, topic, payload, at, attempt: 1 })
}

/// A schedule of the manifest is due.
pub fn schedule(cron: &str) -> Trigger {
    Trigger::Schedule(handler::Schedule { cron: cron.to_owned(), due: NOW.to_owned() })
}

/// A staff member pressed a button on a record: its kind (`order`, `product`, `customer`) and its id.
pub fn action(id: &str, kind: &str, record_id: &str) -> Trigger {
    let (id, kind, record_id) = (id.to_owned(), kind.to_owned(), record_id.to_owned());
    Trigger::Action(handler::Action { id, kind, record_id })
}
