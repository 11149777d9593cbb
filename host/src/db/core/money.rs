//! Money: integer minor units and an ISO 4217 currency inside, a decimal string outside.

use super::error::{Error, Result};
use crate::text::words::Words;
use std::fmt;
use std::str::FromStr;

/// An ISO 4217 currency.
pub use iso_currency::Currency;

/// The largest amount there is, in minor units, both ways: a thousandth of what fits. It holds for sums too, so that
/// whatever is written can be read back.
const MOST: i64 = i64::MAX / 1_000;

/// An amount of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Money {
    /// In the currency's smallest unit: cents for EUR, yen for JPY.
    pub minor: i64,
    /// The currency.
    pub currency: Currency,
}

fn digits(currency: Currency) -> usize {
    usize::from(currency.exponent().unwrap_or(0))
}

/// Reads an ISO code.
pub fn currency(code: &str) -> Result<Currency> {
    Currency::from_code(code).ok_or_else(|| Error::invalid(format!("`{code}` is not an ISO 4217 currency code")))
}

impl Money {
    /// Nothing of a currency.
    pub const fn zero(currency: Currency) -> Money {
        Money { minor: 0, currency }
    }

    /// Reads `12.50` and `EUR`. Both are controlled by whoever sent them.
    pub fn parse(amount: &str, code: &str) -> Result<Money> {
        let currency = currency(code)?;
        let wrong = || {
            let shape = Money { minor: 1_250, currency };
            let text = Words::ENGLISH.t("refused-no-amount").with("amount", amount).with("code", code);
            Error::invalid(text.with("like", shape.amount()))
        };
        let (sign, rest) = amount.strip_prefix('-').map_or((1, amount), |rest| (-1, rest));
        let (whole, part) = rest.split_once('.').unwrap_or((rest, ""));
        let n = digits(currency);
        if whole.is_empty() || part.len() > n || (rest.contains('.') && part.is_empty()) {
            return Err(wrong());
        }
        if !whole.bytes().chain(part.bytes()).all(|b| b.is_ascii_digit()) {
            return Err(wrong());
        }
        let minor = i64::from_str(&format!("{whole}{part:0<n$}")).map_err(|_| wrong())?;
        if minor > MOST {
            return Err(Error::invalid(Words::ENGLISH.t("refused-amount-too-large").with("amount", amount)));
        }
        Ok(Money { minor: sign * minor, currency })
    }

    /// The decimal string, with exactly the currency's digits.
    pub fn amount(self) -> String {
        let n = digits(self.currency);
        let sign = if self.minor < 0 { "-" } else { "" };
        let text = format!("{:0>width$}", self.minor.unsigned_abs(), width = n + 1);
        let (whole, part) = text.split_at(text.len() - n);
        if n == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
    }

    /// The sum, if both are of one currency and it fits.
    pub fn plus(self, other: Money) -> Result<Money> {
        self.same_currency(other)?;
        self.within(self.minor.checked_add(other.minor))
    }

    /// The difference, if both are of one currency.
    pub fn minus(self, other: Money) -> Result<Money> {
        self.same_currency(other)?;
        self.within(self.minor.checked_sub(other.minor))
    }

    /// So many times the amount.
    pub fn times(self, quantity: u32) -> Result<Money> {
        self.within(self.minor.checked_mul(quantity.into()))
    }

    /// An amount of the same currency, if it is not too large to be stored.
    fn within(self, minor: Option<i64>) -> Result<Money> {
        match minor {
            Some(minor) if minor.unsigned_abs() <= MOST.unsigned_abs() => Ok(Money { minor, ..self }),
            _ => Err(Error::invalid("the sum is too large")),
        }
    }

    /// Refuses to mix currencies.
    pub fn same_currency(self, other: Money) -> Result<()> {
        if self.currency == other.currency {
            return Ok(());
        }
        let (mine, theirs) = (self.currency.code(), other.currency.code());
        Err(Error::invalid(format!("amounts in {mine} and {theirs} cannot be mixed; use {mine}")))
    }

    /// Refuses zero and less.
    pub fn positive(self) -> Result<Money> {
        let not_more =
            || Error::invalid(Words::ENGLISH.t("refused-not-more-than-zero").with("amount", self.to_string()));
        if self.minor > 0 { Ok(self) } else { Err(not_more()) }
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount(), self.currency.code())
    }
}

/// The shape outside, and in stored documents: `{"amount": "12.50", "currency": "EUR"}`.
#[derive(serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[schema(as = Money)]
#[serde(deny_unknown_fields)]
pub struct Wire<'a> {
    /// A decimal string with the currency's digits.
    #[schema(example = "12.50")]
    amount: std::borrow::Cow<'a, str>,
    /// ISO 4217.
    #[schema(example = "EUR")]
    currency: std::borrow::Cow<'a, str>,
}

impl serde::Serialize for Money {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Wire { amount: self.amount().into(), currency: self.currency.code().into() }.serialize(to)
    }
}

impl<'de> serde::Deserialize<'de> for Money {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let wire = Wire::deserialize(from)?;
        Money::parse(&wire.amount, &wire.currency).map_err(serde::de::Error::custom)
    }
}

impl utoipa::PartialSchema for Money {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        <Wire<'static> as utoipa::PartialSchema>::schema()
    }
}
impl utoipa::ToSchema for Money {
    fn name() -> std::borrow::Cow<'static, str> {
        "Money".into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_back_as_written() {
        for (text, code, minor) in [
            ("12.50", "EUR", 1_250),
            ("0.05", "EUR", 5),
            ("1250", "JPY", 1_250),
            ("-3.00", "EUR", -300),
            ("1.234", "KWD", 1_234),
        ] {
            let money = Money::parse(text, code).unwrap();
            assert_eq!((money.minor, money.amount().as_str()), (minor, text));
        }
    }

    #[test]
    fn what_can_be_summed_can_be_read_back() {
        let most = Money { minor: MOST, currency: Currency::EUR };
        assert_eq!(Money::parse(&most.amount(), "EUR").unwrap(), most);
        assert!(most.plus(Money { minor: 1, ..most }).is_err());
        assert!(most.times(2).is_err());
        assert!(Money { minor: -MOST, ..most }.minus(Money { minor: 1, ..most }).is_err());
    }

    #[test]
    fn fewer_digits_than_the_currency_has_are_fine_and_more_are_not() {
        assert_eq!(Money::parse("12.5", "EUR").unwrap().minor, 1_250);
        for bad in ["12.505", "", ".5", "5.", "1e3", "12,50", "99999999999999999999", "+5", "--5"] {
            assert!(Money::parse(bad, "EUR").is_err(), "{bad}");
        }
    }
}
