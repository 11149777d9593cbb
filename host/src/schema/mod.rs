//! The schema of an app's settings: the part of JSON Schema that a form can draw, read into plain types.
//!
//! The whole of it: an object of named fields, each a text (`minLength`, `maxLength`, `format`: `email`, `uri` or `date`,
//! `writeOnly`), a text or a whole number out of a list (`enum`), a number or a whole number (`minimum`, `maximum`), a
//! switch (`boolean`), a list of one kind of field (`minItems`, `maxItems`, `uniqueItems`), an object of named fields
//! (`properties`, `required`), or one with names of the owner's choice (`additionalProperties` with a field). Each may have
//! a `title`, a `description` and a `default`. What else JSON Schema knows is refused by name when it is read.
//!
//! INVARIANT: reading a schema, and checking settings against it, takes time and memory in proportion to the bytes of both,
//! which are bounded. No message holds a value of the settings.

mod check;
mod form;
mod read;
mod secret;
#[cfg(test)]
mod tests;

pub use check::Unfit;
pub use read::{BadSchema, MAX_BYTES, MAX_CHOICES, MAX_DEPTH, MAX_FIELDS};
pub use secret::MASK;

use std::collections::{BTreeMap, BTreeSet};

/// What the settings of an app may be.
#[derive(Debug, Clone, PartialEq)]
pub struct Schema {
    top: Group,
}

/// Named fields.
#[derive(Debug, Clone, PartialEq)]
struct Group {
    fields: BTreeMap<String, Field>,
    /// The names that must be there.
    required: BTreeSet<String>,
}

/// One field, without what only people read of it.
#[derive(Debug, Clone, PartialEq)]
enum Field {
    /// So many characters, in this form.
    Text { least: u64, most: u64, format: Option<Format>, secret: bool },
    /// One of these texts.
    Choice(BTreeSet<String>),
    /// One of these whole numbers.
    NumberChoice(BTreeSet<i64>),
    /// A whole number between these.
    Whole { least: i64, most: i64 },
    /// A number between these.
    Number { least: f64, most: f64 },
    /// On or off.
    Switch,
    /// So many of one kind of field.
    List { of: Box<Field>, least: u64, most: u64, each_once: bool },
    /// Named fields.
    Group(Group),
    /// Fields of one kind, under names of the owner's choice.
    Named { of: Box<Field>, most: u64 },
}

/// What a text may have to look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Email,
    Uri,
    Date,
}
