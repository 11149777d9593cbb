//! What the benches share. Each bench uses a part of it.
#![allow(dead_code, reason = "each bench uses a part of it")]

pub mod figures;
pub mod guests;
pub mod host;
pub mod http;
