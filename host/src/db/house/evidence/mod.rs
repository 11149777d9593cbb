//! What shows that nobody has changed an audit log afterwards: a chain of hashes through the entries of each store and through
//! the host's own, and signed statements of where each chain had come to.
//!
//! In reading order: `chain` (whose entries), `link` (the hash of an entry), `append` (writing one), `old` (entries of before there were chains),
//! `erase` (what an erasing leaves to be verified), `walk` (a chain read anew), `verify` (a chain in the database), `checkpoint`
//! (where each has come to, signed), `ask` (who may have it verified).
//!
//! INVARIANT: nothing here decides what anybody may do. Whoever can write the database can write what they like; what they
//! cannot is make it fit what was signed and carried elsewhere before.

mod append;
mod ask;
mod chain;
mod checkpoint;
mod erase;
mod link;
mod old;
mod verify;
mod walk;

pub use crate::authn::sign::Signer;
pub(in crate::db) use append::{Entry, append};
pub use ask::{Covered, InHand};
pub use chain::Chain;
pub(in crate::db) use checkpoint::Known;
pub use checkpoint::{Checkpoint, Due, Signed, Unsigned};
pub(in crate::db) use erase::{ERASES, blank};
#[cfg(test)]
pub(in crate::db) use verify::Reading;
pub use verify::Verified;
pub use walk::{Fault, FaultKind};

/// What somebody would compute who puts an entry behind one of that hash: its hash, and that of its detail.
#[cfg(test)]
pub(in crate::db) fn forged(before: &str, chain: &str, seq: i64, detail: &str) -> (String, String) {
    let before = append::unhex(before).unwrap_or_else(|| link::beginning(chain));
    let detail = link::detail("", detail).unwrap_or_default();
    let says = link::Says { seq, id: "aud_f", actor: "host", act: "a.b", subject: "s", at: 1, detail };
    (hex::encode(link::link(&before, chain, &says)), hex::encode(detail))
}
