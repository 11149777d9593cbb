//! Stories about Storehand, told from outside: over HTTP, through the command, with real apps.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test may")]
#![allow(unreachable_pub, reason = "no other crate sees the tests")]

mod access;
mod accounts;
mod call_access;
mod cli_app;
mod cli_operate;
mod component;
mod contract;
mod custody;
mod deliveries;
mod demo;
mod export;
mod first_start;
mod follow;
mod given;
mod installations;
mod manifest;
mod neighbours;
mod openapi;
mod operate;
mod pages;
mod runs;
mod support;
mod terms;
mod tidy;
mod tls;
mod undo;
mod wasi;
mod watch;
