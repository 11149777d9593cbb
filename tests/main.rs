//! Stories about Storehand, told from outside: over HTTP, through the command, with real apps.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test may")]
#![allow(unreachable_pub, reason = "no other crate sees the tests")]

mod cli_app;
mod component;
mod contract;
mod manifest;
mod support;
mod tidy;
