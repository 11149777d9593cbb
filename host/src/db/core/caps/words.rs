//! Caps in words: `text` has the words, and amounts of money are written here.

use super::counted::{Account, Spend};
use crate::authz::{Cap, Caps, Scope};
use crate::db::core::money::{Money, currency};
use crate::text::caps;
use crate::text::words::{Language, Words};

/// What a cap allows, as a limit: `50.00 EUR a day`.
pub(super) fn cap(of: &Caps, cap: Cap) -> String {
    bound(Words::ENGLISH, of, cap, of.get(cap).unwrap_or(0))
}

/// A bound in words, to stand after "at most".
pub(in crate::db) fn bound(words: Words, of: &Caps, cap: Cap, bound: u64) -> String {
    caps::bound(words, cap, &amount_in(words, of, cap, i64::try_from(bound).unwrap_or(i64::MAX)))
}

/// So much of what a cap counts: `12.00 EUR`, `3 times`, `20 %`.
pub(super) fn amount(of: &Caps, cap: Cap, n: i64) -> String {
    amount_in(Words::ENGLISH, of, cap, n)
}

/// The same in a language; English writes sums as the API does.
pub(super) fn amount_in(words: Words, of: &Caps, cap: Cap, n: i64) -> String {
    caps::amount(words, cap, n, |minor| {
        let currency = of.currency().and_then(|code| currency(code).ok())?;
        Some(match words.0 {
            Language::English => Money { minor, currency }.to_string(),
            Language::French => words.money(minor, currency.code()),
        })
    })
}

/// How much of a cap is reserved for changes that wait for a person.
#[derive(Debug, Clone)]
pub struct Reserved {
    /// The permission whose cap it is.
    pub scope: Scope,
    cap: Cap,
    amount: u64,
    /// The currency's code; nothing for what is counted in times.
    unit: String,
}

impl Reserved {
    /// What was counted on an account, if it was anything.
    pub(in crate::db) fn of(account: &Account, spend: &Spend) -> Option<Reserved> {
        let (cap, amount) = (account.cap.parse().ok()?, spend.amount.unsigned_abs());
        (amount > 0).then(|| Reserved { scope: account.scope, cap, amount, unit: account.unit.clone() })
    }

    /// How much: `12.50 EUR a day`.
    pub fn in_words(&self, words: Words) -> String {
        let caps = Caps::default().with(self.cap, Some(self.amount)).in_currency(&self.unit);
        bound(words, &caps, self.cap, self.amount)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn caps_read_like_sentences() {
        let caps = Caps::default()
            .with(Cap::SumPerDay, Some(5_000))
            .in_currency("EUR")
            .with(Cap::PerDay, Some(1))
            .with(Cap::MaxChange, Some(20))
            .with(Cap::Window, Some(60));
        let said: Vec<String> = caps.iter().map(|(kind, _)| cap(&caps, kind)).collect();
        assert_eq!(
            said,
            ["50.00 EUR a day", "1 time a day", "20 % up or down on a price in a day", "the last 60 days"]
        );
        assert_eq!(amount(&caps, Cap::SumPerDay, 1_234), "12.34 EUR");
        let french = bound(Words(Language::French), &caps, Cap::SumPerDay, 5_000);
        assert_eq!(french, "50,00\u{a0}EUR par jour");
    }
}
