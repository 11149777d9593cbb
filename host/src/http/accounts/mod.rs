//! Accounts of people: what a stranger who tries passwords may take from the host, and from those who sign in.
//!
//! In reading order: [`throttle`] (how often somebody may try), [`hashes`] (how many passwords are hashed at once).

pub mod hashes;
pub mod throttle;
