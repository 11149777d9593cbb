//! What permits do to each kind of record: one file of stories per resource.

use super::*;

mod agreed;
mod carts;
mod categories;
mod customers;
mod discounts;
mod giftcards;
mod intake;
mod inventory;
mod orders;
mod past;
mod reports;
mod simple;
