//! How a store is set up: its own settings, and where its stock is kept.

pub mod locations;
pub mod store;
