//! No more than was given: an app, a person or a store that reaches for what it does not hold.

mod fence;
mod links;
mod namespaces;
mod personal;
mod replay;
mod upgrades;
