//! What of a record changes by itself. Changes of different fields stand in nobody's way: a tag goes although the order
//! was sent since. Pure: it reads nothing.
//!
//! INVARIANT: what belongs together is one field. Lines, payment and parcels of an order come back together or not at
//! all, so no undo leaves an order of which more is captured than it costs.

use crate::db::core::error::Result;
use crate::db::core::kinds::{Kind, from_json, to_json};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// A document before and after a change.
pub(in crate::db::house::undo) type Images = (Box<RawValue>, Box<RawValue>);

/// The fields of a record that two histories of changes have both changed, or the record as it is without the first.
#[derive(Debug)]
pub(in crate::db::house::undo) enum Merged {
    /// It is as it would be without them.
    Apart(Box<RawValue>),
    /// Fields, by name, that both have changed.
    Overlap(Vec<String>),
}

/// What an order is made of besides: it belongs together.
const OF_ORDERS: [&str; 3] = ["tags", "customer", "updated_at"];
/// The one field of an order of which the rest are parts.
const STATE: &str = "lines, payment or parcels";
/// Lists whose words come and go one by one.
const LISTS: [&str; 2] = ["tags", "categories"];

/// A document's fields by name: words of lists and variants of products each by itself. When it changed last is none.
fn fields(kind: Kind, doc: &RawValue) -> Result<BTreeMap<String, Value>> {
    let (doc, mut fields): (Map<String, Value>, _) = (from_json(doc)?, BTreeMap::new());
    let (mut state, total) = (Map::new(), doc.get("total").cloned());
    for (name, value) in doc {
        match value {
            _ if name == "updated_at" => {}
            value if kind == Kind::Order && says_nothing(&name, &value, total.as_ref()) => {}
            value if kind == Kind::Order && !OF_ORDERS.contains(&name.as_str()) => drop(state.insert(name, value)),
            Value::Array(words) if LISTS.contains(&name.as_str()) => {
                let words = words.iter().filter_map(Value::as_str);
                fields.extend(words.map(|word| (format!("{name}/{word}"), Value::Bool(true))));
            }
            Value::Array(variants) if kind == Kind::Product && name == "variants" => {
                for variant in variants {
                    let sku = variant.get("sku").and_then(Value::as_str).unwrap_or_default();
                    fields.insert(format!("{name}/{sku}"), variant);
                }
            }
            value => drop(fields.insert(name, value)),
        }
    }
    if !state.is_empty() {
        fields.insert(STATE.to_owned(), Value::Object(state));
    }
    Ok(fields)
}

/// Whether a field of an order says what orders meant that were written before they had it: to have written it is no
/// change.
fn says_nothing(name: &str, value: &Value, total: Option<&Value>) -> bool {
    let amount = || value.get("amount").and_then(Value::as_str);
    match name {
        "cart" | "quote" => value.is_null(),
        "discounts" => value.as_array().is_some_and(Vec::is_empty),
        "shipping" | "tax" => amount().is_some_and(|amount| amount.chars().all(|c| matches!(c, '0' | '.'))),
        "subtotal" => total == Some(value),
        _ => false,
    }
}

/// The names of the fields that any of these changes has changed.
fn changed(kind: Kind, images: &[Images]) -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for (before, after) in images {
        let (before, after) = (fields(kind, before)?, fields(kind, after)?);
        let all: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        names.extend(all.into_iter().filter(|name| before.get(*name) != after.get(*name)).cloned());
    }
    Ok(names)
}

/// The record as it is now without what `mine` changed, if `others` changed other fields. `mine` are in order; where
/// they began is the record as it was before the first.
pub(in crate::db::house::undo) fn merge(
    kind: Kind,
    mine: &[Images],
    others: &[Images],
    now: &RawValue,
) -> Result<Merged> {
    let (own, theirs) = (changed(kind, mine)?, changed(kind, others)?);
    let both: Vec<String> = own.intersection(&theirs).cloned().collect();
    if !both.is_empty() {
        return Ok(Merged::Overlap(both));
    }
    let Some((base, _)) = mine.first() else { return Ok(Merged::Apart(now.to_owned())) };
    let (base, mut doc): (Map<String, Value>, Map<String, Value>) = (from_json(base)?, from_json(now)?);
    for name in &own {
        match name.split_once('/') {
            _ if name == STATE => {
                doc.retain(|name, _| OF_ORDERS.contains(&name.as_str()));
                let state = base.iter().filter(|(name, _)| !OF_ORDERS.contains(&name.as_str()));
                doc.extend(state.map(|(name, value)| (name.clone(), value.clone())));
            }
            Some(("variants", sku)) => replace(&base, &mut doc, sku),
            Some((list, word)) => put_word(&base, &mut doc, list, word),
            None => match base.get(name) {
                Some(value) => drop(doc.insert(name.clone(), value.clone())),
                None => drop(doc.remove(name)),
            },
        }
    }
    Ok(Merged::Apart(to_json(&doc)?))
}

fn is_of(variant: &Value, sku: &str) -> bool {
    variant.get("sku").and_then(Value::as_str) == Some(sku)
}

/// A variant as it was.
fn replace(base: &Map<String, Value>, doc: &mut Map<String, Value>, sku: &str) {
    let all = |doc: &Map<String, Value>| doc.get("variants").and_then(Value::as_array).cloned().unwrap_or_default();
    let was = all(base).into_iter().find(|variant| is_of(variant, sku));
    let mut variants = all(doc);
    match (variants.iter().position(|variant| is_of(variant, sku)), was) {
        (Some(at), Some(was)) => {
            if let Some(variant) = variants.get_mut(at) {
                *variant = was;
            }
        }
        (Some(at), None) => drop(variants.remove(at)),
        (None, was) => variants.extend(was),
    }
    doc.insert("variants".to_owned(), Value::Array(variants));
}

/// A word of a list goes, or comes back to its place among those that were there then.
fn put_word(base: &Map<String, Value>, doc: &mut Map<String, Value>, list: &str, word: &str) {
    let all = |doc: &Map<String, Value>| doc.get(list).and_then(Value::as_array).cloned().unwrap_or_default();
    let (was, mut is, word) = (all(base), all(doc), Value::String(word.to_owned()));
    if was.contains(&word) {
        is.push(word);
    } else {
        is.retain(|one| *one != word);
    }
    let mut words: Vec<Value> = was.into_iter().filter(|one| is.contains(one)).collect();
    is.retain(|one| !words.contains(one));
    words.extend(is);
    doc.insert(list.to_owned(), Value::Array(words));
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn images(before: Value, after: Value) -> Images {
        (to_json(&before).unwrap(), to_json(&after).unwrap())
    }

    fn apart(kind: Kind, mine: &[Images], others: &[Images], now: Value) -> Result<Value, Vec<String>> {
        match merge(kind, mine, others, &to_json(&now).unwrap()).unwrap() {
            Merged::Apart(doc) => Ok(from_json(&doc).unwrap()),
            Merged::Overlap(names) => Err(names),
        }
    }

    #[test]
    fn a_tag_goes_although_the_order_was_sent_since_and_its_lines_do_not() {
        let order = |tags: &[&str], sent: u32| json!({ "tags": tags, "lines": [sent], "updated_at": sent, "total": 5 });
        let tagged = images(order(&["a", "b"], 0), order(&["a", "b", "c"], 0));
        let sent = images(order(&["a", "b", "c"], 0), order(&["a", "b", "c"], 1));
        let now = order(&["a", "b", "c"], 1);
        assert_eq!(
            apart(Kind::Order, std::slice::from_ref(&tagged), std::slice::from_ref(&sent), now),
            Ok(order(&["a", "b"], 1))
        );
        let priced = images(json!({ "total": 4, "lines": [0] }), json!({ "total": 5, "lines": [0] }));
        assert_eq!(apart(Kind::Order, &[priced], &[sent], json!({})), Err(vec![STATE.to_owned()]));
    }

    #[test]
    fn an_order_that_says_for_the_first_time_what_it_consists_of_is_not_changed_by_that() {
        let old = |tags: &[&str], sent: u32| json!({ "tags": tags, "lines": [sent], "total": { "amount": "4.00" } });
        let new = |tags: &[&str], sent: u32| {
            let zero = json!({ "amount": "0.00" });
            json!({ "tags": tags, "lines": [sent], "total": { "amount": "4.00" }, "subtotal": { "amount": "4.00" },
                "discounts": [], "shipping": zero, "tax": zero, "cart": null, "quote": null })
        };
        let tagged = images(old(&["a"], 0), new(&["a", "b"], 0));
        let sent = images(new(&["a", "b"], 0), new(&["a", "b"], 1));
        assert_eq!(apart(Kind::Order, &[tagged], &[sent], new(&["a", "b"], 1)), Ok(new(&["a"], 1)));
        let discounted =
            images(new(&[], 0), json!({ "total": { "amount": "3.00" }, "subtotal": { "amount": "4.00" } }));
        let sent = images(new(&[], 0), new(&[], 1));
        assert!(apart(Kind::Order, &[discounted], &[sent], new(&[], 1)).is_err());
    }

    #[test]
    fn words_come_back_to_their_place_and_a_price_to_its_variant() {
        let tags = |tags: &[&str]| json!({ "tags": tags });
        let mine = [images(tags(&["a", "b"]), tags(&["b"]))];
        let others = [images(tags(&["b"]), tags(&["b", "c"]))];
        assert_eq!(apart(Kind::Customer, &mine, &others, tags(&["b", "c"])), Ok(tags(&["a", "b", "c"])));
        let product = |one: u32, other: u32, title: &str| json!({ "title": title, "variants": [{ "sku": "A", "price": one }, { "sku": "B", "price": other }] });
        let mine = [images(product(1, 1, "x"), product(2, 1, "x"))];
        let others = [images(product(2, 1, "x"), product(2, 3, "y"))];
        assert_eq!(apart(Kind::Product, &mine, &others, product(2, 3, "y")), Ok(product(1, 3, "y")));
        assert_eq!(apart(Kind::Product, &mine, &mine, product(2, 1, "x")), Err(vec!["variants/A".to_owned()]));
    }
}
