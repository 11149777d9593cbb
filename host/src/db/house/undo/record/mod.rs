//! What becomes of one record when changes of it are taken back. In reading order: `chain` (what its history says),
//! `pass` (one page of records, staged in a draft), `apart` and `fields` (a record that others changed otherwise since), `hinder` (other records that stand in the way), `levels` (stock), `moved`
//! (stock that moves with orders),
//! `tell` (what other apps hear), `skipped` (what is left, and why).

mod apart;
pub(super) mod chain;
mod fields;
mod hinder;
mod levels;
mod moved;
pub(super) mod pass;
pub(super) mod skipped;
mod tell;
