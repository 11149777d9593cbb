//! People who are invited, see their part and nothing else, and are removed; and acts of weight that ask for a proof.

use super::who::{PASSWORD, Signed, set_up};
use crate::support::browser::Browser;
use crate::support::host::{Host, both_fresh};
use crate::support::tables::{SIX_MINUTES, execute};

both_fresh!(
    a_fulfilment_agent_is_invited_sees_their_part_and_is_gone_once_removed,
    an_invitation_is_good_once_and_a_new_password_never_goes_around_another_store,
    acts_of_weight_ask_for_a_proof_and_lose_nothing,
    nobody_is_anybody_in_another_store,
    a_page_that_came_with_a_proof_has_forms_that_can_be_sent,
    an_owner_sees_the_admin_as_somebody_else_and_can_change_nothing_meanwhile,
);

pub const AGENT: &str = "jonas@example.com";

/// Invites somebody with a role; the path of the link.
pub fn invite(signed: &mut Signed, name: &str, email: &str, role: &str) -> String {
    let base = format!("/stores/{}", signed.store);
    let page = signed.owner.open(&format!("{base}/people/add"));
    let page =
        signed.owner.submit(&page, &format!("{base}/people/add"), &[("name", name), ("email", email), ("role", role)]);
    page.is(200).says("is invited");
    page.between("<code class=\"key link\">", "</code>")
}

/// Accepts an invitation.
pub fn accept(signed: &Signed, link: &str) -> Browser {
    let mut browser = Browser::new(&signed.host.url());
    let page = browser.open(link);
    let page = browser.submit(&page, "/link", &[("password", PASSWORD), ("again", PASSWORD)]);
    page.is(200).says("Welcome to Corner shop");
    let store = format!("/account/welcome/{}", signed.store);
    browser.submit(&page, &store, &[]).is(200).hides("Welcome to");
    browser
}

fn a_fulfilment_agent_is_invited_sees_their_part_and_is_gone_once_removed(host: Host) {
    let mut signed = set_up(host);
    let base = format!("/stores/{}", signed.store);
    let link = invite(&mut signed, "Jonas Weber", AGENT, "fulfilment-agent");
    let mut agent = accept(&signed, &link);
    let page = agent.open(&base);
    page.is(200).hides(&format!("{base}/people")).hides(&format!("{base}/apps"));
    agent.open(&format!("{base}/people")).is(403).says("staff:view");
    agent.open(&format!("{base}/apps")).is(403);
    let page = signed.owner.open(&format!("{base}/people"));
    page.says("Jonas Weber").says("Fulfilment agent").says(AGENT);
    let path = page_of(&mut signed, "Jonas Weber");
    let page = signed.owner.open(&path);
    page.says("Jonas Weber").says("See orders, without customer details");
    let page = signed.owner.submit(&page, &format!("{path}/remove"), &[]);
    page.is(200).hides("Jonas Weber");
    assert!(agent.open(&base).path.starts_with("/sign-in"), "the session of somebody removed goes on");
}

fn an_invitation_is_good_once_and_a_new_password_never_goes_around_another_store(host: Host) {
    let mut signed = set_up(host);
    let link = invite(&mut signed, "Jonas Weber", AGENT, "accountant");
    let first = accept(&signed, &link);
    let mut second = Browser::new(&signed.host.url());
    second.open(&link).is(404).says("used already");
    drop(first);
    // An owner cannot be given a new password by another owner or by themselves this way.
    let base = format!("/stores/{}", signed.store);
    let page = signed.owner.open(&format!("{base}/people"));
    for id in
        page.text.split(&format!("{base}/people/stf_")).skip(1).map(|rest| rest.split('"').next().unwrap().to_owned())
    {
        let path = format!("{base}/people/stf_{id}");
        let person = signed.owner.open(&path);
        if person.text.contains("That cannot be narrowed") {
            let form = signed.owner.open("/account").form("/sign-out", &[]).into_iter();
            let form: Vec<_> = form.filter(|(name, _)| name == "_form").collect();
            let page = signed.owner.post(&format!("{path}/reset"), &form);
            page.is(422).says("only the operator of the host");
        }
    }
}

fn acts_of_weight_ask_for_a_proof_and_lose_nothing(host: Host) {
    let mut signed = set_up(host);
    execute(&signed.host, SIX_MINUTES);
    let base = format!("/stores/{}", signed.store);
    let add = format!("{base}/people/add");
    let page = signed.owner.open(&add);
    let page =
        signed.owner.submit(&page, &add, &[("name", "Jonas <b>Weber"), ("email", AGENT), ("role", "accountant")]);
    page.is(403).says("Is it you?").says("Jonas &#60;b&#62;Weber").hides("<b>Weber");
    let wrong = signed.owner.submit(&page, &add, &[("_proof", "not my password at all")]);
    wrong.is(403).says("was not right").says("Jonas &#60;b&#62;Weber");
    let before = signed.owner.cookie.clone();
    let page = signed.owner.submit(&wrong, &add, &[("_proof", PASSWORD)]);
    page.is(200).says("is invited");
    assert_ne!(signed.owner.cookie, before, "a proof makes another cookie");
    let mut stolen = signed.owner.with_cookie(before);
    assert!(stolen.open(&base).path.starts_with("/sign-in"));
    // What has no weight asks for nothing.
    execute(&signed.host, SIX_MINUTES);
    let page = signed.owner.open("/account");
    signed.owner.submit(&page, "/account/preferences", &[("name", "Ana B")]).is(200).says("Ana B");
    let new = [("password", "seven violet otters hum at dusk"), ("again", "seven violet otters hum at dusk")];
    let page = signed.owner.open("/account");
    signed.owner.submit(&page, "/account/password", &new).is(403).says("Is it you?");
}

fn nobody_is_anybody_in_another_store(host: Host) {
    let mut signed = set_up(host);
    let other = format!("/stores/sto_{}", "0".repeat(32));
    for path in ["", "/apps", "/people", "/activity/runs", "/activity/changes", "/undo?change_set=chg_1"] {
        let page = signed.owner.open(&format!("{other}{path}"));
        page.is(404).hides("Corner shop");
    }
    for path in ["/people/add", "/apps/install"] {
        let form = signed.owner.open("/account").form("/sign-out", &[]);
        signed.owner.post(&format!("{other}{path}"), &form).is(404);
    }
}

/// The path of somebody's page, by their name.
pub fn page_of(signed: &mut Signed, name: &str) -> String {
    let base = format!("/stores/{}", signed.store);
    let list = signed.owner.open(&format!("{base}/people"));
    let before = list.text.split(&format!("<b>{name}</b>")).next().unwrap();
    before.rsplit("href=\"").next().unwrap().split('"').next().unwrap().to_owned()
}

fn an_owner_sees_the_admin_as_somebody_else_and_can_change_nothing_meanwhile(host: Host) {
    let mut signed = set_up(host);
    let base = format!("/stores/{}", signed.store);
    invite(&mut signed, "Jonas Weber", AGENT, "fulfilment-agent");
    let path = page_of(&mut signed, "Jonas Weber");
    let page = signed.owner.open(&path);
    let page = signed.owner.submit(&page, &format!("{path}/see"), &[]);
    page.is(200).says("You see this as Jonas Weber would").hides(&format!("{base}/people"));
    signed.owner.open(&format!("{base}/people")).is(403);
    let form = page.form("/see-as-self", &[]);
    signed.owner.post("/account/preferences", &form).is(403).says("nothing can be changed");
    let page = signed.owner.submit(&page, "/see-as-self", &[]);
    page.is(200).says(&format!("{base}/people"));
    signed.owner.open(&format!("{base}/activity/audit")).is(200).says("staff.see_as");
}

fn a_page_that_came_with_a_proof_has_forms_that_can_be_sent(host: Host) {
    let mut signed = set_up(host);
    execute(&signed.host, SIX_MINUTES);
    let add = format!("/stores/{}/people/add", signed.store);
    let page = signed.owner.open(&add);
    let fields = [("name", "Jonas Weber"), ("email", AGENT), ("role", "accountant")];
    let page = signed.owner.submit(&page, &add, &fields);
    let page = signed.owner.submit(&page, &add, &[("_proof", PASSWORD)]);
    page.is(200).says("is invited");
    let page = signed.owner.submit(&page, "/sign-out", &[]);
    page.is(200).says("Sign in");
}
