//! Grants with terms: until when they hold, how much they can be used for.

mod caps;
mod expiry;
