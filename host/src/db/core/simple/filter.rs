//! The filters of a list, said once: the SQL over stored records and the check over staged ones come from the same line.

use crate::db::core::engine::conn::Val;
use crate::db::core::kinds::{Index, Kind};
use crate::db::core::page::Page;
use std::fmt::Write;

/// Which documents of a list, and which part of it. Implemented by `simple!`.
pub trait Filters<D> {
    /// The search, with a placeholder for each filter.
    fn sql(&self) -> &'static str;
    /// What was asked of each filter, in the order of the placeholders.
    fn values(&self) -> Vec<Value<'_>>;
    /// Whether a document passes.
    fn fit(&self, document: &D) -> bool;
    /// Which part of the list.
    fn page(&self) -> Page;
}

/// What was asked of a filter; none, if it was not asked.
#[derive(Debug, Clone, Copy)]
pub enum Value<'a> {
    /// This text.
    Text(Option<&'a str>),
    /// This boolean.
    Truth(Option<bool>),
}

impl<'a> From<Value<'a>> for Val<'a> {
    fn from(value: Value<'a>) -> Val<'a> {
        match value {
            Value::Text(text) => text.into(),
            Value::Truth(truth) => truth.map(i64::from).into(),
        }
    }
}

/// How a field is compared in SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::db) enum Condition {
    /// As text.
    Text,
    /// As a boolean.
    Truth,
}

/// What a filter can be asked for.
pub(in crate::db) trait Asked: Sized {
    /// How it is compared.
    const CONDITION: Condition;
    /// As the search is given it.
    fn value(asked: Option<&Self>) -> Value<'_>;
}

impl Asked for String {
    const CONDITION: Condition = Condition::Text;
    fn value(asked: Option<&Self>) -> Value<'_> {
        Value::Text(asked.map(String::as_str))
    }
}

impl Asked for bool {
    const CONDITION: Condition = Condition::Truth;
    fn value(asked: Option<&Self>) -> Value<'_> {
        Value::Truth(asked.copied())
    }
}

/// A field of a document that a filter asks for.
pub(in crate::db) trait Field<A> {
    /// Whether it is what was asked for.
    fn is(&self, asked: &A) -> bool;
}

impl<A: Asked + PartialEq> Field<A> for A {
    fn is(&self, asked: &A) -> bool {
        self == asked
    }
}

impl<A: Asked + PartialEq> Field<A> for Option<A> {
    fn is(&self, asked: &A) -> bool {
        self.as_ref() == Some(asked)
    }
}

/// The search for documents of a kind: store, cursor and limit are `$1` to `$3`, the filters follow in their order. A
/// filter that is not asked for lets all pass.
pub(in crate::db) fn search(kind: Kind, conditions: &[(&str, Condition)]) -> String {
    let mut sql =
        format!("SELECT r.id, r.doc FROM records r WHERE r.store = $1 AND r.kind = '{}' AND r.id > $2", kind.name());
    for (n, (field, condition)) in (4..).zip(conditions) {
        let link = kind.row().index.iter().find_map(|index| match index {
            Index::Links(linked, space) if linked == field => Some(space),
            _ => None,
        });
        // A boolean is `true` as text in PostgreSQL and 1 in SQLite. Writing to a `String` cannot fail.
        let _ = match (condition, link) {
            (Condition::Text, Some(space)) => write!(
                sql,
                " AND (CAST(${n} AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM tags t WHERE t.store = $1 AND t.kind = '{space}' \
                AND t.tag = ${n} AND t.id = r.id))"
            ),
            (Condition::Text, None) => {
                write!(sql, " AND (CAST(${n} AS TEXT) IS NULL OR CAST(r.doc ->> '{field}' AS TEXT) = ${n})")
            }
            (Condition::Truth, _) => write!(
                sql,
                " AND (CAST(${n} AS BIGINT) IS NULL OR CASE WHEN CAST(r.doc ->> '{field}' AS TEXT) IN ('true', '1') THEN 1 \
                WHEN CAST(r.doc ->> '{field}' AS TEXT) IN ('false', '0') THEN 0 END = ${n})"
            ),
        };
    }
    sql + " ORDER BY r.id LIMIT $3"
}
