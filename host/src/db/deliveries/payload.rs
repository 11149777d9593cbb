//! What an event carries: store data, shown to nobody who may not see it.
//!
//! INVARIANT: the text comes out through [`Payload::open`] alone, which asks for the scope of the topic.

use super::topic::Topic;
use crate::authz::{Denied, Principal};

/// The payload of an event, closed. Whoever delivers it passes it on without seeing it.
#[derive(Clone)]
pub struct Payload {
    topic: Topic,
    json: String,
}

impl Payload {
    /// Of an event about what is known to whoever makes it.
    pub fn new(topic: Topic, json: String) -> Payload {
        Payload { topic, json }
    }

    /// The payload, a JSON object, for somebody who holds the scope that its topic needs at this moment.
    pub fn open(&self, who: &Principal) -> Result<&str, Denied> {
        who.holds(self.topic.scope()).map(|()| self.json.as_str())
    }
}

impl std::fmt::Debug for Payload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Payload({})", self.topic)
    }
}
