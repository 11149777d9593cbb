//! What other apps hear of an undo: that a record was made, changed or deleted, as if somebody had done it by hand.

use super::pass::Turn;
use crate::authz::ScopeSet;
use crate::db::core::caps::PriceStep;
use crate::db::core::drafts::draft::Draft;
use crate::db::core::error::Result;
use crate::db::core::kinds::{Kind, from_json};
use crate::db::core::time::parse_ms;
use crate::db::core::topic::Topic;
use crate::db::shop::catalog::products::Product;
use serde::Deserialize;
use serde_json::value::RawValue;

/// Stages the events of a record that is about to be staged, and the end of a product's levels.
pub(in crate::db::house::undo) fn tell(draft: &mut Draft, turn: &Turn, scopes: ScopeSet) -> Result<()> {
    let [made, changed, deleted] = turn.kind.row().events;
    let topic = match (turn.doc_now(), turn.then.as_deref()) {
        (None, Some(_)) => made,
        (Some(_), None) => deleted,
        _ => changed,
    };
    if let Some(topic) = topic {
        draft.emit(topic, &turn.id);
    }
    if turn.kind != Kind::Product {
        return Ok(());
    }
    let Some(now) = turn.doc_now().map(from_json::<Product>).transpose()? else { return Ok(()) };
    let Some(then) = turn.then.as_deref().map(from_json::<Product>).transpose()? else {
        draft.drop_skus(now.variants.into_iter().map(|variant| variant.sku), scopes);
        return Ok(());
    };
    for variant in &then.variants {
        let before = now.variants.iter().find(|before| before.sku == variant.sku);
        if let Some(before) = before.filter(|before| before.price != variant.price) {
            let payload = serde_json::json!({
                "id": turn.id, "sku": variant.sku, "before": before.price, "after": variant.price,
            });
            draft.emit_with(Topic::ProductsPriceChanged, &turn.id, &payload)?;
            let step = PriceStep { before: before.price.minor, after: variant.price.minor, most: None };
            draft.restage_price(variant.sku.clone(), step);
        }
    }
    Ok(())
}

#[derive(Deserialize)]
struct Created {
    created_at: Option<String>,
}

/// When a record that comes back came into being, in milliseconds, if its document says so.
pub(in crate::db::house::undo) fn created_at(doc: Option<&RawValue>) -> Option<i64> {
    let said = from_json::<Created>(doc?).ok()?.created_at;
    parse_ms(&said?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_moment_a_record_was_made_is_read_from_its_document() {
        let doc = |json: &str| RawValue::from_string(json.to_owned()).unwrap();
        assert_eq!(created_at(Some(&doc(r#"{"created_at":"1970-01-01T00:00:01Z"}"#))), Some(1_000));
        assert_eq!((created_at(Some(&doc("{}"))), created_at(None)), (None, None));
    }
}
