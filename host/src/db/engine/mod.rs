//! What speaks to SQLite and PostgreSQL. Every change of what is kept goes through the one door for writes, and one
//! SQL text serves both engines.
//!
//! In reading order: `conn` (running SQL), `migrate` (bringing the tables up to date), `committer` (the door), `clock`
//! (what time it is), `open` (a database in use), `warm` (whose rows a connection serves), `reads` (what reading may
//! cost), `guests` (runs of apps among the connections), `portion` (what a job may take at once), `well` (whether it
//! answers), `look` (a database that is only looked at), `lock` (one host for a SQLite file), `wal` (its log), `copy`
//! (backups, and the way back).

mod clock;
pub(super) mod committer;
pub(super) mod conn;
pub(super) mod copy;
mod guests;
pub(super) mod lock;
pub(super) mod look;
pub(in crate::db) mod migrate;
pub(super) mod open;
pub(super) mod portion;
pub(super) mod reads;
mod wal;
pub(super) mod warm;
pub(super) mod well;
