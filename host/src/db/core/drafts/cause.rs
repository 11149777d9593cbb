//! What made a draft, where it works, and what its commit will tell.

use crate::authz::{InstallationId, InvocationId};
use crate::db::core::topic::Topic;
use serde_json::value::RawValue;

/// What made this draft: for a run, which one, and how long its causation chain is.
#[derive(Debug, Clone, Copy)]
pub struct Cause {
    /// The run, if it is one.
    pub invocation: Option<InvocationId>,
    /// The app, if it is one.
    pub installation: Option<InstallationId>,
    /// 0 for people; one more than the event's for a run it triggered.
    pub depth: i64,
    /// The event that the chain of runs began with, by its `seq`; none where this begins one.
    pub chain: Option<i64>,
}

impl Cause {
    /// A person, or the shop's front.
    pub const PERSON: Cause = Cause { invocation: None, installation: None, depth: 0, chain: None };
}

/// What an event will carry.
#[derive(Debug)]
pub(in crate::db) enum Payload {
    /// The document as it is at commit.
    Record,
    /// This.
    Given(Box<RawValue>),
}

/// An event the commit will append.
#[derive(Debug)]
pub(in crate::db) struct Emit {
    pub(in crate::db) topic: Topic,
    pub(in crate::db) record: String,
    pub(in crate::db) payload: Payload,
}
