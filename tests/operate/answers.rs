//! What the API takes and refuses, and in which words.

use serde_json::{Value, json};

use crate::runs::world::{order, stock};
use crate::support::host::{Host, both};
use crate::support::person::Person;

both!(
    text_that_no_list_gave_is_no_cursor_anywhere,
    a_list_never_stands_for_an_object,
    what_is_not_named_is_kept_as_long_as_before,
    what_is_too_much_half_or_twice_is_refused_and_not_guessed_at,
    no_answer_gives_back_a_large_part_of_what_was_sent,
);

/// Every list of a store, and those of the host.
const LISTS: [&str; 17] = [
    "orders",
    "products",
    "categories",
    "customers",
    "carts",
    "inventory",
    "giftcards",
    "discounts",
    "locations",
    "invocations",
    "journal",
    "undos",
    "held",
    "audit",
    "installations",
    "apps",
    "/api/v1/stores",
];

fn who<'a>(path: &str, owner: &'a Person, operator: &'a Person) -> &'a Person {
    if path.starts_with('/') { operator } else { owner }
}

fn text_that_no_list_gave_is_no_cursor_anywhere(host: Host) {
    let (owner, operator) = (host.owner(), host.operator());
    stock(&host);
    let shop = host.storefront();
    (0..3).for_each(|_| drop(order(&shop)));
    for path in LISTS {
        let who = who(path, &owner, &operator);
        who.get(path).ok();
        for garbage in ["zzz", "-1", "%20", "0", "ord_1", "%F0%9F%92%A9", "inv_00000000000070008000000000000000"] {
            let told = who.get(&format!("{path}?cursor={garbage}")).is(400);
            assert_eq!(told["code"], "bad_cursor", "{path}");
        }
    }
    operator.get("/api/v1/invocations?cursor=0.0").is(400);
    // What a list gave goes on in that list, and in no other.
    let first = owner.get("orders?limit=2").ok();
    let next = first["next_cursor"].as_str().expect("there is more");
    let rest = owner.get(&format!("orders?limit=2&cursor={next}")).ok();
    assert_eq!((rest["items"].as_array().expect("items").len(), &rest["next_cursor"]), (1, &Value::Null));
    owner.get(&format!("products?cursor={next}")).is(400);
}

fn a_list_never_stands_for_an_object(host: Host) {
    let (owner, shop) = (host.owner(), host.storefront());
    stock(&host);
    let orders =
        |body: Value| shop.post("storefront/orders", body).is(422)["detail"].as_str().expect("words").to_owned();
    assert_eq!(orders(json!([[], null])), "the body must be a JSON object, not a list");
    assert_eq!(orders(json!({ "lines": [["MUG-1", 1]] })), "`lines[0]` must be an object, not a list");
    let pair = json!({ "lines": [{ "sku": "MUG-1", "quantity": "one" }] });
    assert_eq!(orders(pair), "`lines[0].quantity` must be a whole number, 0 or more, not the text `one`");
    let told = owner.post("products", json!([true, "Mug"])).is(422);
    assert_eq!(
        (&told["code"], &told["detail"]),
        (&json!("bad_body"), &json!("the body must be a JSON object, not a list"))
    );
    let tag = owner.post("tokens", json!({ "name": "x", "scopes": "all" })).is(422);
    assert!(tag["detail"].as_str().expect("words").starts_with("`scopes` must be "), "{tag}");
}

fn what_is_not_named_is_kept_as_long_as_before(host: Host) {
    let owner = host.owner();
    let all = json!({ "usage_days": 30, "journal_days": 40, "events_days": 20, "hold_days": 3 });
    assert_eq!(owner.put("retention", all.clone()).ok(), all);
    let one = owner.put("retention", json!({ "usage_days": 31 })).ok();
    assert_eq!(one, json!({ "usage_days": 31, "journal_days": 40, "events_days": 20, "hold_days": 3 }));
    owner.put("retention", json!({ "hold_days": 0 })).is(422);
    assert_eq!(owner.get("retention").ok(), one);
}

fn what_is_too_much_half_or_twice_is_refused_and_not_guessed_at(host: Host) {
    let owner = host.owner();
    stock(&host);
    let money = json!({ "amount": "1.00", "currency": "EUR" });
    let code = |value: Value| json!({ "code": "TEN", "title": "Ten", "value": value });
    for (path, body, words) in [
        ("discounts", code(json!({ "percent": 10, "amount": money })), "exactly one of its fields"),
        ("discounts", code(json!({ "percent": 10, "zzz": 1 })), "exactly one of its fields"),
        ("giftcards", json!({ "amount": { "amount": "1.00", "currency": "EUR", "x": 1 } }), "`x` is not known"),
        ("categories", json!({ "title": "  \n " }), "not only space"),
        ("customers", json!({ "contact": { "name": "Ada", "email": "a@@b" } }), "name@example.com"),
        ("storefront-tokens", json!({ "name": "shop", "days": 4_294_967_296_u64 }), "4294967295 or less"),
        ("storefront-tokens", json!({ "name": "shop", "days": 2.5 }), "a whole number"),
    ] {
        let told = owner.post(path, body).is(422);
        assert!(told["detail"].as_str().is_some_and(|text| text.contains(words)), "{path}: {told:#}");
    }
    let told = owner.get("usage/apps?since=2026-02-01T00:00:00Z&until=2026-01-01T00:00:00Z").is(422);
    assert!(told["detail"].as_str().is_some_and(|text| text.contains("before")), "{told:#}");
    owner.get("usage/apps?since=20260201T000000Z").is(422);
    // A method that there is not is told as such, whatever comes with it.
    owner.put("categories", json!({ "title": "x" })).is(405);
}

fn no_answer_gives_back_a_large_part_of_what_was_sent(host: Host) {
    let owner = host.owner();
    stock(&host);
    let long = "A".repeat(200_000);
    for (path, body) in [
        ("giftcards", json!({ "amount": { "amount": "1.00", "currency": long } })),
        ("giftcards", json!({ "amount": { "amount": long, "currency": "EUR" } })),
        ("undos", json!({ "kinds": [long] })),
        ("staff", json!({ "name": "Sam", "scopes": [long] })),
        ("orders", json!({ "lines": [{ "sku": long, "quantity": 1 }] })),
    ] {
        let told = owner.post(path, body);
        assert!((400..500).contains(&told.status), "{told:?}");
        assert!(told.text().len() < 20_000, "{path} gives back {} bytes", told.text().len());
    }
}
