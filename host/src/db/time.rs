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
    text.parse::<Timestamp>().map(Timestamp::as_millisecond).map_err(|_| {
        Error::invalid(format!(
            "`{}` is not a moment like `2026-01-31T12:00:00Z`",
            text.chars().take(40).collect::<String>()
        ))
    })
}

/// Reads an optional moment.
pub(super) fn opt_ms(text: Option<&str>) -> Result<Option<i64>> {
    text.map(parse_ms).transpose()
}
