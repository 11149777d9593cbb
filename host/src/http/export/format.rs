//! What a list is asked for as, beside JSON.

use axum::http::header::ACCEPT;
use axum::http::{HeaderMap, HeaderValue};

/// How a list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// Comma-separated values (RFC 4180), safe to open as a spreadsheet.
    Csv,
    /// One JSON object on each line.
    Ndjson,
}

impl Format {
    /// The first in the list of what somebody accepts that is one of ours; none, if JSON comes before.
    pub(super) fn asked(headers: &HeaderMap) -> Option<Format> {
        let lines = headers.get_all(ACCEPT).iter().filter_map(|line| line.to_str().ok());
        for one in lines.flat_map(|line| line.split(',')) {
            let mut parts = one.split(';').map(|part| part.trim().to_ascii_lowercase());
            let kind = parts.next().unwrap_or_default();
            if parts.any(|part| part.strip_prefix("q=").is_some_and(|q| q.parse::<f32>() == Ok(0.0))) {
                continue;
            }
            match kind.as_str() {
                "text/csv" => return Some(Format::Csv),
                "application/x-ndjson" => return Some(Format::Ndjson),
                "application/json" | "application/*" | "*/*" => return None,
                _ => {}
            }
        }
        None
    }

    /// The type of the answer.
    pub(super) fn kind(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Format::Csv => "text/csv; charset=utf-8; header=present",
            Format::Ndjson => "application/x-ndjson",
        })
    }

    /// What a file of it ends with.
    pub(super) fn ending(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Ndjson => "ndjson",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_what_is_accepted_decides() {
        let asked = |accept: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT, HeaderValue::from_str(accept).unwrap());
            Format::asked(&headers)
        };
        assert_eq!(asked("text/csv"), Some(Format::Csv));
        assert_eq!(asked("Application/X-NDJSON; q=0.5"), Some(Format::Ndjson));
        assert_eq!(asked("text/html, text/csv, application/json"), Some(Format::Csv));
        assert_eq!(asked("text/csv;q=0, application/x-ndjson"), Some(Format::Ndjson));
        for json in ["*/*", "application/json, text/csv", "text/html", "", "text/csv-schema"] {
            assert_eq!(asked(json), None, "{json}");
        }
        assert_eq!(Format::asked(&HeaderMap::new()), None);
    }
}
