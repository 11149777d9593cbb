//! The body of every request: one that succeeds for somebody who may, so that a ✔ is something done and not merely let
//! through.

use serde_json::{Value, json};

use super::apps;
use super::records::{Records, STORE, discount, money};
use crate::support::person::Body;
use crate::support::{examples, guests};

/// What to send; nothing with methods that carry nothing, and an empty object where there is no such operation.
pub fn body(method: &str, path: &str, records: &mut Records) -> Body {
    match (method, path.strip_prefix(STORE).unwrap_or(path)) {
        ("GET" | "DELETE", _) => Body::Empty,
        ("POST", "apps") => Body::Wasm(guests::build("low-stock")),
        ("POST", "installations/dry-run-file") => Body::Wasm(guests::build("low-stock")),
        ("POST", "invocations/{invocation}/rerun-with") => Body::Wasm(guests::build("low-stock")),
        ("POST", "/api/v1/apps") => Body::Wasm(guests::build("noop")),
        (_, place) => Body::Json(json(method, place, records)),
    }
}

fn json(method: &str, place: &str, records: &mut Records) -> Value {
    match (method, place) {
        ("POST", "/api/v1/stores") => new_store(),
        ("POST", "/api/v1/tokens") => json!({ "name": "spare" }),
        ("POST", "/api/v1/accounts/free") => json!({ "email": records.stray_address() }),
        ("POST", "/api/v1/publishers") => json!({ "publisher": format!("publisher-{}", records.fresh()) }),
        ("POST", "/api/v1/setup") => new_store(),
        ("POST", "/api/v1/apps/{publisher}/{name}/stop") => json!({ "reason": "it loops" }),
        ("POST", "/api/v1/apps/{publisher}/{name}/versions/{version}/recall") => {
            json!({ "severity": "info", "reason": "it loops" })
        }
        ("POST", "alerts/{alert}/snooze" | "/api/v1/alerts/{alert}/snooze") => json!({ "hours": 1 }),
        ("PATCH", "alert-rules") => json!({ "rule": "failures", "threshold": 30 }),
        ("PATCH", "/api/v1/alert-rules") => json!({ "rule": "disk", "threshold": 64 }),
        ("POST", "suspend") => json!({ "reason": "unpaid" }),
        ("POST", "/api/v1/plans") => json!({ "name": format!("plan-{}", records.fresh()), "title": "Another" }),
        ("PUT", "/api/v1/plans/{plan}") => json!({ "title": "Starter" }),
        ("PUT", "name") => json!({ "name": "Third shop, renamed" }),
        ("POST", "delete") => json!({ "name": "Third shop" }),
        ("POST", "plan/give") => json!({ "plan": null }),
        ("POST", "plan/request") => json!({ "plan": records.plan() }),
        ("POST", "close") => json!({ "name": "of another store" }),

        ("POST", "orders") => json!({ "lines": records.lines() }),
        ("POST", "orders/{order}/tags") => json!({ "tag": records.fresh() }),
        ("PUT", "orders/{order}/note") => json!({ "note": "ring twice" }),
        ("PUT", "orders/{order}/lines") => json!({ "lines": records.lines() }),
        ("PUT", "orders/{order}/fulfillments/{fulfillment}/tracking") => {
            json!({ "carrier": "DHL", "number": records.fresh() })
        }
        ("POST", "orders/{order}/cancel") => json!({ "reason": "changed their mind" }),
        ("POST", "orders/{order}/capture") => json!({ "amount": money("10.00") }),
        ("POST", "orders/{order}/refund") => json!({ "amount": money("1.00"), "reason": "dented" }),
        ("POST", "storefront/orders") => json!({ "lines": records.lines() }),
        ("POST" | "PUT", "storefront/carts" | "storefront/carts/{cart}") => json!({ "lines": records.lines() }),
        ("POST", "storefront/carts/restore") => json!({ "link": records.cart_link() }),
        ("POST", "carts/{cart}/discounts") => json!({ "code": records.discount().1 }),
        ("POST", "checkout/discounts") => json!({
            "currency": "EUR",
            "lines": [{ "id": "1", "sku": "tea", "quantity": 2, "price": money("10.00") }],
        }),

        ("POST", "customers") => json!({ "contact": { "email": format!("{}@example.com", records.fresh()) } }),
        ("POST", "customers/find-by-email") => json!({ "email": "somebody@example.com" }),
        ("PUT", "customers/{customer}/contact") => {
            json!({ "name": "Ada", "email": format!("{}@example.com", records.fresh()) })
        }
        ("POST", "customers/{customer}/tags") => json!({ "tag": records.fresh() }),
        ("PUT", "customers/{customer}/consent") => json!({ "marketing": true }),

        ("POST", "products") => {
            let variants = json!([{ "sku": records.fresh(), "title": "100 g", "price": money("18.00") }]);
            json!({ "title": "Tea", "variants": variants })
        }
        ("PATCH", "products/{product}") => json!({ "title": format!("Tea {}", records.fresh()) }),
        ("PUT", "products/{product}/categories") => json!({ "categories": [records.category()] }),
        ("PUT", "products/by-sku/{sku}/price") => json!({ "price": money("11.00") }),
        ("POST", "categories") | ("PUT", "categories/{category}") => json!({ "title": "Cold drinks" }),
        ("POST", "inventory/{sku}/{location}/adjust") => json!({ "delta": 3, "reason": "found behind the shelf" }),
        ("PUT", "inventory/{sku}/{location}") => json!({ "available": 7 }),
        ("POST", "giftcards") => json!({ "amount": money("20.00") }),

        ("POST", "discounts") | ("PUT", "discounts/{discount}") => discount(&records.fresh()),
        ("POST", "locations") => json!({ "name": "Cellar" }),
        ("PUT", "locations/{location}") => json!({ "name": "Cellar", "active": false }),

        // Nobody can give what they do not hold, so nothing is given here: the route alone is asked for.
        ("POST", "staff") => json!({ "name": "New colleague", "scopes": [] }),
        ("PUT", "staff/{staff}/scopes") => json!({ "scopes": [] }),
        ("POST", "staff/{staff}/invite") => json!({ "email": "new.colleague@example.com" }),
        ("PUT", "staff/{staff}/name") => json!({ "name": "Another name" }),
        ("PUT", "staff/{staff}/last-day") => json!({ "day": soon() }),
        ("POST", "roles") | ("PUT", "roles/{role}") => json!({ "title": records.fresh(), "scopes": ["orders:view"] }),
        ("PUT", "house-rules") => json!({ "replaces": records.rules_version(), "body": records.fresh() }),
        ("POST", "tokens") => json!({ "name": "script", "scopes": [] }),
        ("POST", "storefront-tokens") => json!({ "name": "second shop" }),

        ("POST", "installations") => apps::install(),
        ("POST", "installations/dry-run") => {
            let on = json!({ "action": { "id": "draft-reorder", "record": "prd_1" } });
            json!({ "app": apps::INSTALLED, "scopes": [], "on": on })
        }
        ("POST", "installations/plan-file") => json!({
            "manifest": std::fs::read_to_string(guests::folder("noop").join("app.toml")).expect("it has a manifest"),
            "digest": "0".repeat(64),
            "size": 1_000,
        }),
        ("POST", "installations/plan") => json!({ "app": apps::INSTALLED }),
        ("POST", "installations/{installation}/go-on") => json!({ "reason": "we look at it every day" }),
        ("POST", "installations/{installation}/resume") => json!({ "events": "skip" }),
        ("POST", "installations/{installation}/upgrade") => json!({ "version": apps::VERSION }),
        ("POST", "installations/{installation}/actions/{action}") => records.pressed(),
        ("POST", "undos" | "undos/preview") => json!({ "change_set": records.change_set() }),
        ("PUT", "retention") => json!({ "usage_days": 30, "journal_days": 30, "events_days": 30 }),
        ("POST" | "PUT", _) => {
            let resource = place.split('/').next().unwrap_or(place);
            examples::of(&records.owner(), resource).unwrap_or_else(|| json!({}))
        }
        _ => json!({}),
    }
}

/// A day of next month.
pub fn soon() -> String {
    jiff::Zoned::now().date().checked_add(jiff::Span::new().days(30)).expect("a day").to_string()
}

pub fn new_store() -> Value {
    json!({ "name": "Third shop", "owner": "Theo", "currency": "EUR", "country": "DE" })
}
