//! What pages say, in the language of whoever reads: texts from one file per language, numbers and moments as that
//! language writes them.
//!
//! INVARIANT: every text of a page comes from `locales`; one that a language lacks is shown in English.

mod numbers;
mod texts;
mod when;

pub(in crate::http) use texts::Text;

use axum::http::{HeaderMap, header};

/// A language that pages are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::http) enum Language {
    /// What is shown to whoever reads none of the others.
    #[default]
    English,
    /// French.
    French,
}

impl Language {
    /// Each of them.
    pub(in crate::http) const ALL: [Language; 2] = [Language::English, Language::French];

    /// As HTML and browsers name it.
    pub(in crate::http) const fn code(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::French => "fr",
        }
    }

    /// The one of that code, if there is one.
    pub(in crate::http) fn by_code(code: &str) -> Option<Language> {
        Language::ALL.into_iter().find(|language| language.code() == code)
    }

    /// What those who speak it call it.
    pub(in crate::http) const fn own_name(self) -> &'static str {
        match self {
            Language::English => "English",
            Language::French => "français",
        }
    }

    /// The one that a browser asks for, by its `Accept-Language`: the best rated that there is, of several the first.
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
}

/// What pages say, in one language.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::http) struct Words(pub(in crate::http) Language);

impl Words {
    /// A text by its key. What stands in it is given with [`Text::with`].
    pub(in crate::http) fn t<'k>(self, key: &'k str) -> Text<'k> {
        Text::new(self, key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(text: &'static str) -> Language {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, axum::http::HeaderValue::from_static(text));
        Language::asked(&headers)
    }

    #[test]
    fn the_language_is_the_best_rated_that_there_is() {
        assert_eq!(asked("fr-CH, fr;q=0.9, en;q=0.8"), Language::French);
        assert_eq!(asked("de, en;q=0.5, fr;q=0.7"), Language::French);
        assert_eq!(asked("fr;q=0, en;q=0.1"), Language::English);
        assert_eq!(asked("EN-gb,fr"), Language::English);
        assert_eq!(asked(";;;q=x,,"), Language::English);
        assert_eq!(Language::asked(&HeaderMap::new()), Language::English);
    }
}
