//! What an event carries: store data, shown to nobody who may not see it.
//!
//! INVARIANT: the text comes out through [`Payload::open`] alone, which asks for the scope of the topic.

use crate::authz::{Denied, Principal};
use crate::db::core::topic::Topic;

/// The payload of an event, closed. Whoever delivers it passes it on without seeing it.
#[derive(Clone)]
pub struct Payload {
    /// None: no store's data.
    topic: Option<Topic>,
    json: String,
}

impl Payload {
    /// Of an event of a store.
    pub fn new(topic: Topic, json: String) -> Payload {
        Payload { topic: Some(topic), json }
    }

    /// Of an event that never happened, to try an app with.
    pub fn made_up(json: String) -> Payload {
        Payload { topic: None, json }
    }

    /// The payload, if it was made up.
    pub fn as_made_up(&self) -> Option<&str> {
        self.topic.is_none().then_some(&self.json)
    }

    /// The payload, a JSON object, for somebody who holds the scope that its topic needs at this moment.
    pub fn open(&self, who: &Principal) -> Result<&str, Denied> {
        self.topic.map_or(Ok(()), |topic| who.holds(topic.scope())).map(|()| self.json.as_str())
    }
}

impl std::fmt::Debug for Payload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Payload({:?})", self.topic)
    }
}
