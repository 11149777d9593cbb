//! The one door for writes. It knows versioned records, permits and the transaction in which all that belongs together is
//! committed; it names no document of a store, no person and no app. Of what a store has it knows the table of kinds and
//! their topics, and the three things that a commit counts by itself: stock levels, steps of prices and uses of discounts.
//!
//! In reading order: `kinds` (the table of what a store has), `topic` (what can happen to it), `keys` (tags, links and
//! unique keys), `simple` (documents that are changed whole), `drafts` (what a run is about to change, and its commit), `caps` (what of it is counted), `chain` (how long apps answer each other), `guard` (what the rooms above lend it), `engine` (SQLite
//! and PostgreSQL), `shares` (of what there is little of). Beside them stands what every room speaks in: errors, moments,
//! money, the parts of long lists.

pub mod caps;
pub mod chain;
pub mod drafts;
pub mod engine;
pub mod error;
pub mod guard;
pub mod keys;
pub mod kinds;
pub mod money;
pub mod page;
pub mod shares;
pub mod simple;
pub mod texts;
pub mod time;
pub mod topic;
