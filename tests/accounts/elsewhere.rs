//! One account in two stores: what the owner of one may do about it, and what not.

use serde_json::json;

use super::who::{PASSWORD, sign_in};
use crate::support::browser::Browser;
use crate::support::host::{Host, both};
use crate::support::person::Person;
use crate::support::sessions;

both!(
    a_link_to_a_new_password_is_worth_nothing_once_its_person_works_elsewhere,
    a_person_who_is_removed_leaves_no_link_behind,
    a_new_password_by_link_is_set_once_and_ends_every_session,
);

const PAT: &str = "pat@example.com";

/// The browser of whoever has this token.
fn browser(host: &Host, person: &Person) -> Browser {
    let cookie = sessions::cookie(&host.url(), person.token().unwrap());
    Browser::new(&host.url()).with_cookie(cookie)
}

/// Adds somebody to a store and invites them: the path of their page, and the link.
fn invite(owner: &Person) -> (String, String) {
    let added = owner.post("staff", json!({ "name": "Pat", "scopes": ["orders:view"] })).ok();
    let id = added["id"].as_str().unwrap();
    let invited = owner.post(&format!("staff/{id}/invite"), json!({ "email": PAT })).ok();
    (format!("/stores/{}/people/{id}", owner.store()), invited["path"].as_str().unwrap().to_owned())
}

/// Pat with an account, in the first of two stores; the path of their page there.
fn joined(host: &Host, owner: &Person) -> (Browser, String) {
    let (path, link) = invite(owner);
    let mut pat = Browser::new(&host.url());
    let page = pat.open(&link);
    pat.submit(&page, "/link", &[("password", PASSWORD), ("again", PASSWORD)]).is(200).says("Corner shop");
    (pat, path)
}

/// What the owner of a store gets who starts a new password.
fn reset(host: &Host, owner: &Person, path: &str) -> String {
    let mut browser = browser(host, owner);
    let page = browser.open(path);
    let page = browser.submit(&page, &format!("{path}/reset"), &[]);
    page.is(200).between("<code class=\"key link\">", "</code>")
}

fn a_link_to_a_new_password_is_worth_nothing_once_its_person_works_elsewhere(host: Host) {
    let (first, second) = (host.owner(), host.other_store_owner());
    let (mut pat, path) = joined(&host, &first);
    let link = reset(&host, &first, &path);
    let (_, invitation) = invite(&second);
    let page = pat.open(&invitation);
    pat.submit(&page, "/link", &[]).is(200).says("Other shop");
    let mut thief = Browser::new(&host.url());
    thief.open(&link).is(404).says("used already");
    let mut owner = browser(&host, &first);
    let page = owner.open(&path);
    owner.submit(&page, &format!("{path}/reset"), &[]).is(422).says("belongs to another store");
}

fn a_person_who_is_removed_leaves_no_link_behind(host: Host) {
    let owner = host.owner();
    let (_, path) = joined(&host, &owner);
    let link = reset(&host, &owner, &path);
    let id = path.rsplit('/').next().unwrap();
    owner.delete(&format!("staff/{id}")).ok();
    Browser::new(&host.url()).open(&link).is(404);
}

fn a_new_password_by_link_is_set_once_and_ends_every_session(host: Host) {
    let owner = host.owner();
    let (mut pat, path) = joined(&host, &owner);
    let link = reset(&host, &owner, &path);
    let mut browser = Browser::new(&host.url());
    let page = browser.open(&link);
    page.is(200).says(PAT);
    let weak = [("password", "corner shop corner"), ("again", "corner shop corner")];
    let page = browser.submit(&page, "/link", &weak);
    page.is(200).says("the password");
    let new = "seven violet otters hum at dusk";
    browser.submit(&page, "/link", &[("password", new), ("again", new)]).is(200).says("Sign in");
    assert!(pat.open("/account").path.starts_with("/sign-in"), "a session goes on after a new password");
    browser.open(&link).is(404);
    sign_in(&mut browser, PAT, PASSWORD, None).says("is not right");
    sign_in(&mut browser, PAT, new, None).is(200).says("Corner shop");
}
