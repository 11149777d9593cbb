//! Moments: milliseconds since 1970 UTC inside, RFC 3339 outside.

use super::error::{Error, Result};
use jiff::Timestamp;

/// Now, in milliseconds.
pub use crate::authz::clock::now_ms;

/// RFC 3339 with milliseconds, UTC.
pub fn rfc3339(ms: i64) -> String {
    let moment = Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH);
    format!("{moment:.3}")
}

/// Reads RFC 3339 text. Whoever sent it controls it.
pub fn parse_ms(text: &str) -> Result<i64> {
    let read = is_shaped(text).then(|| text.parse::<Timestamp>().ok()).flatten();
    read.map(Timestamp::as_millisecond).ok_or_else(|| {
        Error::invalid(format!(
            "`{}` is not a moment like `2026-01-31T12:00:00Z`",
            text.chars().take(40).collect::<String>()
        ))
    })
}

/// Whether a text has the shape of RFC 3339: the library that reads it takes what else ISO 8601 allows as well.
fn is_shaped(text: &str) -> bool {
    let shape =
        |text: &str| text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c.to_ascii_uppercase() }).collect();
    let Some((moment, rest)) = text.split_at_checked(19) else { return false };
    let (moment, rest): (String, String) = (shape(moment), shape(rest));
    let offset = match rest.strip_prefix('.') {
        Some(part) if part.starts_with('0') => part.trim_start_matches('0'),
        Some(_) => return false,
        None => &rest,
    };
    moment == "0000-00-00T00:00:00" && matches!(offset, "Z" | "+00:00" | "-00:00")
}

/// Reads an optional moment.
pub(in crate::db) fn opt_ms(text: Option<&str>) -> Result<Option<i64>> {
    text.map(parse_ms).transpose()
}

#[cfg(test)]
mod tests {
    use crate::db::core::time::parse_ms;

    #[test]
    fn moments_are_those_of_rfc_3339_and_no_others() {
        for text in ["1970-01-01T00:00:00.025Z", "1970-01-01T02:00:00.025+02:00", "1970-01-01t00:00:00.025z"] {
            assert_eq!(parse_ms(text).ok(), Some(25), "{text}");
        }
        for text in [
            "20260131T120000Z",
            "2026-01-31 12:00:00Z",
            "2026-01-31T12Z",
            "2026-01-31T12:00:00",
            "2026-01-31T12:00:00.Z",
            "2026-01-31T12:00:00Z[Europe/Berlin]",
            "-009999-01-02T01:59:59Z",
            "2026-13-01T00:00:00Z",
            "2026-01-31T12:00:0\u{665}Z",
            "",
        ] {
            assert!(parse_ms(text).is_err(), "{text}");
        }
    }
}
