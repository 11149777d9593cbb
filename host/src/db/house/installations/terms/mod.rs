//! The terms of grants: until when they hold, how much they can be used for, and whether a person approves what is
//! done with them. Asked for by people, stored beside the scope, told in plain words.

mod change;
mod defaults;
mod limit;
mod words;

pub use change::{CapChange, TermsChange, TermsChanges};
pub use limit::Limited;
pub(super) use limit::of;
pub(super) use words::words;

use crate::authz::{Cap, Caps, Scope, StoreId, Terms, TermsMap};
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::error::{Error, Result};
use crate::db::core::money::{Currency, Money, currency};
use crate::db::core::time::rfc3339;
use crate::text::words::Words;
use serde::Serialize;
use serde_json::{Map, Value, value::RawValue};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The terms of a grant, as they are shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TermsShown {
    /// When the grant ends, RFC 3339; never, if there is none.
    pub expires_at: Option<String>,
    /// What bounds its use, by name; nothing else does. Amounts of money with their currency, all others as numbers.
    #[schema(value_type = Object)]
    pub caps: BTreeMap<&'static str, Value>,
    /// Whether a person approves what is changed with it, before it counts.
    pub held: bool,
    /// All of it in plain words, one line each.
    pub words: Vec<String>,
    /// Of what these are the terms.
    #[serde(skip)]
    of: (Scope, Terms),
}

impl TermsShown {
    /// The terms of a grant of this scope.
    pub(super) fn new(scope: Scope, terms: &Terms) -> TermsShown {
        let caps = terms.caps.iter().map(|(cap, bound)| (cap.name(), shown(&terms.caps, cap, bound))).collect();
        let words = words(Words::ENGLISH, scope, terms);
        TermsShown { expires_at: terms.expires_at.map(rfc3339), caps, held: terms.held, words, of: (scope, *terms) }
    }

    /// All of it in plain words, in a language.
    pub fn in_words(&self, language: Words) -> Vec<String> {
        words(language, self.of.0, &self.of.1)
    }
}

fn shown(caps: &Caps, cap: Cap, bound: u64) -> Value {
    let unit = caps.currency().filter(|_| cap.is_money()).and_then(|code| currency(code).ok());
    let money = unit.and_then(|currency| Some(Money { minor: i64::try_from(bound).ok()?, currency }));
    money.and_then(|money| serde_json::to_value(money).ok()).unwrap_or_else(|| bound.into())
}

/// The terms on which scopes are given anew: those of the table, changed as asked for.
pub(super) fn fresh(scopes: impl Iterator<Item = Scope>, asked: &TermsChanges, currency: Currency) -> Result<TermsMap> {
    let scopes: Vec<Scope> = scopes.collect();
    if let Some(scope) = asked.keys().find(|scope| !scopes.contains(scope)) {
        return Err(Error::invalid(format!("terms are given for `{scope}`, which is not granted here; grant it too")));
    }
    let none = TermsChange::default();
    let of = |scope: Scope| {
        let change = asked.get(&scope).unwrap_or(&none);
        Ok((scope, change.after(scope, defaults::terms(scope, currency), currency)?))
    };
    scopes.into_iter().map(of).collect()
}

/// The currency of a store, in which caps on money are.
pub(super) async fn currency_of(conn: &mut Conn, store: StoreId) -> Result<Currency> {
    const SQL: &str = "SELECT CAST(doc ->> 'currency' AS TEXT) FROM records WHERE store = $1 AND kind = 'settings' AND id = 'settings'";
    let code = conn.row(SQL, args![&store.to_string()], |r| r.text(0)).await?;
    currency(&code.ok_or_else(|| Error::not_found("store", store.to_string()))?)
}

/// Terms as the audit log stores them: by scope, of those that have any.
pub(super) fn noted(terms: &TermsMap) -> BTreeMap<Scope, TermsShown> {
    let agreed = |scope| (scope, Terms { review_due: None, ..terms.get(scope) });
    let agreed = terms.limited().iter().map(agreed).filter(|(_, terms)| !terms.is_plain());
    agreed.map(|(scope, terms)| (scope, TermsShown::new(scope, &terms))).collect()
}

/// Caps as they are stored in a row: numbers by name, amounts of money in the smallest unit, and the currency.
pub(in crate::db) fn caps_row(caps: &Caps) -> Result<Box<RawValue>> {
    let mut row: Map<String, Value> = caps.iter().map(|(cap, bound)| (cap.name().to_owned(), bound.into())).collect();
    if let Some(code) = caps.currency() {
        row.insert("currency".to_owned(), code.into());
    }
    crate::db::core::kinds::to_json(&row)
}

/// Reads the columns `expires_at`, `caps` and `held`, which begin at `i`. None if there is a cap among them that this
/// version does not know and so could not count: the grant is then worth nothing.
pub(in crate::db) fn read(r: &Row<'_>, i: usize) -> Result<Option<Terms>> {
    let row: Map<String, Value> = r.doc(i + 1)?;
    let mut caps = Caps::default();
    for (name, bound) in row.iter().filter(|(name, _)| *name != "currency") {
        let (Ok(cap), Some(bound)) = (name.parse::<Cap>(), bound.as_u64()) else { return Ok(None) };
        caps = caps.with(cap, Some(bound));
    }
    let caps = row.get("currency").and_then(Value::as_str).map_or(caps, |code| caps.in_currency(code));
    Ok(Some(Terms { expires_at: r.opt_int(i)?, caps, held: r.int(i + 2)? == 1, review_due: None }))
}
