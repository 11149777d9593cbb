//! What every app may use without a scope: its log, its own keys, its settings, facts about the run, and requests to servers.

pub mod http;
pub mod log;
pub mod runtime;
pub mod settings;
pub mod storage;
