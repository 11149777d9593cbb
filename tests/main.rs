//! Stories about Storehand, told from outside: over HTTP, through the command, with real apps.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test may")]
#![allow(unreachable_pub, reason = "no other crate sees the tests")]

mod access;
mod call_access;
mod cli_app;
mod cli_operate;
mod component;
mod contract;
mod deliveries;
mod demo;
mod first_start;
mod follow;
mod installations;
mod manifest;
mod openapi;
mod runs;
mod support;
mod terms;
mod tidy;
mod undo;
mod wasi;
