//! What a publisher's texts may look like, so that none can pose as something else on a page people decide on.

use unicode_normalization::is_nfc;

/// Longest name or label, in characters.
pub const NAME_CHARS: usize = 80;
/// Longest reason or summary, in characters.
pub const SENTENCE_CHARS: usize = 200;

/// Whether `text` is `min..=max` characters of a-z, 0-9 and `-`, and neither begins nor ends with `-`.
pub fn is_slug(text: &str, min: usize, max: usize) -> bool {
    (min..=max).contains(&text.len())
        && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
        && !text.starts_with('-')
        && !text.ends_with('-')
}

/// Why `text` cannot be shown to people as it is; `None` if it can. `max` is in characters.
pub fn unshowable(text: &str, max: usize) -> Option<String> {
    let count = text.chars().count();
    if count == 0 {
        return Some("is empty".to_owned());
    }
    if count > max {
        return Some(format!("is {count} characters long, more than {max}"));
    }
    if let Some(bad) = text.chars().find(|&c| is_hidden(c)) {
        return Some(format!("has the character U+{:04X}, which nobody can see", u32::from(bad)));
    }
    if text.starts_with(char::is_whitespace) || text.ends_with(char::is_whitespace) {
        return Some("begins or ends with space".to_owned());
    }
    if !is_nfc(text) {
        return Some("is not in Unicode's composed form (NFC)".to_owned());
    }
    None
}

/// Control (Cc), format (Cf, with every direction mark), line separators, private use and noncharacters,
/// and fillers that look like nothing. Ranges of general category Cf from Unicode 16.0.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || (c.is_whitespace() && c != ' ')
        || matches!(u32::from(c),
            0xAD | 0x34F | 0x600..=0x605 | 0x61C | 0x6DD | 0x70F | 0x890..=0x891 | 0x8E2
            | 0x115F..=0x1160 | 0x17B4..=0x17B5 | 0x180B..=0x180F | 0x200B..=0x200F | 0x2028..=0x202E
            | 0x2060..=0x206F | 0x2800 | 0x3164 | 0xE000..=0xF8FF | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFFB
            | 0x110BD | 0x110CD | 0x13430..=0x1343F | 0x1BCA0..=0x1BCA3 | 0x1D173..=0x1D17A
            | 0xE0000..=0xE0FFF | 0xF0000..=0x10FFFF)
        || u32::from(c) & 0xFFFE == 0xFFFE
        || (0xFDD0..=0xFDEF).contains(&u32::from(c))
}

/// A message with whatever a publisher's words bring into it made visible, and cut off where it goes on for ever.
pub fn visible(message: &str) -> String {
    const MAX: usize = 600;
    let mut shown = String::with_capacity(message.len().min(MAX));
    for c in message.chars() {
        if shown.len() >= MAX {
            shown.push('…');
            break;
        }
        if is_hidden(c) && c != '\n' { shown.extend(c.escape_unicode()) } else { shown.push(c) }
    }
    shown
}

/// A text to quote from, of the same length in bytes, in which nothing hides and nothing steers a terminal.
pub fn quotable(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len());
    for c in text.chars() {
        match c.len_utf8() {
            _ if !is_hidden(c) || c == '\n' || c == '\t' => quoted.push(c),
            3 => quoted.push('\u{FFFD}'),
            bytes => quoted.extend(std::iter::repeat_n('?', bytes)),
        }
    }
    quoted
}

/// The word of `known` nearest to `word`, if one is near enough to have been meant.
pub fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    known
        .into_iter()
        .map(|candidate| (strsim::osa_distance(word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= (candidate.len() / 4).clamp(1, 2))
        .min()
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_plain_and_bounded() {
        for good in ["abc", "a-b", "shop24"] {
            assert!(is_slug(good, 3, 40), "{good}");
        }
        for bad in ["ab", "-abc", "abc-", "Abc", "a_b", "añb", "a b", "", &"a".repeat(41)] {
            assert!(!is_slug(bad, 3, 40), "{bad}");
        }
    }

    #[test]
    fn what_nobody_can_see_is_not_shown() {
        for bad in ["a\u{202E}b", "a\u{200B}", "\u{FEFF}a", "a\nb", "a\u{1b}[31m", "\u{3164}", "a\u{E0041}", "a\u{a0}b"]
        {
            assert!(unshowable(bad, 80).is_some_and(|why| why.contains("nobody can see")), "{bad:?}");
        }
        assert!(unshowable("e\u{301}", 80).is_some_and(|why| why.contains("NFC")));
        assert!(unshowable(" a", 80).is_some());
        assert!(unshowable("", 80).is_some());
        assert!(unshowable(&"a".repeat(81), 80).is_some());
        for good in ["Order notes", "Notizen für größere Bestellungen", "注文メモ", "100 % off ☺"] {
            assert_eq!(unshowable(good, 80), None, "{good}");
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

    #[test]
    fn a_slip_of_the_finger_is_recognised() {
        let known = ["orders:view", "orders:edit", "carts:view"];
        assert_eq!(nearest("orders:veiw", known), Some("orders:view"));
        assert_eq!(nearest("order:edit", known), Some("orders:edit"));
        assert_eq!(nearest("payments:steal", known), None);
    }
}
