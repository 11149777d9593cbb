//! When apps run: what they are told, in which order, how often, and what becomes of a delivery that fails.

mod chain;
mod hosts;
mod lane;
mod order;
mod parked;
mod schedule;
pub mod witness;
