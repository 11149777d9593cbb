//! Forms that change what a store has: what each does, whose it is, and that nothing is lost when one is wrong.

use serde_json::json;

use super::{act, at, browser, product};
use crate::runs::world::{order, stock};
use crate::support::host::{Host, both};

both!(
    a_form_changes_the_record_and_the_change_can_be_taken_back,
    a_form_that_is_wrong_comes_back_as_it_was_sent,
    a_form_needs_the_permission_of_its_route,
    an_order_is_sent_in_part_refunded_and_cancelled,
    stock_is_adjusted_and_counted,
    a_discount_is_created_enabled_and_deleted,
    a_gift_card_shows_its_code_once,
    what_is_simple_is_created_changed_and_deleted,
    a_form_of_another_session_changes_nothing,
);

fn a_form_changes_the_record_and_the_change_can_be_taken_back(host: Host) {
    stock(&host);
    let (owner, id) = (host.owner(), product(&host));
    let (mut me, path) = (browser(&host, &owner), at(&host, &format!("products/{id}")));
    let page = me.open(&path);
    let page = act(&mut me, &page, &path, "price", &[("sku", "MUG-1"), ("price", "14.00"), ("compare_at", "16")]);
    page.is(200).says("Done.").says("14.00\u{a0}EUR").says("16.00\u{a0}EUR").says("/undo?change_set=chg_");
    let page = act(&mut me, &page, &path, "price", &[("sku", "MUG-1"), ("price", "14.00"), ("compare_at", "16")]);
    page.is(200).says("Nothing changed: it was so already.");
    let page = act(&mut me, &page, &path, "publish", &[]);
    page.is(200).says("published").says("Hide from buyers");
    let fields = [("title", "Big mug"), ("description", "Holds a lot."), ("tags", "blue, small\nbig")];
    let page = act(&mut me, &page, &path, "update", &fields);
    page.is(200).says("Big mug").says("Holds a lot.").says("blue, small, big");
    let page = act(&mut me, &page, &path, "delete", &[]);
    page.is(200).says("Done.").says("There is no product yet");
}

fn a_form_that_is_wrong_comes_back_as_it_was_sent(host: Host) {
    stock(&host);
    let (owner, id) = (host.owner(), product(&host));
    let (mut me, path) = (browser(&host, &owner), at(&host, &format!("products/{id}")));
    let page = me.open(&path);
    let page = act(&mut me, &page, &path, "price", &[("sku", "MUG-1"), ("price", "much<b>"), ("compare_at", "20")]);
    page.is(422)
        .says("is not an amount of EUR")
        .says("value=\"20\"")
        .hides("<b>\"")
        .says("open><summary>Change a price");
    page.says("value=\"much&#60;b&#62;\"");
    // From a list, too.
    let (lists, list) = (me.open(&at(&host, "products")), at(&host, "products"));
    let new = [("title", "Second"), ("sku", "MUG-1"), ("price", "2.00"), ("description", "of two")];
    let page = me.submit(&lists, &list, &new);
    page.is(409).says("MUG-1").says("value=\"Second\"").says("of two</textarea>");
    let fields: Vec<_> =
        [("sku", "MUG-2")].into_iter().chain(new.into_iter().filter(|(name, _)| *name != "sku")).collect();
    me.submit(&page, &list, &fields).is(200).says("Second").says("hidden");
    assert_eq!(owner.get("products").ok()["items"].as_array().map(Vec::len), Some(2));
}

fn a_form_needs_the_permission_of_its_route(host: Host) {
    stock(&host);
    let order = order(&host.storefront());
    let id = product(&host);
    let forms = [
        (format!("products/{id}/price"), "products:price", vec![("sku", "MUG-1"), ("price", "1.00")]),
        (format!("products/{id}/publish"), "products:edit", vec![]),
        (format!("products/{id}/delete"), "products:delete", vec![]),
        (format!("inventory/MUG-1@{}/count", host.location()), "inventory:adjust", vec![("available", "1")]),
        (format!("orders/{order}/tag"), "orders:edit", vec![("tag", "x")]),
        (format!("orders/{order}/refund"), "orders:refund", vec![("amount", "1.00"), ("reason", "x")]),
        (format!("orders/{order}/cancel"), "orders:cancel", vec![("reason", "x")]),
        (format!("orders/{order}/fulfill"), "orders:fulfill", vec![("line.MUG-1", "1")]),
        ("customers".to_owned(), "customers:edit", vec![("name", "x")]),
        ("giftcards".to_owned(), "giftcards:issue", vec![("amount", "1.00")]),
        ("discounts".to_owned(), "discounts:edit", vec![("code", "X"), ("title", "x"), ("percent", "5")]),
        ("categories".to_owned(), "categories:edit", vec![("title", "x")]),
        ("locations".to_owned(), "locations:edit", vec![("name", "x")]),
        ("taxes".to_owned(), "taxes:edit", vec![("zone", "DE"), ("class", "a"), ("name", "x"), ("rate", "1")]),
        ("pages".to_owned(), "pages:edit", vec![("path", "x"), ("title", "x")]),
    ];
    // Somebody who sees all of it and may change none, and the owner of another store.
    let views: Vec<String> = super::LISTS.iter().map(|(_, scope, _)| (*scope).to_owned()).collect();
    let mut seer = browser(&host, &host.staff(&views.iter().map(String::as_str).collect::<Vec<_>>()));
    let mut other = browser(&host, &host.other_store_owner());
    let before = host.owner().get("journal").ok();
    for (path, scope, fields) in &forms {
        for (who, status) in [(&mut seer, 403), (&mut other, 404)] {
            let page = who.open("/account");
            let form = page.form("/sign-out", fields);
            let answer = who.post(&at(&host, path), &form);
            answer.is(status);
            if status == 403 {
                answer.says(scope);
            }
        }
    }
    assert_eq!(host.owner().get("journal").ok(), before, "nothing was changed");
}

fn an_order_is_sent_in_part_refunded_and_cancelled(host: Host) {
    stock(&host);
    let new = json!({ "lines": [{ "sku": "MUG-1", "quantity": 3 }] });
    let id = host.storefront().post("storefront/orders", new).ok()["id"].as_str().expect("an id").to_owned();
    let (owner, path) = (host.owner(), at(&host, &format!("orders/{id}")));
    let mut me = browser(&host, &owner);
    let page = me.open(&path);
    // Nothing is not everything.
    act(&mut me, &page, &path, "fulfill", &[("line.MUG-1", "0")]).is(422).says("nothing is to be sent");
    let page = act(&mut me, &page, &path, "fulfill", &[("line.MUG-1", "2"), ("carrier", "DHL"), ("number", "JD1")]);
    page.is(200).says("partly sent").says("2 × MUG-1").says("JD1");
    act(&mut me, &page, &path, "fulfill", &[("line.MUG-1", "9")]).is(422).says("value=\"9\"");
    act(&mut me, &page, &path, "refund", &[("amount", "99.00"), ("reason", "late")]).is(422).says("value=\"late\"");
    let page = act(&mut me, &page, &path, "refund", &[("amount", "2.50"), ("reason", "late")]);
    page.is(200).says("partly refunded").says("2.50\u{a0}EUR").says("late");
    let page = act(&mut me, &page, &path, "tag", &[("tag", "late")]);
    let page = act(&mut me, &page, &path, "untag", &[("tag", "late")]);
    page.is(200).hides("Remove a tag");
    let other = order(&host.storefront());
    let path = at(&host, &format!("orders/{other}"));
    let page = me.open(&path);
    let page = act(&mut me, &page, &path, "cancel", &[("reason", "changed their mind"), ("restock", "1")]);
    page.is(200).says("cancelled").says("changed their mind").hides("Mark as sent");
    let level = owner.get(&format!("inventory/MUG-1/{}", host.location())).ok();
    assert_eq!(level["available"], 1_000_000 - 3, "what was taken for the cancelled order is back");
    act(&mut me, &page, &path, "delete", &[]).is(200).says("Done.").hides(&other);
}

fn stock_is_adjusted_and_counted(host: Host) {
    stock(&host);
    let path = at(&host, &format!("inventory/MUG-1@{}", host.location()));
    let mut me = browser(&host, &host.owner());
    // A sku is found by its own filter, and counted where it was never counted before.
    let new =
        host.owner().post("locations", json!({ "name": "Cellar" })).ok()["id"].as_str().expect("an id").to_owned();
    me.open(&at(&host, "inventory?sku=MUG-1")).is(200).says("Count MUG-1 at Cellar").says(&format!("MUG-1%40{new}"));
    me.open(&at(&host, "inventory?sku=MUG-9")).is(200).says("Nothing fits these filters");
    let action = path.clone();
    let page = me.open(&path);
    let (form, fields) = (page.clone(), [("delta", "-5"), ("reason", "broken")]);
    let page = me.submit(&page, &format!("{}/adjust", escaped(&action)), &fields);
    page.is(200).says("999,995");
    // Pressed twice, it is done once.
    me.submit(&form, &format!("{}/adjust", escaped(&action)), &fields).is(409);
    me.open(&path).says("999,995");
    let page = me.submit(&page, &format!("{}/count", escaped(&action)), &[("available", "12")]);
    page.is(200).says("<dd>12</dd>");
    let wrong = me.submit(&page, &format!("{}/adjust", escaped(&action)), &[("delta", "a few"), ("reason", "broken")]);
    wrong.is(422).says("`a few` is not a whole number").says("value=\"broken\"");
}

/// As a page writes the address of a level.
fn escaped(path: &str) -> String {
    path.replace('@', "%40")
}

fn a_discount_is_created_enabled_and_deleted(host: Host) {
    let mut me = browser(&host, &host.owner());
    let list = at(&host, "discounts");
    let page = me.open(&list);
    let both =
        [("code", "TEN"), ("title", "Ten off"), ("percent", "10"), ("amount", "5"), ("starts_at", ""), ("ends_at", "")];
    me.submit(&page, &list, &both).is(422).says("fill in one of the two").says("value=\"TEN\"");
    let new =
        [("code", "TEN"), ("title", "Ten off"), ("percent", "10"), ("amount", ""), ("ends_at", "2099-01-31T09:00")];
    let page = me.submit(&page, &list, &new);
    page.is(200).says("TEN").says("10 %").says("not usable").says("value=\"2099-01-31T09:00\"");
    let path = page.path.split('?').next().expect("a path").to_owned();
    let page = act(&mut me, &page, &path, "enable", &[]);
    page.is(200).says("Disable").hides("not usable");
    me.open(&at(&host, "discounts?enabled=true")).is(200).says("TEN");
    me.open(&at(&host, "discounts?enabled=false")).is(200).hides(">TEN<");
    let page = act(&mut me, &page, &path, "delete", &[]);
    page.is(200).says("There is no discount yet");
}

fn a_gift_card_shows_its_code_once(host: Host) {
    let mut me = browser(&host, &host.owner());
    let list = at(&host, "giftcards");
    let page = me.open(&list);
    me.submit(&page, &list, &[("amount", "lots"), ("expires_at", "")]).is(422).says("value=\"lots\"");
    let page = me.submit(&page, &list, &[("amount", "25.00"), ("expires_at", "")]);
    page.is(200).says("This is shown only once");
    let code = page.between("<code class=\"key\">", "</code>");
    assert_eq!(code.len(), 16, "{code}");
    let card = me.open(&list).is(200).hides(&code).between("/store/giftcards/", "\"");
    let path = at(&host, &format!("giftcards/{card}"));
    let page = me.open(&path);
    page.is(200).hides(&code).says(&format!("…{}", &code[12..])).says("25.00\u{a0}EUR");
    act(&mut me, &page, &path, "deactivate", &[]).is(200).says("not usable").hides("Deactivate the card");
}

fn what_is_simple_is_created_changed_and_deleted(host: Host) {
    let mut me = browser(&host, &host.owner());
    for (list, new, shown, change, changed) in [
        (
            "taxes",
            vec![("zone", "DE"), ("class", "standard"), ("name", "VAT"), ("rate", "8.875")],
            "8.875",
            ("rate", "19"),
            "19",
        ),
        (
            "pages",
            vec![("path", "about"), ("title", "About"), ("body", "We sell tea."), ("published", "1")],
            "We sell tea.",
            ("title", "Us"),
            "Us",
        ),
        ("categories", vec![("title", "Teas"), ("parent", "")], "Teas", ("title", "Green teas"), "Green teas"),
    ] {
        let address = at(&host, list);
        let page = me.open(&address);
        let page = me.submit(&page, &address, &new);
        page.is(200).says("Done.").says(shown);
        let path = page.path.split('?').next().expect("a path").to_owned();
        let sent: Vec<_> = new.iter().copied().filter(|(name, _)| *name != change.0).chain([change]).collect();
        let page = act(&mut me, &page, &path, "update", &sent);
        page.is(200).says(&format!(">{changed}")).says("changed: ");
        let page = act(&mut me, &page, &path, "delete", &[]);
        page.is(200).says("yet");
    }
    let (list, page) = (at(&host, "locations"), me.open(&at(&host, "locations")));
    let page = me.submit(&page, &list, &[("name", "Cellar")]);
    let path = page.path.split('?').next().expect("a path").to_owned();
    let form: Vec<_> = page.form(&format!("{path}/update"), &[("name", "Attic")]);
    let form: Vec<_> = form.into_iter().filter(|(name, _)| name != "active").collect();
    assert_eq!(me.post(&format!("{path}/update"), &form).status, 303);
    me.open(&path).is(200).says("Attic").says("closed");
}

fn a_form_of_another_session_changes_nothing(host: Host) {
    stock(&host);
    let id = product(&host);
    let (mut mine, mut theirs) = (browser(&host, &host.owner()), browser(&host, &host.staff(&["products:view"])));
    let path = at(&host, &format!("products/{id}"));
    let form = theirs.open("/account").form("/sign-out", &[("title", "Taken over")]);
    mine.post(&format!("{path}/update"), &form).is(403).says("session");
    mine.post(&format!("{path}/update"), &[("title".to_owned(), "Taken over".to_owned())]).is(403);
    mine.open(&path).is(200).hides("Taken over");
}
