//! Orders, carts and customers. `intake` (from the shop's front) and `past` (from another system) bring records in;
//! `pressed` looks up what a button is pressed on.

pub mod agreed;
pub mod carts;
pub mod customers;
pub mod intake;
pub mod orders;
pub mod past;
mod pressed;
