//! A refusal, as it is handed up to whoever says it.

use super::words::{Text, Words};
use std::fmt;
use std::ops::Deref;

/// A sentence of a refusal: in English, and by its key where it has one, so that a page says it in the language of
/// whoever reads.
#[derive(Debug, Clone, Default)]
pub struct Said {
    english: String,
    text: Option<Box<Text<'static>>>,
}

impl Said {
    /// The sentence by its key, if it has one.
    pub fn text(self) -> Option<Text<'static>> {
        self.text.map(|text| *text)
    }

    /// In a language, if it is known there; English always is.
    pub fn in_words(&self, words: Words) -> Option<String> {
        match (&self.text, words == Words::ENGLISH) {
            (_, true) => Some(self.english.clone()),
            (Some(text), false) => Some(text.said(words)),
            (None, false) => None,
        }
    }
}

impl From<String> for Said {
    fn from(english: String) -> Said {
        Said { english, text: None }
    }
}

impl From<&str> for Said {
    fn from(english: &str) -> Said {
        english.to_owned().into()
    }
}

impl From<Text<'static>> for Said {
    fn from(text: Text<'static>) -> Said {
        Said { english: text.said(Words::ENGLISH), text: Some(Box::new(text)) }
    }
}

impl From<Said> for String {
    fn from(said: Said) -> String {
        said.english
    }
}

/// The English sentence.
impl Deref for Said {
    type Target = str;
    fn deref(&self) -> &str {
        &self.english
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.english)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::words::Language;

    #[test]
    fn what_has_a_key_is_said_in_every_language_and_what_has_none_in_english() {
        let french = Words(Language::French);
        let known = Said::from(Words::ENGLISH.t("refused-passwords-differ"));
        assert_eq!(known.to_string(), "the two are not the same; type the password twice");
        assert!(known.in_words(french).is_some_and(|said| said.starts_with("les deux")));
        let plain = Said::from("no");
        assert_eq!((plain.in_words(Words::ENGLISH).as_deref(), plain.in_words(french)), (Some("no"), None));
    }
}
