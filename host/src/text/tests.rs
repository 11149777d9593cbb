//! What passes and what does not, said by examples from every corner.

use super::*;

#[test]
fn what_nobody_can_see_is_not_shown() {
    let hidden = [
        "a\u{202E}b",
        "a\u{200B}",
        "\u{FEFF}a",
        "a\nb",
        "a\u{1b}[31m",
        "\u{3164}",
        "a\u{E0041}",
        "a\u{a0}b",
        "a\u{FE0F}",
        "1\u{FE0F}",
        "a\u{FE00}",
        "a\u{2066}b",
        "a\u{AD}b",
        "a\u{2028}b",
        "a\u{E000}",
        "a\u{FFFE}",
    ];
    for bad in hidden {
        assert!(unshowable(bad, 80).is_some_and(|why| why.contains("nobody can see")), "{bad:?}");
    }
    assert!(unshowable("e\u{301}", 80).is_some_and(|why| why.contains("NFC")));
    assert!(unshowable(" a", 80).is_some());
    assert!(unshowable("", 80).is_some());
    assert!(unshowable(&"a".repeat(81), 80).is_some());
    for good in ["Order notes", "Notizen für größere Bestellungen", "注文メモ", "100 % off ☺", "We ❤\u{FE0F} it"]
    {
        assert_eq!(unshowable(good, 80), None, "{good}");
    }
}

#[test]
fn marks_are_not_piled_up() {
    let zalgo = "p\u{323}\u{20dd}\u{336}a";
    for bad in ["\u{336}a", zalgo, "a\u{336}\u{336}", "x\u{334}\u{335}\u{337}", "☺\u{334}\u{335}\u{337}"] {
        assert!(unshowable(bad, 80).is_some_and(|why| why.contains("mark")), "{bad:?}");
        assert!(misleading(bad).is_some(), "{bad:?}");
    }
    for good in ["שָׁלוֹם", "ที่นี่", "हिन्दी", "தமிழ்", "Tiếng Việt", "Ọ̀ṣun", "བོད་ཡིག"]
    {
        assert_eq!(misleading(good), None, "{good}");
    }
}

#[test]
fn names_that_look_like_others_are_refused() {
    let posing = [
        "Раypal",             // Cyrillic Ра
        "Stripе",             // Cyrillic е
        "Ѕtripe",             // Cyrillic Ѕ
        "Αmazon",             // Greek Α
        "gооgle",             // Cyrillic о
        "Shop Рау",           // a Cyrillic word alone
        "соре",               // Cyrillic throughout
        "ΑΒΕ",                // Greek throughout
        "Order\u{2010}nоtes", // behind a hyphen
        "aя",
        "Ꭺpple", // Cherokee
        "бr",
        "aא",
    ];
    for bad in posing {
        assert!(not_a_name(bad, 80).is_some(), "{bad:?}");
    }
    let own = [
        "Order notes",
        "Заказы",
        "Заказы Stripe",
        "Παραγγελίες",
        "注文メモ",
        "Tシャツ注文",
        "한국어 app",
        "K팝",
        "שלום shop",
        "طلبات",
        "Notizen für Größen",
        "हिन्दी",
        "สินค้า",
        "Æble & Øl",
        "naïve café",
        "42 %",
        "Żółć",
        "Ưu đãi",
    ];
    for good in own {
        assert_eq!(not_a_name(good, 80), None, "{good}");
    }
    assert_eq!(not_a_tag("соре", 64), None, "a store may write its tags in its own letters");
    assert!(not_a_tag("sаle", 64).is_some_and(|why| why == "mixes letters of Latin and Cyrillic in one word"));
}

#[test]
fn peoples_own_texts_keep_their_joiners_and_lose_what_misleads() {
    for good in ["Zeile\nZeile\r\n\tnoch eine", "می\u{200C}خواهم", "👩\u{200D}👧", "10\u{a0}€", "a\u{AD}b", ""]
    {
        assert_eq!(misleading(good), None, "{good:?}");
    }
    for bad in ["a\0b", "invoice\u{202E}fdp.exe", "a\u{2067}b", "\u{E0041}", "a\u{1b}[2J", "\u{FFFF}"] {
        assert!(misleading(bad).is_some(), "{bad:?}");
    }
}

#[test]
fn messages_and_quotes_steer_no_terminal() {
    assert_eq!(visible("`\u{1b}[2J\u{202E}`"), "`\\u{1b}[2J\\u{202e}`");
    assert_eq!(visible(&"a".repeat(60_000)).chars().count(), 601);
    let hostile = "a\u{1b}b\u{202E}c\u{85}d\u{E0041}\n\te";
    let quoted = quotable(hostile);
    assert_eq!(quoted, "a?b\u{FFFD}c??d????\n\te");
    assert_eq!(quoted.len(), hostile.len());
}
