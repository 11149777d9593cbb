//! Which passwords are taken: long ones that are not easy to guess, whatever letters they are made of.
//!
//! INVARIANT: nothing else is asked of a password: no kinds of characters, no change after a time (ASVS 5.0, 6.2.5 and
//! 6.2.10).

mod common;

use std::collections::BTreeSet;
use zxcvbn::feedback::Warning;
use zxcvbn::matching::patterns::MatchPattern;
use zxcvbn::{Entropy, Score, zxcvbn};

/// Shortest password of somebody who has nothing else (NIST SP 800-63B-4, 3.1.1.1).
pub const LEAST: usize = 15;
/// Shortest one beside a second factor.
pub const LEAST_WITH_SECOND_FACTOR: usize = 12;
/// Longest one. Whoever chooses it controls what hashing and judging it costs.
pub const MOST: usize = 256;
/// Shortest word that counts as one of the shop's or the person's: shorter ones are in everything.
const WORD: usize = 4;
/// Characters that a password must have beside such words: fewer are tried together with them.
const BESIDE_WORDS: usize = 8;
/// Longest such word, and how many are looked at. Owners and people write them.
const MOST_OF_WORD: usize = 64;
const MOST_WORDS: usize = 64;

/// Why a password is not taken. Lengths are in characters (code points).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Weak {
    /// Too short.
    Short {
        /// What it must have at least.
        least: usize,
        /// What it has.
        is: usize,
    },
    /// Too long.
    Long {
        /// What it may have at most.
        most: usize,
    },
    /// One that many people have used and that has been published.
    Common,
    /// Little more than a word of the shop or the person: this one.
    Context(String),
    /// Guessed in too few attempts.
    Guessable {
        /// What makes it so, where one thing does.
        pattern: Option<Pattern>,
    },
}

/// What is easy to guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pattern {
    /// Keys that lie beside each other.
    Keys,
    /// The same again and again.
    Repeats,
    /// Letters or digits in their order.
    Sequences,
    /// Dates and years.
    Dates,
    /// Words, and names, that stand in every list.
    Words,
    /// Something like a password that many people have used.
    Common,
}

/// Whether a password is taken. `words` are of the shop and the person: names, e-mail, product. Takes milliseconds, and so
/// belongs where passwords are hashed, not on a thread that serves.
pub fn check(password: &str, has_second_factor: bool, words: &[&str]) -> Result<(), Weak> {
    let least = if has_second_factor { LEAST_WITH_SECOND_FACTOR } else { LEAST };
    let is = password.chars().take(MOST + 1).count();
    if is < least {
        return Err(Weak::Short { least, is });
    }
    if is > MOST {
        return Err(Weak::Long { most: MOST });
    }
    let lower = password.to_lowercase();
    if common::holds(&lower) {
        return Err(Weak::Common);
    }
    let words = parts(words);
    if let Some(word) = hardly_more_than(&lower, &words) {
        return Err(Weak::Context(word));
    }
    let known: Vec<&str> = words.iter().map(String::as_str).collect();
    let judged = zxcvbn(password, &known);
    if judged.score() >= Score::Three {
        return Ok(());
    }
    Err(match of_context(&lower, &judged, &words) {
        Some(word) => Weak::Context(word),
        None => Weak::Guessable { pattern: judged.feedback().and_then(|feedback| feedback.warning()).map(pattern) },
    })
}

/// Words and their parts, without what stands between them: `Anna's Corner-Shop` gives `annascornershop`, `anna`,
/// `corner` and `shop`.
fn parts(words: &[&str]) -> BTreeSet<String> {
    let mut parts = BTreeSet::new();
    for word in words.iter().take(MOST_WORDS) {
        let lower: String = word.chars().take(MOST_OF_WORD).flat_map(char::to_lowercase).collect();
        let pieces = lower.split(|c: char| !c.is_alphanumeric()).map(str::to_owned);
        let whole = lower.chars().filter(|c| c.is_alphanumeric()).collect();
        parts.extend(pieces.chain([whole]).filter(|part: &String| part.chars().count() >= WORD));
    }
    parts
}

/// The longest word of the shop or the person in a password, if little is left without all of them. A guesser who looks at
/// how many parts a password has takes such a word twice for a strong one.
fn hardly_more_than(lower: &str, words: &BTreeSet<String>) -> Option<String> {
    let mut longest_first: Vec<&String> = words.iter().collect();
    longest_first.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    let plain: String = lower.chars().map(letter).collect();
    [lower.to_owned(), plain].into_iter().find_map(|mut left| {
        let mut found = None;
        for word in &longest_first {
            if left.contains(word.as_str()) {
                found = found.or(Some(*word));
                left = left.replace(word.as_str(), " ");
            }
        }
        let beside = left.chars().filter(|c| c.is_alphanumeric()).count();
        found.filter(|_| beside < BESIDE_WORDS).cloned()
    })
}

/// The letter that a digit or a sign often stands for.
fn letter(c: char) -> char {
    match c {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        c => c,
    }
}

/// The longest word of the shop or the person in a password, also backwards or with digits for letters.
fn of_context(lower: &str, judged: &Entropy, words: &BTreeSet<String>) -> Option<String> {
    let found = judged.sequence().iter().filter_map(|part| match &part.pattern {
        MatchPattern::Dictionary(found) => words.get(&found.matched_word.to_lowercase()),
        _ => None,
    });
    let written = words.iter().filter(|word| lower.contains(word.as_str()));
    found.chain(written).max_by_key(|word| word.len()).cloned()
}

fn pattern(warning: Warning) -> Pattern {
    match warning {
        Warning::StraightRowsOfKeysAreEasyToGuess | Warning::ShortKeyboardPatternsAreEasyToGuess => Pattern::Keys,
        Warning::RepeatsLikeAaaAreEasyToGuess | Warning::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess => {
            Pattern::Repeats
        }
        Warning::SequencesLikeAbcAreEasyToGuess => Pattern::Sequences,
        Warning::RecentYearsAreEasyToGuess | Warning::DatesAreOftenEasyToGuess => Pattern::Dates,
        Warning::AWordByItselfIsEasyToGuess
        | Warning::NamesAndSurnamesByThemselvesAreEasyToGuess
        | Warning::CommonNamesAndSurnamesAreEasyToGuess => Pattern::Words,
        Warning::ThisIsATop10Password
        | Warning::ThisIsATop100Password
        | Warning::ThisIsACommonPassword
        | Warning::ThisIsSimilarToACommonlyUsedPassword => Pattern::Common,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const WORDS: &[&str] = &["Anna's Corner-Shop", "anna.hofmann@example.com", "Hofmann", "Storehand"];

    fn check_of(password: &str) -> Result<(), Weak> {
        check(password, true, WORDS)
    }

    #[test]
    fn a_password_alone_has_fifteen_characters_and_beside_a_second_factor_twelve() {
        let twelve = "wq7Kfy!pR3zm";
        assert_eq!(check(twelve, true, &[]), Ok(()));
        assert_eq!(check(twelve, false, &[]), Err(Weak::Short { least: 15, is: 12 }));
        assert_eq!(check(&format!("{twelve}-ux"), false, &[]), Ok(()));
        assert_eq!(check(&twelve[1..], true, &[]), Err(Weak::Short { least: 12, is: 11 }));
        assert_eq!(check("", true, &[]), Err(Weak::Short { least: 12, is: 0 }));
    }

    #[test]
    fn lengths_are_in_characters_and_end_at_256() {
        let odd: String = ('\u{4e00}'..).step_by(37).take(257).collect();
        let first = |n: usize| odd.chars().take(n).collect::<String>();
        assert_eq!(check(&first(256), false, &[]), Ok(()));
        assert_eq!(check(&odd, false, &[]), Err(Weak::Long { most: 256 }));
        assert_eq!(check(&first(14), false, &[]), Err(Weak::Short { least: 15, is: 14 }));
    }

    #[test]
    fn passphrases_and_what_a_manager_makes_are_taken_in_any_language() {
        for good in [
            "correct horse battery staple",
            "lampe fenster gurke wolke",
            "vJ4!mQz8#tLw2xR",
            "いろはにほへとちりぬるをわかよ",
        ] {
            assert_eq!(check(good, false, WORDS), Ok(()), "{good}");
        }
    }

    #[test]
    fn what_many_have_used_is_not_taken_however_it_is_capitalised() {
        for common in ["passwordpassword", "PasswordPassword", "1q2w3e4r5t6y", "QAZwsxedcrfvTGB", "momsanaladventure"] {
            assert_eq!(check_of(common), Err(Weak::Common), "{common}");
        }
    }

    #[test]
    fn what_is_little_more_than_a_word_of_the_shop_or_the_person_is_not_taken_and_the_word_is_named() {
        for (password, word) in [
            ("AnnasCornerShop1", "annascornershop"),
            ("hofmann-hofmann", "hofmann"),
            ("Hofmann12345678", "hofmann"),
            ("h0fm4nn2026!!", "hofmann"),
            ("storehand2026!", "storehand"),
            ("hofmann01.02.1990", "hofmann"),
            ("storehand, corner & hofmann!", "storehand"),
        ] {
            assert_eq!(check_of(password), Err(Weak::Context(word.to_owned())), "{password}");
        }
        assert_eq!(check_of("hofmann eats purple velvet trombones"), Ok(()), "a word in a long one does no harm");
    }

    #[test]
    fn what_is_guessed_in_few_attempts_is_not_taken_and_it_says_why() {
        for (password, pattern) in [
            ("éééééééééééééééééééé", Some(Pattern::Repeats)),
            ("tiptoptiptoptiptop", Some(Pattern::Repeats)),
            ("abcdefghijklmnopq", Some(Pattern::Sequences)),
        ] {
            assert_eq!(check_of(password), Err(Weak::Guessable { pattern }), "{password}");
        }
    }

    proptest! {
        #[test]
        fn nothing_that_can_be_typed_or_named_breaks_it(
            password in ".{0,300}",
            words in prop::collection::vec(".{0,90}", 0..4),
        ) {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let length = password.chars().count();
            let judged = check(&password, false, &words);
            prop_assert_eq!(matches!(judged, Err(Weak::Short { .. })), length < LEAST);
            prop_assert_eq!(matches!(judged, Err(Weak::Long { .. })), length > MOST);
        }
    }
}
