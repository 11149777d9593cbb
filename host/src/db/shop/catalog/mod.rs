//! What a store sells, and how much of it is where. A SKU belongs to one variant of one product, and stock is counted
//! by SKU and location.
//!
//! In reading order: `products`, `categories`, `inventory`, `giftcards`.

pub mod categories;
pub mod giftcards;
pub mod inventory;
pub mod products;
