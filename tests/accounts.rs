//! People who sign in: from a first start in a browser to the end of a session, and those who would like to be somebody.

mod addresses;
mod attacks;
mod devices;
mod door;
mod elsewhere;
mod mail;
mod owners;
mod passkeys;
mod people;
mod staff;
mod who;
mod whole;
