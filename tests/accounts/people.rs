//! Signing in, the second factor, and what people do with their own account.

use super::who::{OWNER, PASSWORD, code, enrol, next_step, set_up, sign_in};
use crate::support::browser::Browser;
use crate::support::host::{Host, both_fresh};

both_fresh!(
    a_store_is_set_up_in_a_browser_and_its_owner_comes_back_with_a_second_factor,
    a_code_is_good_once_and_so_is_a_recovery_code,
    an_owner_without_a_second_factor_is_nobody_in_their_store,
    a_new_password_ends_every_other_session,
    a_person_sees_where_they_are_signed_in_and_ends_it,
);

fn a_store_is_set_up_in_a_browser_and_its_owner_comes_back_with_a_second_factor(host: Host) {
    let mut signed = set_up(host);
    assert_eq!(signed.codes.len(), 8);
    signed.owner.open("/").is(200).says("Corner shop");
    let page = signed.owner.open("/account");
    let page = signed.owner.submit(&page, "/sign-out", &[]);
    page.is(200).says("Sign in");
    // The cookie is gone, and what it held is good for nothing.
    let page = signed.owner.open(&format!("/stores/{}", signed.store));
    assert!(page.path.starts_with("/sign-in"), "{}", page.path);
    let wrong = sign_in(&mut signed.owner, OWNER, "correct horse staple 42 lanterm", None);
    wrong.says("is not right");
    next_step();
    let page = sign_in(&mut signed.owner, " ANA@example.com ", PASSWORD, Some(&code(&signed.key, 0)));
    page.is(200).says("Corner shop");
}

fn a_code_is_good_once_and_so_is_a_recovery_code(host: Host) {
    let signed = set_up(host);
    next_step();
    let typed = code(&signed.key, 0);
    let (mut first, mut second) = (Browser::new(&signed.host.url()), Browser::new(&signed.host.url()));
    sign_in(&mut first, OWNER, PASSWORD, Some(&typed)).is(200).says("Corner shop");
    sign_in(&mut second, OWNER, PASSWORD, Some(&typed)).says("was not right");
    // However it is typed.
    let saved = signed.codes[0].to_lowercase().replace('-', " ");
    sign_in(&mut second, OWNER, PASSWORD, Some(&saved)).is(200).says("Corner shop");
    let mut third = Browser::new(&signed.host.url());
    sign_in(&mut third, OWNER, PASSWORD, Some(&signed.codes[0])).says("was not right");
    second.open("/account").says("7 recovery codes are left");
}

fn an_owner_without_a_second_factor_is_nobody_in_their_store(host: Host) {
    let mut owner = Browser::new(&host.url());
    let page = owner.open(&format!("/setup?token={}", host.setup_token()));
    let fields =
        [("store", "Corner shop"), ("name", "Ana"), ("email", OWNER), ("password", PASSWORD), ("again", PASSWORD)];
    let page = owner.submit(&page, "/setup", &fields);
    let store = page.between("/stores/", "\"");
    let page = owner.open(&format!("/stores/{store}"));
    assert_eq!(page.path.split('?').next(), Some("/account/second-factor"), "{}", page.text);
    enrol(&mut owner, &page);
    owner.open(&format!("/stores/{store}")).is(200).says("Corner shop");
    // The link of a first start is good once.
    let mut other = Browser::new(&host.url());
    other.open(&format!("/setup?token={}", host.setup_token())).is(403).says("used already");
}

fn a_new_password_ends_every_other_session(host: Host) {
    let mut signed = set_up(host);
    let mut other = Browser::new(&signed.host.url());
    sign_in(&mut other, OWNER, PASSWORD, Some(&signed.codes[0])).is(200);
    let page = signed.owner.open("/account");
    let weak = [("_proof", PASSWORD), ("password", "corner shop corner"), ("again", "corner shop corner")];
    signed.owner.submit(&page, "/account/password", &weak).is(200).says("the password");
    let page = signed.owner.open("/account");
    let new = "seven violet otters hum at dusk";
    let different = [("_proof", PASSWORD), ("password", new), ("again", "seven violet otters hum")];
    signed.owner.submit(&page, "/account/password", &different).says("type the password twice");
    let page = signed.owner.open("/account");
    let right = [("_proof", PASSWORD), ("password", new), ("again", new)];
    let page = signed.owner.submit(&page, "/account/password", &right);
    assert_eq!((page.status, page.path.as_str()), (200, "/account"));
    assert!(other.open("/account").path.starts_with("/sign-in"));
    sign_in(&mut other, OWNER, PASSWORD, None).says("is not right");
    sign_in(&mut other, OWNER, new, Some(&signed.codes[1])).is(200).says("Corner shop");
}

fn a_person_sees_where_they_are_signed_in_and_ends_it(host: Host) {
    let mut signed = set_up(host);
    let mut other = Browser::new(&signed.host.url());
    other
        .headers
        .push(("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0".to_owned()));
    sign_in(&mut other, OWNER, PASSWORD, Some(&signed.codes[0])).is(200);
    let page = signed.owner.open("/account");
    page.says("Firefox on Linux").says("this one");
    let page = signed.owner.submit(&page, "/account/sessions/end-others", &[]);
    let (devices, sessions) = page.text.split_once("id=\"sessions\"").expect("a list of sessions");
    assert!(devices.contains("Firefox on Linux") && !sessions.contains("Firefox on Linux"));
    assert!(other.open("/account").path.starts_with("/sign-in"));
    // Language and theme are chosen for all pages.
    let page =
        signed.owner.submit(&page, "/account/preferences", &[("name", "Ana B"), ("language", "fr"), ("theme", "dark")]);
    page.says("<html lang=\"fr\" data-theme=\"dark\">").says("Votre compte").says("Ana B");
}
