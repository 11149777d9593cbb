//! What a grant says beyond its scope: until when it holds, how much it can be used for, and whether a person
//! approves what is done with it.
//!
//! INVARIANT: terms only ever take away. A scope whose grant says nothing about them is held in full.

use super::caps::Caps;
use super::clock::now_ms;
use super::permit::Why;
use super::scope::{Class, Scope, ScopeSet};
use std::sync::Arc;

/// The terms of one grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Terms {
    /// From this moment on the grant is worth nothing, in milliseconds since 1970 UTC.
    pub expires_at: Option<i64>,
    /// How much it can be used for.
    pub caps: Caps,
    /// What is changed with it waits until a person approves it.
    pub held: bool,
    /// Whoever gave it could not give it any more. From this moment on it is suspended, unless somebody grants it again
    /// before. Nobody agrees to it, so it is no part of what a consent says.
    pub review_due: Option<i64>,
}

impl Terms {
    /// Whether they take nothing away.
    pub fn is_plain(&self) -> bool {
        *self == Terms::default()
    }

    /// Whether they allow nothing that `old` does not: what may be changed without agreeing again.
    pub fn is_within(&self, old: &Terms) -> bool {
        at_most(self.expires_at, old.expires_at) && self.caps.is_within(&old.caps) && (self.held || !old.held)
    }

    /// Whether the grant has ended. Reads the clock only if it ends at all.
    pub fn expired(&self) -> Option<i64> {
        self.expires_at.filter(|at| now_ms() >= *at)
    }

    /// Whether the grant is suspended, because its review was due. Reads the clock only if there is one.
    pub fn suspended(&self) -> Option<i64> {
        self.review_due.filter(|at| now_ms() >= *at)
    }

    /// Whether it is worth nothing any more, for either reason.
    pub fn lapsed(&self) -> Option<Why> {
        self.expired().map(Why::Expired).or_else(|| self.suspended().map(Why::Unreviewed))
    }

    /// From when on it is worth nothing, for either reason: what rests on it is committed before that or not at all.
    pub fn ends_at(&self) -> Option<i64> {
        self.expires_at.into_iter().chain(self.review_due).min()
    }
}

/// Whether a bound is at least as tight as another; none is the loosest.
fn at_most<T: PartialOrd>(new: Option<T>, old: Option<T>) -> bool {
    match (new, old) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(new), Some(old)) => new <= old,
    }
}

impl Scope {
    /// Whether a grant of it can be held: it changes records, and not while a buyer waits.
    pub fn can_be_held(self) -> bool {
        self.for_apps() && !self.at_checkout() && self.classes().contains(&Class::Write)
    }
}

/// The terms of every grant that has any. Cheap to copy, replaced whole.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TermsMap {
    limited: ScopeSet,
    /// In the order of the scope table.
    all: Option<Arc<[(Scope, Terms)]>>,
}

impl TermsMap {
    /// The terms of a scope's grant. Nanoseconds, no allocation.
    pub fn get(&self, scope: Scope) -> Terms {
        match &self.all {
            Some(all) if self.limited.contains(scope) => {
                let found = all.binary_search_by_key(&scope, |(scope, _)| *scope).ok().and_then(|at| all.get(at));
                found.map_or_else(Terms::default, |(_, terms)| *terms)
            }
            _ => Terms::default(),
        }
    }

    /// The scopes whose grants have terms.
    pub fn limited(&self) -> ScopeSet {
        self.limited
    }
}

impl FromIterator<(Scope, Terms)> for TermsMap {
    fn from_iter<I: IntoIterator<Item = (Scope, Terms)>>(terms: I) -> Self {
        let mut all: Vec<_> = terms.into_iter().filter(|(_, terms)| !terms.is_plain()).collect();
        all.sort_by_key(|(scope, _)| *scope);
        all.dedup_by_key(|(scope, _)| *scope);
        let limited = all.iter().map(|(scope, _)| *scope).collect();
        TermsMap { limited, all: (!all.is_empty()).then(|| all.into()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_end_is_wider_and_no_end_is_the_widest() {
        let until = |expires_at| Terms { expires_at, ..Terms::default() };
        assert!(until(Some(1)).is_within(&until(Some(2))));
        assert!(until(Some(1)).is_within(&until(None)));
        assert!(!until(Some(3)).is_within(&until(Some(2))));
        assert!(!until(None).is_within(&until(Some(2))));
        let held = Terms { held: true, ..Terms::default() };
        assert!(held.is_within(&Terms::default()) && !Terms::default().is_within(&held));
    }

    #[test]
    fn a_grant_ends_with_its_end_or_its_review_whichever_is_first() {
        let terms = |expires_at, review_due| Terms { expires_at, review_due, ..Terms::default() };
        assert_eq!((terms(Some(5), Some(3)).ends_at(), terms(None, Some(3)).ends_at()), (Some(3), Some(3)));
        assert_eq!(terms(None, Some(3)).lapsed(), Some(Why::Unreviewed(3)));
        assert_eq!(terms(Some(5), Some(3)).lapsed(), Some(Why::Expired(5)));
        assert_eq!(terms(Some(i64::MAX), Some(i64::MAX)).lapsed(), None);
        assert!(terms(None, None).is_within(&terms(None, Some(3))), "a review narrows what nobody agreed to");
    }

    #[test]
    fn each_scope_meets_its_own_terms_and_the_others_none() {
        let ends = Terms { expires_at: Some(7), ..Terms::default() };
        let map: TermsMap = [(Scope::OrdersView, Terms::default()), (Scope::OrdersRefund, ends)].into_iter().collect();
        assert_eq!(map.limited(), ScopeSet::EMPTY.with(Scope::OrdersRefund));
        assert_eq!((map.get(Scope::OrdersRefund), map.get(Scope::OrdersView)), (ends, Terms::default()));
        assert_eq!(ends.expired(), Some(7));
        assert_eq!(Terms { expires_at: Some(i64::MAX), ..ends }.expired(), None);
    }
}
