//! People who sign in: the session of a browser, what a form must carry, and proofs of who somebody is.
//!
//! In reading order: `cookie`, `session` (who a browser is signed in as, in the store of the path), `guard` (what every form
//! goes through), `proof` (passwords and codes compared), [`throttle`] (how often somebody may try), [`hashes`] (how many
//! passwords are hashed at once), `device`. What a page shows of it stands in `pages`.
//!
//! INVARIANT: a session is good on pages alone, and a token in the API alone: neither reaches what the other is for.

mod cookie;
mod device;
mod form;
mod guard;
pub mod hashes;
mod proof;
mod session;
pub mod throttle;

pub(super) use cookie::{clear, form_value, read as cookie, set};
pub(super) use device::device;
pub(super) use form::Form;
pub(super) use guard::{Confirm, SEE_AS_SELF, guard};
pub use proof::Prover;
pub(super) use proof::{NotProved, prove_code, recent, step_now};
pub(super) use session::{Known, Needs, signed_in};
