//! What a buyer agreed to reaches the order: its codes, what apps took off, and nothing that anybody made up.

use std::thread;

use serde_json::{Value, json};

use crate::runs::world::{SKU, install, stock};
use crate::support::host::{Host, both};
use crate::support::person::Person;

both!(
    an_order_is_what_its_buyer_was_told_and_a_refund_gives_back_what_a_piece_cost,
    a_quote_that_is_stale_foreign_or_made_up_is_refused_and_says_what_changed,
    two_buyers_at_once_cannot_both_take_the_last_use_of_a_code,
    a_use_comes_back_with_a_cancelled_order_and_goes_again_when_that_is_taken_back,
    a_discount_is_made_enabled_and_found_by_its_code,
);

fn eur(amount: &str) -> Value {
    json!({ "amount": amount, "currency": "EUR" })
}

fn id(made: &Value) -> String {
    made["id"].as_str().expect("an id").to_owned()
}

/// A code that takes off so many percent, for buyers at once.
fn code(owner: &Person, code: &str, percent: u32, rules: Value) -> String {
    let mut new = json!({ "code": code, "title": code, "value": { "percent": percent }, "enabled": true });
    new.as_object_mut().unwrap().extend(rules.as_object().cloned().unwrap_or_default());
    id(&owner.post("discounts", new).ok())
}

fn cart(front: &Person, quantity: u32, codes: &[&str]) -> String {
    let lines = json!([{ "sku": SKU, "quantity": quantity }]);
    id(&front.post("storefront/carts", json!({ "lines": lines, "discounts": codes })).ok())
}

fn quote(front: &Person, cart: &str) -> Value {
    front.post(&format!("storefront/carts/{cart}/quote"), json!({})).ok()["quote"].clone()
}

fn uses(owner: &Person, discount: &str) -> Value {
    owner.get(&format!("discounts/{discount}/uses")).ok()["uses"].clone()
}

fn an_order_is_what_its_buyer_was_told_and_a_refund_gives_back_what_a_piece_cost(host: Host) {
    stock(&host);
    let (owner, front) = (host.owner(), host.storefront());
    let tiers = json!({ "tiers": [{ "quantity": 3, "percent": 20 }] });
    let app = install(&host, "volume-discount", &["checkout:discount"], tiers);
    let spring = code(&owner, "SPRING", 10, json!({}));
    // Three mugs: 37.50, less 7.50 of the app, less 3.00 of the code.
    let cart = cart(&front, 3, &["spring"]);
    let told = quote(&front, &cart);
    assert_eq!((&told["subtotal"], &told["total"]), (&eur("37.50"), &eur("27.00")), "{told:#}");
    let agreed = json!({ "cart": cart, "quote": told["id"] });
    // An app that may not any more takes nothing off, whatever it gave before.
    owner.post(&format!("installations/{app}/pause"), json!({})).ok();
    let refused = front.post("storefront/orders", agreed.clone()).is(409);
    assert!(refused["detail"].as_str().unwrap().contains("gives no discounts any more"), "{refused:#}");
    owner.post(&format!("installations/{app}/resume"), json!({ "events": "skip" })).ok();
    let placed = id(&front.post("storefront/orders", agreed).ok());
    let order = owner.get(&format!("orders/{placed}")).ok();
    for what in ["subtotal", "total", "shipping", "tax", "discounts"] {
        assert_eq!(order[what], told[what], "{what}: {order:#}");
    }
    assert_eq!((&order["captured"], &order["cart"]), (&eur("27.00"), &json!(cart)));
    let by: Vec<_> = order["discounts"].as_array().unwrap().iter().map(|one| (&one["app"], &one["discount"])).collect();
    assert!(by[0].0.as_str().is_some_and(|app| app.contains("volume-discount")), "{order:#}");
    assert_eq!(by[1].1, &json!(spring));
    assert_eq!(uses(&owner, &spring), json!(1));
    let sold = owner.get("reports/top-products?since=2020-01-01T00:00:00Z&until=2999-01-01T00:00:00Z&limit=5").ok();
    assert!(sold.to_string().contains("\"27.00\""), "{sold:#}");
    let page = owner.get(&format!("carts/{cart}")).ok();
    assert_eq!(page["status"], json!("ordered"));
    // Pieces come back for what they cost, never more than was paid.
    let refund = |body: Value| owner.post(&format!("orders/{placed}/refund"), body);
    refund(json!({ "lines": [{ "sku": SKU, "quantity": 1 }], "reason": "broken" })).ok();
    assert_eq!(owner.get(&format!("orders/{placed}")).ok()["refunded"], eur("9.00"));
    refund(json!({ "amount": eur("18.01"), "reason": "more" })).is(422);
    refund(json!({ "lines": [{ "sku": SKU, "quantity": 3 }], "reason": "more" })).is(422);
    refund(json!({ "lines": [], "reason": "none" })).is(422);
    refund(json!({ "lines": [{ "sku": SKU, "quantity": 2 }], "reason": "broken" })).ok();
    let order = owner.get(&format!("orders/{placed}")).ok();
    assert_eq!((&order["refunded"], &order["payment"]), (&eur("27.00"), &json!("refunded")));
}

fn a_quote_that_is_stale_foreign_or_made_up_is_refused_and_says_what_changed(host: Host) {
    stock(&host);
    let (owner, front) = (host.owner(), host.storefront());
    let spring = code(&owner, "SPRING", 10, json!({}));
    let (mine, other) = (cart(&front, 2, &["SPRING"]), cart(&front, 2, &[]));
    let told = quote(&front, &mine);
    let place = |cart: &str, quote: &Value| front.post("storefront/orders", json!({ "cart": cart, "quote": quote }));
    let refused = |cart: &str, quote: &Value, why: &str| {
        let refused = place(cart, quote).is(409);
        assert_eq!(refused["code"], json!("not_agreed"), "{refused:#}");
        assert!(refused["detail"].as_str().unwrap().contains(why), "{why}: {refused:#}");
    };
    // Of another cart, made up, and of no cart at all.
    refused(&other, &told["id"], "is not the newest one of this cart");
    refused(&mine, &json!("quo_0"), "is not the newest one of this cart");
    front.post("storefront/orders", json!({ "quote": told["id"] })).is(422);
    // What the front says beside it does not make it cheaper.
    let lines = json!([{ "sku": SKU, "quantity": 1 }]);
    front.post("storefront/orders", json!({ "cart": mine, "quote": told["id"], "lines": lines })).is(422);
    let priced = json!({ "cart": mine, "quote": told["id"], "total": eur("0.01") });
    assert!(!front.post("storefront/orders", priced).is_ok());
    // A price, a code, the stock.
    let price = |amount: &str| owner.put(&format!("products/by-sku/{SKU}/price"), json!({ "price": eur(amount) })).ok();
    price("20.00");
    refused(&mine, &told["id"], "costs 20.00 EUR now, not 12.50 EUR");
    price("12.50");
    owner.post(&format!("discounts/{spring}/disable"), json!({})).ok();
    refused(&mine, &told["id"], "discount `SPRING` is not enabled");
    owner.post(&format!("discounts/{spring}/enable"), json!({})).ok();
    let level = format!("inventory/{SKU}/{}", host.location());
    let move_by =
        |delta: i64| owner.post(&format!("{level}/adjust"), json!({ "delta": delta, "reason": "count" })).ok();
    move_by(-999_999);
    refused(&mine, &told["id"], "only 1 of `MUG-1` are left");
    move_by(999_999);
    // Another store's front knows neither the cart nor the quote.
    let elsewhere = host.other_store_owner();
    let made = elsewhere.post("storefront-tokens", json!({ "name": "theirs" })).ok();
    let theirs = host.person(elsewhere.store(), made["token"].as_str());
    theirs.post("storefront/orders", json!({ "cart": mine, "quote": told["id"] })).is(404);
    theirs.post(&format!("storefront/carts/{mine}/quote"), json!({})).is(404);
    let typed = json!({ "lines": [], "discounts": ["SPRING"] });
    theirs.post("storefront/carts", typed).is(404);
    // Nothing of this was an order, and what was agreed to still holds; a newer quote takes its place.
    let newer = quote(&front, &mine);
    refused(&mine, &told["id"], "is not the newest one");
    place(&mine, &newer["id"]).ok();
    place(&mine, &newer["id"]).is(422);
    assert_eq!(uses(&owner, &spring), json!(1));
}

fn two_buyers_at_once_cannot_both_take_the_last_use_of_a_code(host: Host) {
    stock(&host);
    let (owner, front) = (host.owner(), host.storefront());
    let once = code(&owner, "ONCE", 50, json!({ "max_uses": 1 }));
    // On PostgreSQL they come to two hosts.
    let beside = host.database().map(|_| host.beside());
    let quoted: Vec<(String, Value)> = (0..8)
        .map(|_| {
            let cart = cart(&front, 1, &["ONCE"]);
            let told = quote(&front, &cart);
            (cart, told["id"].clone())
        })
        .collect();
    let ended: Vec<u16> = thread::scope(|scope| {
        let buyers: Vec<_> = quoted
            .iter()
            .enumerate()
            .map(|(n, (cart, quote))| {
                let front = match &beside {
                    Some(other) if n % 2 == 1 => other.person(host.store(), front.token()),
                    _ => host.person(host.store(), front.token()),
                };
                let order = json!({ "cart": cart, "quote": quote });
                scope.spawn(move || front.post("storefront/orders", order).status)
            })
            .collect();
        buyers.into_iter().map(|buyer| buyer.join().unwrap()).collect()
    });
    assert_eq!(ended.iter().filter(|status| **status == 200).count(), 1, "{ended:?}");
    assert!(ended.iter().all(|status| matches!(status, 200 | 409)), "{ended:?}");
    assert_eq!(uses(&owner, &once), json!(1));
}

fn a_use_comes_back_with_a_cancelled_order_and_goes_again_when_that_is_taken_back(host: Host) {
    stock(&host);
    let (owner, front) = (host.owner(), host.storefront());
    let once = code(&owner, "ONCE", 100, json!({ "max_uses": 1 }));
    let buy = || {
        let cart = cart(&front, 1, &["ONCE"]);
        let told = quote(&front, &cart);
        (told["total"].clone(), id(&front.post("storefront/orders", json!({ "cart": cart, "quote": told["id"] })).ok()))
    };
    let (total, first) = buy();
    assert_eq!((total, uses(&owner, &once)), (eur("0.00"), json!(1)));
    assert_eq!(buy().0, eur("12.50"), "it was used already");
    let cancelled = owner.post(&format!("orders/{first}/cancel"), json!({ "reason": "no", "restock": true }));
    cancelled.ok();
    assert_eq!(uses(&owner, &once), json!(0));
    let set = owner.get(&format!("journal?record={first}")).ok()["items"][0]["id"].clone();
    owner.post("undos", json!({ "change_set": set })).ok();
    assert_eq!(owner.get(&format!("orders/{first}")).ok()["status"], json!("open"));
    assert_eq!(uses(&owner, &once), json!(1));
}

fn a_discount_is_made_enabled_and_found_by_its_code(host: Host) {
    stock(&host);
    let owner = host.owner();
    let made = code(&owner, "Spring-26", 10, json!({ "max_uses": 3, "minimum": eur("20.00") }));
    let found = owner.get("discounts/find-by-code?code=SPRING-26").ok();
    assert_eq!((&found["id"], &found["enabled"], &found["max_uses"]), (&json!(made), &json!(true), &json!(3)));
    owner.get("discounts/find-by-code?code=WINTER").is(404);
    host.other_store_owner().get("discounts/find-by-code?code=SPRING-26").is(404);
    for wrong in [json!({ "max_uses": 0 }), json!({ "minimum": eur("-1.00") }), json!({ "products": ["prd_nix"] })] {
        let mut new = json!({ "code": "BAD", "title": "Bad", "value": { "percent": 5 } });
        new.as_object_mut().unwrap().extend(wrong.as_object().cloned().unwrap());
        assert!(!owner.post("discounts", new).is_ok(), "{wrong}");
    }
    // Below the minimum it takes nothing off, and the quote says why.
    let front = host.storefront();
    let told = quote(&front, &cart(&front, 1, &["spring-26"]));
    assert_eq!((&told["total"], &told["discounts"]), (&eur("12.50"), &json!([])), "{told:#}");
    assert!(told["left_out"][0]["why"].as_str().unwrap().contains("20.00 EUR"), "{told:#}");
}
