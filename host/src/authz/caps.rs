//! Caps: how much a grant can be used for. Bounds only; what was used of them is counted in `db`.
//!
//! INVARIANT: a scope has only the caps that stand beside it in the table of scopes.

use std::fmt;
use std::num::NonZeroU64;
use std::str::FromStr;

/// What a cap bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Cap {
    /// Money in one day of the store's own time zone, in the currency's smallest unit.
    SumPerDay,
    /// Money on one order, in the currency's smallest unit.
    SumPerOrder,
    /// Times in one day of the store's own time zone.
    PerDay,
    /// Records changed in one run.
    PerRun,
    /// Percent by which a price may go up or down in one day, from what it was when the day began.
    MaxChange,
    /// By how much a stock level may be moved up or down in one day, all runs together.
    MaxDelta,
    /// Percent that a discount may take off.
    MaxOff,
    /// How many days back records may be seen.
    Window,
}

/// How many kinds of cap there are.
const KINDS: usize = 8;

impl Cap {
    /// Every kind of cap.
    pub const ALL: [Cap; KINDS] = [
        Cap::SumPerDay,
        Cap::SumPerOrder,
        Cap::PerDay,
        Cap::PerRun,
        Cap::MaxChange,
        Cap::MaxDelta,
        Cap::MaxOff,
        Cap::Window,
    ];

    /// As written in the API and in rows.
    pub const fn name(self) -> &'static str {
        match self {
            Cap::SumPerDay => "sum_per_day",
            Cap::SumPerOrder => "sum_per_order",
            Cap::PerDay => "per_day",
            Cap::PerRun => "per_run",
            Cap::MaxChange => "max_change_percent",
            Cap::MaxDelta => "max_delta",
            Cap::MaxOff => "max_off_percent",
            Cap::Window => "window_days",
        }
    }

    /// Whether it bounds an amount of money.
    pub const fn is_money(self) -> bool {
        matches!(self, Cap::SumPerDay | Cap::SumPerOrder)
    }

    /// The largest bound there is any use for; what is larger was meant otherwise.
    pub const fn most(self) -> u64 {
        match self {
            // A thousandth of what fits, as for every amount.
            Cap::SumPerDay | Cap::SumPerOrder => i64::MAX as u64 / 1_000,
            Cap::PerDay | Cap::MaxDelta => 1_000_000_000,
            // One draft has no more changes.
            Cap::PerRun => 10_000,
            Cap::MaxChange => 1_000,
            Cap::MaxOff => 100,
            Cap::Window => 36_600,
        }
    }
}

impl fmt::Display for Cap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The text is not a kind of cap.
#[derive(Debug, thiserror::Error)]
#[error(
    "`{0}` is not a cap; there are: sum_per_day, sum_per_order, per_day, per_run, max_change_percent, max_delta, max_off_percent, window_days"
)]
pub struct UnknownCap(pub String);

impl FromStr for Cap {
    type Err = UnknownCap;
    fn from_str(text: &str) -> Result<Self, UnknownCap> {
        Cap::ALL.into_iter().find(|cap| cap.name() == text).ok_or_else(|| UnknownCap(text.chars().take(40).collect()))
    }
}

/// The bounds of one grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Caps {
    bounds: [Option<NonZeroU64>; KINDS],
    /// ISO 4217, of the bounds that are money; zeros if there are none.
    currency: [u8; 3],
}

impl Caps {
    /// What a cap bounds to; none: it bounds nothing.
    pub fn get(&self, cap: Cap) -> Option<u64> {
        self.bounds.get(cap as usize).copied().flatten().map(NonZeroU64::get)
    }

    /// The same with another bound; none lifts it, and so does 0, which bounds nothing: to allow nothing at all, a
    /// grant is revoked.
    #[must_use]
    pub fn with(mut self, cap: Cap, bound: Option<u64>) -> Caps {
        if let Some(kept) = self.bounds.get_mut(cap as usize) {
            *kept = bound.and_then(NonZeroU64::new);
        }
        if !self.has_money() {
            self.currency = [0; 3];
        }
        self
    }

    /// The same, its amounts in this currency, an ISO 4217 code. Of no meaning where no bound is money.
    #[must_use]
    pub fn in_currency(self, code: &str) -> Caps {
        let currency = if self.has_money() { code.as_bytes().try_into().unwrap_or_default() } else { [0; 3] };
        Caps { currency, ..self }
    }

    fn has_money(&self) -> bool {
        Cap::ALL.into_iter().any(|cap| cap.is_money() && self.get(cap).is_some())
    }

    /// The currency of the bounds that are money.
    pub fn currency(&self) -> Option<&str> {
        std::str::from_utf8(&self.currency).ok().filter(|code| !code.starts_with('\0'))
    }

    /// Those that bound something, with what they bound to.
    pub fn iter(&self) -> impl Iterator<Item = (Cap, u64)> {
        Cap::ALL.into_iter().filter_map(|cap| Some((cap, self.get(cap)?)))
    }

    /// Whether nothing is bounded.
    pub fn is_empty(&self) -> bool {
        self.bounds.iter().all(Option::is_none)
    }

    /// Whether these allow nothing that `old` does not.
    pub fn is_within(&self, old: &Caps) -> bool {
        let bounded = |cap: Cap| match (self.get(cap), old.get(cap)) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(new), Some(old)) => new <= old,
        };
        let same = old.currency().is_none() || self.currency() == old.currency();
        same && Cap::ALL.into_iter().all(bounded)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authz::Scope;

    #[test]
    fn a_lower_bound_is_tighter_and_a_lifted_one_is_wider() {
        let day = |bound| Caps::default().with(Cap::SumPerDay, bound).in_currency("EUR");
        assert!(day(Some(1)).is_within(&day(Some(2))) && day(Some(1)).is_within(&Caps::default()));
        assert!(!day(Some(3)).is_within(&day(Some(2))));
        assert!(!day(None).is_within(&day(Some(2))));
        let pounds = Caps::default().with(Cap::SumPerDay, Some(1)).in_currency("GBP");
        assert!(!pounds.is_within(&day(Some(2))), "another currency is another bound");
    }

    #[test]
    fn names_read_back_and_money_knows_its_currency() {
        for cap in Cap::ALL {
            assert_eq!(cap.name().parse::<Cap>().unwrap(), cap);
        }
        let caps = Caps::default().with(Cap::SumPerDay, Some(5_000)).in_currency("EUR");
        assert_eq!((caps.currency(), caps.get(Cap::SumPerDay)), (Some("EUR"), Some(5_000)));
        assert_eq!(caps.with(Cap::SumPerDay, None), Caps::default());
        assert!("per-year".parse::<Cap>().is_err());
    }

    #[test]
    fn only_scopes_of_apps_have_caps_and_those_that_move_money_or_cannot_be_undone_all_do() {
        use super::super::scope::Class;
        for scope in Scope::ALL.iter().copied() {
            assert!(scope.for_apps() || scope.caps().is_empty(), "{scope}");
            let grave = scope.classes().iter().any(|class| matches!(class, Class::Money | Class::Irreversible));
            assert!(!scope.for_apps() || !grave || !scope.caps().is_empty(), "{scope}");
        }
    }
}
