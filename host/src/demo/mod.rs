//! The demo store: a believable past, the example apps at work in it, and what happens next. The command shows it.
//!
//! In reading order: `store` (who acts), `made_up` and `seed` (the past), `apps` (what is installed), `waits` (what its
//! owner has to decide), `feed` and `runaway` (what happens), `people` (who works there), `watch` and `report` (what is
//! told of it).
//!
//! INVARIANT: the demo has no door of its own. Its people act through tokens and permits, as anybody would.

pub(crate) mod apps;
mod dice;
pub(crate) mod feed;
mod made_up;
pub(crate) mod people;
pub(crate) mod report;
pub(crate) mod runaway;
pub(crate) mod seed;
pub(crate) mod store;
mod waits;
pub(crate) mod watch;
mod words;

fn to_raw(value: &serde_json::Value) -> crate::db::Result<Box<serde_json::value::RawValue>> {
    serde_json::value::to_raw_value(value).map_err(|e| crate::db::Error::Corrupt(e.to_string()))
}
