//! Caps as they are written on the command line: `50.00/day`, `100/run`, `20%`.

use serde_json::Value;

use crate::authz::{Cap, Scope};
use crate::cli::Failure;
use crate::cli::client::show::line;

/// What one flag says about a scope's caps: all of them lifted, or one of them set or lifted.
#[derive(Debug, PartialEq)]
pub(super) enum Said {
    /// `none`
    LiftAll,
    /// A name of the API and its bound; `null` lifts it.
    One(&'static str, Value),
}

/// Reads a cap for a scope.
pub(super) fn read(scope: Scope, text: &str) -> Result<Said, Failure> {
    if text == "none" {
        return Ok(Said::LiftAll);
    }
    let (bound, unit) = split(text);
    let cap = scope.caps().iter().copied().find(|cap| unit == unit_of(*cap));
    let Some(cap) = cap else {
        return Err(Failure::usage(format!("`{}` is no cap of `{scope}`", line(text))).help(help(scope)));
    };
    let wrong = || Failure::usage(format!("`{}` is not a cap", line(text))).help(help(scope));
    let bound = match bound {
        "none" => Value::Null,
        bound if cap.is_money() && bound.starts_with(|c: char| c.is_ascii_digit()) => Value::String(bound.to_owned()),
        bound => bound.parse::<u64>().map_err(|_| wrong())?.into(),
    };
    Ok(Said::One(cap.name(), bound))
}

/// `50.00/day` → `50.00`, `day`; `20%` → `20`, `%`; `60d` → `60`, `d`.
fn split(text: &str) -> (&str, &str) {
    match text.split_once('/') {
        Some(parts) => parts,
        None => match text.char_indices().next_back() {
            Some((at, last)) if !last.is_ascii_digit() => text.split_at(at),
            _ => (text, ""),
        },
    }
}

fn unit_of(cap: Cap) -> &'static str {
    match cap {
        Cap::SumPerDay | Cap::PerDay => "day",
        Cap::SumPerOrder => "order",
        Cap::PerRun => "run",
        Cap::MaxChange | Cap::MaxOff => "%",
        Cap::MaxDelta => "change",
        Cap::Window => "d",
    }
}

fn help(scope: Scope) -> String {
    let like = |cap: &Cap| match cap {
        Cap::SumPerDay => "50.00/day",
        Cap::SumPerOrder => "20.00/order",
        Cap::PerDay => "20/day",
        Cap::PerRun => "100/run",
        Cap::MaxChange | Cap::MaxOff => "20%",
        Cap::MaxDelta => "50/change",
        Cap::Window => "60d",
    };
    let like: Vec<&str> = scope.caps().iter().map(like).collect();
    match like.is_empty() {
        true => format!("`{scope}` has no caps"),
        false => format!("for `{scope}` write it like {}, or none", like.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cap_is_read_by_what_its_scope_has() {
        let said = |scope, text| read(scope, text).unwrap();
        assert_eq!(said(Scope::OrdersRefund, "50.00/day"), Said::One("sum_per_day", "50.00".into()));
        assert_eq!(said(Scope::OrdersRefund, "none/order"), Said::One("sum_per_order", Value::Null));
        assert_eq!(said(Scope::OrdersCancel, "20/day"), Said::One("per_day", 20.into()));
        assert_eq!(said(Scope::ProductsPrice, "20%"), Said::One("max_change_percent", 20.into()));
        assert_eq!(said(Scope::ProductsPrice, "100/run"), Said::One("per_run", 100.into()));
        assert_eq!(said(Scope::InventoryAdjust, "50/change"), Said::One("max_delta", 50.into()));
        assert_eq!(said(Scope::OrdersView, "60d"), Said::One("window_days", 60.into()));
        assert_eq!(said(Scope::OrdersRefund, "none"), Said::LiftAll);
    }

    #[test]
    fn a_cap_that_a_scope_has_no_use_for_is_told_with_those_it_has() {
        for (scope, text, says) in [
            (Scope::OrdersEdit, "50.00/day", "is no cap of `orders:edit`"),
            (Scope::OrdersEdit, "x/run", "`x/run` is not a cap"),
            (Scope::OrdersRefund, "fifty/day", "is not a cap"),
            (Scope::OrdersRefund, "50", "is no cap"),
            (Scope::OrdersRefund, "", "is no cap"),
        ] {
            let error = read(scope, text).unwrap_err().to_string();
            assert!(error.contains(says), "{text}: {error}");
        }
    }
}
