//! What becomes of one record when changes of it are taken back. In reading order: `chain` (what its history says),
//! `pass` (one page of records, staged in a draft), `hinder` (other records that stand in the way), `levels` (stock),
//! `tell` (what other apps hear), `skipped` (what is left, and why).

pub(super) mod chain;
mod hinder;
mod levels;
pub(super) mod pass;
pub(super) mod skipped;
mod tell;
