//! What a store has, by permission group. Records are documents with a revision; a permit's methods change them in a
//! draft and nowhere else.
//!
//! One folder for each group that the scope table has, and one file for each resource in it: `sales`, `catalog`,
//! `marketing`, `reports`, `website`, `settings`. `opens` is the table of what their scopes
//! open, `lookup` what is found by words, `simple` that of what is listed, read, created, changed and deleted whole.

pub mod catalog;
pub mod lookup;
pub mod marketing;
mod opens;
pub mod reports;
pub mod sales;
pub mod settings;
mod simple;
pub mod website;

pub(crate) use simple::simple_documents;
