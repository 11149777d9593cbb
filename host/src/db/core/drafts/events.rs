//! What a draft says has happened: the events its commit will append.

use super::cause::{Emit, Payload};
use super::draft::Draft;
use super::staged::EACH_BYTES;
use crate::db::core::error::Result;
use crate::db::core::kinds::to_json;
use crate::db::core::topic::Topic;

impl Draft {
    /// Adds an event about a record, whose payload is the document as committed. Saying it twice says it once.
    pub(in crate::db) fn emit(&mut self, topic: Topic, record: &str) {
        if !self.emits.iter().any(|emit| emit.topic == topic && emit.record == record) {
            self.emits.push(Emit { topic, record: record.to_owned(), payload: Payload::Record });
        }
    }

    /// Adds an event with a payload of its own.
    pub(in crate::db) fn emit_with<T: serde::Serialize>(
        &mut self,
        topic: Topic,
        record: &str,
        payload: &T,
    ) -> Result<()> {
        let payload = to_json(payload)?;
        self.resize(0, payload.get().len() + EACH_BYTES)?;
        self.emits.push(Emit { topic, record: record.to_owned(), payload: Payload::Given(payload) });
        Ok(())
    }
}
