//! Calls go to the fake host: denied unless granted, recorded either way, answered as the test says.

#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use serde_json::json;
use storehand::testing::Host;
use storehand::{Error, Page, customers, giftcards, inventory, orders, products, settings, storage};

#[test]
fn a_call_without_the_grant_is_denied_and_recorded() {
    let host = Host::new();
    let denied = orders::refund("ord_1", &"5.00 EUR".parse().expect("money"), "broken").expect_err("not granted");
    assert!(matches!(&denied, Error::PermissionDenied { scope, .. } if scope == "orders:refund"));
    assert!(denied.is_denied());

    let calls = host.calls("orders.refund");
    assert_eq!(calls.len(), 1);
    assert!(calls[0].denied);
    assert_eq!(calls[0].scope, "orders:refund");
    assert_eq!(
        calls[0].arguments,
        json!({ "order": "ord_1", "amount": { "amount": "5.00", "currency": "EUR" }, "reason": "broken" })
    );
}

#[test]
fn a_grant_can_be_taken_away_between_two_calls() {
    let host = Host::new();
    host.grant("orders:edit");
    assert_eq!(orders::tag("ord_1", "a"), Ok(()));
    host.revoke("orders:edit");
    assert!(orders::tag("ord_1", "b").is_err());
    assert_eq!(host.calls("orders.tag").iter().map(|call| call.denied).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn no_scope_implies_another() {
    let host = Host::new();
    host.grant("orders:edit");
    assert!(orders::get("ord_1").is_err_and(|error| error.is_denied()));
}

#[test]
fn seeded_records_are_found() {
    let host = Host::new();
    host.grant("customers:view").grant("products:view").grant("inventory:view");
    let times = json!("2026-01-01T00:00:00Z");
    for id in ["cus_1", "cus_2"] {
        host.seed(
            "customers",
            &json!({ "id": id, "tags": [], "marketing_consent": false, "orders": 0, "created_at": times, "updated_at": times }),
        );
    }
    host.seed("inventory", &json!({ "sku": "TEA-1", "location": "loc_1", "available": 3, "updated_at": times }));

    assert_eq!(customers::get("cus_2").expect("seeded").id, "cus_2");
    assert_eq!(
        customers::get("cus_3").map(|found| found.id),
        Err(Error::NotFound("customers {\"id\":\"cus_3\"}".into()))
    );
    assert_eq!(customers::count(&customers::CustomerFilter::default()), Ok(2));
    assert_eq!(customers::all(customers::CustomerFilter::default()).count(), 2);
    assert_eq!(inventory::level("TEA-1", "loc_1").expect("seeded").available, 3);
    assert!(matches!(products::by_sku("TEA-1"), Err(Error::NotFound(_))));
}

#[test]
fn a_test_says_what_a_call_answers() {
    let host = Host::new();
    host.grant("giftcards:issue").grant("orders:create");
    host.answer("giftcards.issue", |arguments| {
        assert_eq!(arguments["amount"]["amount"], "10.00");
        Ok(giftcards::Issued { id: "gft_1".into(), code: "ABCD-1234".into() })
    });
    let issued = giftcards::issue(&"10.00 EUR".parse().expect("money"), None).expect("granted");
    assert_eq!(issued.code, "ABCD-1234");

    host.answer::<String>("orders.create", |_| Err(Error::Conflict("a draft of it exists".into())));
    let order = orders::NewOrder { draft: true, lines: vec![], customer: None, contact: None, tags: vec![] };
    assert_eq!(orders::create(&order), Err(Error::Conflict("a draft of it exists".into())));
}

#[test]
fn a_walk_fetches_page_after_page_and_ends_after_an_error() {
    let host = Host::new();
    host.grant("customers:view");
    let customer = |id: &str| json!({ "id": id, "tags": [], "marketing_consent": false, "orders": 0, "created_at": "", "updated_at": "" });
    host.answer("customers.search", move |arguments| match arguments["page"]["cursor"].as_str() {
        None => Ok(json!({ "items": [customer("cus_1"), customer("cus_2")], "next": "two" })),
        Some("two") => Ok(json!({ "items": [customer("cus_3")], "next": "three" })),
        Some(_) => Err(Error::Unavailable("busy".into())),
    });
    let walked: Vec<_> = customers::all(customers::CustomerFilter::default())
        .map(|found| found.map(|customer| customer.id).map_err(|error| error.to_string()))
        .collect();
    let wanted: [Result<String, String>; 4] =
        [Ok("cus_1".into()), Ok("cus_2".into()), Ok("cus_3".into()), Err("unavailable: busy".into())];
    assert_eq!(walked, wanted);
    assert_eq!(host.calls("customers.search")[0].arguments["page"]["limit"], 100);
}

#[test]
fn storage_and_settings_need_no_scope() {
    let host = Host::new();
    storage::set("note/1", "one").expect("kept");
    storage::set_json("note/2", &json!({ "two": 2 })).expect("kept");
    storage::set("other", [0, 1]).expect("kept");
    assert_eq!(storage::get("note/1"), Ok(Some(b"one".to_vec())));
    assert_eq!(storage::get_json::<serde_json::Value>("note/2"), Ok(Some(json!({ "two": 2 }))));
    assert!(matches!(storage::get_json::<u32>("note/1"), Err(Error::Invalid(_))));

    let first = storage::keys("note/", &Page { limit: Some(1), cursor: None }).expect("keys");
    assert_eq!((first.items, first.next.as_deref()), (vec!["note/1".to_owned()], Some("note/1")));
    assert_eq!(storage::all_keys("note/").collect::<Result<Vec<_>, _>>(), Ok(vec!["note/1".into(), "note/2".into()]));
    storage::delete("note/1").expect("removed");
    assert_eq!(host.stored("note/1"), None);

    host.set_settings(&json!({ "threshold": 7 }));
    assert_eq!(settings::get::<serde_json::Value>().expect("any JSON")["threshold"], 7);
    assert!(matches!(settings::get::<Vec<u8>>(), Err(Error::Invalid(_))));
}
