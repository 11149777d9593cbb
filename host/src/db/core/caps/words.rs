//! Caps in plain words.

use crate::authz::{Cap, Caps};
use crate::db::core::money::{Money, currency};

/// What a cap allows, as a limit: `50.00 EUR a day`.
pub(super) fn cap(caps: &Caps, cap: Cap) -> String {
    bound(caps, cap, caps.get(cap).unwrap_or(0))
}

/// A bound in words, to stand after "at most".
pub(in crate::db) fn bound(caps: &Caps, cap: Cap, bound: u64) -> String {
    let n = amount(caps, cap, i64::try_from(bound).unwrap_or(i64::MAX));
    match cap {
        Cap::SumPerDay => format!("{n} a day"),
        Cap::SumPerOrder => format!("{n} on one order"),
        Cap::PerDay => format!("{n} a day"),
        Cap::PerRun => format!("{n} in one run"),
        Cap::MaxChange => format!("{n} up or down on a price in a day"),
        Cap::MaxDelta => format!("{n} up or down on a stock level in a day"),
        Cap::MaxOff => format!("{n} off"),
        Cap::Window => format!("the last {n}"),
    }
}

/// So much of what a cap counts: `12.00 EUR`, `3 times`, `20 %`.
pub(super) fn amount(caps: &Caps, cap: Cap, n: i64) -> String {
    let some = |one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
    match cap {
        Cap::SumPerDay | Cap::SumPerOrder => match caps.currency().and_then(|code| currency(code).ok()) {
            Some(currency) => Money { minor: n, currency }.to_string(),
            None => n.to_string(),
        },
        Cap::PerDay => some("time", "times"),
        Cap::PerRun => some("record", "records"),
        Cap::MaxChange | Cap::MaxOff => format!("{n} %"),
        Cap::MaxDelta => some("piece", "pieces"),
        Cap::Window => some("day", "days"),
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
    }
}
