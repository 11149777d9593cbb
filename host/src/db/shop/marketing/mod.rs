//! What brings buyers in: discounts.

pub mod discounts;
