//! The pages of what a store has: for whom each is, what can be done on it, and what becomes of a form that is wrong.

mod forms;
mod orders;
mod personal;

use serde_json::json;

use super::shell::sound;
use crate::runs::world::{order, stock};
use crate::support::browser::{Browser, Page};
use crate::support::host::{Host, both};
use crate::support::person::Person;
use crate::support::sessions;

both!(
    each_list_is_for_whoever_holds_its_scope,
    whoever_holds_nothing_of_the_store_has_no_way_there,
    a_list_is_narrowed_and_goes_on_where_it_ended,
    an_empty_list_says_what_to_do_next,
    the_page_of_a_record_tells_who_changed_it_and_offers_what_may_be_done,
    what_is_printed_has_no_personal_data,
    a_hostile_title_is_never_markup,
);

/// Each list with the scope it needs and its heading.
const LISTS: &[(&str, &str, &str)] = &[
    ("orders", "orders:view", "Orders"),
    ("products", "products:view", "Products"),
    ("inventory", "inventory:view", "Stock"),
    ("customers", "customers:view", "Customers"),
    ("carts", "carts:view", "Carts"),
    ("discounts", "discounts:view", "Discounts"),
    ("giftcards", "giftcards:view", "Gift cards"),
    ("categories", "categories:view", "Categories"),
    ("locations", "locations:view", "Locations"),
    ("taxes", "taxes:view", "Taxes"),
    ("pages", "pages:view", "Pages"),
];

/// A browser in which that person is signed in.
pub fn browser(host: &Host, person: &Person) -> Browser {
    let cookie = sessions::cookie(&host.url(), person.token().expect("a token"));
    Browser::new(&host.url()).with_cookie(cookie)
}

/// The address of a page of the store.
pub fn at(host: &Host, path: &str) -> String {
    format!("/stores/{}/store/{path}", host.store())
}

/// Sends the form of that act from the page of a record.
#[track_caller]
pub fn act(browser: &mut Browser, page: &Page, path: &str, verb: &str, fields: &[(&str, &str)]) -> Page {
    browser.submit(page, &format!("{path}/{verb}"), fields)
}

/// The id of the product that `stock` made.
pub fn product(host: &Host) -> String {
    host.owner().get("products").ok()["items"][0]["id"].as_str().expect("an id").to_owned()
}

fn each_list_is_for_whoever_holds_its_scope(host: Host) {
    let (owner, nobody, other) = (host.owner(), host.staff(&["usage:view"]), host.other_store_owner());
    for (path, scope, title) in LISTS {
        let path = format!("store/{path}");
        let page = owner.look(&path, "en").is(200);
        sound(&page);
        page.says(&[&format!("<h1 id=\"heading\">{title}</h1>"), "aria-current=\"true\""]);
        let one = host.staff(&[scope]).look(&path, "en").is(200);
        // Whoever holds one scope sees one list beside it, and nothing to do.
        let tabs = one.text.split("class=\"tabs\"").nth(1).and_then(|rest| rest.split("</ul>").next()).expect("tabs");
        let lists = LISTS.iter().filter(|(list, ..)| tabs.contains(&format!("/store/{list}\"")));
        assert_eq!(lists.count(), 1, "{scope}: {tabs}");
        assert!(!one.text.contains("class=\"card act\""), "{scope}: {}", one.text);
        nobody.look(&path, "en").is(403).says(&[scope]);
        other.at(host.store()).look(&path, "en").is(404);
        owner.look(&format!("{path}?nothing=1"), "en").is(400).says(&["no filter `nothing`"]);
        owner.look(&format!("{path}?cursor=made-up"), "en").is(400);
        sound(&owner.look(&format!("{path}/none_1"), "en").is(404));
        owner.look(&path, "fr").is(200).says(&["lang=\"fr\""]);
    }
}

fn whoever_holds_nothing_of_the_store_has_no_way_there(host: Host) {
    let nobody = host.staff(&["usage:view"]);
    nobody.look("store", "en").is(403);
    nobody.look("store/search", "en").is(403);
    let page = nobody.look("", "en").is(200);
    assert!(!page.text.contains(">Store"), "{}", page.text);
    // Any one scope lights the area up, and leads to what it shows.
    let taxes = host.staff(&["taxes:view"]);
    taxes.look("", "en").is(200).says(&["/store\"", ">Store"]);
    taxes.look("store", "en").is(200).says(&["<h1 id=\"heading\">Taxes</h1>"]);
}

fn a_list_is_narrowed_and_goes_on_where_it_ended(host: Host) {
    let owner = host.owner();
    for n in 0..52 {
        let price = json!({ "amount": "3.00", "currency": "EUR" });
        let tags = if n == 7 { json!(["rare"]) } else { json!([]) };
        let new = json!({ "title": format!("Cup {n:02}"), "tags": tags,
            "variants": [{ "sku": format!("CUP-{n}"), "title": "", "price": price }] });
        owner.post("products", new).ok();
    }
    let first = owner.look("store/products?status=draft", "en").is(200).says(&["Cup 00", "Cup 49"]);
    assert!(!first.text.contains("Cup 50"), "{}", first.text);
    let next = first.text.split("rel=\"next\" href=\"").nth(1).and_then(|rest| rest.split('"').next());
    let next = next.expect("a next part").replace("&#38;", "&").replace("&amp;", "&");
    assert!(next.contains("status=draft&cursor="), "{next}");
    owner.look(&next, "en").is(200).says(&["Cup 50", "Cup 51", "hidden"]);
    let rare = owner.look("store/products?status=&tag=rare&category=", "en").is(200).says(&["Cup 07", "CUP-7"]);
    assert!(!rare.text.contains("Cup 08"), "{}", rare.text);
    owner.look("store/products?status=published", "en").is(200).says(&["Nothing fits these filters"]);
    owner.look("store/products?status=lost", "en").is(400);
    owner.look("store/inventory?below=many", "en").is(400).says(&["`many` is not a whole number"]);
}

fn an_empty_list_says_what_to_do_next(host: Host) {
    let owner = host.owner();
    owner.look("store/products", "en").is(200).says(&["There is no product yet", "Create the first one below"]);
    owner.look("store/orders", "en").is(200).says(&["as soon as somebody buys something"]);
    owner.look("store/inventory", "en").is(200).says(&["No stock is recorded yet", "Open a product"]);
}

fn the_page_of_a_record_tells_who_changed_it_and_offers_what_may_be_done(host: Host) {
    stock(&host);
    let (owner, order) = (host.owner(), order(&host.storefront()));
    owner.post(&format!("orders/{order}/tags"), json!({ "tag": "vip" })).ok();
    let path = format!("store/orders/{order}");
    let page = owner.look(&path, "en").is(200);
    sound(&page);
    page.says(&["MUG-1", "12.50\u{a0}EUR", "Last changed by", "changed: tags", "activity/changes/chg_", "vip"]);
    // What somebody may not do is not drawn, nor is what the order is past.
    let packer = host.staff(&["orders:view", "orders:fulfill"]).look(&path, "en").is(200);
    packer.says(&["Mark as sent", "Its history is for whoever holds changes:view."]);
    let seller = host.staff(&["orders:view"]).look(&path, "en").is(200);
    for hidden in ["Mark as sent", "Give money back", "Cancel the order", "activity/changes/", "Address label"] {
        assert!(!seller.text.contains(hidden), "{hidden}: {}", seller.text);
    }
    owner.post(&format!("orders/{order}/fulfillments"), json!({})).ok();
    let sent = owner.look(&path, "en").is(200).says(&["Parcels", "1 × MUG-1"]);
    assert!(!sent.text.contains("Mark as sent") && !sent.text.contains("Cancel the order"), "{}", sent.text);
    let level = format!("store/inventory/MUG-1@{}", host.location());
    owner.look(&level, "en").is(200).says(&["999,999", "Set to what was counted", "History"]);
    host.other_store_owner().look(&path, "en").is(404);
    host.other_store_owner().look(&level, "en").is(404);
}

fn what_is_printed_has_no_personal_data(host: Host) {
    stock(&host);
    let contact = json!({ "name": "Nomi Vantongeren", "email": null, "phone": null, "address": {
        "street": "Rue Haute 7", "city": "Liège", "postcode": "4000", "region": null, "country": "BE" } });
    let new = json!({ "lines": [{ "sku": "MUG-1", "quantity": 3 }], "contact": contact });
    let id = host.storefront().post("storefront/orders", new).ok()["id"].as_str().expect("an id").to_owned();
    let owner = host.owner();
    for (print, words) in [("slip", "Packing slip"), ("picks", "Pick list")] {
        let page = owner.look(&format!("store/orders/{id}/{print}"), "en").is(200);
        sound(&page);
        let page = page.says(&[words, "Corner shop", "MUG-1", ">3<"]);
        assert!(!page.text.contains("Vantongeren"), "{}", page.text);
        host.staff(&["orders:pii"]).look(&format!("store/orders/{id}/{print}"), "en").is(403);
    }
    // The label is no address that one can open: it is asked for.
    owner.look(&format!("store/orders/{id}/label"), "en").is(405);
    let path = at(&host, &format!("orders/{id}"));
    let mut browser = browser(&host, &owner);
    let page = browser.open(&path);
    let label = act(&mut browser, &page, &path, "label", &[]);
    label.is(200).says("Nomi Vantongeren<br>Rue Haute 7<br>4000 Liège<br>BE<br>");
}

fn a_hostile_title_is_never_markup(host: Host) {
    let owner = host.owner();
    let hostile = "\"><script>alert(1)</script>";
    let price = json!({ "amount": "3.00", "currency": "EUR" });
    let new = json!({ "title": hostile, "description": hostile, "tags": ["<b>"],
        "variants": [{ "sku": "X\"><i>", "title": hostile, "price": price }] });
    let id = owner.post("products", new).ok()["id"].as_str().expect("an id").to_owned();
    owner.post("categories", json!({ "title": hostile })).ok();
    owner.post("locations", json!({ "name": hostile })).ok();
    let tag = "%3Cscript%3Ealert(1)%3C/script%3E";
    let one = format!("products/{id}");
    for path in ["products", &one, "categories", "locations", "inventory", &format!("products?tag={tag}")] {
        let page = owner.look(&format!("store/{path}"), "en").is(200);
        sound(&page);
        assert!(!page.text.contains("<script>") && !page.text.contains("<i>"), "{path}: {}", page.text);
    }
}
