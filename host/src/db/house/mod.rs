//! Who lives here: people and apps, what they may, and what becomes of what they do.
//!
//! In reading order: `people` (owners, staff, tokens, the audit log), `apps` (what developers publish), `installations`
//! (apps in stores, with their grants), `deliveries` (what makes apps run), `written` (how much a day may write), `held`
//! (changes that wait for a person), `history` (what happened), `undo` (taking it back), `stops` (what the operator ends).

pub mod apps;
pub mod deliveries;
pub mod held;
pub mod history;
pub mod installations;
pub mod people;
pub mod stops;
pub mod undo;
pub mod written;
