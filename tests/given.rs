//! No more than was given: an app, a person or a store that reaches for what it does not hold.

mod agreed;
mod caps;
mod fence;
mod links;
mod looks;
mod namespaces;
mod personal;
mod replay;
mod retries;
mod review;
mod secrets;
mod stock;
mod tokens;
mod upgrades;
