//! Runs of apps: watching them, reading one, summing them up, and causing one.

pub(super) mod logs;
pub(super) mod rerun;
pub(super) mod trace;
pub(super) mod trigger;
pub(super) mod usage;
