//! What a store has. Records are documents with a revision; a permit's methods change them in a draft and nowhere else.
//!
//! In reading order: `doc` (what a record of each kind holds), `keys` (tags, links and unique keys derived from it),
//! then one file per resource with the methods its permits have: `orders`, `carts`, `customers`, `discounts`, those of
//! the `catalog`, `settings`. `intake` (from the shop's front) and `past` (from another system) bring records in;
//! `reports` adds them up; `pressed` looks up what a button is pressed on.

pub mod carts;
mod catalog;
pub mod customers;
pub mod discounts;
pub(super) mod doc;
pub mod intake;
pub(super) mod keys;
pub mod orders;
pub mod past;
mod pressed;
pub mod reports;
pub mod settings;

pub use catalog::{categories, giftcards, inventory, locations, products};
