//! What pages say, in the language of whoever reads: their own choice, or the one their browser asks for.

pub(in crate::http) use crate::text::words::{Language, Text, Words};

use axum::http::{HeaderMap, header};

/// The language that a browser asks for, by its `Accept-Language`: the best rated that there is, of several the first.
pub(in crate::http) fn asked(headers: &HeaderMap) -> Language {
    /// Browsers send fewer. Controlled by whoever asks.
    const MAX_ASKED: usize = 16;
    let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let rated = asked.split(',').take(MAX_ASKED).filter_map(|one| {
        let (tag, rating) = one.split_once(';').map_or((one, 1.0), |(tag, rest)| {
            (tag, rest.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()).unwrap_or(0.0))
        });
        let code = tag.trim().split('-').next().unwrap_or_default();
        let language = Language::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(code))?;
        (rating > 0.0).then_some((language, rating))
    });
    let best = rated.reduce(|best, one| if one.1 > best.1 { one } else { best });
    best.map_or(Language::English, |(language, _)| language)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &'static str) -> Language {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, axum::http::HeaderValue::from_static(text));
        asked(&headers)
    }

    #[test]
    fn the_language_is_the_best_rated_that_there_is() {
        assert_eq!(of("fr-CH, fr;q=0.9, en;q=0.8"), Language::French);
        assert_eq!(of("de, en;q=0.5, fr;q=0.7"), Language::French);
        assert_eq!(of("fr;q=0, en;q=0.1"), Language::English);
        assert_eq!(of("EN-gb,fr"), Language::English);
        assert_eq!(of(";;;q=x,,"), Language::English);
        assert_eq!(asked(&HeaderMap::new()), Language::English);
    }
}
