//! Addresses that an account holds which is in no store any more: freed by the operator, and never from under anybody.

use serde_json::json;

use super::who::{PASSWORD, sign_in};
use crate::support::browser::Browser;
use crate::support::host::{Host, both};
use crate::support::person::Person;
use crate::support::sessions;
use crate::support::tables::execute;

both!(
    an_address_is_freed_from_an_account_in_no_store_and_its_owner_is_invited_under_it,
    an_account_with_any_membership_or_that_operates_the_host_is_never_freed,
    whoever_joins_a_store_while_their_address_is_freed_is_in_it_with_an_account_or_not_at_all,
);

const PAT: &str = "pat@example.com";
const FREE: &str = "/api/v1/accounts/free";

/// Adds somebody and invites them: their id, and the link.
fn invite(owner: &Person, email: &str) -> (String, String) {
    let added = owner.post("staff", json!({ "name": "Pat", "scopes": ["orders:view"] })).ok();
    let id = added["id"].as_str().unwrap().to_owned();
    let invited = owner.post(&format!("staff/{id}/invite"), json!({ "email": email })).ok();
    (id, invited["path"].as_str().unwrap().to_owned())
}

/// A browser in which the account of a link was made.
fn join(host: &Host, link: &str) -> Browser {
    let mut browser = Browser::new(&host.url());
    let page = browser.open(link);
    browser.submit(&page, "/link", &[("password", PASSWORD), ("again", PASSWORD)]).is(200).says("Corner shop");
    browser
}

fn an_address_is_freed_from_an_account_in_no_store_and_its_owner_is_invited_under_it(host: Host) {
    let (owner, operator) = (host.owner(), host.operator());
    let free = |who: &Person, email: &str| who.post(FREE, json!({ "email": email }));
    free(&operator, PAT).is(422);
    let (id, link) = invite(&owner, PAT);
    let mut squatter = join(&host, &link);
    owner.delete(&format!("staff/{id}")).ok();
    // It is the operator's, and neither a store's nor a publisher's.
    for other in [&owner, &host.publisher("acme"), &host.storefront()] {
        free(other, PAT).is(403);
    }
    // Being removed signed them out, and they are somebody here still.
    sign_in(&mut squatter, PAT, PASSWORD, None).is(200);
    squatter.open("/account").is(200).says(PAT);
    let freed = free(&operator, "  Pat@Example.COM ").ok();
    assert!(squatter.open("/account").path.starts_with("/sign-in"), "a session of a removed account goes on");
    free(&operator, PAT).is(422);
    // Whoever has the address makes an account of their own under it.
    let (_, link) = invite(&owner, PAT);
    Browser::new(&host.url()).open(&link).is(200).says(PAT);
    join(&host, &link).open("/account").is(200).says(PAT);
    let audit = operator.get("/api/v1/audit?act=accounts.free").ok();
    assert_eq!(audit["items"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&audit["items"][0]["subject"], &audit["items"][0]["detail"]),
        (&freed["account"], &json!({ "address": "p…@example.com" }))
    );
}

fn an_account_with_any_membership_or_that_operates_the_host_is_never_freed(host: Host) {
    let (owner, operator) = (host.owner(), host.operator());
    let (id, link) = invite(&owner, PAT);
    let mut pat = join(&host, &link);
    let refused = || {
        let problem = operator.post(FREE, json!({ "email": PAT })).is(422);
        assert!(problem["detail"].as_str().unwrap().contains("belongs to a store or operates the host"));
    };
    refused();
    pat.open("/account").is(200);
    owner.post(&format!("staff/{id}/suspend"), json!({})).ok();
    refused();
    execute(&host, "UPDATE staff SET ends_at = 1 WHERE email = 'pat@example.com'");
    refused();
    // A store that the operator suspended is a store.
    operator.post(&format!("/api/v1/stores/{}/suspend", owner.store()), json!({ "reason": "unpaid" })).ok();
    refused();
    let stray = sessions::stray_account(&host.url(), "boss");
    execute(&host, "UPDATE accounts SET operator = 1 WHERE email = 'boss@example.org'");
    operator.post(FREE, json!({ "email": stray })).is(422);
    assert_eq!(operator.get("/api/v1/audit?act=accounts.free").ok()["items"], json!([]));
}

fn whoever_joins_a_store_while_their_address_is_freed_is_in_it_with_an_account_or_not_at_all(host: Host) {
    let (owner, operator) = (host.owner(), host.operator());
    let (first, link) = invite(&owner, PAT);
    let mut pat = join(&host, &link);
    owner.delete(&format!("staff/{first}")).ok();
    // Being removed signed them out.
    sign_in(&mut pat, PAT, PASSWORD, None).is(200);
    let (id, link) = invite(&owner, PAT);
    let page = pat.open(&link);
    let freed = std::thread::scope(|both| {
        let freeing = both.spawn(|| operator.post(FREE, json!({ "email": PAT })));
        pat.submit(&page, "/link", &[]);
        freeing.join().unwrap()
    });
    let in_it = count(&host, &format!("id = '{id}' AND account IS NOT NULL"));
    let orphans = count(&host, "active = 1 AND account IS NOT NULL AND account NOT IN (SELECT id FROM accounts)");
    assert_eq!(orphans, 0, "somebody is in a store with an account that is gone");
    assert_eq!(freed.is_ok(), in_it == 0, "freed: {}; in the store: {in_it}", freed.status);
}

/// How many people there are of whom this is true.
fn count(host: &Host, which: &str) -> u64 {
    let sql = format!("SELECT CAST(COUNT(*) AS TEXT) FROM staff WHERE {which}");
    sessions::ask_at(&host.url(), &sql).parse().expect("a number")
}
