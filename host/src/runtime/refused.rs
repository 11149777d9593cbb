//! Why an app was not accepted: every problem with its code, its place in `app.toml` and what would help.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use super::code::Code;
use crate::text::visible;

/// A place in the text of `app.toml`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Place {
    /// The bytes of the text it covers.
    #[serde(skip)]
    pub span: Range<usize>,
    /// Counted from 1.
    pub line: usize,
    /// In characters, counted from 1.
    pub column: usize,
}

impl Place {
    /// The place of `span` in `text`. A span outside the text becomes its nearest end.
    pub fn of(text: &str, span: Range<usize>) -> Place {
        let start = text.floor_char_boundary(span.start.min(text.len()));
        let end = text.ceil_char_boundary(span.end.clamp(start, text.len()));
        let before = text.get(..start).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Place {
            span: start..end,
            line: before.matches('\n').count() + 1,
            column: before.get(line_start..).unwrap_or_default().chars().count() + 1,
        }
    }
}

/// One thing that is wrong, or that a person should know.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Problem {
    /// What kind of problem.
    pub code: Code,
    /// What is wrong, in one sentence without a full stop. Nothing in it is hidden, whoever's words it repeats.
    #[serde(rename = "detail")]
    pub what: String,
    /// What would help, if one line can say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// Where in `app.toml`, if it is there.
    #[serde(skip_serializing_if = "Option::is_none", flatten)]
    pub place: Option<Place>,
}

impl Problem {
    /// A problem without a place and without help.
    pub fn new(code: Code, what: impl Into<String>) -> Problem {
        Problem { code, what: visible(&what.into()), help: None, place: None }
    }

    /// The same with what would help.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Problem {
        self.help = Some(visible(&help.into()));
        self
    }

    /// The same with its place.
    #[must_use]
    pub fn at(mut self, place: Option<Place>) -> Problem {
        self.place = place;
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "app.toml:{}:{}: ", place.line, place.column)?;
        }
        write!(f, "{} [{}]", self.what, self.code)?;
        match &self.help {
            Some(help) => write!(f, "\n  help: {help}"),
            None => Ok(()),
        }
    }
}

/// Not accepted at load. Holds at least one problem.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Refused {
    /// What is wrong, in the order of the text where places are known.
    pub problems: Vec<Problem>,
    /// The text the places point into.
    #[serde(skip)]
    pub manifest_toml: Option<Arc<str>>,
}

impl Refused {
    /// These problems, sorted by place. `text` is the `app.toml` they point into.
    pub fn in_text(text: &str, mut problems: Vec<Problem>) -> Refused {
        problems.sort_by_key(|problem| problem.place.as_ref().map_or(usize::MAX, |place| place.span.start));
        Refused { problems, manifest_toml: Some(text.into()) }
    }

    /// Every problem with its help, one after the other.
    pub fn report(&self) -> String {
        self.problems.iter().map(Problem::to_string).collect::<Vec<_>>().join("\n")
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Refused {
        Refused { problems: vec![problem], manifest_toml: None }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((first, rest)) = self.problems.split_first() else { return f.write_str("refused") };
        f.write_str(&first.what)?;
        match rest.len() {
            0 => Ok(()),
            1 => f.write_str(" (and 1 more problem)"),
            more => write!(f, " (and {more} more problems)"),
        }
    }
}

impl std::error::Error for Refused {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_counts_lines_and_characters_from_one() {
        let text = "a\nbé c\n";
        let c = Place::of(text, text.find('c').unwrap_or_default()..text.len());
        assert_eq!((c.line, c.column), (2, 4));
        assert_eq!(Place::of(text, 900..901).line, 3);
        assert_eq!(Place::of("é", 1..1).span, 0..2);
    }
}
