//! Grants with terms: until when they hold.

mod expiry;
