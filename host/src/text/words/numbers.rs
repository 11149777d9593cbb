//! Numbers, money and durations as a language writes them.

use super::{Language, Words};

/// Between the thousands, and before the decimals.
const fn marks(language: Language) -> (char, char) {
    match language {
        Language::English => (',', '.'),
        // A narrow space that does not break, as French printers have it.
        Language::French => ('\u{202f}', ','),
    }
}

/// A whole number.
pub(super) fn number(language: Language, n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if n < 0 {
        text.push('\u{2212}');
    }
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(marks(language).0);
        }
        text.push(digit);
    }
    text
}

/// So many parts of a whole of `10^places` parts.
fn decimal(language: Language, parts: i64, places: u32) -> String {
    let whole = 10_i64.saturating_pow(places);
    let sign = if parts < 0 && parts / whole == 0 { "\u{2212}" } else { "" };
    let text = number(language, parts / whole);
    match places {
        0 => text,
        _ => {
            let rest = (parts % whole).unsigned_abs();
            format!("{sign}{text}{}{rest:0width$}", marks(language).1, width = places as usize)
        }
    }
}

impl Words {
    /// A whole number.
    pub fn number(self, n: &i64) -> String {
        number(self.0, *n)
    }

    /// An amount in the smallest unit of its currency, and the currency's code.
    pub fn money(self, minor: i64, currency: &str) -> String {
        let places = iso_currency::Currency::from_code(currency).and_then(|known| known.exponent()).unwrap_or(0);
        format!("{}\u{a0}{currency}", decimal(self.0, minor, places.into()))
    }

    /// A time span given in microseconds, to two or three digits that count.
    pub fn duration(self, us: &i64) -> String {
        let us = (*us).max(0);
        let (parts, places, unit) = match us {
            0..10_000 => ((us + 5) / 10, 2, "ms"),
            10_000..1_000_000 => ((us + 500) / 1_000, 0, "ms"),
            1_000_000..60_000_000 => ((us + 50_000) / 100_000, 1, "s"),
            _ => (us.saturating_add(500_000) / 1_000_000, 0, "s"),
        };
        format!("{}\u{a0}{unit}", decimal(self.0, parts, places))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EN: Words = Words(Language::English);
    const FR: Words = Words(Language::French);

    #[test]
    fn numbers_are_grouped() {
        assert_eq!([0, 999, 1_284, -12_345_678].map(|n| EN.number(&n)), ["0", "999", "1,284", "\u{2212}12,345,678"]);
        assert_eq!(FR.number(&1_284), "1\u{202f}284");
    }

    #[test]
    fn money_has_the_decimals_of_its_currency() {
        assert_eq!(EN.money(124_000, "EUR"), "1,240.00\u{a0}EUR");
        assert_eq!(FR.money(124_050, "EUR"), "1\u{202f}240,50\u{a0}EUR");
        assert_eq!(EN.money(1_240, "JPY"), "1,240\u{a0}JPY");
        assert_eq!(EN.money(-5, "EUR"), "\u{2212}0.05\u{a0}EUR");
    }

    #[test]
    fn time_spans_have_the_digits_that_count() {
        let said = [420, 9_999, 502_000, 1_250_000, 61_000_000].map(|us| EN.duration(&us).replace('\u{a0}', " "));
        assert_eq!(said, ["0.42 ms", "10.00 ms", "502 ms", "1.3 s", "61 s"]);
        assert_eq!(FR.duration(&420), "0,42\u{a0}ms");
    }
}
