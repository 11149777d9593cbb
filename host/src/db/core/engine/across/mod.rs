//! The data of a host from one engine into the other: a PostgreSQL into a SQLite file, and such a file into a PostgreSQL.
//!
//! In reading order: `tables` (which there are, in both), `out` (out of a PostgreSQL), `into` (into one), `steps` (a copy
//! of a SQLite file beside a host that writes).
//!
//! INVARIANT: which tables and columns are copied is read from the databases themselves. What only one of them has stops
//! the copying before anything is written; nothing is left out but what `NOT_COPIED` names.

mod into;
mod out;
mod steps;
mod tables;

pub(in crate::db) use into::into_pg;
pub(in crate::db) use out::out_of_pg;
pub(in crate::db) use steps::out_of_lite;
pub(in crate::db) use tables::{NOT_COPIED, count, names};
