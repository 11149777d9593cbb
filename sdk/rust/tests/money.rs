//! Money keeps whole minor units, reads and writes them as the contract says, and never mixes currencies.

#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use storehand::{Error, Money};

fn eur(minor: i64) -> Money {
    Money::new(minor, "EUR").expect("EUR is a currency")
}

#[test]
fn minor_units_are_written_with_the_currencys_digits() {
    for (minor, currency, text) in [
        (1250, "EUR", "12.50 EUR"),
        (5, "EUR", "0.05 EUR"),
        (-5, "EUR", "-0.05 EUR"),
        (1250, "JPY", "1250 JPY"),
        (1250, "KWD", "1.250 KWD"),
        (i64::MIN, "EUR", "-92233720368547758.08 EUR"),
    ] {
        let money = Money::new(minor, currency).expect("a currency");
        assert_eq!(money.to_string(), text);
        assert_eq!(text.parse(), Ok(money.clone()));
        assert_eq!(money.minor(), minor);
    }
}

#[test]
fn the_digits_of_every_currency_are_those_of_iso_4217() {
    let letters = || 'A'..='Z';
    let codes = letters().flat_map(|a| letters().flat_map(move |b| letters().map(move |c| format!("{a}{b}{c}"))));
    let mut seen = 0;
    for code in codes {
        let Some(digits) = iso_currency::Currency::from_code(&code).and_then(|currency| currency.exponent()) else {
            continue;
        };
        let money = Money::new(1, &code).expect("a currency");
        assert_eq!(money.amount().split_once('.').map_or(0, |(_, part)| part.len()), usize::from(digits), "{code}");
        seen += 1;
    }
    assert!(seen > 150, "only {seen} currencies were compared");
}

#[test]
fn what_is_not_money_is_refused_with_what_would_help() {
    for text in
        ["", "12.50", "12.50 eur", "12.50 EURO", "12,50 EUR", "12. EUR", ".50 EUR", "1e3 EUR", "+1.00 EUR", "- EUR"]
    {
        assert!(matches!(text.parse::<Money>(), Err(Error::Invalid(_))), "`{text}` was taken");
    }
    assert_eq!(
        "12.5 EUR".parse::<Money>().map_err(|error| error.to_string()),
        Err("invalid: `12.5 EUR`: EUR is written with 2 digits after the point".to_owned())
    );
    assert!("99999999999999999999.00 EUR".parse::<Money>().is_err());
}

#[test]
fn arithmetic_stays_in_one_currency_and_in_range() {
    assert_eq!(eur(1250).plus(&eur(50)), Ok(eur(1300)));
    assert_eq!(eur(1250).minus(&eur(2000)), Ok(eur(-750)));
    assert_eq!(eur(1250).times(3), Ok(eur(3750)));
    assert_eq!(eur(999).percent(10), eur(99));
    assert_eq!(eur(999).percent(400), eur(999));
    assert_eq!(eur(i64::MAX).percent(100), eur(i64::MAX));

    let dollars = Money::new(1, "USD").expect("a currency");
    assert!(matches!(eur(1).plus(&dollars), Err(Error::Invalid(_))));
    assert!(matches!(eur(i64::MAX).plus(&eur(1)), Err(Error::Invalid(_))));
    assert!(matches!(eur(i64::MAX).times(2), Err(Error::Invalid(_))));
}

#[test]
fn amounts_are_ordered_within_a_currency_only() {
    assert!(eur(999) < eur(1000));
    assert_eq!(eur(1).partial_cmp(&Money::new(1, "USD").expect("a currency")), None);
}

#[test]
fn json_that_is_not_money_is_refused() {
    let read = |text: &str| serde_json::from_str::<Money>(text);
    assert_eq!(read(r#"{"amount":"12.50","currency":"EUR"}"#).expect("money"), eur(1250));
    assert!(read(r#"{"amount":"12,50","currency":"EUR"}"#).is_err());
    assert!(read(r#"{"amount":"12.50","currency":"€"}"#).is_err());
}
