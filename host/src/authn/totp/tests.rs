//! One-time codes against the RFC's own vectors, steps, and secrets that open for their account alone.

use super::*;
use crate::authn::seal::SEALED;
use proptest::prelude::*;

/// RFC 6238, appendix B.
fn rfc() -> TotpSecret {
    TotpSecret(*b"12345678901234567890")
}

fn keys() -> Keys {
    Keys::from_master(&[1; 32])
}

/// The code of a moment.
fn code(secret: &TotpSecret, at: u64) -> String {
    secret.totp().generate(at).to_string()
}

#[test]
fn codes_are_those_of_rfc_6238() {
    let vectors = [
        (59, "94287082"),
        (1_111_111_109, "07081804"),
        (1_111_111_111, "14050471"),
        (1_234_567_890, "89005924"),
        (2_000_000_000, "69279037"),
        (20_000_000_000, "65353130"),
    ];
    for (at, eight) in vectors {
        // The RFC shows eight digits; six are the last of them.
        assert_eq!(rfc().matched_step(&eight[2..], at), Some(at / 30), "{at}");
        assert_eq!(rfc().matched_step(eight, at), None, "eight digits are no code of ours");
    }
}

#[test]
fn a_code_of_this_step_or_the_one_before_matches_and_no_other() {
    let now = 1_111_111_111;
    for (at, step) in [(now, Some(now / 30)), (now - 30, Some(now / 30 - 1)), (now - 60, None), (now + 30, None)] {
        assert_eq!(rfc().matched_step(&code(&rfc(), at), now), step, "{at}");
    }
}

#[test]
fn the_first_moments_have_no_step_before_and_the_last_do_not_overflow() {
    assert_eq!(rfc().matched_step(&code(&rfc(), 0), 0), Some(0));
    assert_eq!(rfc().matched_step(&code(&rfc(), 0), 29), Some(0));
    assert_eq!(rfc().matched_step(&code(&rfc(), u64::MAX), u64::MAX), Some(u64::MAX / 30));
}

#[test]
fn a_code_is_read_with_spaces_and_nothing_else_is_a_code() {
    let now = 1_111_111_111;
    assert_eq!(rfc().matched_step(" 050 471 ", now), Some(now / 30));
    for bad in ["", "50471", "+50471", "-50471", "0504710", "05O471", "\u{660}50471", "050471\u{200b}"] {
        assert_eq!(rfc().matched_step(bad, now), None, "{bad:?}");
    }
}

#[test]
fn an_app_can_read_the_secret_and_the_uri() {
    assert_eq!(rfc().base32(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    assert_eq!(
        rfc().uri("Anna's & Söhne: Shop", "anna+shop@example.com"),
        "otpauth://totp/Anna%27s%20%26%20S%C3%B6hne%3A%20Shop:anna%2Bshop%40example.com\
         ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Anna%27s%20%26%20S%C3%B6hne%3A%20Shop\
         &algorithm=SHA1&digits=6&period=30"
    );
    assert_ne!(TotpSecret::random().unwrap().base32(), TotpSecret::random().unwrap().base32());
}

#[test]
fn the_qr_code_has_no_styles_and_its_three_corners() {
    let svg = TotpSecret::qr_svg(&rfc().uri("Corner shop", "anna@example.com")).unwrap();
    assert!(!svg.contains("style") && !svg.contains("class") && !svg.contains("script"), "{svg}");
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>"));
    // Its own quiet zone, and a corner's outer ring: seven dark modules from 4 4 on, and a light one within.
    assert!((4..11).all(|x| svg.contains(&format!("M{x} 4h1"))) && !svg.contains("M5 5h1") && !svg.contains("M11 4h1"));
    assert!(!svg.contains("M0 ") && !svg.contains("M3 "));
    assert_eq!(TotpSecret::qr_svg(&"x".repeat(LONGEST + 1)), None);
    assert!(TotpSecret::qr_svg(&"ÿ".repeat(LONGEST / 2)).is_some());
}

#[test]
fn what_was_sealed_for_one_account_does_not_open_for_another() {
    let (secret, other) = (rfc(), Keys::from_master(&[2; 32]));
    let sealed = secret.seal(&keys(), "acc_1").unwrap();
    assert_ne!(sealed, secret.seal(&keys(), "acc_1").unwrap(), "each has a nonce of its own");
    assert!(TotpSecret::open(&keys(), &sealed, "acc_1").is_some_and(|opened| opened.0 == secret.0));
    for (keys, sealed, of) in [
        (&keys(), sealed.as_str(), "acc_2"),
        (&keys(), sealed.as_str(), ""),
        (&other, sealed.as_str(), "acc_1"),
        (&keys(), &sealed[SEALED.len()..], "acc_1"),
        (&keys(), "", "acc_1"),
        (&keys(), "x1.", "acc_1"),
        (&keys(), "x1.zz", "acc_1"),
    ] {
        assert!(TotpSecret::open(keys, sealed, of).is_none(), "{sealed} of {of}");
    }
}

proptest! {
    #[test]
    fn a_sealed_secret_that_was_changed_anywhere_does_not_open(at in 0_usize..120, to in 0_u8..16) {
        let sealed = rfc().seal(&keys(), "acc_1").unwrap();
        let mut changed = sealed.clone().into_bytes();
        let at = SEALED.len() + at % (changed.len() - SEALED.len());
        changed[at] = b"0123456789abcdef"[usize::from(to)];
        let changed = String::from_utf8(changed).unwrap();
        prop_assert_eq!(TotpSecret::open(&keys(), &changed, "acc_1").is_some(), changed == sealed);
    }

    #[test]
    fn every_secret_opens_again_and_its_codes_match(bytes in any::<[u8; SECRET]>(), of in ".{0,40}", now in 60_u64..4_000_000_000) {
        let secret = TotpSecret(bytes);
        let sealed = secret.seal(&keys(), &of).unwrap();
        let opened = TotpSecret::open(&keys(), &sealed, &of).unwrap();
        prop_assert_eq!(opened.matched_step(&code(&secret, now), now), Some(now / STEP));
    }
}
