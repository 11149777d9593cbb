//! Texts in the language of whoever reads: from one file per language, numbers and moments as that language writes them.
//! Pages say theirs with these, and so do texts that are composed below pages and shown on them, such as a consent.
//!
//! INVARIANT: every text of a page comes from `locales`; one that a language lacks is shown in English.

mod numbers;
mod texts;
mod when;

pub use texts::{Piece, Text, Value};

use crate::authz::Scope;

/// A language that there are texts in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// What is shown to whoever reads none of the others.
    #[default]
    English,
    /// French.
    French,
}

impl Language {
    /// Each of them.
    pub const ALL: [Language; 2] = [Language::English, Language::French];

    /// As HTML and browsers name it.
    pub const fn code(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::French => "fr",
        }
    }

    /// The one of that code, if there is one.
    pub fn by_code(code: &str) -> Option<Language> {
        Language::ALL.into_iter().find(|language| language.code() == code)
    }

    /// What those who speak it call it.
    pub const fn own_name(self) -> &'static str {
        match self {
            Language::English => "English",
            Language::French => "français",
        }
    }
}

/// What is said, in one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Words(pub Language);

impl Words {
    /// What programs, logs and terminals are told in.
    pub const ENGLISH: Words = Words(Language::English);

    /// A text by its key. What stands in it is given with [`Text::with`].
    pub fn t<'k>(self, key: &'k str) -> Text<'k> {
        Text::new(self, key.into())
    }

    /// What a permission allows. Its key is `scope-` and its name.
    pub fn scope(self, scope: Scope) -> Text<'static> {
        Text::new(self, format!("scope-{}", scope.interface()).into())
    }

    /// The group of a permission. Its key is `group-` and the words of its name, small.
    pub fn group(self, group: &str) -> Text<'static> {
        let small = group.to_lowercase();
        let words: Vec<&str> = small.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        Text::new(self, format!("group-{}", words.join("-")).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_permission_and_group_has_its_words_and_the_english_ones_are_those_of_the_table() {
        for scope in Scope::ALL {
            assert_eq!(Words::ENGLISH.scope(*scope).to_string(), scope.words());
            assert_eq!(Words::ENGLISH.group(scope.group()).to_string(), scope.group());
            let french = Words(Language::French);
            assert_ne!(french.scope(*scope).to_string(), scope.words());
            assert!(!french.group(scope.group()).to_string().starts_with("group-"), "{}", scope.group());
        }
    }
}
