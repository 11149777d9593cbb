//! What is wrong with a body, in a sentence that says where: serde names the types of this program, people do not.

use serde::de::{self, Unexpected};
use std::fmt;

/// Texts of whoever sent the body are shown as far as this.
const SHOWN: usize = 40;
/// At most so many known names are listed.
const NAMES: usize = 20;

/// What is wrong with a body, and where.
#[derive(Debug)]
pub(super) struct Wrong {
    /// For example `lines[0].quantity`; empty for the body itself.
    at: String,
    text: String,
}

impl Wrong {
    pub(super) fn new(text: impl Into<String>) -> Wrong {
        Wrong { at: String::new(), text: text.into() }
    }

    pub(super) fn below(mut self, step: &str) -> Wrong {
        let joint = if self.at.is_empty() || self.at.starts_with('[') { "" } else { "." };
        self.at = format!("{step}{joint}{}", self.at);
        self
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Wrong { at, text } = self;
        match (at.is_empty(), text.starts_with("must ")) {
            (true, true) => write!(f, "the body {text}"),
            (true, false) => f.write_str(text),
            (false, true) => write!(f, "`{at}` {text}"),
            (false, false) => write!(f, "in `{at}`: {text}"),
        }
    }
}

impl std::error::Error for Wrong {}

pub(super) fn cut(text: &str) -> String {
    let shown: String = text.chars().filter(|c| !c.is_control()).take(SHOWN).collect();
    if text.chars().count() > SHOWN { format!("{shown}…") } else { shown }
}

fn names(known: &[&str]) -> String {
    let named: Vec<String> = known.iter().take(NAMES).map(|name| format!("`{name}`")).collect();
    let more = if known.len() > NAMES { ", and others" } else { "" };
    format!("{}{more}", named.join(", "))
}

/// What is there, in words.
pub(super) fn found(what: Unexpected<'_>) -> String {
    match what {
        Unexpected::Bool(value) => format!("`{value}`"),
        Unexpected::Unsigned(n) => format!("the number {n}"),
        Unexpected::Signed(n) => format!("the number {n}"),
        // With its point, which is what is wrong with it where a whole number belongs.
        Unexpected::Float(n) => format!("the number {n:?}"),
        Unexpected::Str(text) => format!("the text `{}`", cut(text)),
        Unexpected::Unit | Unexpected::Option => "`null`".to_owned(),
        Unexpected::Seq => "a list".to_owned(),
        Unexpected::Map => "an object".to_owned(),
        _ => "something else".to_owned(),
    }
}

/// What is meant, in words: serde names the types of this program.
fn meant(what: &dyn de::Expected) -> String {
    let what = what.to_string();
    match what.as_str() {
        "a string" | "a borrowed string" | "string or map" | "a character" => "text".to_owned(),
        "a boolean" => "`true` or `false`".to_owned(),
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number, 0 or more".to_owned(),
        "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number".to_owned(),
        "f32" | "f64" => "a number".to_owned(),
        "a sequence" => "a list".to_owned(),
        "unit" | "option" => "`null`".to_owned(),
        "a map" => "an object".to_owned(),
        other if other.starts_with("struct ") || other.starts_with("internally tagged") => "an object".to_owned(),
        other if other == "enum" || other.starts_with("enum ") || other.starts_with("variant ") => {
            "one of its names".to_owned()
        }
        other => other.to_owned(),
    }
}

/// What a whole number of that type of this program may be.
fn range(kind: &str) -> Option<(i128, i128)> {
    let bits: u32 = kind.get(1..)?.replace("size", "64").parse().ok().filter(|bits| *bits <= 64)?;
    match kind.get(..1)? {
        "u" => Some((0, (1_i128 << bits) - 1)),
        "i" => Some((-(1_i128 << (bits - 1)), (1_i128 << (bits - 1)) - 1)),
        _ => None,
    }
}

impl de::Error for Wrong {
    fn custom<T: fmt::Display>(text: T) -> Wrong {
        Wrong::new(text.to_string())
    }

    fn invalid_type(what: Unexpected<'_>, expected: &dyn de::Expected) -> Wrong {
        Wrong::new(format!("must be {}, not {}", meant(expected), found(what)))
    }

    fn invalid_value(what: Unexpected<'_>, expected: &dyn de::Expected) -> Wrong {
        let given = match what {
            Unexpected::Unsigned(n) => i128::from(n),
            Unexpected::Signed(n) => i128::from(n),
            what => return Wrong::invalid_type(what, expected),
        };
        match range(&expected.to_string()) {
            Some((least, _)) if given < least => Wrong::new(format!("must be {least} or more, not {given}")),
            Some((_, most)) => Wrong::new(format!("must be {most} or less, not {given}")),
            None => Wrong::invalid_type(what, expected),
        }
    }

    fn invalid_length(n: usize, expected: &dyn de::Expected) -> Wrong {
        Wrong::new(format!("must be {}, not {n} of them", meant(expected)))
    }

    fn unknown_variant(given: &str, known: &'static [&'static str]) -> Wrong {
        Wrong::new(format!("must be one of {}, not `{}`", names(known), cut(given)))
    }

    fn unknown_field(given: &str, known: &'static [&'static str]) -> Wrong {
        match known {
            [] => Wrong::new(format!("`{}` is not known; leave it out: nothing is taken here", cut(given))),
            known => Wrong::new(format!("`{}` is not known; there are {}", cut(given), names(known))),
        }
    }

    fn missing_field(field: &'static str) -> Wrong {
        Wrong::new(format!("`{field}` is missing"))
    }

    fn duplicate_field(field: &'static str) -> Wrong {
        Wrong::new(format!("`{field}` is given twice"))
    }
}
