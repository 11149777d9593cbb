//! Passwords that are not taken, in words: what is wrong, and what helps.

use super::words::Words;
use crate::authn::strength::{Pattern, Weak};

/// What is wrong and what helps, in one sentence.
pub fn weak(words: Words, why: &Weak) -> String {
    match why {
        Weak::Short { least, is } => words.t("weak-short").with("least", *least).with("is", *is).to_string(),
        Weak::Long { most } => words.t("weak-long").with("most", *most).to_string(),
        Weak::Common => words.t("weak-common").to_string(),
        Weak::Context(word) => words.t("weak-context").with("word", word).to_string(),
        Weak::Guessable { pattern } => {
            let (what, helps) = (words.t(guessed(*pattern)), words.t(help(*pattern)));
            words.t("weak-guessable").with("what", what).with("helps", helps).to_string()
        }
    }
}

fn guessed(pattern: Option<Pattern>) -> &'static str {
    match pattern {
        Some(Pattern::Keys) => "weak-keys",
        Some(Pattern::Repeats) => "weak-repeats",
        Some(Pattern::Sequences) => "weak-sequences",
        Some(Pattern::Dates) => "weak-dates",
        Some(Pattern::Words) => "weak-words",
        Some(Pattern::Common) => "weak-near-common",
        None => "weak-few-attempts",
    }
}

fn help(pattern: Option<Pattern>) -> &'static str {
    match pattern {
        Some(Pattern::Words) => "weak-help-words",
        _ => "weak-help",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EN: Words = Words(crate::text::words::Language::English);

    #[test]
    fn each_says_what_is_wrong_and_what_helps_in_one_sentence() {
        let patterns =
            [Pattern::Keys, Pattern::Repeats, Pattern::Sequences, Pattern::Dates, Pattern::Words, Pattern::Common];
        let guessable = patterns.map(Some).into_iter().chain([None]).map(|pattern| Weak::Guessable { pattern });
        let others = [
            Weak::Short { least: 15, is: 1 },
            Weak::Long { most: 256 },
            Weak::Common,
            Weak::Context("corner".to_owned()),
        ];
        let texts: Vec<String> = guessable.chain(others).map(|why| weak(EN, &why)).collect();
        for text in &texts {
            assert!(text.contains("; ") && !text.contains(". ") && !text.ends_with('.'), "{text}");
        }
        let different: std::collections::BTreeSet<&String> = texts.iter().collect();
        assert_eq!(different.len(), texts.len());
        assert!(
            weak(EN, &Weak::Short { least: 15, is: 1 })
                .starts_with("the password has 1 character, and needs at least 15")
        );
        assert!(weak(EN, &Weak::Context("corner".to_owned())).contains("`corner`"));
    }
}
