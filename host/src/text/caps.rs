//! Caps in plain words. Sums of money are written by whoever knows currencies.

use crate::authz::Cap;

/// What a cap allows, to stand after "at most": `50.00 EUR a day`. `amount` is the bound as [`amount`] writes it.
pub fn bound(cap: Cap, amount: &str) -> String {
    match cap {
        Cap::SumPerDay | Cap::PerDay => format!("{amount} a day"),
        Cap::SumPerOrder => format!("{amount} on one order"),
        Cap::PerRun => format!("{amount} in one run"),
        Cap::MaxChange => format!("{amount} up or down on a price in a day"),
        Cap::MaxDelta => format!("{amount} up or down on a stock level in a day"),
        Cap::MaxOff => format!("{amount} off"),
        Cap::Window => format!("the last {amount}"),
    }
}

/// So much of what a cap counts: `3 times`, `20 %`; of money, what `money` writes, or the bare number.
pub fn amount(cap: Cap, n: i64, money: impl FnOnce(i64) -> Option<String>) -> String {
    let some = |one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
    match cap {
        Cap::SumPerDay | Cap::SumPerOrder => money(n).unwrap_or_else(|| n.to_string()),
        Cap::PerDay => some("time", "times"),
        Cap::PerRun => some("record", "records"),
        Cap::MaxChange | Cap::MaxOff => format!("{n} %"),
        Cap::MaxDelta => some("piece", "pieces"),
        Cap::Window => some("day", "days"),
    }
}

/// A cap as one of the terms of a grant. `bound` is what [`bound`] writes.
pub fn term(cap: Cap, bound: &str) -> String {
    match cap {
        Cap::Window => format!("of {bound} only"),
        _ => format!("at most {bound}"),
    }
}

/// What stands there for a grant that has no cap although it could.
pub const NO_CAP: &str = "as much as it wants";

/// What stands there for a grant whose changes wait for a person.
pub const HELD: &str = "only once a person has approved it";
