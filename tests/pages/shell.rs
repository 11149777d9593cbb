//! What every page has: its frame, its headers, its language, and an answer in words for whoever may not see it.

use serde_json::json;

use crate::support::host::{Host, both};
use crate::support::person::Page;

both!(
    a_page_has_the_store_the_person_and_where_they_can_go,
    what_is_refused_is_said_on_a_page,
    a_page_loads_nothing_but_its_own_files,
    a_page_speaks_the_language_of_the_browser,
    a_name_on_a_page_is_never_markup,
);

/// As the design has it, to the letter.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
    connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'";

/// Everything a page must have, whatever it says.
#[track_caller]
pub fn sound(page: &Page) {
    let header = |name: &str| page.headers.get(name).map(String::as_str);
    assert_eq!(header("content-type"), Some("text/html; charset=utf-8"), "{}", page.asked);
    assert_eq!(header("content-security-policy"), Some(POLICY), "{}", page.asked);
    assert_eq!(header("cache-control"), Some("no-store"), "{}", page.asked);
    assert_eq!(header("x-content-type-options"), Some("nosniff"), "{}", page.asked);
    assert_eq!(header("referrer-policy"), Some("same-origin"), "{}", page.asked);
    assert_eq!(page.text.matches("<h1").count(), 1, "{} has one heading of its own", page.asked);
    assert_eq!(page.text.matches("<main ").count(), 1, "{}", page.asked);
    assert!(page.text.contains("<a class=\"skip\" href=\"#main\">"), "{}", page.asked);
    for bad in [" style=", "<style", " onclick", "javascript:"] {
        assert!(!page.text.contains(bad), "{} has `{bad}`", page.asked);
    }
}

fn a_page_has_the_store_the_person_and_where_they_can_go(host: Host) {
    let page = host.owner().look("", "en").is(200);
    sound(&page);
    page.says(&["Corner shop", "· owner", "aria-current=\"true\"", ">Overview", ">Activity", "Skip to content"]);
    // Somebody who may see nothing of what happens has no way there.
    let page = host.staff(&["orders:view"]).look("", "en").is(200);
    sound(&page);
    let page = page.says(&["Sam Staff", "· staff", ">Overview"]);
    assert!(!page.text.contains(">Activity"), "{}", page.text);
}

fn what_is_refused_is_said_on_a_page(host: Host) {
    let page = host.anonymous().look("", "en").is(200);
    sound(&page);
    page.says(&["Sign in", "name=\"password\""]);
    // Of a store that is not theirs they learn nothing, not even what it is called.
    let page = host.other_store_owner().at(host.store()).look("", "en").is(404);
    sound(&page);
    let page = page.says(&["There is nothing here"]);
    assert!(!page.text.contains("Corner shop"), "{}", page.text);
    for stranger in [host.storefront(), host.operator()] {
        let page = stranger.look("", "en").is(200);
        sound(&page);
        page.says(&["Sign in", "name=\"password\""]);
    }
    // The API still says it in its own way.
    let answer = host.anonymous().get("invocations");
    assert_eq!((answer.status, &answer.body["code"]), (401, &json!("unauthorized")));
}

fn a_page_loads_nothing_but_its_own_files(host: Host) {
    let page = host.owner().look("", "en").is(200);
    let addresses: Vec<&str> = page.text.split('"').filter(|text| text.starts_with("/assets/")).collect();
    assert_eq!(addresses.len(), 3, "{addresses:?}");
    for address in addresses {
        let file = host.anonymous().look(address, "en").is(200);
        assert_eq!(file.headers["cache-control"], "public, max-age=31536000, immutable");
        assert!(!file.headers["content-type"].starts_with("text/html"), "{address}");
        assert!(file.text.len() > 100, "{address}");
    }
    host.anonymous().look("/assets/admin-0000000000000000.css", "en").is(404);
    host.anonymous().look("/assets/..%2Fadmin.css", "en").is(404);
}

fn a_page_speaks_the_language_of_the_browser(host: Host) {
    let page = host.owner().look("", "fr-CH, en;q=0.5").is(200);
    sound(&page);
    page.says(&["<html lang=\"fr\">", "Aller au contenu", "Activité"]);
    host.owner().look("", "xx").is(200).says(&["<html lang=\"en\">"]);
}

fn a_name_on_a_page_is_never_markup(host: Host) {
    let hostile = "<script>alert(\"1\")</script>";
    let added = host.owner().post("staff", json!({ "name": hostile, "scopes": ["orders:view"] })).ok();
    let person = host.person(host.store(), added["token"]["token"].as_str());
    let page = person.look("", "en").is(200);
    sound(&page);
    assert!(!page.text.contains("<script>") && page.text.contains("alert("), "{}", page.text);
}
