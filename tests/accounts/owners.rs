//! Who works in a store at the moment, who owns it, and what everybody reads before they begin.

use super::staff::{AGENT, accept, invite, page_of};
use super::who::{Signed, enrol, set_up, sign_in};
use crate::support::browser::Browser;
use crate::support::host::{Host, both_fresh};
use crate::support::tables::{SIX_MINUTES, execute};

both_fresh!(
    somebody_suspended_holds_nothing_until_they_are_reinstated,
    a_last_day_ends_what_somebody_holds_by_the_clock,
    ownership_is_offered_and_accepted_and_a_store_keeps_an_owner,
    whoever_hands_a_store_over_owns_it_no_more,
    house_rules_are_accepted_before_anything_and_again_when_they_change,
    a_role_of_the_stores_own_is_a_starting_point,
    whoever_manages_people_signs_them_out_everywhere,
);

/// A store with a fulfilment agent who has begun to work: the owner, the agent's browser, the agent's page.
fn with_agent(host: Host) -> (Signed, Browser, String) {
    let mut signed = set_up(host);
    let link = invite(&mut signed, "Jonas Weber", AGENT, "fulfilment-agent");
    let agent = accept(&signed, &link);
    let path = page_of(&mut signed, "Jonas Weber");
    (signed, agent, path)
}

fn base(signed: &Signed) -> String {
    format!("/stores/{}", signed.store)
}

/// Sends one of the forms of somebody's page.
fn press(signed: &mut Signed, path: &str, verb: &str, fields: &[(&str, &str)]) -> crate::support::browser::Page {
    let page = signed.owner.open(path);
    signed.owner.submit(&page, &format!("{path}/{verb}"), fields)
}

fn somebody_suspended_holds_nothing_until_they_are_reinstated(host: Host) {
    let (mut signed, mut agent, path) = with_agent(host);
    let base = base(&signed);
    agent.open(&format!("{base}/store/orders")).is(200);
    press(&mut signed, &path, "suspend", &[]).is(200).says("suspended").says("Reinstate");
    agent.open(&base).is(404).hides("Corner shop");
    agent.open(&format!("{base}/store/orders")).is(404);
    press(&mut signed, &path, "reinstate", &[]).is(200).hides("Reinstate");
    agent.open(&format!("{base}/store/orders")).is(200);
    let audit = signed.owner.open(&format!("{base}/activity/audit"));
    audit.says("staff.suspend").says("staff.reinstate");
    press(&mut signed, &path, "rename", &[("name", "Jonas W.")]).is(200).says("Jonas W.");
    press(&mut signed, &path, "rename", &[("name", "")]).is(200).says("a person&#39;s name");
}

fn a_last_day_ends_what_somebody_holds_by_the_clock(host: Host) {
    let (mut signed, mut agent, path) = with_agent(host);
    let base = base(&signed);
    press(&mut signed, &path, "last-day", &[("day", "2020-01-01")]).is(200).says("lies ahead");
    press(&mut signed, &path, "last-day", &[("day", "soon")]).is(200).says("is no day");
    let page = press(&mut signed, &path, "last-day", &[("day", "2027-01-31")]);
    page.is(200).says("value=\"2027-01-31\"");
    agent.open(&format!("{base}/store/orders")).is(200);
    // Its hour comes; nothing else tells the host of it.
    execute(&signed.host, "UPDATE staff SET ends_at = 1, revision = revision + 1 WHERE ends_at IS NOT NULL");
    signed.host.restart();
    agent.open(&format!("{base}/store/orders")).is(404);
    press(&mut signed, &path, "reinstate", &[]);
    let page = press(&mut signed, &path, "last-day", &[("day", "")]);
    page.is(200).says("name=\"day\" type=\"date\" value=\"\"");
}

fn ownership_is_offered_and_accepted_and_a_store_keeps_an_owner(host: Host) {
    let (mut signed, mut agent, path) = with_agent(host);
    let base = base(&signed);
    let mine = page_of(&mut signed, "Ana Berg");
    press(&mut signed, &mine, "end-ownership", &[]).is(200).says("has an owner at every moment");
    press(&mut signed, &path, "offer-ownership", &[]).is(200).says("Withdraw the offer");
    // A stranger to the offer has nothing to accept, and the agent needs a second factor first.
    let home = agent.open("/");
    home.is(200).says("You can become an owner of Corner shop");
    let accept = format!("/account/ownership/{}/accept", signed.store);
    agent.submit(&home, &accept, &[]).is(422).says("second factor");
    agent.open(&format!("{base}/people")).is(403);
    let page = agent.open("/account/second-factor");
    enrol(&mut agent, &page);
    let home = agent.open("/");
    agent.submit(&home, &accept, &[]).is(200).says("Jonas Weber").says("owner");
    agent.open(&format!("{base}/people/add")).is(200);
    // Each owner may end the other's ownership, but not the last one's.
    let page = agent.open(&mine);
    let page = agent.submit(&page, &format!("{mine}/end-ownership"), &[]);
    page.is(200).hides("That cannot be narrowed");
    signed.owner.open(&format!("{base}/people")).is(403);
    let page = agent.open(&path);
    agent.submit(&page, &format!("{path}/end-ownership"), &[]).says("has an owner at every moment");
    let audit = agent.open(&format!("{base}/activity/audit"));
    audit.says("owners.offer").says("owners.accept").says("owners.end");
}

fn whoever_hands_a_store_over_owns_it_no_more(host: Host) {
    let (mut signed, mut agent, path) = with_agent(host);
    let base = base(&signed);
    let page = agent.open("/account/second-factor");
    enrol(&mut agent, &page);
    let accept = format!("/account/ownership/{}/accept", signed.store);
    press(&mut signed, &path, "offer-ownership", &[("hands_over", "1")]).is(200);
    let home = agent.open("/");
    home.says("hands the store over");
    press(&mut signed, &path, "withdraw-ownership", &[]).is(200);
    agent.submit(&home, &accept, &[]).is(422).says("withdrawn or has expired");
    press(&mut signed, &path, "offer-ownership", &[("hands_over", "1")]).is(200);
    // Who proved who they are long ago proves it anew.
    execute(&signed.host, SIX_MINUTES);
    let home = agent.open("/");
    let asked = agent.submit(&home, &accept, &[]);
    asked.is(403).says("Is it you?");
    agent.submit(&asked, &accept, &[("_proof", super::who::PASSWORD)]).is(200);
    agent.open(&format!("{base}/people/add")).is(200);
    signed.owner.open(&format!("{base}/people")).is(403);
    signed.owner.open(&format!("{base}/store/orders")).is(200);
}

fn house_rules_are_accepted_before_anything_and_again_when_they_change(host: Host) {
    let (mut signed, mut agent, _) = with_agent(host);
    let base = base(&signed);
    let rules = format!("{base}/people/rules");
    let page = signed.owner.open(&rules);
    signed.owner.submit(&page, &rules, &[("body", "Call before you refund.\r\n<b>Never</b> share a login.")]).is(200);
    // Two who change them at once: the second is told, and loses nothing.
    let late = signed.owner.submit(&page, &rules, &[("body", "Another text")]);
    late.is(200).says("changed the rules meanwhile").says("Another text");
    let page = agent.open(&format!("{base}/store/orders"));
    page.is(200).says("Welcome to Corner shop").says("Call before you refund.").says("&#60;b&#62;Never");
    page.says("See orders, without customer details");
    agent.open(&format!("{base}/activity/runs/stream")).hides("event: open");
    let welcome = format!("/account/welcome/{}", signed.store);
    let old = page.form(&welcome, &[("version", "7")]);
    agent.post(&welcome, &old).is(200).says("rules changed while you read");
    let page = agent.submit(&page, &welcome, &[]);
    page.is(200).hides("Welcome to");
    assert!(page.path.ends_with("/store/orders"), "they go on where they wanted to: {}", page.path);
    let audit = signed.owner.open(&format!("{base}/activity/audit"));
    audit.says("staff.rules").says("staff.accept_rules");
    // Another store's rules are nobody's business.
    agent.open(&format!("/account/welcome/sto_{}", "0".repeat(32))).hides("Call before");
    agent.open(&rules).is(403);
}

fn a_role_of_the_stores_own_is_a_starting_point(host: Host) {
    let (mut signed, mut agent, path) = with_agent(host);
    let base = base(&signed);
    let roles = format!("{base}/people/roles");
    let page = signed.owner.open(&roles);
    page.is(200).says("Who can do what");
    signed.owner.submit(&page, &roles, &[("title", "Accountant"), ("scope", "orders:view")]).is(200).says("already");
    signed.owner.submit(&page, &roles, &[("title", "Packer")]).is(200).says("at least one permission").says("Packer");
    let page = signed.owner.submit(&page, &roles, &[("title", "Packer"), ("scope", "inventory:view")]);
    page.is(200).says("Delete Packer");
    let role = page.between(&format!("{roles}/"), "/delete");
    press(&mut signed, &path, "scopes", &[("role", &role)]).is(200).says("See stock levels");
    let page = signed.owner.open(&roles);
    signed.owner.submit(&page, &format!("{roles}/{role}/delete"), &[]).is(200).hides("Packer");
    agent.open(&roles).is(403);
    let form = agent.open("/account").form("/sign-out", &[]);
    agent.post(&roles, &form).is(403);
    // Who was given what it proposed holds it still.
    signed.owner.open(&path).says("See stock levels");
}

fn whoever_manages_people_signs_them_out_everywhere(host: Host) {
    let (mut signed, mut agent, path) = with_agent(host);
    let base = base(&signed);
    press(&mut signed, &path, "end-sessions", &[]).is(200);
    assert!(agent.open(&base).path.starts_with("/sign-in"), "a session that was ended goes on");
    sign_in(&mut agent, AGENT, super::who::PASSWORD, None).is(200);
    agent.open(&format!("{base}/store/orders")).is(200);
}
