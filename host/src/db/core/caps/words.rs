//! Caps in words: `text` has the words, and amounts of money are written here.

use crate::authz::{Cap, Caps};
use crate::db::core::money::{Money, currency};
use crate::text::caps;

/// What a cap allows, as a limit: `50.00 EUR a day`.
pub(super) fn cap(of: &Caps, cap: Cap) -> String {
    bound(of, cap, of.get(cap).unwrap_or(0))
}

/// A bound in words, to stand after "at most".
pub(in crate::db) fn bound(of: &Caps, cap: Cap, bound: u64) -> String {
    caps::bound(cap, &amount(of, cap, i64::try_from(bound).unwrap_or(i64::MAX)))
}

/// So much of what a cap counts: `12.00 EUR`, `3 times`, `20 %`.
pub(super) fn amount(of: &Caps, cap: Cap, n: i64) -> String {
    caps::amount(cap, n, |minor| {
        let currency = of.currency().and_then(|code| currency(code).ok())?;
        Some(Money { minor, currency }.to_string())
    })
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
    }
}
