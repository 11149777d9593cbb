//! What somebody chose on a consent page: which permissions, on which terms, as the form sends it.

use crate::authz::{Cap, Scope, ScopeSet};
use crate::db::installations::{CapChange, TermsChange, TermsChanges};
use crate::db::{now_ms, rfc3339};
use crate::http::Problem;
use crate::http::pages::words::Words;

/// A day, in milliseconds.
const DAY_MS: i64 = 86_400_000;

/// The choices of a form.
#[derive(Debug, Default)]
pub(super) struct Choices {
    /// The permissions that are ticked.
    pub(super) scopes: ScopeSet,
    /// Their terms.
    pub(super) terms: TermsChanges,
    /// The text that stood on the page.
    pub(super) shown: Option<String>,
    /// Which button was pressed.
    pub(super) act: String,
    /// In how many days each grant ends, by scope, as it was chosen.
    pub(super) ends: Vec<(Scope, String)>,
}

/// The value of a field; the last, if it is there more than once.
pub(in crate::http::pages) fn field<'f>(fields: &'f [(String, String)], name: &str) -> &'f str {
    fields.iter().rev().find(|(field, _)| field == name).map_or("", |(_, value)| value.as_str())
}

impl Choices {
    /// Reads `scope`, `ends.<scope>`, `held.<scope>` and `cap.<scope>.<cap>`. Terms of what is not ticked do not count.
    pub(super) fn read(fields: &[(String, String)]) -> Result<Choices, Problem> {
        let scope = |text: &str| {
            text.parse::<Scope>()
                .map_err(|_| Problem::invalid(Words::ENGLISH.t("refused-no-permission").with("text", text)))
        };
        let ticked = fields.iter().filter(|(name, _)| name == "scope").map(|(_, value)| scope(value));
        let scopes = ticked.collect::<Result<ScopeSet, Problem>>()?;
        let mut choices = Choices {
            scopes,
            shown: Some(field(fields, "shown").to_owned()).filter(|text| !text.is_empty()),
            act: field(fields, "act").to_owned(),
            ..Choices::default()
        };
        for scope in scopes.iter() {
            // A permission that was not on the page with terms gets those it would be given on.
            if field(fields, &format!("terms.{scope}")).is_empty() {
                continue;
            }
            let ends = field(fields, &format!("ends.{scope}")).to_owned();
            let caps = scope.caps().iter().map(|cap| Ok((cap.name().to_owned(), bound(fields, scope, *cap)?)));
            let change = TermsChange {
                expires_at: Some(in_days(&ends)?),
                caps: Some(Some(caps.collect::<Result<_, Problem>>()?)),
                held: Some(scope.can_be_held() && !field(fields, &format!("held.{scope}")).is_empty()),
            };
            choices.terms.insert(scope, change);
            choices.ends.push((scope, ends));
        }
        Ok(choices)
    }
}

/// The bound of a cap; none, if its field is empty.
fn bound(fields: &[(String, String)], scope: Scope, cap: Cap) -> Result<Option<CapChange>, Problem> {
    let text = field(fields, &format!("cap.{scope}.{}", cap.name())).trim();
    match (text, cap.is_money()) {
        ("", _) => Ok(None),
        (text, true) => Ok(Some(CapChange::Amount(text.replace(',', ".")))),
        (text, false) => {
            let wrong = || {
                Problem::invalid(Words::ENGLISH.t("refused-no-number").with("text", text).with("scope", scope.name()))
            };
            text.parse().map(|n| Some(CapChange::Number(n))).map_err(|_| wrong())
        }
    }
}

/// The end of a grant that is to hold for so many days, to the minute, so that what is read is what is agreed to.
fn in_days(text: &str) -> Result<Option<String>, Problem> {
    match text {
        "" => Ok(None),
        // What was chosen before, as it was shown then.
        moment if moment.contains('T') => Ok(Some(moment.to_owned())),
        days => {
            let days: i64 = days
                .parse()
                .ok()
                .filter(|days| (1..=3_660).contains(days))
                .ok_or_else(|| Problem::invalid(Words::ENGLISH.t("refused-days")))?;
            let at = (now_ms() + days * DAY_MS) / 60_000 * 60_000;
            Ok(Some(rfc3339(at)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(fields: &[(&str, &str)]) -> Result<Choices, Problem> {
        let fields: Vec<_> = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Choices::read(&fields)
    }

    #[test]
    fn what_is_ticked_counts_with_its_terms_and_what_is_not_does_not() {
        let choices = read(&[
            ("scope", "orders:view"),
            ("scope", "orders:refund"),
            ("terms.orders:refund", "1"),
            ("cap.orders:refund.sum_per_day", "50,00"),
            ("held.orders:refund", "1"),
            ("terms.orders:cancel", "1"),
            ("held.orders:cancel", "1"),
        ])
        .unwrap();
        assert_eq!(choices.scopes, ScopeSet::EMPTY.with(Scope::OrdersView).with(Scope::OrdersRefund));
        assert_eq!(choices.terms.keys().copied().collect::<Vec<_>>(), [Scope::OrdersRefund]);
        let terms = &choices.terms[&Scope::OrdersRefund];
        let caps = terms.caps.clone().unwrap().unwrap();
        assert_eq!(caps["sum_per_day"], Some(CapChange::Amount("50.00".to_owned())));
        assert_eq!(
            (caps["sum_per_order"].clone(), terms.held, terms.expires_at.clone()),
            (None, Some(true), Some(None))
        );
    }

    #[test]
    fn what_cannot_be_read_is_refused_and_not_left_out() {
        assert!(read(&[("scope", "orders:everything")]).is_err());
        assert!(
            read(&[("scope", "orders:cancel"), ("terms.orders:cancel", "1"), ("cap.orders:cancel.per_day", "many")])
                .is_err()
        );
        assert!(
            read(&[("scope", "orders:cancel"), ("terms.orders:cancel", "1"), ("ends.orders:cancel", "0")]).is_err()
        );
    }
}
