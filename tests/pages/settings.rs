//! Settings of a store: each page for whoever holds its scope, tokens that are never wider than whoever makes them, and how
//! long records are retained.

use serde_json::json;

use super::shell::sound;
use crate::support::browser::Browser;
use crate::support::host::{Host, both};
use crate::support::person::Person;
use crate::support::sessions;
use crate::support::tables::{SIX_MINUTES, execute};

both!(
    each_page_of_the_settings_is_for_whoever_holds_its_scope,
    a_token_made_on_a_page_is_shown_once_and_never_wider_than_its_maker,
    a_token_of_the_shops_front_is_its_owners_to_make_and_end,
    how_long_records_stay_is_seen_by_staff_and_set_by_the_owner,
    tokens_and_retention_ask_for_a_proof,
);

/// Each page with the scope it needs and words it has.
const PAGES: &[(&str, &str, &str)] = &[
    ("settings/store", "settings:view", "It was chosen when the store was made"),
    ("settings/retention", "usage:view", "How many days"),
    ("settings/tokens", "tokens:manage", "A token lets a program act as you"),
];

fn browser(host: &Host, person: &Person) -> Browser {
    Browser::new(&host.url()).with_cookie(sessions::cookie(&host.url(), person.token().unwrap()))
}

fn each_page_of_the_settings_is_for_whoever_holds_its_scope(host: Host) {
    let (owner, nobody, other) = (host.owner(), host.staff(&["orders:view"]), host.other_store_owner());
    for (path, scope, words) in PAGES {
        let page = owner.look(path, "en").is(200);
        sound(&page);
        page.says(&[words, "aria-current=\"true\"", "aria-current=\"page\""]);
        let only = host.staff(&[scope]).look(path, "en").is(200).says(&[words]);
        sound(&only);
        // Of the other tabs none is drawn.
        for (other, ..) in PAGES.iter().filter(|(other, ..)| other != path) {
            assert!(!only.text.contains(&format!("/{other}\"")), "{path} leads to {other}");
        }
        assert!(!only.text.contains("/settings/storefront\""), "{}", only.text);
        let refused = nobody.look(path, "en").is(403);
        sound(&refused);
        refused.says(&[scope]);
        other.at(host.store()).look(path, "en").is(404);
    }
    owner.look("settings", "en").is(200).says(&["Europe/Berlin", "Corner shop", "No mail server is known"]);
    owner.look("settings/storefront", "en").is(200).says(&["checkout"]);
    host.staff(&["tokens:manage"]).look("settings", "en").is(200).says(&["act as you"]);
    nobody.look("settings", "en").is(403);
    assert!(!nobody.look("", "en").is(200).text.contains("/settings\""), "what one may not see is not drawn");
    host.staff(&["settings:view", "tokens:manage"]).look("settings/storefront", "en").is(403);
    other.at(host.store()).look("settings", "en").is(404);
    other.at(host.store()).look("settings/storefront", "en").is(404);
}

fn a_token_made_on_a_page_is_shown_once_and_never_wider_than_its_maker(host: Host) {
    let sam = host.staff(&["tokens:manage", "orders:view", "products:view"]);
    let mut browser = browser(&host, &sam);
    let path = format!("/stores/{}/settings/tokens", host.store());
    let page = browser.open(&path);
    page.is(200).hides("orders:refund").says("orders:view");
    // Nothing is ticked: what was typed comes back.
    let page = browser.submit(&page, &path, &[("name", "my <b>script"), ("limited", "1"), ("days", "7")]);
    page.is(200).says("role=\"alert\"").says("my &#60;b&#62;script").hides("<b>script");
    // What they do not hold they cannot give, whatever they send.
    let wide = [("name", "wide"), ("limited", "1"), ("days", "7"), ("scope", "orders:refund")];
    browser.submit(&page, &path, &wide).is(403).says("orders:refund");
    let narrow = [("name", "my <b>script"), ("limited", "1"), ("days", "7"), ("scope", "orders:view")];
    let made = browser.submit(&page, &path, &narrow);
    let text = made.is(200).says("shown this once").between("<code class=\"key\">", "</code>");
    let machine = host.person(host.store(), Some(&text));
    machine.get("orders").ok();
    machine.get("products").is(403);
    // All that they may do: no more than they may.
    let whole = browser.submit(&page, &path, &[("name", "all"), ("limited", ""), ("days", "90")]);
    let whole = host.person(host.store(), Some(&whole.is(200).between("<code class=\"key\">", "</code>")));
    whole.get("products").ok();
    whole.get("staff").is(403);
    let page = browser.open(&path);
    page.says("my &#60;b&#62;script").hides(&text).says("all that you may");
    let before = page.text.split("my &#60;b&#62;script").nth(1).unwrap();
    let id = before.split("name=\"token\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let page = browser.submit(&page, &format!("{path}/revoke"), &[("token", &id)]);
    page.is(200).hides("my &#60;b&#62;script");
    machine.get("orders").is(401);
    // Nobody ends a token of somebody else.
    let mut owner = self::browser(&host, &host.owner());
    let page = owner.open(&path);
    let theirs = sam.get("/api/v1/me").ok()["token"]["id"].as_str().unwrap().to_owned();
    owner.submit(&page, &format!("{path}/revoke"), &[("token", &theirs)]).is(404);
    sam.get("orders").ok();
}

fn a_token_of_the_shops_front_is_its_owners_to_make_and_end(host: Host) {
    let mut owner = browser(&host, &host.owner());
    let path = format!("/stores/{}/settings/storefront", host.store());
    let page = owner.open(&path);
    page.is(200).says("There is no token");
    let page = owner.submit(&page, &path, &[("name", " "), ("days", "30")]);
    page.is(200).says("role=\"alert\"");
    let made = owner.submit(&page, &path, &[("name", "the shop"), ("days", "30")]);
    let text = made.is(200).between("<code class=\"key\">", "</code>");
    let front = host.person(host.store(), Some(&text));
    assert_eq!(front.get("/api/v1/me").ok()["kind"], json!("storefront"));
    let page = owner.open(&path);
    page.says("the shop").hides(&text);
    owner.submit(&page, &format!("{path}/revoke"), &[]).is(200).says("There is no token");
    front.get("/api/v1/me").is(401);
    // Staff cannot, whatever they send.
    let mut staff = browser(&host, &host.staff(&["settings:view", "tokens:manage"]));
    let page = staff.open(&format!("/stores/{}/settings/tokens", host.store()));
    let fields = page.form(&format!("/stores/{}/settings/tokens", host.store()), &[("name", "mine")]);
    staff.post(&path, &fields).is(403).says("staff:manage");
    // Nor the owner of another store.
    let mut other = browser(&host, &host.other_store_owner());
    let fields = other.open("/account").form("/sign-out", &[]);
    other.post(&path, &fields).is(404);
}

fn how_long_records_stay_is_seen_by_staff_and_set_by_the_owner(host: Host) {
    let mut owner = browser(&host, &host.owner());
    let path = format!("/stores/{}/settings/retention", host.store());
    let page = owner.open(&path);
    page.is(200).says("name=\"journal_days\"").says("value=\"365\"");
    let page = owner.submit(&page, &path, &[("journal_days", "a <b>year")]);
    page.is(200).says("role=\"alert\"").says("a &#60;b&#62;year").says("value=\"90\"");
    let page = owner.submit(&page, &path, &[("journal_days", "0")]);
    page.is(200).says("`journal_days` is 1 to 3660").says("value=\"0\"");
    owner.submit(&page, &path, &[("journal_days", "400")]).is(200).says("value=\"400\"");
    assert_eq!(host.owner().get("retention").ok()["journal_days"], json!(400));
    let staff = host.staff(&["usage:view"]);
    let page = staff.look("settings/retention", "en").is(200).says(&["400", "Only an owner"]);
    assert!(!page.text.contains("name=\"journal_days\""), "{}", page.text);
    let mut staff = browser(&host, &staff);
    let fields = staff.open("/account").form("/sign-out", &[]);
    staff.post(&path, &fields).is(403).says("staff:manage");
}

fn tokens_and_retention_ask_for_a_proof(host: Host) {
    let mut owner = browser(&host, &host.owner());
    execute(&host, SIX_MINUTES);
    let base = format!("/stores/{}/settings", host.store());
    for (path, field) in [("tokens", "name"), ("storefront", "name"), ("retention", "usage_days")] {
        let (path, fields) = (format!("{base}/{path}"), [(field, "12321")]);
        let page = owner.open(&path);
        owner.submit(&page, &path, &fields).is(403).says("Is it you?").says("12321");
    }
    for (path, token) in [("tokens/revoke", "tok_1"), ("storefront/revoke", "tok_2")] {
        let mut fields = owner.open("/account").form("/sign-out", &[]);
        fields.push(("token".to_owned(), token.to_owned()));
        owner.post(&format!("{base}/{path}"), &fields).is(403).says("Is it you?").says(token);
    }
}
