//! Passwords that are not taken, in words: what is wrong, and what helps.

use crate::authn::strength::{Pattern, Weak};

/// What is wrong and what helps, in one sentence.
pub fn weak(why: &Weak) -> String {
    match why {
        Weak::Short { least, is } => {
            format!("the password has {}, and needs at least {least}; add a few words", characters(*is))
        }
        Weak::Long { most } => format!("the password has more than {}; choose a shorter one", characters(*most)),
        Weak::Common => {
            "many people have used this password, so it is tried first; choose another, such as four words that have nothing to do with each other".to_owned()
        }
        Weak::Context(word) => format!(
            "the password is little more than `{word}`, which anybody who knows you or the shop would try; add words that have nothing to do with either"
        ),
        Weak::Guessable { pattern } => format!("{}; {}", guessed(*pattern), help(*pattern)),
    }
}

fn guessed(pattern: Option<Pattern>) -> &'static str {
    match pattern {
        Some(Pattern::Keys) => "the password follows keys that lie beside each other, which is guessed early",
        Some(Pattern::Repeats) => "the password repeats itself, which makes it longer but hardly harder to guess",
        Some(Pattern::Sequences) => {
            "the password goes through letters or digits in their order, which is guessed early"
        }
        Some(Pattern::Dates) => "the password is built on a date or a year, of which there are few",
        Some(Pattern::Words) => "the password is a word or a name, which stand in lists that are tried first",
        Some(Pattern::Common) => "the password is close to one that many people have used, which is tried first",
        None => "the password would be guessed in too few attempts",
    }
}

fn help(pattern: Option<Pattern>) -> &'static str {
    match pattern {
        Some(Pattern::Words) => "add two or three more words that have nothing to do with it",
        _ => "choose four words that have nothing to do with each other, or let a password manager make one",
    }
}

fn characters(n: usize) -> String {
    format!("{n} character{}", if n == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let texts: Vec<String> = guessable.chain(others).map(|why| weak(&why)).collect();
        for text in &texts {
            assert!(text.contains("; ") && !text.contains(". ") && !text.ends_with('.'), "{text}");
        }
        let different: std::collections::BTreeSet<&String> = texts.iter().collect();
        assert_eq!(different.len(), texts.len());
        assert!(
            weak(&Weak::Short { least: 15, is: 1 }).starts_with("the password has 1 character, and needs at least 15")
        );
        assert!(weak(&Weak::Context("corner".to_owned())).contains("`corner`"));
    }
}
