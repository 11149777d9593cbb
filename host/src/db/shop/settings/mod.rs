//! How a store is set up: its own settings, where its stock is stored, and its tax rates.

pub mod locations;
pub mod store;
pub mod taxes;
