//! Runs apps. The only room that knows WebAssembly.
//!
//! `manifest` and `component` read what an app says about itself and what its bytes really are; nothing is
//! compiled or run there. What they do not accept is [`refused::Refused`], with the reason and what would help.

pub mod code;
pub mod component;
pub mod manifest;
pub mod refused;
