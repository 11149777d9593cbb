//! Caps in plain words. Sums of money are written by whoever knows currencies.

use super::words::{Text, Words};
use crate::authz::Cap;

/// What a cap allows, to stand after "at most": `50.00 EUR a day`. `amount` is the bound as [`amount`] writes it.
pub fn bound(words: Words, cap: Cap, amount: &str) -> String {
    let key = match cap {
        Cap::SumPerDay | Cap::PerDay => "bound-a-day",
        Cap::SumPerOrder => "bound-on-one-order",
        Cap::PerRun => "bound-in-one-run",
        Cap::MaxChange => "bound-on-a-price",
        Cap::MaxDelta => "bound-on-a-stock-level",
        Cap::MaxOff => "bound-off",
        Cap::Window => "bound-the-last",
    };
    words.t(key).with("amount", amount).to_string()
}

/// So much of what a cap counts: `3 times`, `20 %`; of money, what `money` writes, or the bare number.
pub fn amount(words: Words, cap: Cap, n: i64, money: impl FnOnce(i64) -> Option<String>) -> String {
    let some = |key| words.t(key).with("n", n).to_string();
    match cap {
        Cap::SumPerDay | Cap::SumPerOrder => money(n).unwrap_or_else(|| n.to_string()),
        Cap::PerDay => some("amount-times"),
        Cap::PerRun => some("amount-records"),
        Cap::MaxChange | Cap::MaxOff => some("amount-percent"),
        Cap::MaxDelta => some("amount-pieces"),
        Cap::Window => some("amount-days"),
    }
}

/// A cap as one of the terms of a grant. `bound` is what [`bound`] writes.
pub fn term(words: Words, cap: Cap, bound: &str) -> String {
    let key = if cap == Cap::Window { "term-of-only" } else { "term-at-most" };
    words.t(key).with("bound", bound).to_string()
}

/// What stands there for a grant that has no cap although it could.
pub fn no_cap(words: Words) -> Text<'static> {
    words.t("term-no-cap")
}

/// What stands there for a grant whose changes wait for a person.
pub fn held(words: Words) -> Text<'static> {
    words.t("term-held")
}

/// What stands there for a grant that ends; `moment` is to the minute.
pub fn until(words: Words, moment: &str) -> String {
    words.t("term-until").with("moment", moment).to_string()
}
