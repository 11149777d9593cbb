//! Devices: people are told of one that is new, a store lets in only those it confirmed, and changing how somebody signs in
//! asks for all of it.

use super::staff::{AGENT, accept, invite, page_of};
use super::who::{OWNER, PASSWORD, code, next_step, set_up, sign_in};
use crate::support::browser::{Browser, Page};
use crate::support::host::{Host, both_fresh};
use crate::support::tables::{SIX_MINUTES, execute};

both_fresh!(
    somebody_is_told_of_a_new_device_and_forgetting_it_ends_its_sessions,
    a_store_that_confirms_devices_lets_nobody_in_with_one_that_waits,
    changing_how_one_signs_in_asks_for_password_and_factor_and_nothing_less,
    guesses_of_strangers_keep_nobody_waiting_who_signed_in_here_before,
);

const TOLD: &str = "signed in to with a new device";

/// Sends a form of a page that goes to `action` and belongs to the row that says `row`.
fn press(browser: &mut Browser, page: &Page, row: &str, action: &str) -> Page {
    let (_, after) = page.text.split_once(row).unwrap_or_else(|| panic!("no {row}: {}", page.text));
    let rest = Page { text: after.to_owned(), ..page.clone() };
    browser.submit(&rest, action, &[])
}

fn somebody_is_told_of_a_new_device_and_forgetting_it_ends_its_sessions(host: Host) {
    let mut signed = set_up(host);
    let base = format!("/stores/{}", signed.store);
    signed.owner.open(&base).is(200).hides(TOLD);
    let first = signed.owner.device.clone().expect("a cookie of the device");
    // In the same browser, signed out and in again, nobody is told.
    let page = signed.owner.open("/account");
    signed.owner.submit(&page, "/sign-out", &[]);
    sign_in(&mut signed.owner, OWNER, PASSWORD, Some(&signed.codes[0])).is(200).hides(TOLD);
    assert_eq!(signed.owner.device.as_deref(), Some(first.as_str()));
    // A thief with password and code: who tells the owner of it cannot be the thief.
    let mut thief = Browser::new(&signed.host.url());
    thief.headers.push(("user-agent", "Mozilla/5.0 (Windows NT 10.0) Firefox/144.0".to_owned()));
    sign_in(&mut thief, OWNER, PASSWORD, Some(&signed.codes[1])).is(200).hides(TOLD);
    let page = thief.open("/account");
    page.hides("/account/devices/known");
    let form: Vec<_> = page.form("/sign-out", &[]).into_iter().filter(|(name, _)| name == "_form").collect();
    thief.post("/account/devices/known", &form).is(303);
    // Nor can two of the thief's vouch for each other: none does for the one that came first.
    let mut second = Browser::new(&signed.host.url());
    sign_in(&mut second, OWNER, PASSWORD, Some(&signed.codes[3])).is(200);
    let others = second.open("/account").form("/sign-out", &[]);
    let others: Vec<_> = others.into_iter().filter(|(name, _)| name == "_form").collect();
    second.post("/account/devices/known", &others).is(303);
    thief.post("/account/devices/known", &form).is(303);
    signed.owner.open(&base).says(TOLD);
    let page = signed.owner.open("/account");
    page.says("Firefox on Windows").says(TOLD);
    press(&mut signed.owner, &page, "Firefox on Windows", "/account/devices/forget")
        .is(200)
        .hides("Firefox on Windows");
    assert!(thief.open(&base).path.starts_with("/sign-in"), "the session of a forgotten device goes on");
    signed.owner.open(&base).is(200).hides(TOLD);
    signed.owner.open(&format!("{base}/activity/audit?act=accounts.forget_device")).says("Firefox on Windows");
    // It is new again, and its person says that it is theirs.
    sign_in(&mut thief, OWNER, PASSWORD, Some(&signed.codes[2])).is(200);
    let page = signed.owner.open("/account");
    signed.owner.submit(&page, "/account/devices/known", &[]).is(200).hides(TOLD).says("Firefox on Windows");
    // Another person in the same browser is told nothing of it, and has it forgotten for nobody else.
    let link = invite(&mut signed, "Jonas Weber", AGENT, "accountant");
    let mut agent = accept(&signed, &link);
    let others = page.form("/account/devices/forget", &[]);
    let mine: Vec<_> =
        agent.open("/account").form("/sign-out", &[]).into_iter().filter(|(name, _)| name == "_form").collect();
    let forged: Vec<_> = mine.into_iter().chain(others.into_iter().filter(|(name, _)| name == "device")).collect();
    agent.post("/account/devices/forget", &forged).is(404);
}

fn a_store_that_confirms_devices_lets_nobody_in_with_one_that_waits(host: Host) {
    let mut signed = set_up(host);
    let base = format!("/stores/{}", signed.store);
    let link = invite(&mut signed, "Jonas Weber", AGENT, "fulfilment-agent");
    let mut agent = accept(&signed, &link);
    let page = signed.owner.open(&format!("{base}/people"));
    let again = page.form(&format!("{base}/people/confirm-devices"), &[]);
    signed.owner.submit(&page, &format!("{base}/people/confirm-devices"), &[]).is(200).says("with any device");
    // What was there counts as confirmed.
    agent.open(&base).is(200).says("Corner shop");
    let mut phone = Browser::new(&signed.host.url());
    phone.headers.push(("user-agent", "Mozilla/5.0 (iPhone) Safari/600".to_owned()));
    sign_in(&mut phone, AGENT, PASSWORD, None);
    for path in ["", "/store/orders", "/activity", "/settings"] {
        let page = phone.open(&format!("{base}{path}"));
        page.says("This device waits to be confirmed").says("Safari on iPhone");
        assert!(page.path.starts_with("/account/device/"), "{}", page.path);
    }
    // The rules of the shop are not shown either, and no form gets around it.
    let welcome = format!("/account/welcome/{}", signed.store);
    phone.open(&welcome).says("This device waits");
    let form: Vec<_> =
        phone.open("/account").form("/sign-out", &[]).into_iter().filter(|(name, _)| name == "_form").collect();
    phone.post(&format!("{base}/people/confirm-devices"), &form).is(401);
    let path = page_of(&mut signed, "Jonas Weber");
    // Asked for once more, by a page of before, it confirms nothing that waits.
    signed.owner.post(&format!("{base}/people/confirm-devices"), &again).is(303);
    phone.open(&base).says("This device waits");
    let page = signed.owner.open(&format!("{base}/people"));
    page.says("a device waits");
    let page = signed.owner.open(&path);
    page.says("Safari on iPhone");
    // Not by another store, nor by whoever manages nobody.
    let confirm = format!("{path}/confirm-device");
    agent.post(&confirm, &form).is(403);
    let page = press(&mut signed.owner, &page, "Safari on iPhone", &confirm);
    page.is(200).hides("waits to be confirmed");
    phone.open(&base).is(200).says("Corner shop");
    // Withdrawn, its sessions end and it waits again; the other goes on.
    let page = press(&mut signed.owner, &page, "Safari on iPhone", &format!("{path}/withdraw-device"));
    page.is(200).says("waits to be confirmed");
    assert!(phone.open(&base).path.starts_with("/sign-in"));
    sign_in(&mut phone, AGENT, PASSWORD, None).says("This device waits");
    agent.open(&base).is(200).says("Corner shop");
    let audit = signed.owner.open(&format!("{base}/activity/audit"));
    audit.says("staff.confirm_device").says("staff.withdraw_device").says("staff.confirm_devices");
    // Owners come in with any device, and whoever was offered to become one does so on one that is confirmed.
    let mut other = Browser::new(&signed.host.url());
    sign_in(&mut other, OWNER, PASSWORD, Some(&signed.codes[0])).is(200).says("Corner shop");
}

fn changing_how_one_signs_in_asks_for_password_and_factor_and_nothing_less(host: Host) {
    const NEW: &str = "seven violet otters hum at dusk";
    let mut signed = set_up(host);
    let stale = |signed: &super::who::Signed| execute(&signed.host, SIX_MINUTES);
    let new = [("password", NEW), ("again", NEW)];
    stale(&signed);
    // The cookie and the password alone: whoever has both lacks the second factor.
    let page = signed.owner.open("/account");
    let asked = signed.owner.submit(&page, "/account/password", &[&new[..], &[("_proof", PASSWORD)]].concat());
    asked.is(403).says("asks for all of it").says("autocomplete=\"one-time-code\"").hides("current-password");
    // The cookie and a code alone: whoever has both lacks the password.
    stale(&signed);
    let page = signed.owner.open("/account/second-factor");
    let code_of_new = code(&page.between("<code class=\"key\">", "</code>"), 0);
    let typed = [("code", code_of_new.as_str()), ("_proof", signed.codes[0].as_str())];
    let form = page.form("/account/second-factor", &[("code", &code_of_new)]);
    let form: Vec<_> = form.into_iter().chain([("_proof".to_owned(), typed[1].1.to_owned())]).collect();
    let asked = signed.owner.post("/account/second-factor", &form);
    asked.is(403).says("asks for all of it").says("current-password").hides("one-time-code");
    let asked = signed.owner.submit(&asked, "/account/second-factor", &[("_proof", "not my password at all")]);
    asked.is(403).says("was not right").says("current-password").hides("one-time-code");
    // Both, one after the other or at once.
    stale(&signed);
    next_step();
    let page = signed.owner.open("/account");
    page.says("autocomplete=\"one-time-code\"");
    let form = page.form("/account/password", &new);
    let form = form.into_iter().filter(|(name, _)| name != "_proof");
    let proofs = [PASSWORD.to_owned(), code(&signed.key, 0)].map(|proof| ("_proof".to_owned(), proof));
    let form: Vec<_> = form.chain(proofs).collect();
    signed.owner.post("/account/password", &form).is(303);
    let mut again = Browser::new(&signed.host.url());
    sign_in(&mut again, OWNER, NEW, Some(&signed.codes[1])).is(200).says("Corner shop");
    // What has weight and changes no way in asks for one of them, as before.
    stale(&signed);
    let add = format!("/stores/{}/people/add", signed.store);
    let page = signed.owner.open(&add);
    let page = signed.owner.submit(&page, &add, &[("name", "Jonas"), ("email", AGENT), ("role", "accountant")]);
    page.is(403).says("Is it you?").hides("asks for all of it");
    signed.owner.submit(&page, &add, &[("_proof", NEW)]).is(200).says("is invited");
}

fn guesses_of_strangers_keep_nobody_waiting_who_signed_in_here_before(host: Host) {
    let mut signed = set_up(host);
    let page = signed.owner.open("/account");
    signed.owner.submit(&page, "/sign-out", &[]);
    let mut stranger = Browser::new(&signed.host.url());
    for _ in 0..6 {
        sign_in(&mut stranger, OWNER, "not the password at all", None);
    }
    sign_in(&mut stranger, OWNER, PASSWORD, None).says("wait");
    // A cookie of somebody else's device, or one that nobody has, is none.
    for cookie in [format!("sh_dev_{}_00000000", "a".repeat(64)), "x".to_owned()] {
        let mut other = Browser::new(&signed.host.url());
        other.device = Some(cookie);
        sign_in(&mut other, OWNER, PASSWORD, None).says("wait");
    }
    sign_in(&mut signed.owner, OWNER, PASSWORD, Some(&signed.codes[0])).is(200).says("Corner shop");
}
