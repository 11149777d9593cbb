//! What people ask of terms, in the shape of the API.

use crate::authz::{Cap, Caps, Scope, Terms};
use crate::db::core::error::{Error, Result};
use crate::db::core::money::{Currency, Money};
use crate::db::core::time::{now_ms, parse_ms, rfc3339};
use crate::text::words::Words;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A change of the terms of one grant. What is not named stays as it is; `null` lifts it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TermsChange {
    /// When the grant ends, RFC 3339. From then on the app does not hold it.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub expires_at: Option<Option<String>>,
    /// What bounds its use, by name: `{"sum_per_day": "50.00"}`, `{"per_run": 100}`. `null` in the place of one bound
    /// lifts that, in the place of all of them all.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub caps: Option<Option<BTreeMap<String, Option<CapChange>>>>,
    /// Whether a person approves what is changed with it, before it counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<bool>,
}

/// A bound as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged, expecting = "must be a whole number, 0 or more, or an amount like `50.00`")]
pub enum CapChange {
    /// Times, records, pieces, percent or days.
    Number(u64),
    /// An amount in the store's currency, `50.00`.
    Amount(String),
    /// An amount with its currency.
    Money(Money),
}

/// Changes of terms, by scope.
pub type TermsChanges = BTreeMap<Scope, TermsChange>;

/// A field that is there, even if it is `null`.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

impl TermsChange {
    /// The terms after the change, in a store of this currency.
    pub(in crate::db::house::installations) fn after(
        &self,
        scope: Scope,
        before: Terms,
        currency: Currency,
    ) -> Result<Terms> {
        let mut terms = before;
        if let Some(ends) = &self.expires_at {
            terms.expires_at = ends.as_deref().map(parse_ms).transpose()?;
            if let Some(at) = terms.expires_at.filter(|at| *at <= now_ms()) {
                let at = rfc3339(at);
                let past = Words::ENGLISH.t("refused-ends-in-the-past");
                return Err(Error::invalid(past.with("scope", scope.name()).with("at", at)));
            }
        }
        match &self.caps {
            None => {}
            Some(None) => terms.caps = Caps::default(),
            Some(Some(caps)) => {
                for (name, change) in caps {
                    terms.caps = capped(scope, terms.caps, name, change.as_ref(), currency)?;
                }
            }
        }
        if let Some(held) = self.held {
            if held && !scope.can_be_held() {
                return Err(Error::invalid(format!(
                    "`{scope}` changes no records, so there is nothing to approve; leave out `held`"
                )));
            }
            terms.held = held;
        }
        Ok(terms)
    }
}

fn capped(scope: Scope, caps: Caps, name: &str, change: Option<&CapChange>, currency: Currency) -> Result<Caps> {
    let cap: Cap = name.parse().map_err(|e: crate::authz::UnknownCap| Error::invalid(e.to_string()))?;
    if !scope.caps().contains(&cap) {
        let has: Vec<&str> = scope.caps().iter().map(|cap| cap.name()).collect();
        let has = if has.is_empty() { "none".to_owned() } else { has.join(", ") };
        return Err(Error::invalid(format!("`{scope}` has no use for the cap `{name}`; it has: {has}")));
    }
    let Some(change) = change else { return Ok(caps.with(cap, None)) };
    let bound = match (cap.is_money(), change) {
        (false, CapChange::Number(bound)) => *bound,
        (false, _) => return Err(Error::invalid(format!("`{name}` is a whole number like 20"))),
        (true, CapChange::Amount(text)) => minor(Money::parse(text, currency.code())?)?,
        (true, CapChange::Money(money)) => {
            let other = |_| Error::invalid(format!("amounts of this store are in {}", currency.code()));
            money.same_currency(Money::zero(currency)).map_err(other)?;
            minor(*money)?
        }
        (true, CapChange::Number(_)) => {
            let like = Money { minor: 5_000, currency }.amount();
            return Err(Error::invalid(format!("`{name}` is an amount in quotes, like \"{like}\"")));
        }
    };
    if bound == 0 || bound > cap.most() {
        let most = cap.most();
        let text = Words::ENGLISH.t("refused-cap-range").with("name", name).with("scope", scope.name());
        return Err(Error::invalid(text.with("most", most.to_string())));
    }
    let caps = caps.with(cap, Some(bound));
    Ok(if cap.is_money() { caps.in_currency(currency.code()) } else { caps })
}

fn minor(money: Money) -> Result<u64> {
    Ok(money.positive()?.minor.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(scope: Scope, json: &str) -> Result<Terms, String> {
        let change: TermsChange = serde_json::from_str(json).map_err(|e| e.to_string())?;
        let before = Terms { caps: Caps::default().with(Cap::PerDay, Some(9)), ..Terms::default() };
        let before = if scope.caps().contains(&Cap::PerDay) { before } else { Terms::default() };
        change.after(scope, before, Currency::EUR).map_err(|e| e.to_string())
    }

    #[test]
    fn what_is_not_named_stays_and_null_lifts() {
        let bound = |json: &str| after(Scope::OrdersCancel, json).unwrap().caps.get(Cap::PerDay);
        assert_eq!(bound("{}"), Some(9));
        assert_eq!(bound(r#"{"caps": {"per_day": 5}}"#), Some(5));
        assert_eq!(bound(r#"{"caps": {"per_day": null}}"#), None);
        assert_eq!(bound(r#"{"caps": null}"#), None);
        let refund = after(Scope::OrdersRefund, r#"{"caps": {"sum_per_day": "50.00"}, "held": true}"#).unwrap();
        assert_eq!(
            (refund.caps.get(Cap::SumPerDay), refund.caps.currency(), refund.held),
            (Some(5_000), Some("EUR"), true)
        );
        let money = r#"{"caps": {"sum_per_day": {"amount": "50.00", "currency": "EUR"}}}"#;
        assert_eq!(after(Scope::OrdersRefund, money).unwrap().caps, refund.caps);
    }

    #[test]
    fn what_cannot_be_meant_is_refused_with_what_would_help() {
        for (scope, json, says) in [
            (
                Scope::OrdersEdit,
                r#"{"caps": {"sum_per_day": "1.00"}}"#,
                "has no use for the cap `sum_per_day`; it has: per_run",
            ),
            (Scope::OrdersEdit, r#"{"caps": {"per_year": 1}}"#, "`per_year` is not a cap"),
            (Scope::OrdersEdit, r#"{"caps": {"per_run": "ten"}}"#, "whole number"),
            (Scope::OrdersEdit, r#"{"caps": {"per_run": 0}}"#, "revoke `orders:edit`"),
            (Scope::DiscountsEdit, r#"{"caps": {"max_off_percent": 101}}"#, "is 1 to 100"),
            (Scope::OrdersRefund, r#"{"caps": {"sum_per_day": 50}}"#, "in quotes, like \"50.00\""),
            (Scope::OrdersRefund, r#"{"caps": {"sum_per_day": {"amount": "1.00", "currency": "GBP"}}}"#, "are in EUR"),
            (Scope::OrdersView, r#"{"held": true}"#, "nothing to approve"),
            (Scope::OrdersEdit, r#"{"expires_at": "2020-01-01T00:00:00Z"}"#, "in the past"),
            (Scope::OrdersEdit, r#"{"expires": null}"#, "unknown field"),
        ] {
            let error = after(scope, json).unwrap_err();
            assert!(error.contains(says), "{json}: {error}");
        }
    }
}
