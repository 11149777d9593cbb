//! Orders that are made by hand, and forms that leave alone what nobody touched.

use serde_json::json;

use super::{act, at, browser, product};
use crate::runs::world::{order, stock};
use crate::support::host::{Host, both};

both!(
    an_order_is_made_on_a_page_and_its_lines_change_until_it_is_paid,
    an_order_is_made_of_what_is_in_the_store_by_whoever_may,
    a_parcel_gets_another_tracking_number,
    what_nobody_touched_in_a_form_stays_as_it_is,
    what_stands_in_a_list_is_called_what_it_is,
);

fn an_order_is_made_on_a_page_and_its_lines_change_until_it_is_paid(host: Host) {
    stock(&host);
    let owner = host.owner();
    let customer = owner.post("customers", json!({ "contact": {} })).ok()["id"].as_str().expect("an id").to_owned();
    let (mut me, list) = (browser(&host, &owner), at(&host, "orders"));
    let page = me.open(&format!("{list}?customer={customer}"));
    page.is(200).says("<option value=\"MUG-1\">").says(&format!("value=\"{customer}\""));
    // What is wrong comes back as it was sent.
    let fields = [("sku.1", "MUG-1"), ("quantity.1", "many <b>"), ("name", "Ada"), ("tags", "by phone, urgent\r\nvip")];
    let wrong = me.submit(&page, &list, &fields);
    wrong
        .is(422)
        .says("is not a whole number")
        .says("value=\"many &#60;b&#62;\"")
        .says("value=\"Ada\"")
        .hides("many <b>");
    me.submit(&page, &list, &[]).is(422).says("an order has 1 to 200 lines");
    me.submit(&page, &list, &[("sku.2", "NO-SUCH")]).is(404).says("value=\"NO-SUCH\"");
    let fields = [("sku.1", "MUG-1"), ("quantity.1", "3"), ("name", "Ada"), ("tags", "by phone, urgent\r\nvip")];
    let made = me.submit(&page, &list, &fields);
    made.is(200).says("Done.").says("Change the lines").says("not paid");
    let path = made.path.split('?').next().expect("a path").to_owned();
    let id = path.rsplit('/').next().expect("an id");
    let stored = owner.get(&format!("orders/{id}")).ok();
    assert_eq!(stored["tags"], json!(["by phone, urgent", "vip"]));
    assert_eq!((&stored["customer"], &stored["lines"][0]["quantity"]), (&json!(customer), &json!(3)));
    assert_eq!(owner.get(&format!("orders/{id}/contact")).ok()["contact"]["name"], json!("Ada"));
    let page = act(&mut me, &made, &path, "lines", &[("line.MUG-1", "5")]);
    page.is(200).says("Done.");
    assert_eq!(owner.get(&format!("orders/{id}")).ok()["lines"][0]["quantity"], json!(5));
    act(&mut me, &page, &path, "lines", &[("line.MUG-1", "0")]).is(422).says("an order has 1 to 200 lines");
    let page = act(&mut me, &page, &path, "capture", &[]);
    page.is(200).hides("Change the lines");
}

fn an_order_is_made_of_what_is_in_the_store_by_whoever_may(host: Host) {
    stock(&host);
    let (owner, other) = (host.owner(), host.other_store_owner());
    let theirs =
        other.post("customers", json!({ "contact": { "name": "Zoe" } })).ok()["id"].as_str().expect("an id").to_owned();
    let price = json!({ "amount": "1.00", "currency": "EUR" });
    other
        .post("products", json!({ "title": "Theirs", "variants": [{ "sku": "THEIRS", "title": "", "price": price }] }))
        .ok();
    let (mut me, list) = (browser(&host, &owner), at(&host, "orders"));
    let page = me.open(&list);
    page.hides("THEIRS");
    let refused = me.submit(&page, &list, &[("sku.1", "MUG-1"), ("customer", &theirs)]);
    refused.is(404).hides("Zoe");
    me.submit(&page, &list, &[("sku.1", "THEIRS")]).is(404);
    // Another store's owner sends it here, and staff who may only look.
    let mut them = browser(&host, &other);
    let mut fields = them.open("/account").form("/sign-out", &[]);
    fields.push(("sku.1".to_owned(), "MUG-1".to_owned()));
    them.post(&list, &fields).is(404);
    let staff = host.staff(&["orders:view"]);
    let mut looks = browser(&host, &staff);
    looks.open(&list).is(200).hides("Create an order");
    let mut fields = looks.open("/account").form("/sign-out", &[]);
    fields.push(("sku.1".to_owned(), "MUG-1".to_owned()));
    looks.post(&list, &fields).is(403).says("orders:create");
    looks.post(&format!("{list}/ord_1/lines"), &fields).is(403).says("orders:edit");
    assert_eq!(owner.get("orders").ok()["items"], json!([]));
    // Whoever may not see the products types what they are asked for.
    let mut makes = browser(&host, &host.staff(&["orders:view", "orders:create"]));
    let page = makes.open(&list);
    page.is(200).hides("MUG-1").says("Create an order");
    makes.submit(&page, &list, &[("sku.1", "MUG-1")]).is(200).says("Done.");
}

fn a_parcel_gets_another_tracking_number(host: Host) {
    stock(&host);
    let (owner, id) = (host.owner(), order(&host.storefront()));
    let (mut me, path) = (browser(&host, &owner), at(&host, &format!("orders/{id}")));
    let page = me.open(&path);
    page.hides("Change a tracking number");
    let page = act(&mut me, &page, &path, "fulfill", &[("carrier", "Post"), ("number", "A-1")]);
    page.is(200).says("A-1").says("Change a tracking number");
    let parcel = owner.get(&format!("orders/{id}")).ok()["fulfillments"][0]["id"].as_str().expect("an id").to_owned();
    let fields = [("parcel", parcel.as_str()), ("carrier", "Post"), ("number", "B-2"), ("url", "http://x")];
    act(&mut me, &page, &path, "tracking_of", &fields).is(422).says("https://");
    let fields = [("parcel", parcel.as_str()), ("carrier", "Post"), ("number", "B-2"), ("url", "")];
    act(&mut me, &page, &path, "tracking_of", &fields).is(200).says("B-2").hides("A-1");
    let tracking = &owner.get(&format!("orders/{id}")).ok()["fulfillments"][0]["tracking"];
    assert_eq!(tracking["number"], json!("B-2"));
}

fn what_nobody_touched_in_a_form_stays_as_it_is(host: Host) {
    stock(&host);
    let owner = host.owner();
    let ends = "2031-05-06T07:08:09.123Z";
    let discount = json!({ "code": "TEN", "title": "Ten", "value": { "percent": 10 }, "ends_at": ends });
    let made = owner.post("discounts", discount);
    let id = made.ok()["id"].as_str().expect("an id").to_owned();
    let (mut me, path) = (browser(&host, &owner), at(&host, &format!("discounts/{id}")));
    let page = me.open(&path);
    let page = act(&mut me, &page, &path, "update", &[("title", "Ten off")]);
    page.is(200).says("Ten off");
    assert_eq!(owner.get(&format!("discounts/{id}")).ok()["ends_at"], json!(ends));
    let page = act(&mut me, &page, &path, "update", &[("title", "Ten"), ("ends_at", "2031-05-06T09:09")]);
    page.is(200);
    assert_eq!(owner.get(&format!("discounts/{id}")).ok()["ends_at"], json!("2031-05-06T07:09:00.000Z"));
    // A tag may have a comma, a text other ends of lines; what is changed has the usual ones.
    let id = product(&host);
    let whole = json!({ "description": "one\r\ntwo ", "tags": ["a, b", "c"] });
    owner.patch(&format!("products/{id}"), whole.clone()).ok();
    let path = at(&host, &format!("products/{id}"));
    let page = me.open(&path);
    let shown = [("title", "Cup"), ("description", "one\r\ntwo "), ("tags", "a, b\r\nc")];
    let page = act(&mut me, &page, &path, "update", &shown);
    page.is(200).says("Cup");
    let stored = owner.get(&format!("products/{id}")).ok();
    assert_eq!((&stored["description"], &stored["tags"]), (&whole["description"], &whole["tags"]));
    let shown = [("title", "Cup"), ("description", "one\r\nthree"), ("tags", "a, b\r\nd")];
    act(&mut me, &page, &path, "update", &shown).is(200);
    let stored = owner.get(&format!("products/{id}")).ok();
    assert_eq!((&stored["description"], &stored["tags"]), (&json!("one\nthree"), &json!(["a, b", "d"])));
    let id = order(&host.storefront());
    let path = at(&host, &format!("orders/{id}"));
    let page = me.open(&path);
    act(&mut me, &page, &path, "note", &[("note", "first\r\nsecond")]).is(200);
    assert_eq!(owner.get(&format!("orders/{id}/contact")).ok()["note"], json!("first\nsecond"));
}

fn what_stands_in_a_list_is_called_what_it_is(host: Host) {
    stock(&host);
    let owner = host.owner();
    let page = owner.look("store/pages", "en").is(200).says(&[">published</option>", ">hidden</option>"]);
    assert!(!page.text.contains(">closed</option>"), "{}", page.text);
    // A level that was never counted says so.
    let place = json!({ "name": "Attic" });
    let place = owner.post("locations", place).ok()["id"].as_str().expect("an id").to_owned();
    let page = owner.look(&format!("store/inventory/MUG-1@{place}"), "en").is(200).says(&["never"]);
    assert!(!page.text.contains("1970"), "{}", page.text);
    // Whoever may only look for customers comes to the search.
    let staff = host.staff(&["customers:pii"]);
    assert!(staff.look("", "en").is(200).text.contains("/store\""), "there is a way there");
    staff.look("store", "en").is(200).says(&["name=\"q\""]);
}
