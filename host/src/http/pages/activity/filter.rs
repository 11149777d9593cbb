//! What somebody asks of a list in a form: empty fields are no filter, and a choice of a span is a moment.

use crate::db::rfc3339;
use crate::http::Problem;
use crate::http::pages::frame::Frame;
use crate::http::pages::words::Words;

/// A field of a form that was filled in.
pub(in crate::http::pages) fn filled(field: Option<String>) -> Option<String> {
    field.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// The spans that one can choose, in hours.
const SPANS: [(&str, &str, i64); 4] =
    [("hour", "since-hour", 1), ("day", "since-day", 24), ("week", "since-week", 168), ("month", "since-month", 720)];

/// The moment at which a span began, RFC 3339.
pub(in crate::http::pages) fn since(span: Option<&str>, now: i64) -> Result<Option<String>, Problem> {
    let Some(span) = span else { return Ok(None) };
    match SPANS.iter().find(|(name, ..)| *name == span) {
        Some((.., hours)) => Ok(Some(rfc3339(now - hours * 3_600_000))),
        None => Err(Problem::bad_request("bad_query", Words::ENGLISH.t("refused-since"))),
    }
}

/// The same as a choice.
pub(in crate::http::pages) fn spans(frame: &Frame) -> Vec<(String, String)> {
    let spans = SPANS.iter().map(|(name, key, _)| ((*name).to_owned(), frame.t(key).to_string()));
    std::iter::once((String::new(), frame.t("since-ever").to_string())).chain(spans).collect()
}

/// The spans alone, where something is summed up.
pub(in crate::http::pages) fn recent(frame: &Frame) -> Vec<(String, String)> {
    SPANS.iter().map(|(name, key, _)| ((*name).to_owned(), frame.t(key).to_string())).collect()
}

/// Reads a field that has a type of its own.
pub(in crate::http::pages) fn read<T: std::str::FromStr>(
    key: &'static str,
    field: Option<&str>,
) -> Result<Option<T>, Problem> {
    let wrong = |text: &str| {
        let text: String = text.chars().take(80).collect();
        Problem::bad_request("bad_query", Words::ENGLISH.t(key).with("text", text))
    };
    field.map(|text| text.parse().map_err(|_| wrong(text))).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_field_is_no_filter() {
        assert_eq!(filled(Some("  ".to_owned())), None);
        assert_eq!(filled(Some(" a ".to_owned())).as_deref(), Some("a"));
    }

    #[test]
    fn a_span_is_a_moment_and_an_unknown_one_is_refused() {
        let found = since(Some("hour"), 7_200_000).unwrap();
        assert_eq!(found.as_deref(), Some("1970-01-01T01:00:00.000Z"));
        assert!(since(Some("century"), 0).is_err());
    }
}
