//! Scripts whose letters look alike (UTS 39): a word is of one script, and a word of another script than Latin's does
//! not pose as a Latin one.

use unicode_script::{Script, UnicodeScript};
use unicode_security::MixedScript;
use unicode_security::skeleton;

/// Says so if a word is written in letters of several scripts. Japanese, Korean and Chinese are written in several, and
/// beside Latin; a space, a hyphen or any other sign ends a word.
pub(super) fn mixed(text: &str) -> Option<String> {
    words(text).find(|word| !is_of_one(word)).map(|word| {
        let mut scripts: Vec<&str> = Vec::new();
        for script in word.chars().map(|c| c.script()).filter(|script| is_a_script(*script)) {
            if !scripts.contains(&script.full_name()) {
                scripts.push(script.full_name());
            }
        }
        format!("mixes letters of {} in one word", scripts.join(" and "))
    })
}

/// Says so if a word of another script looks, letter by letter, like one in Latin letters.
pub(super) fn posing(text: &str) -> Option<String> {
    let poses = |word: &&str| {
        let foreign = word.chars().any(|c| matches!(c.script(), Script::Cyrillic | Script::Greek | Script::Armenian));
        foreign && word.chars().count() > 1 && skeleton(word).all(|c| c.is_ascii())
    };
    let word = words(text).find(poses)?;
    let script = word.chars().map(|c| c.script()).find(|script| is_a_script(*script))?;
    let looks: String = skeleton(word).collect();
    Some(format!("has a word in {} letters that looks like `{looks}`", script.full_name()))
}

/// Letters whose accents are built in, and signs: few marks stand on them.
pub(super) fn has_few_marks(c: char) -> bool {
    matches!(c.script(), Script::Latin | Script::Cyrillic | Script::Greek | Script::Common | Script::Han)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let part = |c: char| c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c);
    text.split(move |c| !part(c)).filter(|word| !word.is_empty())
}

/// One script, or one of the writing systems of several; those of East Asia stand in one word with Latin, as in
/// `Tシャツ`, and look like none of its letters.
fn is_of_one(word: &str) -> bool {
    if word.is_single_script() {
        return true;
    }
    let rest: String = word.chars().filter(|c| c.script() != Script::Latin).collect();
    let east = |c: char| {
        let known =
            matches!(c.script(), Script::Han | Script::Hiragana | Script::Katakana | Script::Hangul | Script::Bopomofo);
        known || !is_a_script(c.script())
    };
    rest.chars().all(east) && rest.is_single_script()
}

fn is_a_script(script: Script) -> bool {
    !matches!(script, Script::Common | Script::Inherited | Script::Unknown)
}
