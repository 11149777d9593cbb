//! How changes are staged and committed. A draft holds no transaction; it ends in exactly one way: committed whole in one
//! transaction, held, shown, or dropped.
//!
//! In reading order: `cause` (why there is one), `draft` (what is staged), `events` (what it says has happened), `storage`
//! (the apps' own keys, staged likewise), `size` (how many bytes it holds), `commit` (how it is committed), `append` (what it adds to journal and events), `along` (what goes along with it), `parcel` (a draft that waits), `rows` (each
//! record's row), `stock` and `levels` (what there is of what is sold), `erasures` (what it may not bring back), `line` (people who change the same at once), `once` (never twice for one request), `opens` (which documents a scope opens), `dry_run` (how it is
//! only looked at).

pub(in crate::db) mod along;
pub(in crate::db) mod append;
pub(in crate::db) mod carried;
pub(in crate::db) mod cause;
pub(in crate::db) mod commit;
pub(in crate::db) mod draft;
pub(in crate::db) mod dry_run;
pub(in crate::db) mod entry;
pub(in crate::db) mod erasures;
mod events;
mod facts;
pub(in crate::db) mod levels;
pub(in crate::db) mod line;
pub(in crate::db) mod once;
pub(in crate::db) mod opens;
pub(in crate::db) mod parcel;
mod request;
pub(in crate::db) mod rows;
pub(in crate::db) mod size;
pub(in crate::db) mod staged;
pub(in crate::db) mod stock;
pub(in crate::db) mod storage;
pub(in crate::db) mod uses;
mod wait;
