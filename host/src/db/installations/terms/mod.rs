//! The terms of grants: until when they hold. Asked for by people, kept beside the scope, told in plain words.

mod limit;
mod words;

pub use limit::Limited;
pub(super) use limit::of;
pub(super) use words::words;

use crate::authz::{Scope, Terms, TermsMap};
use crate::db::error::{Error, Result};
use crate::db::time::{now_ms, parse_ms, rfc3339};
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
}

/// Changes of terms, by scope.
pub type TermsChanges = BTreeMap<Scope, TermsChange>;

/// The terms of a grant, as they are shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TermsShown {
    /// When the grant ends, RFC 3339; never, if there is none.
    pub expires_at: Option<String>,
    /// The same in plain words, one line each.
    pub words: Vec<String>,
}

/// A field that is there, even if it is `null`.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

impl TermsChange {
    /// The terms after the change.
    pub(super) fn after(&self, scope: Scope, before: Terms) -> Result<Terms> {
        let mut terms = before;
        if let Some(ends) = &self.expires_at {
            terms.expires_at = ends.as_deref().map(parse_ms).transpose()?;
            if let Some(at) = terms.expires_at.filter(|at| *at <= now_ms()) {
                let at = rfc3339(at);
                return Err(Error::invalid(format!(
                    "`{scope}` cannot end in the past ({at}); give a later moment, or revoke it"
                )));
            }
        }
        Ok(terms)
    }
}

/// The terms on which scopes are given anew: those of the table, changed as asked for.
pub(super) fn fresh(scopes: impl Iterator<Item = Scope>, asked: &TermsChanges) -> Result<TermsMap> {
    let scopes: Vec<Scope> = scopes.collect();
    if let Some(scope) = asked.keys().find(|scope| !scopes.contains(scope)) {
        return Err(Error::invalid(format!("terms are given for `{scope}`, which is not granted here; grant it too")));
    }
    let none = TermsChange::default();
    let of = |scope: Scope| Ok((scope, asked.get(&scope).unwrap_or(&none).after(scope, Terms::default())?));
    scopes.into_iter().map(of).collect()
}

impl TermsShown {
    /// The terms of a grant of this scope.
    pub(super) fn new(scope: Scope, terms: &Terms) -> TermsShown {
        TermsShown { expires_at: terms.expires_at.map(rfc3339), words: words(scope, terms) }
    }
}

/// Terms as the audit log keeps them: by scope, of those that have any.
pub(super) fn noted(terms: &TermsMap) -> BTreeMap<Scope, TermsShown> {
    terms.limited().iter().map(|scope| (scope, TermsShown::new(scope, &terms.get(scope)))).collect()
}
