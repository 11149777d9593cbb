//! How other programs watch a host: figures for Prometheus, a log of JSON lines, spans for a collector; and that none of
//! them tells what is not theirs.

mod canary;
pub mod figures;
mod log;
mod prometheus;
mod spans;
