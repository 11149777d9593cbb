//! What has to be done in a store so that a topic happens: the smallest real change a staff member can make.

use serde_json::{Value, json};

use super::store::{Store, Variant, read};
use crate::cli::Failure;
use crate::cli::client::{Client, segment};
use crate::db::{Money, Topic};

/// Why it was done, where a reason is recorded.
const REASON: &str = "storehand app trigger";

/// What was done.
#[derive(Debug)]
pub(super) struct Happened {
    /// The record of the event.
    pub(super) record: String,
    /// Every step, in words.
    pub(super) done: Vec<String>,
}

/// Makes it happen, to `record` or to a sample made for it.
pub(super) fn cause(client: &Client, app: &str, topic: Topic, record: Option<&str>) -> Result<Happened, Failure> {
    if record.is_some() && needs_sample(topic) {
        return Err(Failure::usage(format!("{topic} is only tried out on a sample: leave --record out"))
            .help("it would make, refund, empty or delete something of the store itself"));
    }
    let mut store = Store::new(client);
    let record = match topic.name().split('/').next() {
        Some("orders") => order(&mut store, topic, record)?,
        Some("products") => product(&mut store, topic, record)?,
        Some("inventory") => stock(&mut store, topic, record)?,
        Some("customers") => customer(&mut store, topic, record)?,
        Some("discounts") => discount(&mut store, topic, record)?,
        _ => return Err(elsewhere(app, topic)),
    };
    Ok(Happened { record, done: store.done })
}

/// What makes a record, or does to it what nobody would want tried out.
fn needs_sample(topic: Topic) -> bool {
    let name = topic.name();
    name.ends_with("/created")
        || name.ends_with("/deleted")
        || matches!(topic, Topic::OrdersRefunded | Topic::InventoryLow)
}

/// Topics that staff cannot cause.
fn elsewhere(app: &str, topic: Topic) -> Failure {
    Failure::usage(format!("{topic} comes from the shop's own front, and staff cannot cause it")).help(format!(
        "with a storefront token, POST …/storefront/carts makes a cart, PUT …/storefront/carts/CART changes it and \
         POST …/storefront/carts/CART/abandon leaves it; then look at `storehand logs {app}`; or try the app on carts of \
         the past, which changes nothing: `storehand apps dry-run {app} --topic {topic}`"
    ))
}

fn order(store: &mut Store<'_>, topic: Topic, record: Option<&str>) -> Result<String, Failure> {
    let id = match record {
        Some(id) => id.to_owned(),
        None => store.order(topic == Topic::OrdersDeleted)?,
    };
    let at = format!("orders/{}", segment(&id));
    match topic {
        Topic::OrdersUpdated => store.touch("orders", &id)?,
        Topic::OrdersPaid => capture(store, &id)?,
        Topic::OrdersRefunded => {
            capture(store, &id)?;
            let order = store.get(&at)?;
            store.post(&format!("{at}/refund"), &json!({"amount": order.get("captured"), "reason": REASON}))?;
            store.said(format!("refunded {id}"));
        }
        Topic::OrdersFulfilled => {
            store.post(&format!("{at}/fulfillments"), &json!({}))?;
            store.said(format!("marked {id} fulfilled"));
        }
        Topic::OrdersCancelled => {
            store.post(&format!("{at}/cancel"), &json!({"reason": REASON}))?;
            store.said(format!("cancelled {id}"));
        }
        Topic::OrdersDeleted => {
            store.delete(&at)?;
            store.said(format!("deleted {id}"));
        }
        _ => {}
    }
    Ok(id)
}

/// Captures what is still open of an order.
fn capture(store: &mut Store<'_>, id: &str) -> Result<(), Failure> {
    let at = format!("orders/{}", segment(id));
    let order = store.get(&at)?;
    let money = |name: &str| read::<Money>(order.get(name).cloned().unwrap_or_default());
    let (total, captured) = (money("total")?, money("captured")?);
    let open = Money { minor: total.minor.saturating_sub(captured.minor), ..total };
    store.post(&format!("{at}/capture"), &json!({"amount": open}))?;
    store.said(format!("captured {open} of {id}"));
    Ok(())
}

fn product(store: &mut Store<'_>, topic: Topic, record: Option<&str>) -> Result<String, Failure> {
    let (product, variant) = match record {
        Some(record) => store.find(record)?,
        None => {
            let product = store.product()?;
            let variant = product.variant()?;
            (product, variant)
        }
    };
    let at = format!("products/{}", segment(&product.id));
    match topic {
        Topic::ProductsUpdated => retitle(store, &at, &product.id, record.is_some())?,
        Topic::ProductsPriceChanged => reprice(store, &variant, record.is_some())?,
        Topic::ProductsDeleted => {
            store.delete(&at)?;
            store.said(format!("deleted {}", product.id));
        }
        _ => {}
    }
    Ok(product.id)
}

/// Adds a word to a title, because saving what is so already is no change; one of the store's own is put back.
fn retitle(store: &mut Store<'_>, at: &str, id: &str, back: bool) -> Result<(), Failure> {
    let product = store.get(at)?;
    let title = product.get("title").and_then(Value::as_str).unwrap_or_default();
    store.patch(at, &json!({"title": format!("{title} (updated)")}))?;
    store.said(format!("added a word to the title of {id}"));
    if back {
        store.patch(at, &json!({"title": title}))?;
        store.said("put it back, which the app is told of too");
    }
    Ok(())
}

/// Raises a price by the smallest coin; one of the store's own is put back.
fn reprice(store: &mut Store<'_>, Variant { sku, price }: &Variant, back: bool) -> Result<(), Failure> {
    let at = format!("products/by-sku/{}/price", segment(sku));
    // The former price shown beside it must not get lost.
    let beside = store.get(&format!("products/by-sku/{}", segment(sku)))?;
    let variants = beside.get("variants").and_then(Value::as_array).cloned().unwrap_or_default();
    let mine = variants.iter().find(|variant| variant.get("sku").and_then(Value::as_str) == Some(sku));
    let compare_at = mine.and_then(|variant| variant.get("compare_at")).cloned().unwrap_or_default();
    let raised = Money { minor: price.minor.saturating_add(1), ..*price };
    store.put(&at, &json!({"price": raised, "compare_at": compare_at}))?;
    store.said(format!("raised the price of {sku} from {price} to {raised}"));
    if back {
        store.put(&at, &json!({"price": price, "compare_at": compare_at}))?;
        store.said("put it back, which the app is told of too");
    }
    Ok(())
}

fn stock(store: &mut Store<'_>, topic: Topic, record: Option<&str>) -> Result<String, Failure> {
    let (sku, location) = match record {
        Some(record) => match record.split_once('@') {
            Some((sku, location)) => (sku.to_owned(), location.to_owned()),
            None => (store.find(record)?.1.sku, store.location()?),
        },
        None => (store.product()?.variant()?.sku, store.location()?),
    };
    let at = format!("inventory/{}/{}", segment(&sku), segment(&location));
    if topic == Topic::InventoryLow {
        let settings = store.get("settings")?;
        let threshold = settings.get("low_stock").and_then(Value::as_i64).unwrap_or_default();
        store.put(&at, &json!({"available": threshold}))?;
        store.put(&at, &json!({"available": threshold.saturating_sub(1)}))?;
        store.said(format!("let the level of {sku} fall from {threshold} to {}", threshold.saturating_sub(1)));
    } else {
        store.post(&format!("{at}/adjust"), &json!({"delta": 1, "reason": REASON}))?;
        store.said(format!("added one {sku}"));
        if record.is_some() {
            store.post(&format!("{at}/adjust"), &json!({"delta": -1, "reason": REASON}))?;
            store.said("took it away again, which the app is told of too");
        }
    }
    Ok(format!("{sku}@{location}"))
}

fn customer(store: &mut Store<'_>, topic: Topic, record: Option<&str>) -> Result<String, Failure> {
    let id = match record {
        Some(id) => id.to_owned(),
        None => store.customer()?,
    };
    match topic {
        Topic::CustomersUpdated => store.touch("customers", &id)?,
        Topic::CustomersDeleted => {
            store.delete(&format!("customers/{}", segment(&id)))?;
            store.said(format!("deleted {id}"));
        }
        _ => {}
    }
    Ok(id)
}

/// Ends the title of a discount that was touched; taken off again the next time.
const TOUCHED: &str = " (touched)";

fn discount(store: &mut Store<'_>, topic: Topic, record: Option<&str>) -> Result<String, Failure> {
    let id = match record {
        Some(id) => id.to_owned(),
        None => store.discount()?,
    };
    if topic == Topic::DiscountsUpdated {
        let at = format!("discounts/{}", segment(&id));
        let now = store.get(&at)?;
        let fields =
            ["code", "title", "value", "starts_at", "ends_at"].map(|name| (name.to_owned(), now.get(name).cloned()));
        let mut touched: serde_json::Map<_, _> =
            fields.into_iter().map(|(name, value)| (name, value.unwrap_or_default())).collect();
        // To save it as it is would change nothing, and nobody would hear of it.
        let title = now.get("title").and_then(Value::as_str).unwrap_or_default();
        let title = title.strip_suffix(TOUCHED).map_or_else(|| format!("{title}{TOUCHED}"), str::to_owned);
        store.said(format!("renamed {id} to `{title}`"));
        touched.insert("title".to_owned(), title.into());
        store.put(&at, &Value::Object(touched))?;
    }
    Ok(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_the_stores_own_is_made_refunded_emptied_or_deleted() {
        let on_samples: Vec<_> = Topic::ALL.iter().filter(|topic| needs_sample(**topic)).map(|t| t.name()).collect();
        assert_eq!(
            on_samples,
            [
                "orders/created",
                "orders/refunded",
                "orders/deleted",
                "carts/created",
                "customers/created",
                "customers/deleted",
                "products/created",
                "products/deleted",
                "inventory/low",
                "discounts/created",
            ]
        );
    }
}
