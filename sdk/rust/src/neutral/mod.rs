//! What every app may use without a scope: its log, its own keys, its settings, and facts about the run.

pub mod log;
pub mod runtime;
pub mod settings;
pub mod storage;
