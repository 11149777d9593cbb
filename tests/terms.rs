//! Grants with terms: until when they hold, how much they can be used for, who approves what is done with them.

mod anew;
mod caps;
mod expiry;
pub mod held;
