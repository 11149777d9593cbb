//! Amounts of money: whole minor units of one currency, so nothing is ever rounded behind the app's back.
//!
//! Invariant: `amount` is `-?digits[.digits]`, fits `i64` minor units, and `currency` is three capital letters. The
//! fields are private to this crate; the host sends only such amounts.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::Deserialize;

use crate::{Error, Money, Result};

impl Money {
    /// So many minor units (cents, for EUR) of a currency, given by its ISO 4217 code.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the code is not three capital letters.
    pub fn new(minor: i64, currency: &str) -> Result<Money> {
        check_currency(currency)?;
        Ok(Money { amount: write_amount(minor, digits(currency)), currency: currency.to_owned() })
    }

    /// The amount in minor units: 1250 for 12.50 EUR, 1250 for 1250 JPY.
    pub fn minor(&self) -> i64 {
        // Unreachable while the invariant holds; a wrong number here would be worse than a failed run.
        read_amount(&self.amount)
            .map(|(minor, _)| minor)
            .unwrap_or_else(|| panic!("the host sent `{}`, which is not an amount of money", self.amount))
    }

    /// The ISO 4217 code, for example `EUR`.
    pub fn currency(&self) -> &str {
        &self.currency
    }

    /// The amount as a decimal number, for example `12.50`.
    pub fn amount(&self) -> &str {
        &self.amount
    }

    /// The sum.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the currencies differ or the sum is too large for `i64` minor units.
    pub fn plus(&self, other: &Money) -> Result<Money> {
        self.same_currency(other)?;
        self.resized(self.minor().checked_add(other.minor()))
    }

    /// The difference.
    ///
    /// # Errors
    /// As [`plus`](Money::plus).
    pub fn minus(&self, other: &Money) -> Result<Money> {
        self.same_currency(other)?;
        self.resized(self.minor().checked_sub(other.minor()))
    }

    /// So many times the amount: a line's price times its quantity.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is too large for `i64` minor units.
    pub fn times(&self, count: u32) -> Result<Money> {
        self.resized(self.minor().checked_mul(i64::from(count)))
    }

    /// So many percent of the amount, rounded towards zero to a whole minor unit. 0 to 100, more is taken as 100.
    pub fn percent(&self, percent: u32) -> Money {
        let part = i128::from(self.minor()) * i128::from(percent.min(100)) / 100;
        let amount = write_amount(part as i64, self.digits());
        Money { amount, currency: self.currency.clone() }
    }

    fn same_currency(&self, other: &Money) -> Result {
        if self.currency == other.currency && self.digits() == other.digits() {
            return Ok(());
        }
        Err(Error::Invalid(format!("`{self}` and `{other}` are of different currencies")))
    }

    fn resized(&self, minor: Option<i64>) -> Result<Money> {
        let minor = minor.ok_or_else(|| Error::Invalid("the amount of money is too large".to_owned()))?;
        Ok(Money { amount: write_amount(minor, self.digits()), currency: self.currency.clone() })
    }

    /// Digits after the point, as written.
    fn digits(&self) -> usize {
        self.amount.split_once('.').map_or(0, |(_, after)| after.len())
    }
}

/// `12.50 EUR`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount, self.currency)
    }
}

/// Reads what [`Display`](fmt::Display) writes: `12.50 EUR`, with exactly the currency's digits after the point.
impl FromStr for Money {
    type Err = Error;

    fn from_str(text: &str) -> Result<Money> {
        let (amount, currency) = text
            .split_once(' ')
            .ok_or_else(|| Error::Invalid(format!("`{text}` is not money; write it as `12.50 EUR`")))?;
        let money = Money::try_from(Unchecked { amount: amount.to_owned(), currency: currency.to_owned() })?;
        let wanted = digits(currency);
        if money.digits() == wanted {
            return Ok(money);
        }
        Err(Error::Invalid(format!("`{text}`: {currency} is written with {wanted} digits after the point")))
    }
}

/// Amounts of different currencies have no order.
impl PartialOrd for Money {
    fn partial_cmp(&self, other: &Money) -> Option<Ordering> {
        self.same_currency(other).ok().map(|()| self.minor().cmp(&other.minor()))
    }
}

/// Money as JSON writes it, before it is known to be money.
#[derive(Deserialize)]
pub(crate) struct Unchecked {
    amount: String,
    currency: String,
}

impl TryFrom<Unchecked> for Money {
    type Error = Error;

    fn try_from(Unchecked { amount, currency }: Unchecked) -> Result<Money> {
        check_currency(&currency)?;
        if read_amount(&amount).is_none() {
            return Err(Error::Invalid(format!("`{amount}` is not an amount of money; write it as `12.50`")));
        }
        Ok(Money { amount, currency })
    }
}

fn check_currency(code: &str) -> Result {
    if code.len() == 3 && code.bytes().all(|letter| letter.is_ascii_uppercase()) {
        return Ok(());
    }
    Err(Error::Invalid(format!("`{code}` is not an ISO 4217 currency code such as `EUR`")))
}

/// Minor units, and the number of digits after the point.
fn read_amount(text: &str) -> Option<(i64, usize)> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = match unsigned.split_once('.') {
        Some((_, "")) => return None,
        Some(parts) => parts,
        None => (unsigned, ""),
    };
    if whole.is_empty() || !whole.bytes().chain(part.bytes()).all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let sign: i64 = if unsigned.len() < text.len() { -1 } else { 1 };
    let minor = whole
        .bytes()
        .chain(part.bytes())
        .try_fold(0_i64, |minor, digit| minor.checked_mul(10)?.checked_add(sign * i64::from(digit - b'0')))?;
    Some((minor, part.len()))
}

fn write_amount(minor: i64, digits: usize) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    let text = format!("{:0>width$}", minor.unsigned_abs(), width = digits + 1);
    let (whole, part) = text.split_at(text.len() - digits);
    if digits == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
}

/// Digits after the point, ISO 4217 (list one, 2024-06): two, unless the currency is listed here.
fn digits(currency: &str) -> usize {
    match currency {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "UYI" | "VND"
        | "VUV" | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        "CLF" | "UYW" => 4,
        _ => 2,
    }
}
