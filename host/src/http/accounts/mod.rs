//! People who sign in: the session of a browser, what a form must carry, and proofs of who somebody is.
//!
//! In reading order: `cookie`, `session` (who a browser is signed in as, in the store of the path), `guard` (what every form
//! goes through), `proof` (passwords and codes compared), `passkey` (what a browser is asked for, and answers), [`throttle`] (how often somebody may try), [`hashes`] (how many
//! passwords are hashed at once), `device` (which browser it is). What a page shows of it stands in `pages`.
//!
//! INVARIANT: a session is good on pages alone, and a token in the API alone: neither reaches what the other is for.

mod cookie;
mod device;
mod form;
mod guard;
pub mod hashes;
mod mark;
mod multipart;
mod passkey;
mod proof;
mod session;
pub mod throttle;
mod upload;

pub(super) use cookie::{ask as set_asked, clear, form_value, read as cookie, remember, set};
pub(super) use device::browser;
pub(super) use form::Form;
pub(super) use guard::{Asked, Confirm, guard};
pub(super) use mark::SEE_AS_SELF;
pub(super) use passkey::{Asks, Here, ask, ask_to_make, ask_to_sign_in, compare, here, made};
pub use proof::Prover;
pub(super) use proof::{NotProved, prove_code, recent, step_now, wholly_recent};
pub(super) use session::{Known, Needs, identify, signed_in};
