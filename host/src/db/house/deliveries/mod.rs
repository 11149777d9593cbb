//! What makes apps run, and how far each has come. An app's place moves in the transaction that commits what it did, so
//! nothing is done twice and nothing is missed.
//!
//! In reading order: `topic` (what can happen) and `payload` (what is told of it), `schedule` (when a schedule is due),
//! `backlog` (what waits), `lease` (which host sees to it), `chain` (what one event may come to), `deliver` (one step on), `parked` (what was given up until
//! a person decides).

pub(in crate::db) mod backlog;
pub(in crate::db) mod chain;
pub(in crate::db) mod deliver;
mod lease;
pub(in crate::db) mod parked;
pub(in crate::db) mod payload;
pub(in crate::db) mod schedule;
