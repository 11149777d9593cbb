//! Passkeys made and shown, and each thing that can be wrong with it.

use super::assert::{self, Assertion, Refused, Stored};
use super::authenticator::{Authenticator, PRESENT};
use super::register::{self, Created, NewPasskey, Person};
use super::*;
use proptest::prelude::*;
use serde_json::Value;

const HERE: &str = "https://shop.example";

fn party() -> Party {
    Party::new("shop.example", true).unwrap()
}

fn asked(begun: &Begun) -> Value {
    serde_json::from_str(&begun.options).unwrap()
}

/// A passkey of somebody, and what is stored of it.
fn made() -> (Authenticator, Stored) {
    let (authenticator, new, handle) = enrolled(HERE);
    let NewPasskey { fixed, moving, .. } = new.unwrap();
    (authenticator, Stored { handle, fixed, moving })
}

fn enrolled(origin: &str) -> (Authenticator, Option<NewPasskey>, String) {
    let handle = handle().unwrap();
    let person = Person { handle: &handle, email: "ana@example.com", name: "Ana <Berg>" };
    let begun = register::begin(&party(), person, &[]).unwrap();
    let (authenticator, said) = Authenticator::create(&asked(&begun), origin);
    let created = Created::read(&said).unwrap();
    assert_eq!(created.challenge().as_ref(), Some(&begun.challenge));
    let new = created.verify(&party(), &begun.state);
    (authenticator, new, handle)
}

/// What comes of a passkey that is shown, where `wrong` makes something of it wrong.
fn shown(wrong: impl Fn(&mut Authenticator, &Value) -> String) -> Result<String, Refused> {
    let (mut authenticator, stored) = made();
    let begun = assert::begin(&party()).unwrap();
    let said = wrong(&mut authenticator, &asked(&begun));
    Assertion::read(&said).unwrap().verify(&party(), &begun.state, &stored)
}

#[test]
fn a_passkey_belongs_to_a_name_that_a_browser_trusts_and_to_no_address() {
    let at = |authority: &str, secure| Party::new(authority, secure).map(|party| (party.id, party.origin));
    let fine = |id: &str, origin: &str| Some((id.to_owned(), origin.to_owned()));
    assert_eq!(at("Shop.Example", true), fine("shop.example", "https://shop.example"));
    assert_eq!(at("shop.example:8443", true), fine("shop.example", "https://shop.example:8443"));
    assert_eq!(at("shop.example:443", true), fine("shop.example", "https://shop.example"));
    assert_eq!(at("localhost:7180", false), fine("localhost", "http://localhost:7180"));
    assert_eq!(at("shop.example", false), None, "no browser has passkeys over plain http");
    for address in
        ["127.0.0.1", "127.0.0.1:7180", "[::1]:7180", "::1", "127.1", "10.0.0.0x7f", "0x7f000001", "2130706433", ""]
    {
        assert_eq!(at(address, true), None, "{address}");
    }
    for odd in ["shop.example.", "a..b", "shop.example:x", "shop example", "shop.example/x", "ana@shop.example", "é.fr"]
    {
        assert_eq!(at(odd, true), None, "{odd}");
    }
}

#[test]
fn a_passkey_that_was_made_is_accepted_when_it_is_shown() {
    assert!(shown(|authenticator, options| authenticator.show(options, HERE)).is_ok());
}

#[test]
fn what_is_asked_for_is_a_discoverable_passkey_with_verification_and_names_nobody_to_strangers() {
    let person = Person { handle: &handle().unwrap(), email: "ana@example.com", name: "Ana <Berg>" };
    let begun = register::begin(&party(), person, &[("00".repeat(16), 8)]).unwrap();
    let options = asked(&begun);
    assert_eq!(options["authenticatorSelection"]["residentKey"], "required");
    assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
    assert_eq!(
        (&options["user"]["name"], &options["user"]["displayName"]),
        (&"ana@example.com".into(), &"Ana <Berg>".into())
    );
    assert_eq!(options["excludeCredentials"].as_array().map(Vec::len), Some(1));
    let options = asked(&assert::begin(&party()).unwrap());
    assert_eq!(options["userVerification"], "required");
    assert_eq!(options["allowCredentials"].as_array().map_or(0, Vec::len), 0);
}

#[test]
fn another_challenge_origin_or_host_is_refused() {
    let challenge = "AAAAAAAAAAAAAAAAAAAAAA";
    assert_eq!(shown(|key, _| key.answer(challenge, "shop.example", HERE)), Err(Refused::Wrong));
    for origin in
        ["https://evil.example", "http://shop.example", "https://shop.example:8443", "https://a.shop.example", "null"]
    {
        assert_eq!(shown(|key, options| key.show(options, origin)), Err(Refused::Wrong), "{origin}");
    }
    let host = |key: &mut Authenticator, options: &Value| {
        key.answer(options["challenge"].as_str().unwrap(), "evil.example", HERE)
    };
    assert_eq!(shown(host), Err(Refused::Wrong));
    assert!(enrolled("https://evil.example").1.is_none());
}

#[test]
fn whoever_was_not_verified_is_refused() {
    let present = |key: &mut Authenticator, options: &Value| {
        key.flags = PRESENT;
        key.show(options, HERE)
    };
    assert_eq!(shown(present), Err(Refused::Wrong));
    let person = Person { handle: &handle().unwrap(), email: "ana@example.com", name: "Ana" };
    let begun = register::begin(&party(), person, &[]).unwrap();
    let (mut authenticator, _) = Authenticator::create(&asked(&begun), HERE);
    authenticator.flags = PRESENT;
    let said = authenticator.created(&asked(&begun), HERE);
    assert!(Created::read(&said).unwrap().verify(&party(), &begun.state).is_none());
}

#[test]
fn a_signature_of_another_key_or_for_another_person_is_refused() {
    let other_key = |_: &mut Authenticator, options: &Value| made().0.show(options, HERE);
    assert_eq!(shown(other_key), Err(Refused::Wrong));
    let other_person = |key: &mut Authenticator, options: &Value| {
        key.handle = made().0.handle;
        key.show(options, HERE)
    };
    assert_eq!(shown(other_person), Err(Refused::Wrong));
    let changed = |key: &mut Authenticator, options: &Value| {
        let mut said: Value = serde_json::from_str(&key.show(options, HERE)).unwrap();
        key.counter = 7;
        let other: Value = serde_json::from_str(&key.show(options, HERE)).unwrap();
        said["response"]["authenticatorData"] = other["response"]["authenticatorData"].clone();
        said.to_string()
    };
    assert_eq!(shown(changed), Err(Refused::Wrong));
}

#[test]
fn a_counter_that_goes_backwards_says_that_there_are_two_of_it() {
    let (mut authenticator, mut stored) = made();
    let mut next = |counter: u32, stored: &Stored| {
        let begun = assert::begin(&party()).unwrap();
        authenticator.counter = counter;
        let said = authenticator.show(&asked(&begun), HERE);
        Assertion::read(&said).unwrap().verify(&party(), &begun.state, stored)
    };
    stored.moving = next(5, &stored).unwrap();
    assert_eq!(next(5, &stored), Err(Refused::Copied));
    assert_eq!(next(3, &stored), Err(Refused::Copied));
    assert_eq!(next(0, &stored), Err(Refused::Copied));
    assert!(next(6, &stored).is_ok());
}

#[test]
fn an_answer_is_told_from_what_people_type() {
    let (mut authenticator, _) = made();
    let said = authenticator.show(&asked(&assert::begin(&party()).unwrap()), HERE);
    assert!(assert::is_assertion(&said));
    for typed in ["123456", "{", &"{".repeat(256), &"a".repeat(1_000)] {
        assert!(!assert::is_assertion(typed), "{typed}");
    }
}

proptest! {
    #[test]
    fn nothing_that_a_browser_can_send_breaks_it(text in ".{0,200}", at in 0_usize..900, byte in "[ -~]") {
        let _ = (Assertion::read(&text).is_some(), Created::read(&text).is_some(), Party::new(&text, true));
        let (mut authenticator, stored) = made();
        let begun = assert::begin(&party()).unwrap();
        let mut said = authenticator.show(&asked(&begun), HERE);
        let at = at % said.len();
        let same = said[at..=at] == byte;
        said.replace_range(at..=at, &byte);
        if let Some(assertion) = Assertion::read(&said) {
            let _ = (assertion.challenge(), assertion.credential());
            // What says the same in other letters is the same.
            let fine = assertion.verify(&party(), &begun.state, &stored).is_ok();
            prop_assert!(!fine || same || !said[..at].contains("\"clientDataJSON\":\""));
        }
    }
}
