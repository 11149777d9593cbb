//! How changes are staged and kept. A draft holds no transaction; it ends in exactly one way: kept whole in one
//! transaction, held, shown, or dropped.
//!
//! In reading order: `cause` (why there is one), `draft` (what is staged), `storage` (the apps' own keys, staged likewise),
//! `commit` (how it is kept), `rows` (each record's row), `once` (never twice for one request), `dry_run` (how it is only
//! looked at).

mod cause;
pub(super) mod commit;
pub(super) mod draft;
pub(super) mod dry_run;
pub(super) mod once;
mod rows;
pub(super) mod storage;
