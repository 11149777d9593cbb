//! The lists of the web admin as files: for whoever proved lately who they are, narrowed as the page is.

use serde_json::json;

use super::asked::{CSV, ask, entries, rows};
use crate::runs::world::{install, order, stock};
use crate::support::browser::{Browser, Page};
use crate::support::host::{Host, both};
use crate::support::person::Person;
use crate::support::sessions;
use crate::support::tables::{SIX_MINUTES, execute};

both!(
    a_page_has_its_list_written_out_after_a_proof_and_narrowed_as_it_is,
    the_operator_has_the_lists_of_all_stores_written_out_after_a_proof,
);

/// A list without what writing lists out adds to the audit log meanwhile.
fn settled(text: &str) -> Vec<&str> {
    text.lines().filter(|line| !line.contains("exports.take")).collect()
}

fn browser(host: &Host, person: &Person) -> Browser {
    Browser::new(&host.url()).with_cookie(sessions::cookie(&host.url(), person.token().unwrap()))
}

/// Presses the button of a page that has its list written out.
fn export(browser: &mut Browser, page: &str, narrowed: &str) -> Page {
    let shown = browser.open(&format!("{page}{narrowed}"));
    let action = format!("{page}/export");
    browser.post(&action, &shown.form(&action, &[]))
}

fn a_page_has_its_list_written_out_after_a_proof_and_narrowed_as_it_is(host: Host) {
    stock(&host);
    let (owner, order) = (host.owner(), order(&host.storefront()));
    let app = install(&host, "noop", &["orders:view"], json!({}));
    for _ in 0..3 {
        owner.post(&format!("installations/{app}/actions/nothing"), json!({ "record": order })).ok();
    }
    owner.post(&format!("orders/{order}/tags"), json!({ "tag": "vip" })).ok();
    entries(&host, 250, 10);
    let mut of_owner = browser(&host, &owner);
    let home = format!("/stores/{}/activity", host.store());
    for (page, narrowed, list) in [
        ("runs", "", "invocations".to_owned()),
        ("runs", "?app=storehand-tests%2Fnoop&outcome=ok&record=nothing", "invocations?record=nothing".to_owned()),
        ("runs", "?denied=1", "invocations?denied=true".to_owned()),
        ("changes", "", "journal".to_owned()),
        ("changes", &format!("?record={order}"), format!("journal?record={order}")),
        ("audit", "", "audit".to_owned()),
        ("audit", "?act=test.entry", "audit?act=test.entry".to_owned()),
    ] {
        let shown = of_owner.open(&format!("{home}/{page}{narrowed}"));
        let listed = ask(&host, &owner, &list, CSV).text;
        if rows(&listed).len() == 1 {
            shown.hides("/export\"");
            continue;
        }
        let file = export(&mut of_owner, &format!("{home}/{page}"), narrowed);
        file.is(200);
        assert!(file.headers["content-type"].starts_with("text/csv"), "{:?}", file.headers);
        assert!(file.headers["content-disposition"].starts_with("attachment; filename="), "{:?}", file.headers);
        assert_eq!(settled(&file.text), settled(&listed), "{page}{narrowed}");
    }
    // Six minutes after the last proof the page asks for one, and says nothing of the list.
    execute(&host, SIX_MINUTES);
    for page in ["runs", "changes", "audit"] {
        let asked = export(&mut of_owner, &format!("{home}/{page}"), "");
        asked.is(403).says("name=\"_proof\"").hides("test.entry");
        assert!(asked.headers["content-type"].starts_with("text/html"));
    }
    // Whoever may not see the page may not have it written out, with or without a proof; nor does a filter that is none pass.
    let mut without = browser(&host, &host.staff(&["orders:view"]));
    let mark: Vec<_> =
        without.open("/account").form("/sign-out", &[]).into_iter().filter(|(name, _)| name == "_form").collect();
    for page in ["runs", "changes", "audit"] {
        without.post(&format!("{home}/{page}/export"), &mark).is(403);
    }
    let mut fresh = browser(&host, &owner);
    let mark: Vec<_> =
        fresh.open("/account").form("/sign-out", &[]).into_iter().filter(|(name, _)| name == "_form").collect();
    let with = |name: &str, value: &str| [mark.clone(), vec![(name.to_owned(), value.to_owned())]].concat();
    fresh.post(&format!("{home}/runs/export"), &with("outcome", "lost")).is(400);
    fresh.post(&format!("{home}/runs/export"), &with("colour", "red")).is(422);
    fresh.post(&format!("{home}/changes/export"), &with("person", "=1+1")).is(400);
}

fn the_operator_has_the_lists_of_all_stores_written_out_after_a_proof(host: Host) {
    stock(&host);
    let (owner, operator, order) = (host.owner(), host.operator(), order(&host.storefront()));
    let app = install(&host, "noop", &["orders:view"], json!({}));
    for _ in 0..3 {
        owner.post(&format!("installations/{app}/actions/nothing"), json!({ "record": order })).ok();
    }
    // Whoever operates in a browser is a person of some store.
    let other = host.other_store_owner();
    let mut of_operator = browser(&host, &other);
    let whose = format!("SELECT p.account FROM staff p WHERE p.store = '{}'", other.store());
    execute(&host, &format!("UPDATE accounts SET operator = 1 WHERE id = ({whose})"));
    for (page, narrowed, list) in [
        ("runs", "", "/api/v1/invocations"),
        ("runs", "?app=storehand-tests%2Fnoop&outcome=ok", "/api/v1/invocations?app=storehand-tests/noop&outcome=ok"),
        ("audit", "?act=stores.create", "/api/v1/audit?act=stores.create"),
    ] {
        let listed = ask(&host, &operator, list, CSV).text;
        assert!(rows(&listed).len() > 1, "{list}: {listed}");
        let file = export(&mut of_operator, &format!("/host/{page}"), narrowed);
        file.is(200);
        assert_eq!(file.text, listed, "{page}{narrowed}");
    }
    execute(&host, SIX_MINUTES);
    export(&mut of_operator, "/host/runs", "").is(403).says("name=\"_proof\"").hides("storehand-tests/noop");
    let mut of_owner = browser(&host, &owner);
    let mark: Vec<_> =
        of_owner.open("/account").form("/sign-out", &[]).into_iter().filter(|(name, _)| name == "_form").collect();
    of_owner.post("/host/runs/export", &mark).is(403);
}
