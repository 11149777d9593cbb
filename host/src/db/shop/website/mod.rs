//! What buyers read beside the products: pages.

pub mod pages;
