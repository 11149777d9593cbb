//! Texts by their keys, from `locales`.

use super::{Language, Words, numbers};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use std::borrow::Cow;
use std::fmt;
use std::sync::LazyLock;

type Bundle = FluentBundle<FluentResource>;

/// The texts of a language, as its file says them.
const fn source(language: Language) -> &'static str {
    match language {
        Language::English => include_str!("../../../locales/en.ftl"),
        Language::French => include_str!("../../../locales/fr.ftl"),
    }
}

fn bundle(language: Language) -> &'static Bundle {
    static ENGLISH: LazyLock<Bundle> = LazyLock::new(|| read(Language::English));
    static FRENCH: LazyLock<Bundle> = LazyLock::new(|| read(Language::French));
    match language {
        Language::English => &ENGLISH,
        Language::French => &FRENCH,
    }
}

fn read(language: Language) -> Bundle {
    // What of a file cannot be read is left out; the tests see that nothing is.
    let texts = FluentResource::try_new(source(language).to_owned()).unwrap_or_else(|(rest, _)| rest);
    let mut bundle = Bundle::new_concurrent(vec![language.code().parse().unwrap_or_default()]);
    // Names of stores, people and apps hold nothing that turns the direction of what stands beside them.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match language {
        Language::English => |value, _| number(value, Language::English),
        Language::French => |value, _| number(value, Language::French),
    }));
    bundle.add_resource_overriding(texts);
    bundle
}

/// A number that stands in a text, as the language writes it.
fn number(value: &FluentValue<'_>, language: Language) -> Option<String> {
    match value {
        FluentValue::Number(number) => Some(numbers::number(language, number.value as i64)),
        _ => None,
    }
}

/// A text, and what stands in it.
#[derive(Debug, Clone)]
pub struct Text<'k> {
    words: Words,
    key: Cow<'k, str>,
    args: Vec<(&'static str, Piece)>,
}

impl<'k> Text<'k> {
    pub(super) fn new(words: Words, key: Cow<'k, str>) -> Text<'k> {
        Text { words, key, args: Vec::new() }
    }

    /// The same with a value in it: a whole number is written as the language does, a text as it is.
    pub fn with(mut self, name: &'static str, value: impl Value) -> Text<'k> {
        self.args.push((name, value.piece()));
        self
    }

    /// The same in another language. What stands in it stays as it is.
    pub fn said(&self, words: Words) -> String {
        let text = self.of(words.0).or_else(|| self.of(Language::English));
        text.map_or_else(|| self.key.to_string(), Cow::into_owned)
    }

    /// The text of one language; nothing, if it lacks the key.
    fn of(&self, language: Language) -> Option<Cow<'static, str>> {
        let bundle = bundle(language);
        let pattern = bundle.get_message(&self.key)?.value()?;
        let args = self.args.iter().map(|(name, piece)| (*name, FluentValue::from(piece)));
        let args: FluentArgs<'_> = args.collect();
        let text = bundle.format_pattern(pattern, Some(&args), &mut Vec::new());
        Some(Cow::Owned(text.into_owned()))
    }
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said(self.words))
    }
}

/// What stands in a text.
#[derive(Debug, Clone)]
pub enum Piece {
    /// A number, which each language writes in its own way.
    Number(i64),
    /// A text, which stays as it is.
    Text(String),
}

impl<'p> From<&'p Piece> for FluentValue<'p> {
    fn from(piece: &'p Piece) -> FluentValue<'p> {
        match piece {
            Piece::Number(n) => FluentValue::from(*n),
            Piece::Text(text) => FluentValue::from(text.as_str()),
        }
    }
}

/// What can stand in a text.
pub trait Value {
    /// As the texts take it.
    fn piece(&self) -> Piece;
}

impl<T: Value + ?Sized> Value for &T {
    fn piece(&self) -> Piece {
        (**self).piece()
    }
}

impl Value for str {
    fn piece(&self) -> Piece {
        Piece::Text(self.to_owned())
    }
}

macro_rules! values {
    (texts: $($text:ty),*; numbers: $($number:ty),*) => {
        $(impl Value for $text {
            fn piece(&self) -> Piece {
                Piece::Text(self.to_string())
            }
        })*
        $(impl Value for $number {
            fn piece(&self) -> Piece {
                Piece::Number(i64::try_from(*self).unwrap_or(i64::MAX))
            }
        })*
    };
}

values! { texts: String, Text<'_>, Cow<'_, str>; numbers: i64, u64, u32, usize }

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn keys(language: Language) -> BTreeSet<String> {
        let resource = FluentResource::try_new(source(language).to_owned());
        assert!(resource.is_ok(), "{language:?} cannot be read: {:?}", resource.err().map(|(_, errors)| errors));
        let key = |line: &str| {
            let (key, _) = line.split_once(" =")?;
            let is_key = key.starts_with(|c: char| c.is_ascii_lowercase());
            is_key.then(|| key.to_owned())
        };
        source(language).lines().filter_map(key).collect()
    }

    #[test]
    fn every_language_has_the_same_keys_and_can_be_read() {
        let english = keys(Language::English);
        assert!(english.len() > 30);
        for language in Language::ALL {
            let other = keys(language);
            let missing: Vec<_> = english.symmetric_difference(&other).collect();
            assert!(missing.is_empty(), "in one of English and {language:?} alone: {missing:?}");
            for key in &english {
                assert!(bundle(language).get_message(key).is_some_and(|text| text.value().is_some()), "{key}");
            }
        }
    }

    #[test]
    fn there_is_a_text_for_each_permission_and_each_group_and_for_nothing_else() {
        use crate::authz::Scope;
        let of = |start: &str| keys(Language::English).iter().filter(|key| key.starts_with(start)).count();
        let groups: BTreeSet<&str> = Scope::ALL.iter().map(|scope| scope.group()).collect();
        assert_eq!((of("scope-"), of("group-")), (Scope::ALL.len(), groups.len()));
    }

    #[test]
    fn what_a_language_lacks_is_said_in_english_and_what_nobody_says_shows_its_key() {
        assert_eq!(Words(Language::French).t("no-such-key").to_string(), "no-such-key");
        assert_eq!(Words(Language::French).t("nav-activity").to_string(), "Activité");
    }

    #[test]
    fn numbers_in_texts_are_written_as_the_language_does() {
        let said = |language| Words(language).t("in-days").with("n", 1_284_i64).to_string();
        assert_eq!(said(Language::English), "in 1,284 days");
        assert_eq!(said(Language::French), "dans 1\u{202f}284 jours");
    }
}
