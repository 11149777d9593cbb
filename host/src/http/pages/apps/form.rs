//! An app's settings as a form, drawn from its schema: on their own page, and with the consent to an app. What a form cannot
//! draw is a field of JSON.
//!
//! INVARIANT: a secret that is set is never sent to a browser; its field is empty, and one that stays empty stays as it is.

use super::choices::field;
use crate::http::Problem;
use crate::http::pages::words::Words;
use crate::http::pages::wrong::Wrong;
use crate::schema::{MASK, Schema, Unfit};
use crate::text::Said;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// What a form of settings carries, whatever its fields are.
const MARK: &str = "_settings";

/// How a field is drawn and read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A line of text, with the type of its input.
    Text(&'static str),
    /// A number.
    Number,
    /// A switch.
    Switch,
    /// One of several.
    Choice,
    /// Lines of text.
    Lines,
    /// Whatever else there is, as JSON.
    Json,
}

/// One field of the form.
#[derive(Debug)]
pub(super) struct Drawn {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) help: String,
    pub(super) kind: Kind,
    pub(super) required: bool,
    /// Whether it is a secret that is set.
    pub(super) secret: bool,
    pub(super) options: Vec<String>,
    pub(super) value: String,
    pub(super) wrong: Wrong,
}

impl Drawn {
    /// Whether it has to be filled in.
    pub(super) const fn is_missing(&self) -> bool {
        self.required && self.value.is_empty() && !matches!(self.kind, Kind::Switch)
    }

    /// Whether anything stands beside it.
    pub(super) const fn is_described(&self) -> bool {
        !self.help.is_empty() || !self.wrong.is_empty()
    }

    /// What describes it to whoever does not see it, by the number of the field.
    pub(super) fn described(&self, n: &usize) -> String {
        let help = (!self.help.is_empty()).then(|| format!("h-{n}"));
        let wrong = (!self.wrong.is_empty()).then(|| format!("e-{n}"));
        help.into_iter().chain(wrong).collect::<Vec<_>>().join(" ")
    }
}

/// A schema, and the settings there are.
#[derive(Debug)]
pub(super) struct Known<'s> {
    text: Option<&'s RawValue>,
    schema: Value,
    settings: Value,
}

fn text<'v>(of: &'v Value, name: &str) -> &'v str {
    of.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn kind(field: &Value) -> Kind {
    match (text(field, "type"), field.get("enum")) {
        (_, Some(_)) => Kind::Choice,
        ("string", _) if is_secret(field) => Kind::Text("password"),
        ("string", _) => Kind::Text(match text(field, "format") {
            "email" => "email",
            "uri" => "url",
            "date" => "date",
            _ => "text",
        }),
        ("integer" | "number", _) => Kind::Number,
        ("boolean", _) => Kind::Switch,
        ("array", _) if field.pointer("/items/type").and_then(Value::as_str) == Some("string") => Kind::Lines,
        _ => Kind::Json,
    }
}

fn is_secret(field: &Value) -> bool {
    field.get("writeOnly") == Some(&Value::Bool(true))
}

/// The name of an app's field in the form: apart from those of the form itself, whatever the app calls it.
fn own(name: &str) -> String {
    format!("s.{name}")
}

/// A value as its field holds it.
fn written(value: &Value, kind: Kind) -> String {
    match (value, kind) {
        (Value::Null, _) => String::new(),
        (Value::String(text), _) => text.clone(),
        (Value::Array(items), Kind::Lines) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n"),
        (value, _) => value.to_string(),
    }
}

impl<'s> Known<'s> {
    /// A schema, and the settings as people may see them. Where another version hid what this one shows, there is nothing.
    pub(super) fn new(schema: Option<&'s RawValue>, settings: Option<&RawValue>) -> Known<'s> {
        let value = |raw: Option<&RawValue>| raw.and_then(|raw| serde_json::from_str(raw.get()).ok());
        let mut known = Known {
            text: schema,
            schema: value(schema).unwrap_or_default(),
            settings: value(settings).unwrap_or_else(|| Value::Object(Map::new())),
        };
        let Known { schema, settings, .. } = &mut known;
        let shows = |name: &str| schema.get("properties").and_then(|all| all.get(name)).is_some_and(|f| !is_secret(f));
        if let Some(settings) = settings.as_object_mut() {
            settings.retain(|name, value| value != MASK || !shows(name));
        }
        known
    }

    /// Whether anything has to be set.
    pub(super) fn is_required(&self) -> bool {
        self.schema.get("required").and_then(Value::as_array).is_some_and(|all| !all.is_empty())
    }

    fn requires(&self, name: &str) -> bool {
        self.schema.get("required").and_then(Value::as_array).is_some_and(|all| all.iter().any(|one| one == name))
    }

    fn properties(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.schema.get("properties").and_then(Value::as_object).into_iter().flatten()
    }

    /// The fields, as they are, or as somebody typed them.
    pub(super) fn fields(&self, typed: Option<&[(String, String)]>) -> Vec<Drawn> {
        let typed = typed.filter(|typed| !field(typed, MARK).is_empty());
        let draw = |(name, of): (&String, &Value)| {
            let kind = kind(of);
            let is_set = is_secret(of) && self.settings.get(name).is_some();
            let value = match typed {
                Some(typed) => field(typed, &own(name)).to_owned(),
                None if is_secret(of) => String::new(),
                None => written(self.settings.get(name).or_else(|| of.get("default")).unwrap_or(&Value::Null), kind),
            };
            let title = Some(text(of, "title")).filter(|title| !title.is_empty()).unwrap_or(name).to_owned();
            let options = of.get("enum").and_then(Value::as_array).into_iter().flatten();
            Drawn {
                title,
                help: text(of, "description").to_owned(),
                kind,
                required: self.requires(name) && !is_set,
                secret: is_set,
                options: options.map(|option| written(option, Kind::Choice)).collect(),
                value,
                wrong: Wrong::default(),
                name: name.clone(),
            }
        };
        let mut fields: Vec<Drawn> = self.properties().map(draw).collect();
        // What cannot be left out comes first.
        fields.sort_by_key(|field| !self.requires(&field.name));
        fields
    }

    /// What a form says; nothing, if it had no fields of settings. A field that is empty is left out. What is no number stays
    /// text, and the check says so.
    pub(super) fn read(&self, typed: &[(String, String)]) -> Option<Map<String, Value>> {
        if field(typed, MARK).is_empty() {
            return None;
        }
        let mut settings = Map::new();
        for (name, of) in self.properties() {
            let (given, kind) = (field(typed, &own(name)), kind(of));
            let before = self.settings.get(name);
            let json = || serde_json::from_str(given).unwrap_or_else(|_| Value::String(given.to_owned()));
            let value = match kind {
                Kind::Switch => Value::Bool(!given.is_empty()),
                Kind::Text("password") if given.is_empty() => match before {
                    Some(_) => Value::String(MASK.to_owned()),
                    None => continue,
                },
                // What nobody touched stays as it is, however its field shows it.
                _ if before.is_some_and(|before| same(&written(before, kind), given)) => {
                    before.cloned().unwrap_or_default()
                }
                _ if given.trim().is_empty() => continue,
                Kind::Text(_) => Value::String(given.to_owned()),
                Kind::Number => serde_json::from_str(&given.trim().replace(',', ".")).unwrap_or_else(|_| json()),
                Kind::Choice if text(of, "type") == "string" => Value::String(given.to_owned()),
                Kind::Choice | Kind::Json => json(),
                Kind::Lines => given.lines().map(str::trim).filter(|line| !line.is_empty()).map(Value::from).collect(),
            };
            settings.insert(name.clone(), value);
        }
        Some(settings)
    }

    /// Whether these are the settings there are.
    pub(super) fn is_same(&self, settings: &Map<String, Value>) -> bool {
        self.settings.as_object() == Some(settings)
    }

    /// Says beside each field what is wrong with it; whether anything is. What there is besides is said when they are set.
    pub(super) fn check(&self, words: Words, settings: &Map<String, Value>, fields: &mut [Drawn]) -> bool {
        let Some(Ok(schema)) = self.text.map(|text| Schema::read(text.get())) else { return true };
        let mistakes = schema.mistakes(settings);
        for (name, unfit) in &mistakes {
            let wrong = match settings.contains_key(*name) {
                false => words.t("settings-needed").to_string().into(),
                true => Wrong::new(words, &said(unfit)),
            };
            fields.iter_mut().filter(|field| field.name == *name).for_each(|field| field.wrong = wrong.clone());
        }
        mistakes.is_empty()
    }
}

/// What is needed, and where in the field, if it holds more than a value.
fn said(unfit: &Unfit) -> Said {
    match unfit.at.is_empty() {
        true => unfit.needed.clone().into(),
        false => unfit.to_string().into(),
    }
}

/// Whether a field was sent as it was shown. Browsers send other ends of lines.
fn same(shown: &str, sent: &str) -> bool {
    shown.replace("\r\n", "\n") == sent.replace("\r\n", "\n")
}

/// Settings as they are handed on.
pub(super) fn raw(settings: &Map<String, Value>) -> Result<Box<RawValue>, Problem> {
    serde_json::value::to_raw_value(settings).map_err(Problem::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Box<RawValue> {
        RawValue::from_string(text.to_owned()).unwrap()
    }

    const SCHEMA: &str = r#"{"type":"object","properties":{"greeting":{"type":"string"},"limit":{"type":"integer"},
        "on":{"type":"boolean"},"tags":{"type":"array","items":{"type":"string"}},"key":{"type":"string","writeOnly":true},
        "level":{"type":"integer","enum":[1,2]},"map":{"type":"object","additionalProperties":{"type":"integer"}}},"required":["key"]}"#;

    /// The form as a browser sends it.
    fn sent(drawn: &[Drawn]) -> Vec<(String, String)> {
        let filled = drawn.iter().filter(|f| !f.value.is_empty() && f.value != "false");
        let fields = filled.map(|f| (own(&f.name), f.value.replace('\n', "\r\n")));
        fields.chain([(MARK.to_owned(), "1".to_owned())]).collect()
    }

    #[test]
    fn a_form_says_the_same_as_the_settings_it_was_drawn_from() {
        let (schema, settings) = (
            json(SCHEMA),
            json(
                r#"{"greeting":"  hi","limit":7,"on":true,"tags":["a"," b","c, d"],"key":"********","level":2,"map":{"x":1}}"#,
            ),
        );
        let known = Known::new(Some(&schema), Some(&settings));
        let typed = sent(&known.fields(None));
        assert!(typed.iter().all(|(name, _)| name != "s.key"), "a secret is not sent");
        assert!(known.is_same(&known.read(&typed).unwrap()));
        assert_eq!(known.read(&[("s.limit".to_owned(), "8".to_owned())]), None, "a form without fields sets nothing");
    }

    #[test]
    fn each_mistake_stands_beside_its_field_and_what_was_typed_comes_back() {
        let schema = json(SCHEMA);
        let known = Known::new(Some(&schema), None);
        let typed = [("_settings", "1"), ("s.limit", "many"), ("s.map", r#"{"x":"y"}"#), ("s.greeting", "hi")];
        let typed = typed.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let (mut fields, settings) = (known.fields(Some(&typed)), known.read(&typed).unwrap());
        assert!(!known.check(Words::ENGLISH, &settings, &mut fields));
        let wrong = |name: &str| {
            let field = fields.iter().find(|field| field.name == name).unwrap();
            (field.value.as_str(), field.wrong.to_string())
        };
        assert_eq!(wrong("limit"), ("many", "a whole number is needed".to_owned()));
        assert_eq!(wrong("map"), (r#"{"x":"y"}"#, "at `/x`, a whole number is needed".to_owned()));
        assert_eq!(wrong("key"), ("", Words::ENGLISH.t("settings-needed").to_string()));
        assert_eq!(wrong("greeting"), ("hi", String::new()));
    }

    #[test]
    fn what_one_version_hid_is_asked_for_by_one_that_shows_it() {
        let schema = json(r#"{"type":"object","properties":{"key":{"type":"string"}},"required":["key"]}"#);
        let settings = json(r#"{"key":"********"}"#);
        let known = Known::new(Some(&schema), Some(&settings));
        assert!(known.fields(None).iter().all(Drawn::is_missing));
    }
}
