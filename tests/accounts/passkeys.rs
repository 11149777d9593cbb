//! Passkeys: making one, signing in with it, and everybody else who would like to.

use serde_json::Value;

use super::staff::{accept, invite, page_of};
use super::who::{OWNER, PASSWORD, Signed, set_up, sign_in};
use crate::support::authenticator::Authenticator;
use crate::support::browser::{Browser, Page};
use crate::support::host::{Host, both_fresh};
use crate::support::tables::{SIX_MINUTES, count, execute};

both_fresh!(
    a_passkey_signs_in_by_itself_is_the_second_step_and_proves_who_somebody_is,
    an_answer_of_a_passkey_is_taken_once_and_from_the_browser_that_was_asked,
    whatever_is_wrong_with_a_passkey_is_answered_alike_and_throttled,
    a_passkey_of_somebody_else_is_no_second_step,
    with_a_passkey_alone_there_are_codes_and_the_last_factor_stays,
    a_new_password_by_link_ends_that_a_passkey_signs_in_by_itself,
    a_copied_passkey_is_refused_and_noted,
    passkeys_are_asked_for_by_our_own_pages_alone_and_belong_to_a_name,
    however_many_strangers_begin_to_sign_in_nobody_is_kept_out,
);

const REFUSED: &str = "that passkey was not accepted";
const AGENT: &str = "jonas@example.com";

/// The host by its name, as passkeys need it.
fn by_name(host: &Host) -> String {
    host.url().replace("127.0.0.1", "localhost")
}

/// The same browser, where passkeys work.
fn named(host: &Host, browser: &Browser) -> Browser {
    let mut named = Browser::new(&by_name(host));
    named.cookie.clone_from(&browser.cookie);
    named
}

/// Makes a passkey of whoever is signed in, in a browser that reached the host by its name.
fn make(host: &Host, browser: &mut Browser, name: &str) -> (Authenticator, Page) {
    let page = browser.open("/account");
    let page = browser.submit(&page, "/account/passkeys/new", &[("name", name)]);
    page.is(200).says(name);
    let options: Value = serde_json::from_str(&page.attribute("data-options")).unwrap();
    let (authenticator, said) = Authenticator::create(&options, &by_name(host));
    (authenticator, browser.submit(&page, "/account/passkeys", &[("credential", &said)]))
}

/// What the browser is asked for when its person presses the button.
fn ask(browser: &mut Browser, page: &Page, path: &str) -> Value {
    let form = page.form(if path == "/passkey" { "/sign-out" } else { "/sign-in/passkey" }, &[]);
    let form: Vec<_> = form.into_iter().filter(|(name, _)| name == "_form").collect();
    let answer = browser.post(path, &form);
    answer.is(200);
    serde_json::from_str(&answer.text).unwrap()
}

/// Asks at the page of signing in.
fn asked(browser: &mut Browser) -> (Page, Value) {
    let page = browser.open("/sign-in");
    let options = ask(browser, &page, "/sign-in/passkey/begin");
    (page, options)
}

fn enter(browser: &mut Browser, page: &Page, said: &str) -> Page {
    browser.submit(page, "/sign-in/passkey", &[("credential", said)])
}

/// A host whose owner has a passkey beside the app, and their browser where passkeys work.
fn set_up_with_passkey(host: Host) -> (Signed, Authenticator) {
    let mut signed = set_up(host);
    signed.owner = named(&signed.host, &signed.owner);
    let (authenticator, page) = make(&signed.host, &mut signed.owner, "Phone of Ana");
    assert_eq!(page.path, "/account", "{}", page.text);
    page.is(200).says("Phone of Ana").says("never used");
    (signed, authenticator)
}

fn a_passkey_signs_in_by_itself_is_the_second_step_and_proves_who_somebody_is(host: Host) {
    let mut before = None;
    let (signed, mut key) = {
        let mut signed = set_up(host);
        let mut other = Browser::new(&signed.host.url());
        sign_in(&mut other, OWNER, PASSWORD, Some(&signed.codes[0])).is(200);
        before.replace(other);
        signed.owner = named(&signed.host, &signed.owner);
        let (key, page) = make(&signed.host, &mut signed.owner, "Phone of Ana");
        page.is(200).says("Phone of Ana");
        (signed, key)
    };
    assert!(before.unwrap().open("/account").path.starts_with("/sign-in"), "the other session goes on");
    let here = by_name(&signed.host);
    let mut browser = Browser::new(&here);
    let (page, options) = asked(&mut browser);
    enter(&mut browser, &page, &key.show(&options, &here)).is(200).says("Corner shop");
    browser.open(&format!("/stores/{}/activity/audit?act=accounts.add_passkey", signed.store)).says("Phone of Ana");
    // After the password, in place of a code.
    let mut second = Browser::new(&here);
    let page = sign_in(&mut second, OWNER, PASSWORD, None);
    page.says("Second step").says("data-passkey=\"/passkey\"");
    let options = ask(&mut second, &page, "/passkey");
    second.submit(&page, "/sign-in/code", &[("code", &key.show(&options, &here))]).is(200).says("Corner shop");
    second.open("/account").hides("never used");
    // In place of the password, where an act asks for a proof: which gives another cookie.
    execute(&signed.host, SIX_MINUTES);
    let page = second.open("/account");
    let (options, cookie) = (ask(&mut second, &page, "/passkey"), second.cookie.clone());
    let page = second.submit(&page, "/account/passkeys/remove", &[]);
    page.is(403).says("Is it you?").says("data-field=\"_proof\"");
    let said = key.show(&options, &here);
    let page = second.submit(&page, "/account/passkeys/remove", &[("_proof", &said)]);
    page.is(200).hides("Phone of Ana");
    assert_ne!(second.cookie, cookie);
    // What was removed is nobody's.
    let mut third = Browser::new(&here);
    let (page, options) = asked(&mut third);
    enter(&mut third, &page, &key.show(&options, &here)).says(REFUSED);
}

fn an_answer_of_a_passkey_is_taken_once_and_from_the_browser_that_was_asked(host: Host) {
    let (signed, mut key) = set_up_with_passkey(host);
    let here = by_name(&signed.host);
    let mut browser = Browser::new(&here);
    let (page, options) = asked(&mut browser);
    let said = key.show(&options, &here);
    // Another browser, asked for something else itself; one that nobody asked; and one that was asked and waits.
    let mut other = Browser::new(&here);
    let (others, _) = asked(&mut other);
    enter(&mut other, &others, &said).says(REFUSED);
    enter(&mut Browser::new(&here), &page, &said).says(REFUSED);
    let mut again = browser.clone();
    enter(&mut browser, &page, &said).is(200).says("Corner shop");
    enter(&mut again, &page, &said).says(REFUSED);
    // Between two sessions of the same person, and between a proof and a sign-in.
    let (mut one, mut two) = (Browser::new(&here), Browser::new(&here));
    let first = sign_in(&mut one, OWNER, PASSWORD, None);
    let second = sign_in(&mut two, OWNER, PASSWORD, None);
    let options = ask(&mut one, &first, "/passkey");
    let said = key.show(&options, &here);
    two.submit(&second, "/sign-in/code", &[("code", &said)]).says(REFUSED);
    let (page, _) = asked(&mut again);
    enter(&mut again, &page, &said).says(REFUSED);
    one.submit(&first, "/sign-in/code", &[("code", &said)]).is(200).says("Corner shop");
}

fn whatever_is_wrong_with_a_passkey_is_answered_alike_and_throttled(host: Host) {
    let (signed, mut key) = set_up_with_passkey(host);
    let here = by_name(&signed.host);
    let (mut stranger, _) = Authenticator::create(
        &serde_json::json!({
            "user": { "id": key.handle }, "rp": { "id": "localhost" }, "challenge": "AAAAAAAAAAAAAAAAAAAAAA",
        }),
        &here,
    );
    let answer = |wrong: &mut dyn FnMut(&Value) -> String| {
        let mut browser = Browser::new(&here);
        let (page, options) = asked(&mut browser);
        let page = enter(&mut browser, &page, &wrong(&options));
        assert_eq!(browser.cookie, None);
        (page.status, page.text)
    };
    let unknown = answer(&mut |options| stranger.show(options, &here));
    assert!(unknown.1.contains(REFUSED), "{}", unknown.1);
    // Of a passkey that is there, signed with another key.
    let id = stranger.id.clone();
    stranger.id.clone_from(&key.id);
    assert_eq!(answer(&mut |options| stranger.show(options, &here)), unknown);
    stranger.id = id;
    assert_eq!(answer(&mut |options| key.show(options, "http://evil.example")), unknown);
    assert_eq!(answer(&mut |_| "{}".to_owned()), unknown);
    assert_eq!(answer(&mut |_| key.answer("AAAAAAAAAAAAAAAAAAAAAA", "localhost", &here)), unknown);
    // Known or not, it waits after five.
    let mut texts = Vec::new();
    for _ in 0..5 {
        texts.push(answer(&mut |options| stranger.show(options, &here)).1);
    }
    assert!(texts[3].contains(REFUSED) && texts[4].contains("wait"), "{}", texts[4]);
    // And makes no password wait.
    let mut owner = Browser::new(&here);
    sign_in(&mut owner, OWNER, PASSWORD, Some(&signed.codes[0])).is(200).says("Corner shop");
}

/// A person of the staff with an account, signed in where passkeys work.
fn agent(signed: &mut Signed) -> Browser {
    let link = invite(signed, "Jonas Weber", AGENT, "fulfilment-agent");
    named(&signed.host, &accept(signed, &link))
}

fn a_passkey_of_somebody_else_is_no_second_step(host: Host) {
    let (mut signed, _) = set_up_with_passkey(host);
    let here = by_name(&signed.host);
    let mut agent = agent(&mut signed);
    let (mut theirs, page) = make(&signed.host, &mut agent, "Key of Jonas");
    page.is(200).says("recovery codes");
    // Jonas knows the owner's password, and has a passkey of his own.
    let mut browser = Browser::new(&here);
    let page = sign_in(&mut browser, OWNER, PASSWORD, None);
    let options = ask(&mut browser, &page, "/passkey");
    let page = browser.submit(&page, "/sign-in/code", &[("code", &theirs.show(&options, &here))]);
    page.says(REFUSED);
    assert!(browser.open("/account").path.starts_with("/sign-in"));
    // Nor does it remove the owner's, or prove that he is the owner.
    let credential = signed.owner.open("/account").form("/account/passkeys/remove", &[]);
    let credential = &credential.iter().find(|(name, _)| name == "credential").unwrap().1;
    let page = agent.open("/account");
    agent.submit(&page, "/account/passkeys/remove", &[("credential", credential)]).is(404);
    signed.owner.open("/account").says("Phone of Ana");
}

fn with_a_passkey_alone_there_are_codes_and_the_last_factor_stays(host: Host) {
    let mut owner = Browser::new(&by_name(&host));
    let page = owner.open(&format!("/setup?token={}", host.setup_token()));
    let fields =
        [("store", "Corner shop"), ("name", "Ana"), ("email", OWNER), ("password", PASSWORD), ("again", PASSWORD)];
    let store = owner.submit(&page, "/setup", &fields).between("/stores/", "\"");
    let (_, page) = make(&host, &mut owner, "Phone of Ana");
    page.is(200).says("recovery codes");
    let code = page.between("<li><code>", "<");
    owner.open(&format!("/stores/{store}")).is(200).says("Corner shop");
    // The password alone is half of it now; the app is none; a saved code is the way without a script.
    let mut browser = Browser::new(&by_name(&host));
    let page = sign_in(&mut browser, OWNER, PASSWORD, None);
    page.says("Second step");
    browser.submit(&page, "/sign-in/code", &[("code", "123456")]).says("was not right");
    browser.submit(&page, "/sign-in/code", &[("code", &code)]).is(200).says("Corner shop");
    let page = owner.open("/account");
    owner.submit(&page, "/account/passkeys/remove", &[]).is(422).says("last second factor");
    let (_, page) = make(&host, &mut owner, "Key at home");
    assert_eq!(page.path, "/account", "there are codes already");
    page.says("Key at home");
    let page = owner.open("/account");
    owner.submit(&page, "/account/passkeys/remove", &[]).is(200).hides("Phone of Ana").says("Key at home");
    owner.open(&format!("/stores/{store}")).is(200);
}

fn a_new_password_by_link_ends_that_a_passkey_signs_in_by_itself(host: Host) {
    const NEW: &str = "seven violet otters hum at dusk";
    let mut signed = set_up(host);
    let here = by_name(&signed.host);
    let mut agent = agent(&mut signed);
    let (mut key, _) = make(&signed.host, &mut agent, "Key of Jonas");
    let path = page_of(&mut signed, "Jonas Weber");
    let page = signed.owner.open(&path);
    let page = signed.owner.submit(&page, &format!("{path}/reset"), &[]);
    let link = page.is(200).between("<code class=\"key link\">", "</code>");
    let page = agent.open(&link);
    agent.submit(&page, "/link", &[("password", NEW), ("again", NEW)]).says("Sign in");
    let alone = |key: &mut Authenticator| {
        let mut browser = Browser::new(&here);
        let (page, options) = asked(&mut browser);
        enter(&mut browser, &page, &key.show(&options, &here))
    };
    alone(&mut key).says(REFUSED);
    let page = sign_in(&mut agent, AGENT, NEW, None);
    let options = ask(&mut agent, &page, "/passkey");
    agent.submit(&page, "/sign-in/code", &[("code", &key.show(&options, &here))]).is(200).says("Corner shop");
    alone(&mut key).is(200).says("Corner shop");
}

fn a_copied_passkey_is_refused_and_noted(host: Host) {
    let (mut signed, mut key) = set_up_with_passkey(host);
    let here = by_name(&signed.host);
    let mut with = |counter: u32| {
        key.counter = counter;
        let mut browser = Browser::new(&here);
        let (page, options) = asked(&mut browser);
        enter(&mut browser, &page, &key.show(&options, &here))
    };
    with(7).is(200).says("Corner shop");
    with(7).says(REFUSED);
    with(8).is(200).says("Corner shop");
    let path = format!("/stores/{}/activity/audit?act=accounts.refuse_passkey", signed.store);
    signed.owner.open(&path).is(200).says("there are two of it").says("Phone of Ana");
}

fn passkeys_are_asked_for_by_our_own_pages_alone_and_belong_to_a_name(host: Host) {
    let (signed, mut key) = set_up_with_passkey(host);
    let here = by_name(&signed.host);
    let mut owner = signed.owner.clone();
    owner.post("/passkey", &[]).is(403);
    let mut browser = Browser::new(&here);
    browser.headers.push(("sec-fetch-site", "cross-site".to_owned()));
    browser.post("/sign-in/passkey/begin", &[]).is(403);
    browser.headers = vec![("origin", "http://evil.example".to_owned())];
    browser.post("/sign-in/passkey/begin", &[]).is(403);
    // By its address it has none, and says so.
    let mut address = Browser::new(&signed.host.url());
    address.open("/sign-in").says("by the name of this host").hides("data-passkey");
    address.post("/sign-in/passkey/begin", &[]).is(422).says("belong to a name");
    // Under another name they are other passkeys, whoever says so.
    let mut other = Browser::new(&here);
    other.headers.push(("host", here.replace("http://localhost", "shop.localhost")));
    let (page, options) = asked(&mut other);
    assert_eq!(options["rpId"], "shop.localhost");
    let challenge = options["challenge"].as_str().unwrap();
    enter(&mut other, &page, &key.answer(challenge, "localhost", &here)).says(REFUSED);
    let there = here.replace("localhost", "shop.localhost");
    enter(&mut other, &page, &key.answer(challenge, "shop.localhost", &there)).says(REFUSED);
    // At another port of the same name somebody else may serve pages, and relay what they are answered.
    let mut relay = Browser::new(&here);
    relay.headers.push(("host", "localhost:1".to_owned()));
    let (page, options) = asked(&mut relay);
    enter(&mut relay, &page, &key.show(&options, "http://localhost:1")).says(REFUSED);
    relay.headers.clear();
    let (page, options) = asked(&mut relay);
    enter(&mut relay, &page, &key.show(&options, &here)).is(200).says("Corner shop");
}

fn however_many_strangers_begin_to_sign_in_nobody_is_kept_out(host: Host) {
    let (signed, mut key) = set_up_with_passkey(host);
    let here = by_name(&signed.host);
    let mut first = Browser::new(&here);
    let (page, options) = asked(&mut first);
    for _ in 0..100 {
        Browser::new(&here).post("/sign-in/passkey/begin", &[]).is(200);
    }
    assert_eq!(count(&signed.host, "SELECT COUNT(*) FROM ceremonies"), 0, "the host remembers what strangers begin");
    let said = key.show(&options, &here);
    // What its browser remembers is sealed: not a letter of it can be another.
    let mut changed = first.clone();
    let sealed = first.asked.clone().unwrap();
    let (before, last) = sealed.split_at(sealed.len() - 1);
    changed.asked = Some(format!("{before}{}", if last == "0" { "1" } else { "0" }));
    enter(&mut changed, &page, &said).says(REFUSED);
    let copies: Vec<Browser> = (0..8).map(|_| first.clone()).collect();
    let let_in = std::thread::scope(|threads| {
        let enter = |mut browser: Browser| {
            let (page, said) = (&page, &said);
            threads.spawn(move || enter(&mut browser, page, said).text.contains("Corner shop"))
        };
        let racers: Vec<_> = copies.into_iter().map(enter).collect();
        racers.into_iter().map(|racer| racer.join().unwrap()).filter(|is_in| *is_in).count()
    });
    assert_eq!(let_in, 1, "one answer lets in once, however many show it at once");
}
