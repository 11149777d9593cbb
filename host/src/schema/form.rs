//! The forms a text may have to take. Each is recognised in one pass over it.

use super::Format;

/// Longest address, in bytes (RFC 5321, 4.5.3.1.3).
const EMAIL_BYTES: usize = 254;
/// Longest address of a place on the web, in bytes.
const URI_BYTES: usize = 2_000;

impl Format {
    pub(super) const ALL: [Format; 3] = [Format::Email, Format::Uri, Format::Date];

    /// As in a schema.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Format::Email => "email",
            Format::Uri => "uri",
            Format::Date => "date",
        }
    }

    /// For messages: what is needed.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Format::Email => "an e-mail address is needed, for example `name@example.com`",
            Format::Uri => "an address is needed, for example `https://example.com/`",
            Format::Date => "a date is needed, for example `2026-12-31`",
        }
    }

    pub(super) fn fits(self, text: &str) -> bool {
        match self {
            Format::Email => is_email(text),
            Format::Uri => is_uri(text),
            Format::Date => text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok(),
        }
    }
}

fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let plain =
        |part: &str| !part.is_empty() && part.chars().all(|c| !c.is_whitespace() && !c.is_control() && c != '@');
    let labels = domain.split('.').all(|label| plain(label) && !label.starts_with('-') && !label.ends_with('-'));
    text.len() <= EMAIL_BYTES && local.len() <= 64 && plain(local) && labels
}

/// A scheme and something behind it, in the characters that addresses have (RFC 3986).
fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let scheme_fits = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    let printable = |byte: u8| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte);
    text.len() <= URI_BYTES && scheme_fits && !rest.is_empty() && rest.bytes().all(printable)
}
