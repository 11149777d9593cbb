//! What happened, on pages: runs and the trace of one, changes and the history of a record, what is held, the audit.

use serde_json::{Value, json};

use super::shell::sound;
use crate::runs::rerun::{first_run, newer_tagger};
use crate::runs::world::{install, order, stock};
use crate::support::browser::Browser;
use crate::support::host::{Host, both};
use crate::support::person::{Page, Person};
use crate::support::sessions;
use crate::terms::held::{PRICE, Shop};

both!(
    each_page_is_for_whoever_holds_its_scope,
    a_run_is_told_from_why_to_what_it_did,
    a_run_is_compared_with_another_version_side_by_side,
    a_change_shows_its_fields_before_and_after,
    what_is_held_shows_what_it_would_change,
    what_is_held_shows_what_it_reserves_and_a_run_what_can_be_taken_away,
    what_somebody_asks_for_is_never_markup,
    an_open_page_is_told_of_runs_it_has_not_seen,
    orders_are_listed_and_each_tells_who_changed_it,
);

/// Each page with the scope it needs and words it has.
const PAGES: &[(&str, &str, &str)] = &[
    ("activity/runs", "usage:view", "Runs of apps"),
    ("activity/changes", "changes:view", "Changes of store data"),
    ("activity/records/order/ord_1", "changes:view", "Order ord_1"),
    ("activity/held", "changes:approve", "What waits for somebody"),
    ("activity/audit", "audit:view", "Changes of power"),
];

#[track_caller]
fn look(person: &Person, path: &str) -> Page {
    let page = person.look(path, "en").is(200);
    sound(&page);
    page
}

fn each_page_is_for_whoever_holds_its_scope(host: Host) {
    let (owner, nobody, other) = (host.owner(), host.staff(&["orders:view"]), host.other_store_owner());
    for (path, scope, words) in PAGES {
        look(&owner, path).says(&[words, "aria-current=\"true\""]);
        look(&host.staff(&[scope]), path).says(&[words]);
        let refused = nobody.look(path, "en").is(403);
        sound(&refused);
        refused.says(&["This is not yours to see", scope, "Sam Staff"]);
        let strange = other.at(host.store()).look(path, "en").is(404);
        sound(&strange);
        sound(&host.anonymous().look(path, "en").is(200).says(&["name=\"password\""]));
    }
    // Whoever comes to the area is led to the first page of it that they may see.
    let led = host.staff(&["audit:view"]).look("activity", "en").is(200).says(&["Changes of power"]);
    assert!(!led.text.contains(">Runs<"), "what they may not see is not drawn: {}", led.text);
    nobody.look("activity", "en").is(403);
    for missing in ["activity/runs/inv_1", "activity/changes/nothing", "activity/held/1", "activity/nowhere", "nowhere"]
    {
        let page = owner.look(missing, "en").is(404);
        sound(&page);
        page.says(&["There is nothing here", "Corner shop"]);
    }
}

/// A store in which an app ran for a person.
fn ran(host: &Host) -> (Person, String, String) {
    stock(host);
    let (owner, order) = (host.owner(), order(&host.storefront()));
    let app = install(host, "noop", &["orders:view"], json!({}));
    let ran = owner.post(&format!("installations/{app}/actions/nothing"), json!({ "record": order })).ok();
    (owner, ran["invocation"].as_str().expect("an id").to_owned(), order)
}

fn a_run_is_told_from_why_to_what_it_did(host: Host) {
    let (owner, run, order) = ran(&host);
    let number = owner.get(&format!("orders/{order}")).ok()["number"].to_string();
    look(&owner, "activity/runs").says(&[&run, "button “nothing”", "done"]);
    look(&owner, &format!("activity/runs?record={order}&outcome=&app=")).says(&[&run]);
    look(&owner, "activity/runs?record=ord_0").says(&["Nothing fits these filters", "Show everything"]);
    owner.look("activity/runs?outcome=lost", "en").is(400).says(&["That cannot be read"]);
    let page = look(&owner, &format!("activity/runs/{run}"));
    page.says(&[&format!("ran for order {number}"), "Calls", "Changes", "It changed nothing.", "version"]);
    // Who may not see orders is told of the order by its id.
    look(&host.staff(&["usage:view"]), &format!("activity/runs/{run}")).says(&[&order]);
    host.other_store_owner().look(&format!("activity/runs/{run}"), "en").is(404);
}

/// The browser of a person who has a token.
fn browser(host: &Host, person: &Person) -> Browser {
    Browser::new(&host.url()).with_cookie(sessions::cookie(&host.url(), person.token().expect("a token")))
}

fn a_run_is_compared_with_another_version_side_by_side(host: Host) {
    stock(&host);
    let owner = host.owner();
    let app = install(&host, "tagger", &["orders:view", "orders:edit"], json!({}));
    let placed = order(&host.storefront());
    let run = first_run(&host, &app);
    owner.delete(&format!("orders/{placed}/tags/seen")).ok();
    owner.upload("apps", newer_tagger()).ok();
    let trace = format!("activity/runs/{run}");
    let path = format!("/stores/{}/{trace}", host.store());
    let (again, compare) = (format!("{path}/rerun"), format!("{path}/compare"));
    look(&owner, &trace).says(&["Run it again, dry", "by version 0.1.0", "Compare with another version", "0.2.0"]);

    let mut at_work = browser(&host, &owner);
    let page = at_work.open(&path);
    let same = at_work.submit(&page, &again, &[]);
    same.is(200).says("It does today what it did then.").says("would be changed").says("<ins>seen</ins>");
    let both = at_work.submit(&page, &compare, &[("version", "0.2.0")]);
    both.is(200).says("The two versions differ in one line").says("0.2.0<br>").says("Side by side");
    both.says("<ins>seen</ins>").says("<ins>SAWN</ins>").says("orders-edit.").says("orders:edit");
    assert_eq!(owner.get(&format!("orders/{placed}")).ok()["tags"], json!([]), "nothing was changed");
    let french = at_work.submit(&page, &compare, &[("version", "<script>alert(1)</script>")]);
    french.is(404).hides("<script>alert");

    // Nothing of it for whoever may not run apps, and another version for whoever may install alone.
    let reader = look(&host.staff(&["usage:view", "apps:view"]), &trace);
    assert!(!reader.text.contains("Run it again, dry"), "{}", reader.text);
    let presser = host.staff(&["apps:run", "apps:view", "usage:view", "orders:view"]);
    let page = look(&presser, &trace).says(&["Run it again, dry"]);
    assert!(!page.text.contains("Compare with another version"), "{}", page.text);
    let mut at_work = browser(&host, &presser);
    let page = at_work.open(&path);
    at_work.submit(&page, &again, &[]).is(200).says("Today it differs from then").says("one call refused");
    let form = [&page.form(&again, &[])[..], &[("version".to_owned(), "0.2.0".to_owned())]].concat();
    at_work.post(&compare, &form).is(403).says("apps:install");
    let mut elsewhere = browser(&host, &host.other_store_owner());
    let own: Vec<_> = elsewhere.open("/account").form("/sign-out", &[("version", "0.2.0")]);
    for path in [&again, &compare] {
        elsewhere.post(path, &own).is(404).hides("0.1.0");
    }
}

fn a_change_shows_its_fields_before_and_after(host: Host) {
    let (owner, _, order) = ran(&host);
    owner.post(&format!("orders/{order}/tags"), json!({ "tag": "vip" })).ok();
    let sets = owner.get(&format!("journal?record={order}")).ok();
    let set = sets["items"][0]["id"].as_str().expect("a change set").to_owned();
    look(&owner, &format!("activity/changes?record={order}")).says(&[&set, &format!("Order {order}")]);
    for path in [format!("activity/changes/{set}"), format!("activity/records/order/{order}")] {
        look(&owner, &path).says(&["changed", "<code>tags</code>", "<ins>vip</ins>"]);
    }
    // Personal data is for whoever holds its scope, here as everywhere.
    let note = json!({ "note": "call <i>Nomi Vantongeren</i>" });
    owner.put(&format!("orders/{order}/note"), note).ok();
    let path = format!("activity/records/order-contact/{order}");
    let page = look(&owner, &path).says(&["Nomi Vantongeren"]);
    assert!(!page.text.contains("<i>"), "{}", page.text);
    let page = look(&host.staff(&["changes:view"]), &path).says(&["Personal data: shown to who holds orders:pii"]);
    assert!(!page.text.contains("Vantongeren"), "{}", page.text);
    host.other_store_owner().look(&format!("activity/changes/{set}"), "en").is(404);
}

fn what_is_held_shows_what_it_would_change(host: Host) {
    let shop = Shop::new(host, &PRICE);
    let id = shop.press("reprice", &shop.product, 1_300)["held"].as_str().expect("it is held").to_owned();
    let page = look(&shop.owner, "activity/held").says(&[&id, "proposes one change", "lapses"]);
    assert!(page.text.contains("class=\"count\">1"), "the navigation counts what waits: {}", page.text);
    let words =
        ["proposes one change", "waiting", "would be changed", "<del>", "<ins>", "It is approved or rejected whole."];
    look(&shop.owner, &format!("activity/held/{id}")).says(&words);
    look(&shop.owner, "").says(&["proposes one change", &format!("activity/held/{id}")]);
    shop.owner.post(&format!("held/{id}/reject"), json!({ "reason": "<b>no</b>" })).ok();
    let page = look(&shop.owner, &format!("activity/held/{id}")).says(&["rejected by"]);
    assert!(!page.text.contains("<b>no"), "{}", page.text);
    look(&shop.owner, "activity/held?state=rejected").says(&[&id]);
}

fn what_is_held_shows_what_it_reserves_and_a_run_what_can_be_taken_away(host: Host) {
    let terms = ["--grant", "orders:refund", "--hold=orders:refund", "--cap", "orders:refund=20.00/day"];
    let shop = Shop::new(host, &terms);
    let run = shop.press("refund", &order(&shop.host.storefront()), 1_200);
    let id = run["held"].as_str().expect("it is held").to_owned();
    let page = format!("activity/held/{id}");
    look(&shop.owner, &page).says(&["Reserves", "12.00 EUR a day: Refund payments"]);
    shop.owner.look(&page, "fr").is(200).says(&["Réserve", "12,00\u{a0}EUR par jour : Rembourser des paiements"]);
    shop.owner.post(&format!("held/{id}/reject"), json!({})).ok();
    let page = look(&shop.owner, &page);
    assert!(!page.text.contains("Reserves"), "{}", page.text);
    // What a run used can be taken from its app on the spot, by whoever may.
    let path = format!("activity/runs/{}", run["invocation"].as_str().expect("an id"));
    let revoke = format!("apps/{}/revoke", shop.app);
    let page = look(&shop.owner, &path).says(&[&revoke, "Take away: Refund payments", "Take away: See orders"]);
    assert!(!page.text.contains("Take away: See products"), "it did not use that: {}", page.text);
    let page = look(&shop.host.staff(&["usage:view", "apps:view"]), &path);
    assert!(!page.text.contains(&revoke), "{}", page.text);
    shop.owner.delete(&format!("installations/{}/grants/orders:refund", shop.app)).ok();
    let page = look(&shop.owner, &path);
    assert!(!page.text.contains("Take away: Refund payments"), "{}", page.text);
}

fn what_somebody_asks_for_is_never_markup(host: Host) {
    let owner = host.owner();
    let hostile = "%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E";
    let paths = [
        format!("activity/runs?app={hostile}&record={hostile}"),
        format!("activity/runs?call={hostile}"),
        format!("activity/runs?person={hostile}"),
        format!("activity/runs/{hostile}"),
        format!("activity/changes?record={hostile}&app={hostile}"),
        format!("activity/changes/{hostile}"),
        format!("activity/records/order/{hostile}"),
        format!("activity/records/{hostile}/1"),
        format!("activity/audit?act={hostile}&subject={hostile}"),
        format!("activity/held?state={hostile}"),
        hostile.to_owned(),
    ];
    let name = "\"><script>alert(1)</script>";
    let added = owner.post("staff", json!({ "name": name, "scopes": ["usage:view"] })).ok();
    look(&owner, "activity/audit").says(&["staff.add"]);
    let hostile = host.person(host.store(), added["token"]["token"].as_str());
    for path in paths.iter().map(String::as_str).chain(PAGES.iter().map(|(path, ..)| *path)) {
        for person in [&owner, &hostile] {
            let page = person.look(path, "en");
            sound(&page);
            assert!(!page.text.contains("<script>"), "{path}: {}", page.text);
        }
    }
}

fn an_open_page_is_told_of_runs_it_has_not_seen(host: Host) {
    let (owner, first, order) = ran(&host);
    let app = owner.get("installations").ok()["items"][0]["id"].as_str().expect("an id").to_owned();
    let page = look(&owner, "activity/runs").says(&[&first]);
    let live = page.text.split("data-live=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a live list");
    let live = live.replace("&#38;", "&").replace("&amp;", "&");
    // It ended after the page was made and before the page asked for more.
    let ran = owner.post(&format!("installations/{app}/actions/nothing"), json!({ "record": order })).ok();
    let second: &Value = &ran["invocation"];
    let mut stream = owner.follow(&live, None);
    assert_eq!(stream.message().event, "open");
    // While others write on the same server, PostgreSQL may tell it of one again that the page has; a page leaves that out.
    let told = stream.find(|told| !told.data.to_string().contains(&first)).expect("the stream ended");
    let row = told.data.as_str().expect("a piece of the page");
    assert!(told.event == "run" && row.contains(second.as_str().expect("an id")), "{told:?}");
    assert!(row.starts_with("<tr id=") && !row.contains(&first), "{told:?}");
    // Who connects again with the last id is not told of it twice.
    let mut again = owner.follow(&live, Some(&told.id));
    assert_eq!(again.message().event, "open");
    host.staff(&["orders:view"]).look("activity/runs/stream", "en").is(403);
}

fn orders_are_listed_and_each_tells_who_changed_it(host: Host) {
    let (owner, _, order) = ran(&host);
    let number = owner.get(&format!("orders/{order}")).ok()["number"].to_string();
    owner.post(&format!("orders/{order}/tags"), json!({ "tag": "vip" })).ok();
    look(&owner, "store/orders").says(&[&format!("<b>{number}</b>"), &order, "paid", "vip"]);
    look(&owner, "store/orders?tag=none&status=").says(&["Nothing fits these filters"]);
    owner.look("store/orders?status=lost", "en").is(400);
    let path = format!("store/orders/{order}");
    look(&owner, &path).says(&[
        &format!("Order {number}"),
        "MUG-1",
        "12.50\u{a0}EUR",
        "History",
        "activity/changes/chg_",
    ]);
    let seller = host.staff(&["orders:view"]);
    let page = look(&seller, &path).says(&["Its history is for whoever holds changes:view."]);
    assert!(!page.text.contains("activity/changes/"), "{}", page.text);
    host.staff(&["usage:view"]).look(&path, "en").is(403).says(&["orders:view"]);
    host.other_store_owner().look(&path, "en").is(404);
    host.other_store_owner().at(host.store()).look(&path, "en").is(404);
}
