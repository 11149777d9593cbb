//! An app's settings as a form, drawn from its schema. What a form cannot draw is a field of JSON.
//!
//! INVARIANT: a secret that is set is never sent to a browser; its field is empty, and one that stays empty stays as it is.

use super::installation::id;
use crate::authz::scope::kind::{AppsInstall, AppsView};
use crate::authz::{Permit, Principal};
use crate::db::installations::{Installation, SettingsNow};
use crate::db::{self, Db};
use crate::http::accounts::Form;
use crate::http::pages::account::see;
use crate::http::pages::frame::Frame;
use crate::http::pages::show::{Shown, show};
use crate::http::pages::wrong::Wrong;
use crate::http::{At, Problem};
use crate::schema::MASK;
use askama::Template;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

#[derive(Template)]
#[template(path = "apps/settings.html")]
struct Page {
    frame: Frame,
    app: Installation,
    revision: i64,
    fields: Vec<Drawn>,
    wrong: Option<Wrong>,
}

/// How a field is drawn and read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
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
struct Drawn {
    name: String,
    title: String,
    help: String,
    kind: Kind,
    required: bool,
    secret: bool,
    options: Vec<String>,
    value: String,
}

fn text<'v>(of: &'v Value, name: &str) -> &'v str {
    of.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn kind(field: &Value) -> Kind {
    match (text(field, "type"), field.get("enum")) {
        (_, Some(_)) => Kind::Choice,
        ("string", _) if field.get("writeOnly") == Some(&Value::Bool(true)) => Kind::Text("password"),
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

fn fields(now: &SettingsNow, typed: Option<&[(String, String)]>) -> Vec<Drawn> {
    let schema: Value = now.schema.as_deref().and_then(|s| serde_json::from_str(s.get()).ok()).unwrap_or_default();
    let settings: Value = serde_json::from_str(now.settings.get()).unwrap_or_default();
    let required = |name: &str| {
        schema.get("required").and_then(Value::as_array).is_some_and(|all| all.iter().any(|one| one == name))
    };
    let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    let draw = |(name, field): (&String, &Value)| {
        let kind = kind(field);
        let secret = kind == Kind::Text("password");
        let value = match typed {
            Some(typed) if !secret => super::choices::field(typed, &own(name)).to_owned(),
            _ if secret => String::new(),
            _ => written(settings.get(name).or_else(|| field.get("default")).unwrap_or(&Value::Null), kind),
        };
        let title = Some(text(field, "title")).filter(|title| !title.is_empty()).unwrap_or(name).to_owned();
        let options = field.get("enum").and_then(Value::as_array).into_iter().flatten();
        Drawn {
            title,
            help: text(field, "description").to_owned(),
            kind,
            required: required(name) && !(secret && settings.get(name).is_some()),
            secret: secret && settings.get(name).is_some(),
            options: options.map(|option| written(option, Kind::Choice)).collect(),
            value,
            name: name.clone(),
        }
    };
    properties.map(draw).collect()
}

/// What a form says, as JSON; a field that is empty is left out. What is no number stays text, and the check says so.
fn read(now: &SettingsNow, typed: &[(String, String)]) -> Result<Box<RawValue>, Problem> {
    let schema: Value = now.schema.as_deref().and_then(|s| serde_json::from_str(s.get()).ok()).unwrap_or_default();
    let mut settings = Map::new();
    for (name, field) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let given = super::choices::field(typed, &own(name));
        let json = || serde_json::from_str(given).unwrap_or_else(|_| Value::String(given.to_owned()));
        let value = match kind(field) {
            Kind::Switch => Value::Bool(!given.is_empty()),
            Kind::Text("password") if given.is_empty() => {
                let settings: Value = serde_json::from_str(now.settings.get()).unwrap_or_default();
                if settings.get(name).is_none() {
                    continue;
                }
                Value::String(MASK.to_owned())
            }
            _ if given.trim().is_empty() => continue,
            Kind::Text(_) => Value::String(given.to_owned()),
            Kind::Number => serde_json::from_str(&given.trim().replace(',', ".")).unwrap_or_else(|_| json()),
            Kind::Choice if text(field, "type") == "string" => Value::String(given.to_owned()),
            Kind::Choice | Kind::Json => json(),
            Kind::Lines => given.lines().map(str::trim).filter(|line| !line.is_empty()).map(Value::from).collect(),
        };
        settings.insert(name.clone(), value);
    }
    serde_json::value::to_raw_value(&settings).map_err(Problem::internal)
}

/// The form.
pub(super) async fn page(frame: Frame, apps: Permit<AppsView>, db: Db, At(installation): At) -> Shown {
    let installation = id(&installation)?;
    let now = apps.settings(&db, installation).await?;
    let app = apps.installation(&db, installation).await?.installation;
    show(&Page { frame, app, revision: now.revision, fields: fields(&now, None), wrong: None })
}

/// Sets them, if they are still those that were on the page.
pub(super) async fn submit(
    frame: Frame,
    (_, apps): (Permit<AppsInstall>, Permit<AppsView>),
    who: Principal,
    db: Db,
    At(installation): At,
    Form(typed): Form<Vec<(String, String)>>,
) -> Shown {
    let installation = id(&installation)?;
    let now = apps.settings(&db, installation).await?;
    let seen = super::choices::field(&typed, "_revision").parse().ok();
    let configured = match db.agree_to_configure(&who, installation).await {
        Ok(install) => install.configure(&db, installation, read(&now, &typed)?, seen).await,
        Err(e) => Err(e),
    };
    let wrong = match configured {
        Ok(_) => return Ok(see(&format!("{}/apps/{installation}", frame.base))),
        Err(db::Error::Invalid(why)) => Wrong::new(frame.words, &why),
        Err(db::Error::Conflict(_)) => frame.t("settings-changed").to_string().into(),
        Err(e) => return Err(e.into()),
    };
    let app = apps.installation(&db, installation).await?.installation;
    show(&Page { frame, app, revision: now.revision, fields: fields(&now, Some(&typed)), wrong: Some(wrong) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now(schema: &str, settings: &str) -> SettingsNow {
        let raw = |text: &str| RawValue::from_string(text.to_owned()).unwrap();
        SettingsNow { settings: raw(settings), revision: 1, schema: Some(raw(schema)) }
    }

    #[test]
    fn a_form_says_the_same_as_the_settings_it_was_drawn_from() {
        let schema = r#"{"type":"object","properties":{"greeting":{"type":"string"},"limit":{"type":"integer"},
            "on":{"type":"boolean"},"tags":{"type":"array","items":{"type":"string"}},"key":{"type":"string","writeOnly":true},
            "level":{"type":"integer","enum":[1,2]},"map":{"type":"object","additionalProperties":{"type":"integer"}}},"required":["key"]}"#;
        let settings =
            r#"{"greeting":"hi","limit":7,"on":true,"tags":["a","b"],"key":"********","level":2,"map":{"x":1}}"#;
        let now = now(schema, settings);
        let drawn = fields(&now, None);
        let typed: Vec<_> = drawn
            .iter()
            .filter(|f| !f.value.is_empty() && f.value != "false")
            .map(|f| (own(&f.name), f.value.clone()))
            .collect();
        assert!(typed.iter().all(|(name, _)| name != "s.key"), "a secret is not sent");
        let read: Value = serde_json::from_str(read(&now, &typed).unwrap().get()).unwrap();
        assert_eq!(read, serde_json::from_str::<Value>(settings).unwrap());
    }
}
