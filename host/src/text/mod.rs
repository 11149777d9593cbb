//! Texts that people read: what they say, in which language (`words`), and what they may look like: one rule for what
//! publishers, apps and people write, so that none can pose as something else where somebody decides.
//!
//! INVARIANT: what passes holds no character that nobody can see, none that turns the direction of what stands beside
//! it, and no pile of marks that covers the lines around it. What passes as a [name](not_a_name) mixes no scripts whose
//! letters look alike.

pub mod alerts;
pub mod caps;
pub mod consent;
pub mod denied;
pub mod lines;
mod said;
mod scripts;
pub mod weak;
pub mod words;

pub use said::Said;

use unicode_normalization::char::is_combining_mark;
use unicode_normalization::is_nfc;

/// Longest name or label, in characters.
pub const NAME_CHARS: usize = 80;
/// Longest reason or summary, in characters.
pub const SENTENCE_CHARS: usize = 200;
/// So many marks may stand on one letter: what the scripts of South and East Asia need. Controlled by whoever writes.
const MARKS: usize = 4;
/// The same on letters that have their accents built in, and on signs.
const MARKS_OF_LATIN: usize = 2;

/// Why `text` cannot be shown to people on one line as it is; `None` if it can. `max` is in characters.
pub fn unshowable(text: &str, max: usize) -> Option<String> {
    let count = text.chars().count();
    if count == 0 {
        return Some("is empty".to_owned());
    }
    if count > max {
        return Some(format!("is {count} characters long, more than {max}"));
    }
    if let Some(bad) = unseen(text) {
        return Some(format!("has the character U+{:04X}, which nobody can see", u32::from(bad)));
    }
    if text.starts_with(char::is_whitespace) || text.ends_with(char::is_whitespace) {
        return Some("begins or ends with space".to_owned());
    }
    if !is_nfc(text) {
        return Some("is not in Unicode's composed form (NFC)".to_owned());
    }
    piled(text)
}

/// Why `text` cannot be the name of something: it cannot be shown, or is one that looks like another.
pub fn not_a_name(text: &str, max: usize) -> Option<String> {
    unshowable(text, max).or_else(|| scripts::mixed(text)).or_else(|| scripts::posing(text))
}

/// Why a tag cannot be shown: like a name, but a word of one script alone is its own.
pub fn not_a_tag(text: &str, max: usize) -> Option<String> {
    unshowable(text, max).or_else(|| scripts::mixed(text))
}

/// Why `text`, of one line or many, would be read as something else than it is; `None` if it would not. Looser than
/// [`unshowable`]: people's own texts hold joiners and spaces of every width.
pub fn misleading(text: &str) -> Option<String> {
    let bad = text.chars().find(|&c| match c {
        '\n' | '\r' | '\t' => false,
        c => c.is_control() || turns(c) || is_tag(c) || is_no_character(c),
    });
    match bad {
        Some(bad) if bad.is_control() => Some("must not contain control characters".to_owned()),
        Some(bad) => Some(format!("must not contain U+{:04X}, which hides or turns what is read", u32::from(bad))),
        None => piled(text),
    }
}

/// A character nobody can see. The sign that asks for a coloured picture is seen in what it stands behind.
fn unseen(text: &str) -> Option<char> {
    let mut before = ' ';
    text.chars().find(|&c| {
        let pictured = c == '\u{FE0F}' && !before.is_alphanumeric() && !before.is_ascii();
        before = c;
        is_hidden(c) && !pictured
    })
}

/// Says so if marks are piled up, doubled, or stand on nothing.
fn piled(text: &str) -> Option<String> {
    let (mut row, mut most, mut last) = (0_usize, 0_usize, None);
    for c in text.chars() {
        if !is_combining_mark(c) {
            (row, most) = (0, if scripts::has_few_marks(c) { MARKS_OF_LATIN } else { MARKS });
        } else if c != '\u{FE0F}' {
            row += 1;
            if row > most {
                let what = if most == 0 { "begins with a mark" } else { "piles up marks" };
                return Some(format!("{what} (U+{:04X}) that belongs on a letter", u32::from(c)));
            }
            if last == Some(c) {
                return Some(format!("has the mark U+{:04X} twice on one letter", u32::from(c)));
            }
        }
        last = Some(c);
    }
    None
}

/// Marks that turn the direction of what follows (UAX 9: embeddings, overrides, isolates). The three that only stand for a
/// letter of one direction are left to whoever writes from right to left.
fn turns(c: char) -> bool {
    matches!(u32::from(c), 0x202A..=0x202E | 0x2066..=0x2069)
}

/// Characters that spell a text nobody sees.
fn is_tag(c: char) -> bool {
    matches!(u32::from(c), 0xFFF9..=0xFFFB | 0xE0000..=0xE0FFF)
}

fn is_no_character(c: char) -> bool {
    u32::from(c) & 0xFFFE == 0xFFFE || (0xFDD0..=0xFDEF).contains(&u32::from(c))
}

/// Control (Cc), format (Cf, with every direction mark), line separators, variation selectors, private use and
/// noncharacters, and fillers that look like nothing. Ranges of general category Cf from Unicode 16.0.
pub(crate) fn is_hidden(c: char) -> bool {
    c.is_control()
        || (c.is_whitespace() && c != ' ')
        || matches!(u32::from(c),
            0xAD | 0x34F | 0x600..=0x605 | 0x61C | 0x6DD | 0x70F | 0x890..=0x891 | 0x8E2
            | 0x115F..=0x1160 | 0x17B4..=0x17B5 | 0x180B..=0x180F | 0x200B..=0x200F | 0x2028..=0x202E
            | 0x2060..=0x206F | 0x2800 | 0x3164 | 0xE000..=0xF8FF | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0
            | 0xFFF0..=0xFFFB | 0x110BD | 0x110CD | 0x13430..=0x1343F | 0x1BCA0..=0x1BCA3 | 0x1D173..=0x1D17A
            | 0xE0000..=0xE0FFF | 0xF0000..=0x10FFFF)
        || is_no_character(c)
}

/// A message with whatever somebody else's words bring into it made visible, and cut off where it goes on for ever.
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

#[cfg(test)]
mod tests;
