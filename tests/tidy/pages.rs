//! The texts of pages: all of them stand in the files of the languages, none is missing, and none is left over.

use std::collections::BTreeSet;

use super::none;
use crate::support::tree::{self, Source};

/// The languages, the one that is shown where another lacks a text first.
const LANGUAGES: &[&str] = &["en", "fr"];

/// Attributes whose value people read, or hear.
const READ: &[&str] = &["aria-label", "title", "alt", "placeholder", "label", "summary", "content", "value"];

/// Values of these attributes that are no language: for browsers, not for people.
const NOT_WORDS: &[&str] = &[
    "light dark",
    "width=device-width, initial-scale=1",
    // What buttons and choices send.
    "light",
    "dark",
    "install",
    "try",
    "look",
    "catch_up",
    "skip",
    "true",
];

/// Beginnings of keys that are made from the tables of permissions, where `text::words` sees that each has its own.
const MADE: &[&str] = &["scope-", "group-"];

/// The largest style sheet, in bytes: a page is small because this is.
const STYLE: usize = 20_000;

fn templates() -> Vec<Source> {
    tree::files("host/templates").into_iter().filter(|file| file.name.ends_with(".html")).collect()
}

/// The keys that a file of texts has.
fn keys(language: &str) -> BTreeSet<String> {
    let name = format!("host/locales/{language}.ftl");
    let file = tree::files("host/locales").into_iter().find(|file| file.name == name);
    let text = file.unwrap_or_else(|| panic!("no {name}")).text;
    let key = |line: &str| line.split_once(" =").map(|(key, _)| key.to_owned());
    let keys = text.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase())).filter_map(key);
    let (all, mut seen): (Vec<String>, BTreeSet<String>) = (keys.collect(), BTreeSet::new());
    let twice: Vec<_> = all.into_iter().filter(|key| !seen.insert(key.clone())).collect();
    assert!(twice.is_empty(), "{name} says twice: {twice:?}");
    seen
}

/// Every piece of text between double quotes.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('"').filter(|piece| !piece.is_empty() && piece.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
}

/// What follows each `t("`, up to the next quote.
fn asked_for(text: &str) -> impl Iterator<Item = &str> {
    text.split(".t(\"").skip(1).filter_map(|rest| rest.split('"').next())
}

#[test]
fn every_language_has_every_text_and_no_text_is_left_over() {
    let english = keys(LANGUAGES[0]);
    let mut complaints = Vec::new();
    for language in LANGUAGES {
        let other = keys(language);
        complaints.extend(english.difference(&other).map(|key| format!("{language} lacks `{key}`")));
        complaints.extend(other.difference(&english).map(|key| format!("only {language} has `{key}`")));
    }
    let sources: Vec<Source> = templates().into_iter().chain(tree::rust("host/src")).collect();
    let said: BTreeSet<&str> = sources.iter().flat_map(|file| quoted(&file.text)).collect();
    let made = |key: &&String| MADE.iter().any(|start| key.starts_with(start));
    let silent = english.iter().filter(|key| !made(key) && !said.contains(key.as_str()));
    complaints.extend(silent.map(|key| format!("nobody says `{key}`")));
    for file in &sources {
        let unknown = asked_for(&file.text).filter(|key| !english.contains(*key) && *key != "no-such-key");
        complaints.extend(unknown.map(|key| format!("{} says `{key}`, which no language has", file.name)));
    }
    none(complaints);
}

/// A template without what is filled in, decided or remarked.
fn bare(text: &str) -> String {
    let mut left = text.to_owned();
    for (open, close) in [("{#", "#}"), ("{{", "}}"), ("{%", "%}")] {
        while let Some(start) = left.find(open) {
            let end = left[start..].find(close).map_or(left.len(), |end| start + end + close.len());
            left.replace_range(start..end, "");
        }
    }
    left
}

/// What a template says between its tags, and in the attributes that people read.
fn says(text: &str) -> Vec<String> {
    let bare = bare(text);
    let mut said = Vec::new();
    for piece in bare.split('<') {
        let (tag, after) = piece.split_once('>').unwrap_or(("", piece));
        said.push(after.to_owned());
        for name in READ {
            let value = tag.split(&format!(" {name}=\"")).nth(1).and_then(|rest| rest.split('"').next());
            said.extend(value.filter(|value| !NOT_WORDS.contains(value)).map(str::to_owned));
        }
    }
    said.retain(|text| text.chars().any(char::is_alphabetic));
    said
}

#[test]
fn no_template_says_anything_that_is_not_in_the_files() {
    assert_eq!(says("<p title=\"Hi\">{{ a.t(\"x\") }} b {# c #}</p>"), [" b ", "Hi"]);
    let complaints = templates().into_iter().flat_map(|file| {
        let said = says(&file.text).into_iter();
        said.map(|text| format!("{} says `{}`", file.name, text.trim())).collect::<Vec<_>>()
    });
    none(complaints.collect());
}

#[test]
fn no_template_has_a_style_or_a_script_in_it() {
    let mut complaints = Vec::new();
    for file in templates() {
        let text = file.text.to_ascii_lowercase();
        for bad in [" style=", "<style", "javascript:", "hx-on", "hx-vals=\"js", "|safe", "http://", "https://"] {
            complaints.extend(text.contains(bad).then(|| format!("{} has `{bad}`", file.name)));
        }
        let handler = |piece: &&str| piece.starts_with(|c: char| c.is_ascii_alphabetic()) && piece.contains("=\"");
        let mut handlers =
            text.split(" on").skip(1).filter(handler).filter(|piece| {
                piece.split('=').next().is_some_and(|name| name.bytes().all(|b| b.is_ascii_alphabetic()))
            });
        complaints.extend(handlers.next().map(|piece| format!("{} has a handler: on{:.20}", file.name, piece)));
        let scripts = text.matches("<script").count();
        let loaded = text.matches("<script src=").count();
        complaints.extend((scripts != loaded).then(|| format!("{} has a script in it", file.name)));
    }
    none(complaints);
}

#[test]
fn the_style_sheet_is_small() {
    let assets = tree::files("host/assets");
    let style = assets.iter().find(|file| file.name.ends_with("admin.css")).map_or(usize::MAX, |file| file.text.len());
    assert!(style < STYLE, "{style} bytes");
}

#[test]
fn the_compressed_script_is_the_script() {
    let assets = tree::root().join("host/assets");
    let told = std::process::Command::new("gzip").arg("-dc").arg(assets.join("htmx.min.js.gz")).output().unwrap();
    assert!(told.status.success() && told.stdout == std::fs::read(assets.join("htmx.min.js")).unwrap());
}
