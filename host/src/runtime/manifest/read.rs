//! Walks the TOML tree of an `app.toml` and collects problems, each at its place, instead of stopping at the first.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::text::nearest;
use crate::runtime::code::Code;
use crate::runtime::refused::{Place, Problem};

/// So many problems are told; the rest would only repeat them. The text is publisher-controlled.
const MAX_PROBLEMS: usize = 50;

/// A table, the place it stands at, and its name in messages ("[settings]").
#[derive(Clone, Copy)]
pub(super) struct Table<'t> {
    pub(super) entries: &'t DeTable<'t>,
    /// Where to point when something is missing: the first byte of the span.
    at: usize,
    pub(super) name: &'static str,
}

/// Reads one text. Every reading method returns `None` after noting why.
pub(super) struct Reader<'t> {
    text: &'t str,
    pub(super) problems: Vec<Problem>,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Reader { text, problems: Vec::new() }
    }

    /// Notes a problem at `span`.
    pub(super) fn note(&mut self, code: Code, span: Range<usize>, what: String, help: impl Into<Option<String>>) {
        if self.problems.len() == MAX_PROBLEMS {
            return;
        }
        let problem = Problem::new(code, what).at(Some(Place::of(self.text, span)));
        self.problems.push(match help.into() {
            Some(help) => problem.help(help),
            None => problem,
        });
    }

    /// The whole document as a table.
    pub(super) fn document(&self, root: &'t Spanned<DeTable<'t>>) -> Table<'t> {
        Table { entries: root.get_ref(), at: 0, name: "the manifest" }
    }

    /// Notes every key of `table` that is not among `known`.
    pub(super) fn only(&mut self, table: Table<'t>, known: &[&'static str]) {
        for key in table.entries.keys() {
            let word: &str = key.get_ref();
            if !known.contains(&word) {
                let help = match nearest(word, known.iter().copied()) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => format!("{} has {}", table.name, listed(known)),
                };
                self.note(Code::UnknownKey, key.span(), format!("`{word}` means nothing in {}", table.name), help);
            }
        }
    }

    /// The value of `key`, which must be there.
    pub(super) fn needed(
        &mut self,
        table: Table<'t>,
        key: &'static str,
        example: &str,
    ) -> Option<&'t Spanned<DeValue<'t>>> {
        let value = table.entries.get(key);
        if value.is_none() {
            let span = table.at..table.at + 1;
            let what = format!("{} has no `{key}`", table.name);
            self.note(Code::MissingKey, span, what, format!("add `{key} = {example}`"));
        }
        value
    }

    /// A text that must be there.
    pub(super) fn text(
        &mut self,
        table: Table<'t>,
        key: &'static str,
        example: &str,
    ) -> Option<(&'t str, Range<usize>)> {
        let value = self.needed(table, key, example)?;
        self.as_text(key, value)
    }

    /// The value as a text.
    pub(super) fn as_text(&mut self, key: &str, value: &'t Spanned<DeValue<'t>>) -> Option<(&'t str, Range<usize>)> {
        let text = value.get_ref().as_str();
        if text.is_none() {
            self.wrong_type(key, value, "a text in quotes");
        }
        Some((text?, value.span()))
    }

    /// The table under `key`, if there is one.
    pub(super) fn table(&mut self, table: Table<'t>, key: &str, name: &'static str) -> Option<Table<'t>> {
        let value = table.entries.get(key)?;
        let entries = value.get_ref().as_table();
        if entries.is_none() {
            self.wrong_type(key, value, &format!("a table: {name}"));
        }
        Some(Table { entries: entries?, at: value.span().start, name })
    }

    /// The tables of the array `[[key]]`, at most `max` of them; none if there is no such key.
    pub(super) fn tables(&mut self, table: Table<'t>, key: &str, name: &'static str, max: usize) -> Vec<Table<'t>> {
        let Some(value) = table.entries.get(key) else { return Vec::new() };
        let mut tables = Vec::new();
        let Some(items) = value.get_ref().as_array() else {
            self.wrong_type(key, value, &format!("a list of tables: {name}"));
            return tables;
        };
        if let Some(first_over) = items.get(max) {
            let what = format!("{} tables {name}, more than {max}", items.len());
            self.note(Code::TooMany, first_over.span(), what, "make a second app for the rest".to_owned());
        }
        for item in items.iter().take(max) {
            match item.get_ref().as_table() {
                Some(entries) => tables.push(Table { entries, at: item.span().start, name }),
                None => self.wrong_type(key, item, &format!("a table: {name}")),
            }
        }
        tables
    }

    /// Notes that `value` is not the `wanted` kind of thing.
    pub(super) fn wrong_type(&mut self, key: &str, value: &Spanned<DeValue<'t>>, wanted: &str) {
        let what = format!("`{key}` is {} {}", article(value.get_ref().type_str()), value.get_ref().type_str());
        self.note(Code::WrongType, value.span(), what, format!("`{key}` is {wanted}"));
    }
}

fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}

/// "`a`, `b` and `c`".
pub(super) fn listed(words: &[&str]) -> String {
    let quoted: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some((last, _)) => last.clone(),
        None => "nothing".to_owned(),
    }
}
