//! What speaks to SQLite and PostgreSQL. Every change of data goes through the one door for writes, and one
//! SQL text serves both engines.
//!
//! In reading order: `conn` (running SQL), `migrate` (bringing the tables up to date), `committer` (the door), `late` (what a write does last), `clock`
//! (what time it is), `open` (a database in use), `warm` (whose rows a connection serves), `reads` (what reading may
//! cost), `guests` (runs of apps among the connections), `portion` (what a job may take at once), `well` (whether it
//! answers), `woken` and `wakes` (where something may be to deliver), `look` (a database that is only looked at), `reach` (why a
//! PostgreSQL cannot be reached), `lock` (one host for a SQLite file), `wal` (its log), `across` (everything into another
//! database).

pub(in crate::db) mod across;
mod clock;
pub(in crate::db) mod committer;
pub(in crate::db) mod conn;
pub(in crate::db) mod erasures;
mod guests;
pub(in crate::db) mod late;
pub(in crate::db) mod load;
pub(in crate::db) mod lock;
pub(in crate::db) mod look;
pub(in crate::db) mod migrate;
pub(in crate::db) mod open;
pub(in crate::db) mod portion;
mod reach;
pub(in crate::db) mod reads;
pub(in crate::db) mod sampled;
mod wakes;
pub(in crate::db) mod wal;
pub(in crate::db) mod warm;
pub(in crate::db) mod well;
pub(in crate::db) mod woken;
