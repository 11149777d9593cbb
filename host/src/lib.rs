//! Storehand: store apps as sandboxed components, each treated like a member of staff.
//!
//! Rooms, from the ground up, and a room names only rooms below it: `authn` (who somebody is) and `authz` (who may) stand
//! on nothing, `db` (what is stored) on both, `runtime` (runs apps) on `authz` and `db`; `events`, `jobs`, `checkout` and
//! `trial` on these, and `http` and `cli` above them. `text` and `schema` are two small rooms that anybody may use: what
//! people may be shown, and what the settings of an app may be; so is `metrics`, which counts;
//! `traces` sends some of it on. `serve` puts a host together; `demo` is a store to look at.

pub mod authn;
pub mod authz;
pub mod checkout;
pub mod cli;
pub mod config;
pub mod db;
pub mod demo;
pub mod events;
pub mod http;
pub mod jobs;
pub mod mail;
pub mod metrics;
pub mod outbound;
pub mod runtime;
pub mod schema;
pub mod serve;
mod survive;
pub mod text;
pub mod traces;
pub mod trial;
