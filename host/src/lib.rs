//! Storehand: store apps as sandboxed components, each treated like a member of staff.
//!
//! Rooms, in reading order. A room never names a room below it in this list's reverse: `authz` stands on
//! nothing, `db` on `authz`, `runtime` on both, `events` and `http` on all three. `text` and `schema` are two small rooms that
//! anybody may use: what people may be shown, and what the settings of an app may be.

pub mod authz;
pub mod cli;
pub mod config;
pub mod db;
pub mod events;
pub mod http;
pub mod runtime;
pub mod schema;
pub mod serve;
pub mod text;
