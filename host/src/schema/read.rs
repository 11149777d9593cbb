//! From the text of a JSON Schema to a [`Schema`]. Every byte is the publisher's: what is not in the subset is refused by
//! name, with its place, and a default that does not fit its own field too.

use super::{Field, Format, Group, Schema};
use crate::text::{unshowable, visible};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Largest schema, in bytes.
pub const MAX_BYTES: usize = 64 * 1024;
/// Most fields of a schema, those inside others included: a form nobody could fill in is far below it.
pub const MAX_FIELDS: usize = 200;
/// How deep fields may stand in each other: a list of objects of texts is three deep.
pub const MAX_DEPTH: usize = 4;
/// Most choices of one field.
pub const MAX_CHOICES: usize = 200;
/// Longest name of a field, in characters.
const NAME_CHARS: usize = 64;
/// Longest title, in characters.
const TITLE_CHARS: usize = 80;
/// Longest description, in characters.
const DESCRIPTION_CHARS: usize = 300;

/// Why a schema cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("at `{at}`, {what}")]
pub struct BadSchema {
    /// Where, as a JSON Pointer; empty for the whole.
    pub at: String,
    /// What is wrong there.
    pub what: String,
    /// What would help.
    pub help: Option<&'static str>,
}

fn bad(what: impl Into<String>) -> BadSchema {
    BadSchema { at: String::new(), what: what.into(), help: None }
}

impl BadSchema {
    fn within(self, step: &str) -> BadSchema {
        let step: String = step.chars().take(NAME_CHARS).collect();
        BadSchema { at: format!("/{}{}", visible(&step), self.at), ..self }
    }

    fn help(self, help: &'static str) -> BadSchema {
        BadSchema { help: Some(help), ..self }
    }
}

/// Keywords that every field may have.
const OF_ALL: &[&str] = &["type", "title", "description", "default", "$comment"];

impl Schema {
    /// Reads a schema.
    ///
    /// # Errors
    /// The first thing that is not in the subset.
    pub fn read(text: &str) -> Result<Schema, BadSchema> {
        if text.len() > MAX_BYTES {
            return Err(bad(format!("it is {} bytes long, more than {MAX_BYTES}", text.len())));
        }
        let schema: Value = serde_json::from_str(text).map_err(|error| bad(format!("it is not JSON: {error}")))?;
        let keywords = schema.as_object().filter(|keywords| is(keywords, "object"));
        let Some(keywords) = keywords else {
            return Err(bad("it does not describe an object")
                .help("an app's settings are a JSON object: add `\"type\": \"object\"` at the top"));
        };
        if let Some(draft) = keywords.get("$schema") {
            let known = ["https://json-schema.org/draft/2020-12/schema", "http://json-schema.org/draft-07/schema#"];
            if !draft.as_str().is_some_and(|draft| known.contains(&draft)) {
                return Err(bad("`$schema` names another language than JSON Schema 2020-12").within("$schema"));
            }
        }
        let mut keywords = keywords.clone();
        keywords.remove("$schema");
        let mut reader = Reader { fields: 0 };
        let top = match reader.field(&keywords, 0, Place::Named)? {
            Field::Group(group) => group,
            _ => {
                return Err(bad("the settings as a whole have names of the app's choice")
                    .help("give each a place in `properties`; what the owner names goes into a field of its own"));
            }
        };
        Ok(Schema { top })
    }
}

/// Whether a secret can stand there: only where its place always means the same.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Named,
    Repeated,
}

struct Reader {
    fields: usize,
}

impl Reader {
    fn field(&mut self, keywords: &Map<String, Value>, depth: usize, place: Place) -> Result<Field, BadSchema> {
        self.fields += 1;
        if self.fields > MAX_FIELDS + 1 {
            return Err(bad(format!("there are more than {MAX_FIELDS} fields")));
        }
        if depth > MAX_DEPTH {
            return Err(bad(format!("fields stand in each other deeper than {MAX_DEPTH}")));
        }
        words(keywords, "title", TITLE_CHARS)?;
        words(keywords, "description", DESCRIPTION_CHARS)?;
        let Some(kind) = keywords.get("type") else {
            let odd = ["$ref", "$dynamicRef", "anyOf", "oneOf", "allOf", "not", "const", "if"];
            return Err(match odd.into_iter().find(|word| keywords.contains_key(*word)) {
                Some(word) => outside(word),
                None => bad("it has no `type`"),
            });
        };
        let field = match kind.as_str() {
            Some("string") if keywords.contains_key("enum") => {
                only(keywords, &["enum"])?;
                Field::Choice(choices(keywords, |choice| {
                    let text = choice.as_str().ok_or_else(|| bad("a text is needed"))?;
                    unshowable(text, DESCRIPTION_CHARS).map_or(Ok(text.to_owned()), |why| Err(bad(why)))
                })?)
            }
            Some("string") => text(keywords, place)?,
            Some("integer") if keywords.contains_key("enum") => {
                only(keywords, &["enum"])?;
                let whole = |choice: &Value| choice.as_i64().ok_or_else(|| bad("a whole number is needed"));
                Field::NumberChoice(choices(keywords, whole)?)
            }
            Some("integer") => {
                only(keywords, &["minimum", "maximum"])?;
                let whole = |word| bound(keywords, word, "a whole number is needed", Value::as_i64);
                let (least, most) = (whole("minimum")?.unwrap_or(i64::MIN), whole("maximum")?.unwrap_or(i64::MAX));
                in_order(least, most)?;
                Field::Whole { least, most }
            }
            Some("number") => {
                only(keywords, &["minimum", "maximum"])?;
                let number = |word| bound(keywords, word, "a number is needed", Value::as_f64);
                let least = number("minimum")?.unwrap_or(f64::NEG_INFINITY);
                let most = number("maximum")?.unwrap_or(f64::INFINITY);
                in_order(least, most)?;
                Field::Number { least, most }
            }
            Some("boolean") => {
                only(keywords, &[])?;
                Field::Switch
            }
            Some("array") => self.list(keywords, depth)?,
            Some("object") => self.object(keywords, depth, place)?,
            _ => {
                return Err(bad("`type` is not one of those a form has").within("type").help(
                    "write one of `string`, `integer`, `number`, `boolean`, `array` and `object`; a field that may be left \
                     out is one that `required` does not name",
                ));
            }
        };
        if let Some(default) = keywords.get("default") {
            if matches!(field, Field::Text { secret: true, .. }) {
                return Err(bad("a secret has no default: everybody could read it here").within("default"));
            }
            field
                .check(default)
                .map_err(|unfit| bad(format!("the default does not fit: {unfit}")).within("default"))?;
        }
        Ok(field)
    }

    fn list(&mut self, keywords: &Map<String, Value>, depth: usize) -> Result<Field, BadSchema> {
        only(keywords, &["items", "minItems", "maxItems", "uniqueItems"])?;
        let items = keywords.get("items").ok_or_else(|| bad("a list says with `items` what it is of"))?;
        let of = self.inner(items, depth, Place::Repeated).map_err(|bad| bad.within("items"))?;
        let (least, most) = counts(keywords, "minItems", "maxItems")?;
        let each_once = flag(keywords, "uniqueItems")?;
        if each_once && matches!(of, Field::List { .. } | Field::Group(_) | Field::Named { .. }) {
            return Err(bad("only lists of single values can be `uniqueItems`").within("uniqueItems"));
        }
        Ok(Field::List { of: Box::new(of), least, most, each_once })
    }

    fn object(&mut self, keywords: &Map<String, Value>, depth: usize, place: Place) -> Result<Field, BadSchema> {
        let of_others = keywords.get("additionalProperties");
        if let Some(of) = of_others.filter(|of| !of.is_boolean()) {
            if keywords.contains_key("properties") {
                return Err(bad("an object has either `properties` or names of the owner's choice, not both")
                    .within("additionalProperties"));
            }
            only(keywords, &["additionalProperties", "maxProperties"])?;
            let of = self.inner(of, depth, Place::Repeated).map_err(|bad| bad.within("additionalProperties"))?;
            let (_, most) = counts(keywords, "minProperties", "maxProperties")?;
            return Ok(Field::Named { of: Box::new(of), most });
        }
        if of_others == Some(&Value::Bool(true)) {
            return Err(bad("settings that no form knows cannot be set")
                .within("additionalProperties")
                .help("write `false`, or what the values are, for example `{\"type\": \"string\"}`"));
        }
        only(keywords, &["properties", "required", "additionalProperties"])?;
        let mut fields = BTreeMap::new();
        if let Some(properties) = keywords.get("properties") {
            let properties = properties.as_object().ok_or_else(|| bad("`properties` is not an object"))?;
            for (name, of) in properties {
                let within = |bad: BadSchema| bad.within(name).within("properties");
                field_name(name).map_err(within)?;
                fields.insert(name.clone(), self.inner(of, depth, place).map_err(within)?);
            }
        }
        let required = required(keywords, &fields).map_err(|bad| bad.within("required"))?;
        Ok(Field::Group(Group { fields, required }))
    }

    fn inner(&mut self, of: &Value, depth: usize, place: Place) -> Result<Field, BadSchema> {
        let keywords = of.as_object().ok_or_else(|| bad("a field is described by an object"))?;
        self.field(keywords, depth + 1, place)
    }
}

fn text(keywords: &Map<String, Value>, place: Place) -> Result<Field, BadSchema> {
    only(keywords, &["minLength", "maxLength", "format", "writeOnly"])?;
    let (least, most) = counts(keywords, "minLength", "maxLength")?;
    let format = match keywords.get("format") {
        None => None,
        Some(word) => {
            let known = Format::ALL.into_iter().find(|format| word.as_str() == Some(format.name()));
            let unknown = || bad("this format is not known").help("there are `email`, `uri` and `date`");
            Some(known.ok_or_else(unknown).map_err(|bad| bad.within("format"))?)
        }
    };
    let secret = flag(keywords, "writeOnly")?;
    if secret && place == Place::Repeated {
        return Err(bad("a secret stands in a field of its own, not in a list").within("writeOnly"));
    }
    Ok(Field::Text { least, most, format, secret })
}

/// Refuses, by name, every keyword that is not among `of_kind`.
fn only(keywords: &Map<String, Value>, of_kind: &[&str]) -> Result<(), BadSchema> {
    let known = |word: &&String| OF_ALL.contains(&word.as_str()) || of_kind.contains(&word.as_str());
    match keywords.keys().find(|word| !known(word)) {
        Some(word) => Err(outside(word)),
        None => Ok(()),
    }
}

fn outside(word: &str) -> BadSchema {
    let help = match word {
        "$ref" | "$dynamicRef" | "$recursiveRef" | "$defs" | "definitions" => "write the field out where it is used",
        "pattern" | "patternProperties" => {
            "use `format`, `enum`, `minLength` and `maxLength`, and check the rest in the app"
        }
        "anyOf" | "oneOf" | "allOf" | "not" | "if" | "then" | "else" | "const" => {
            "a form has one kind of field in one place; use `enum`, or one field for each case"
        }
        "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => "use `minimum` and `maximum`",
        "writeOnly" => "only a text can be a secret",
        _ => "`storehand help E0210` names what an app's settings can have",
    };
    let shown: String = word.chars().take(NAME_CHARS).collect();
    bad(format!("`{}` is not in the part of JSON Schema that settings have here", visible(&shown))).help(help)
}

fn is(keywords: &Map<String, Value>, kind: &str) -> bool {
    keywords.get("type").and_then(Value::as_str) == Some(kind)
}

/// A text that people read, if it is there.
fn words(keywords: &Map<String, Value>, word: &str, max: usize) -> Result<(), BadSchema> {
    let Some(value) = keywords.get(word) else { return Ok(()) };
    let text = value.as_str().ok_or_else(|| bad("a text is needed").within(word))?;
    unshowable(text, max).map_or(Ok(()), |why| Err(bad(format!("`{word}` {why}")).within(word)))
}

fn flag(keywords: &Map<String, Value>, word: &str) -> Result<bool, BadSchema> {
    match keywords.get(word) {
        None => Ok(false),
        Some(value) => value.as_bool().ok_or_else(|| bad("`true` or `false` is needed").within(word)),
    }
}

fn bound<N>(
    keywords: &Map<String, Value>,
    word: &str,
    needed: &str,
    read: impl Fn(&Value) -> Option<N>,
) -> Result<Option<N>, BadSchema> {
    keywords.get(word).map(|value| read(value).ok_or_else(|| bad(needed).within(word))).transpose()
}

fn counts(keywords: &Map<String, Value>, least: &str, most: &str) -> Result<(u64, u64), BadSchema> {
    let count = |word| bound(keywords, word, "a whole number from 0 on is needed", Value::as_u64);
    let (least, most) = (count(least)?.unwrap_or(0), count(most)?.unwrap_or(u64::MAX));
    in_order(least, most)?;
    Ok((least, most))
}

fn in_order<N: PartialOrd>(least: N, most: N) -> Result<(), BadSchema> {
    if least > most { Err(bad("the least is more than the most, so nothing fits")) } else { Ok(()) }
}

fn choices<T: Ord>(
    keywords: &Map<String, Value>,
    read: impl Fn(&Value) -> Result<T, BadSchema>,
) -> Result<BTreeSet<T>, BadSchema> {
    let within = |bad: BadSchema| bad.within("enum");
    let given = keywords.get("enum").and_then(Value::as_array).ok_or_else(|| within(bad("a list is needed")))?;
    if given.is_empty() || given.len() > MAX_CHOICES {
        return Err(within(bad(format!("there are 1 to {MAX_CHOICES} choices, and not {}", given.len()))));
    }
    let read = |(n, choice): (usize, &Value)| read(choice).map_err(|bad| bad.within(&n.to_string()).within("enum"));
    given.iter().enumerate().map(read).collect()
}

fn required(keywords: &Map<String, Value>, fields: &BTreeMap<String, Field>) -> Result<BTreeSet<String>, BadSchema> {
    let Some(given) = keywords.get("required") else { return Ok(BTreeSet::new()) };
    let names = given.as_array().ok_or_else(|| bad("a list of names is needed"))?;
    let read = |(n, name): (usize, &Value)| match name.as_str().filter(|name| fields.contains_key(*name)) {
        Some(name) => Ok(name.to_owned()),
        None => Err(bad("this names no field of `properties`").within(&n.to_string())),
    };
    names.iter().enumerate().map(read).collect()
}

/// A field's name: what a command and an app can write.
fn field_name(name: &str) -> Result<(), BadSchema> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let fits = name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(plain);
    match fits && name.len() <= NAME_CHARS {
        true => Ok(()),
        false => Err(bad("a field's name begins with a letter and has at most 64 of a-z, A-Z, 0-9, `_`, `-` and `.`")),
    }
}
