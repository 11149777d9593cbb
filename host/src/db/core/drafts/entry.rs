//! What a commit writes into the journal and the log of events, in the making.

use crate::authz::ScopeSet;
use crate::db::core::kinds::Kind;
use crate::db::core::topic::Topic;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// One journal entry in the making.
pub(in crate::db) struct Entry<'a> {
    pub(in crate::db) kind: Kind,
    pub(in crate::db) id: String,
    pub(super) before: Option<Cow<'a, RawValue>>,
    pub(super) after: Option<Cow<'a, RawValue>>,
    pub(super) rev: i64,
    pub(super) scopes: ScopeSet,
}

/// An event in the making.
pub(super) struct Happened<'a> {
    pub(super) topic: Topic,
    pub(super) record: String,
    pub(super) payload: Cow<'a, RawValue>,
}
