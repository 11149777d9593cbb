//! Those who would like to be somebody else: forms of other sites, guesses, codes used twice, cookies from before.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::scope;
use std::time::{SystemTime, UNIX_EPOCH};

use super::who::{OWNER, PASSWORD, code, next_step, set_up, sign_in};
use crate::support::browser::Browser;
use crate::support::host::{Host, both_fresh};
use crate::support::tables::execute;

both_fresh!(
    a_form_of_another_site_or_session_changes_nothing,
    a_session_has_another_cookie_after_each_proof,
    of_many_who_use_one_code_at_once_one_is_let_in,
    after_five_wrong_codes_the_right_one_waits_too_however_they_came,
    guesses_are_throttled_and_an_unknown_address_is_answered_alike,
    a_session_is_good_for_pages_and_a_token_for_the_api,
    a_session_ends_half_an_hour_after_its_last_use_and_twelve_after_it_began,
);

fn a_form_of_another_site_or_session_changes_nothing(host: Host) {
    let mut signed = set_up(host);
    let page = signed.owner.open("/account");
    let (path, fields) = ("/account/preferences", [("name", "Mallory")]);
    let sent = page.form(path, &fields);
    let without: Vec<_> = sent.iter().filter(|(name, _)| name != "_form").cloned().collect();
    signed.owner.post(path, &without).is(403);
    let mut other = Browser::new(&signed.host.url());
    sign_in(&mut other, OWNER, PASSWORD, Some(&signed.codes[0])).is(200);
    let others = other.open("/account").form(path, &fields);
    signed.owner.post(path, &others).is(403);
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
    ] {
        let mut from_there = signed.owner.clone();
        from_there.headers.push((name, value.to_owned()));
        from_there.post(path, &sent).is(403);
    }
    signed.owner.open("/account").hides("Mallory");
    signed.owner.post(path, &sent).is(303);
    signed.owner.open("/account").says("Mallory");
}

fn a_session_has_another_cookie_after_each_proof(host: Host) {
    let signed = set_up(host);
    let mut browser = Browser::new(&signed.host.url());
    // One that somebody put there is not taken over.
    browser.cookie = Some(format!("sh_ses_{}_00000000", "a".repeat(64)));
    let page = browser.open("/sign-in");
    let page = browser.submit(&page, "/sign-in", &[("email", OWNER), ("password", PASSWORD)]);
    let half = browser.cookie.clone();
    assert!(half.as_deref().is_some_and(|cookie| !cookie.contains("aaaa")));
    // Half a session is good for its second step alone.
    assert!(browser.clone().open(&format!("/stores/{}", signed.store)).path.starts_with("/sign-in"));
    assert!(browser.clone().open("/account").path.starts_with("/sign-in"));
    browser.submit(&page, "/sign-in/code", &[("code", &signed.codes[0])]).is(200).says("Corner shop");
    assert_ne!(browser.cookie, half);
    let mut before = browser.with_cookie(half);
    assert!(before.open("/sign-in/code").path.starts_with("/sign-in"));
    // After signing out the cookie of before is nobody's.
    let stolen = browser.cookie.clone();
    let page = browser.open("/account");
    browser.submit(&page, "/sign-out", &[]);
    browser.cookie = stolen;
    assert!(browser.open("/account").path.starts_with("/sign-in"));
}

fn of_many_who_use_one_code_at_once_one_is_let_in(host: Host) {
    const RACERS: usize = 64;
    let signed = set_up(host);
    next_step();
    let typed = code(&signed.key, 0);
    let ready: Vec<_> = (0..8)
        .map(|_| {
            let mut browser = Browser::new(&signed.host.url());
            let page = browser.open("/sign-in");
            let page = browser.submit(&page, "/sign-in", &[("email", OWNER), ("password", PASSWORD)]);
            page.is(200).says("Second step");
            (browser, page)
        })
        .collect();
    let let_in = AtomicUsize::new(0);
    scope(|threads| {
        for n in 0..RACERS {
            let (mut browser, page) = ready[n % ready.len()].clone();
            let (typed, let_in) = (&typed, &let_in);
            threads.spawn(move || {
                let page = browser.submit(&page, "/sign-in/code", &[("code", typed)]);
                let_in.fetch_add(usize::from(page.text.contains("Corner shop")), Ordering::Relaxed);
            });
        }
    });
    assert_eq!(let_in.into_inner(), 1);
}

fn after_five_wrong_codes_the_right_one_waits_too_however_they_came(host: Host) {
    const RACERS: usize = 12;
    let signed = set_up(host);
    let mut browser = Browser::new(&signed.host.url());
    let page = browser.open("/sign-in");
    let page = browser.submit(&page, "/sign-in", &[("email", OWNER), ("password", PASSWORD)]);
    let looked_at = AtomicUsize::new(0);
    scope(|threads| {
        for n in 0..RACERS {
            let (mut browser, page, looked_at) = (browser.clone(), page.clone(), &looked_at);
            threads.spawn(move || {
                let answer = browser.submit(&page, "/sign-in/code", &[("code", &format!("00000{}", n % 10))]);
                looked_at.fetch_add(usize::from(answer.text.contains("was not right")), Ordering::Relaxed);
            });
        }
    });
    assert!(looked_at.into_inner() <= 5);
    next_step();
    let page = browser.open("/sign-in/code");
    let late = browser.submit(&page, "/sign-in/code", &[("code", &code(&signed.key, 0))]);
    late.says("too many codes");
    // Whoever has a saved code is not locked out by those who have none.
    browser.submit(&late, "/sign-in/code", &[("code", &signed.codes[0])]).is(200).says("Corner shop");
}

fn guesses_are_throttled_and_an_unknown_address_is_answered_alike(host: Host) {
    let signed = set_up(host);
    let mut browser = Browser::new(&signed.host.url());
    let wrong = |browser: &mut Browser, email: &str| {
        let page = sign_in(browser, email, "not the password at all", None);
        page.text.replace(email, "…")
    };
    let (known, unknown) = (wrong(&mut browser, OWNER), wrong(&mut browser, "nobody@example.com"));
    assert_eq!(known, unknown);
    let answers: Vec<String> = (0..8).map(|_| wrong(&mut browser, OWNER)).collect();
    assert!(answers.last().unwrap().contains("wait"), "{}", answers.last().unwrap());
    // The right password is not looked at meanwhile.
    sign_in(&mut browser, OWNER, PASSWORD, None).says("wait");
}

fn a_session_is_good_for_pages_and_a_token_for_the_api(host: Host) {
    let signed = set_up(host);
    let cookie = signed.owner.cookie.clone().unwrap();
    let api = signed.host.person(&signed.store, Some(&cookie));
    api.get("orders").is(401);
    let mut browser = Browser::new(&signed.host.url());
    browser.headers.push(("authorization", format!("Bearer {cookie}")));
    assert!(browser.open(&format!("/stores/{}", signed.store)).path.starts_with("/sign-in"));
}

fn a_session_ends_half_an_hour_after_its_last_use_and_twelve_after_it_began(host: Host) {
    const SECOND: i64 = 1_000;
    let mut signed = set_up(host);
    let base = format!("/stores/{}", signed.store);
    let now = || i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap();
    // As if its last use had been so long ago, and as if it had begun so long ago and was used just now. What a request
    // takes on its way is left out on either side.
    let idle = |seconds: i64| format!("UPDATE sessions SET used_at = {}", now() - seconds * SECOND);
    let begun = |seconds: i64| {
        let at = now() - seconds * SECOND;
        format!("UPDATE sessions SET created_at = {at}, expires_at = {}, used_at = {}", at + 43_200_000, now())
    };
    let is_in =
        |owner: &mut Browser| owner.open(&base).status == 200 && !owner.open(&base).path.starts_with("/sign-in");
    execute(&signed.host, &idle(29 * 60 + 50));
    assert!(is_in(&mut signed.owner), "idle for less than half an hour");
    execute(&signed.host, &begun(12 * 3_600 - 10));
    assert!(is_in(&mut signed.owner), "begun less than twelve hours ago");
    let before = signed.owner.cookie.clone();
    execute(&signed.host, &idle(30 * 60 + 1));
    assert!(!is_in(&mut signed.owner), "idle for more than half an hour");
    execute(&signed.host, &begun(3_600));
    signed.owner.cookie.clone_from(&before);
    assert!(is_in(&mut signed.owner), "only its clock was changed");
    execute(&signed.host, &begun(12 * 3_600 + 1));
    assert!(!is_in(&mut signed.owner), "begun more than twelve hours ago");
}
