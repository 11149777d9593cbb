//! Who lives here: people and apps, what they may, and what becomes of what they do.
//!
//! In reading order: `people` (owners, staff, tokens, the audit log), `apps` (what developers publish), `installations`
//! (apps in stores, with their grants), `deliveries` (what makes apps run), `written` (how much a day may write),
//! `completion` (what is committed with a run), `held` (changes that wait for a person), `history` (what happened), `undo`
//! (taking it back), `stops` (what the operator ends), `plans` (what a store may use), `ending` (what becomes of a store that is
//! closed), `access_review` (who may do what and does not need it), `hosts` (who serves the database), `breaker` (what keeps
//! failing is paused), `alerts` (what somebody should look at), `copy` (backups), `evidence` (that nobody changed an audit
//! log). `memory` is what all of it
//! remembers between two looks at the database, and how it guards every commit; `around` is what everybody at work in a
//! store is shown of it.

pub mod access_review;
pub mod alerts;
pub mod apps;
pub mod around;
pub mod breaker;
pub mod completion;
pub mod copy;
pub mod deliveries;
pub mod ending;
pub mod evidence;
pub mod held;
pub mod history;
pub mod hosts;
pub mod installations;
pub(in crate::db) mod memory;
pub mod people;
pub mod plans;
pub mod stops;
pub mod undo;
pub mod written;
