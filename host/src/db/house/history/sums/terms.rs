//! What runs are found by: a number for each thing that somebody may ask for, by store, and a run's id as two numbers.
//!
//! INVARIANT: a term is a hint. Two that share a number are told apart by looking at the runs themselves, so nothing is
//! shown that does not match; and what a number stands for cannot be read from it.

use crate::authz::InvocationId;
use crate::db::house::history::DAY_MS;
use sha2::{Digest, Sha256};

/// Something that runs are found by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::db::house::history) enum Term<'a> {
    /// The app's id.
    App(&'a str),
    /// The app's version.
    Version(&'a str),
    /// event, schedule, action or checkout.
    Trigger(&'a str),
    /// How it ended, if it did not end well.
    Outcome(&'a str),
    /// At least one call was denied.
    Denied,
    /// A record it was for, read or changed; or a schedule.
    Record(&'a str),
    /// Whoever pressed a button.
    Person(&'a str),
    /// A host call it made.
    Call(&'a str),
    /// The interface of a scope it used or lacked.
    Interface(&'a str),
}

impl Term<'_> {
    /// Its number in a store, which a store with an empty name is not: that is all of them together.
    pub(in crate::db::house::history) fn number(self, store: &str) -> i64 {
        let (kind, text) = match self {
            Term::App(text) => ("app", text),
            Term::Version(text) => ("version", text),
            Term::Trigger(text) => ("trigger", text),
            Term::Outcome(text) => ("outcome", text),
            Term::Denied => ("denied", ""),
            Term::Record(text) => ("record", text),
            Term::Person(text) => ("person", text),
            Term::Call(text) => ("call", text),
            Term::Interface(text) => ("interface", text),
        };
        let digest =
            Sha256::new().chain_update(store).chain_update([0]).chain_update(kind).chain_update([0]).chain_update(text);
        let digest = digest.finalize();
        digest.iter().take(8).fold(0i64, |number, byte| number << 8 | i64::from(*byte))
    }
}

/// A run's id as two numbers, which sort as the ids do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RunNumber {
    pub(super) hi: i64,
    pub(super) lo: i64,
}

impl RunNumber {
    /// After every run.
    pub(super) const END: RunNumber = RunNumber { hi: i64::MAX, lo: i64::MAX };

    pub(super) fn of(id: InvocationId) -> RunNumber {
        let number = id.as_u128();
        // Signed numbers sort as unsigned ones do once their first bit is turned.
        RunNumber { hi: (number >> 64) as u64 as i64, lo: number as u64 as i64 ^ i64::MIN }
    }

    /// Before every id that is made at a moment or later, in milliseconds.
    pub(super) fn made_at(ms: i64) -> RunNumber {
        RunNumber { hi: ms.clamp(0, i64::MAX >> 16) << 16, lo: i64::MIN }
    }

    /// The id as text.
    pub(super) fn id(self) -> String {
        format!("inv_{:016x}{:016x}", self.hi as u64, (self.lo ^ i64::MIN) as u64)
    }

    /// The day it is filed under, in UTC whatever the store's time zone: ids begin with the moment they were made (RFC 9562, version 7).
    pub(super) fn day(self) -> i64 {
        (self.hi >> 16) / DAY_MS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_the_id_and_sorts_like_it() {
        let mut ids: Vec<InvocationId> = (0..200).map(|_| InvocationId::new()).collect();
        ids.sort();
        let numbers: Vec<RunNumber> = ids.iter().map(|id| RunNumber::of(*id)).collect();
        assert!(numbers.is_sorted());
        assert!(ids.iter().zip(&numbers).all(|(id, number)| id.to_string() == number.id()));
        let today = crate::db::core::time::now_ms() / DAY_MS;
        assert!(numbers.iter().all(|number| (today - 1..=today).contains(&number.day())));
    }

    #[test]
    fn a_term_has_another_number_in_another_store_and_of_another_kind() {
        let numbers = [
            Term::App("a").number("sto_1"),
            Term::App("a").number("sto_2"),
            Term::App("a").number(""),
            Term::Call("a").number("sto_1"),
            Term::App("b").number("sto_1"),
        ];
        let distinct: std::collections::BTreeSet<i64> = numbers.into_iter().collect();
        assert_eq!(distinct.len(), numbers.len());
    }
}
