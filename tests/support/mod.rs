//! What the stories share: the host under test, the people who speak to it, guests, databases, reviewed files.

#[path = "../../host/src/authn/passkey/authenticator.rs"]
#[expect(dead_code, reason = "what is tried without a host is for the tests of the crate")]
pub mod authenticator;
pub mod bombs;
pub mod browser;
pub mod command;
pub mod crowd;
pub mod examples;
pub mod golden;
pub mod guests;
pub mod host;
pub mod letters;
pub mod neighbour;
pub mod outside;
pub mod person;
pub mod postgres;
pub mod rows;
pub mod sessions;
pub mod slow;
pub mod stream;
pub mod tables;
pub mod tree;
