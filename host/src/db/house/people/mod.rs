//! Stores and who is in them. Every change of power is fenced by what its giver holds, and noted in the audit log by
//! the transaction that makes it.
//!
//! In reading order: `stores`, `roles` and `own_roles` (starting points), `staff`, `employment` (who works at the moment),
//! `owners`, `rules` (the store's own), `tokens` (how programs show who they are), `accounts` (how people do), `authority`
//! (what they hold right now, apps too), `audit` (the log of a store), `host_audit` (that of the host), `looks` (at personal
//! data), `uses` (when people last used what they hold), `names`, `review` (what people gave and could not give any more).

pub mod accounts;
pub(in crate::db) mod audit;
pub(in crate::db) mod authority;
mod employment;
pub(in crate::db) mod host_audit;
pub(in crate::db) mod looks;
pub(in crate::db) mod names;
pub mod own_roles;
pub mod owners;
pub(in crate::db) mod review;
pub mod roles;
pub mod rules;
pub mod staff;
pub mod stores;
pub mod tokens;
pub(in crate::db) mod uses;
