//! An app's settings in one store: a JSON object that fits the schema of the version installed.
//!
//! INVARIANT: settings are checked before the transaction that writes them, which then only asks whether what they were
//! checked against is still there. A secret among them leaves this room only for the app itself.

use crate::authz::InstallationId;
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::{from_json, to_json};
use crate::db::core::time::now_ms;
use crate::db::house::apps::AppFacts;
use crate::db::house::deliveries::schedule::next_due;
use crate::schema::{MASK, Schema};
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Settings hold at most so many bytes: they are read at every run.
pub const SETTINGS_BYTES: usize = 64 * 1024;

/// What an installation has, and what settings were checked against: if it is another by the time they are written, they
/// are checked again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seen {
    /// SHA-256 of the component that runs.
    digest: String,
    /// The settings' revision.
    revision: i64,
}

/// The settings an installation has, with what they belong to.
pub(super) async fn seen(conn: &mut Conn, id: InstallationId) -> Result<(Seen, Box<RawValue>)> {
    const SQL: &str = "SELECT digest, settings_rev, settings FROM installations WHERE id = $1";
    let read =
        |r: crate::db::core::engine::conn::Row<'_>| Ok((Seen { digest: r.text(0)?, revision: r.int(1)? }, r.json(2)?));
    let found = conn.row(SQL, args![&id.to_string()], read).await?;
    found.ok_or_else(|| Error::not_found("installation", id.to_string()))
}

/// Within the transaction: fails if settings that were checked belong to what is gone meanwhile.
pub(super) async fn still(conn: &mut Conn, id: InstallationId, before: &Seen) -> Result<()> {
    match seen(conn, id).await?.0 == *before {
        true => Ok(()),
        false => Err(Error::Stale),
    }
}

/// The schema of a version. Versions that an earlier host accepted may have one that this host does not read.
pub(super) fn schema_of(facts: &AppFacts) -> Result<Option<Schema>> {
    let Some(text) = &facts.settings_schema else { return Ok(None) };
    Schema::read(text.get()).map(Some).map_err(|bad| {
        Error::invalid(format!(
            "the settings of this version of `{}` cannot be set: its schema has more than a form can show ({bad}); \
             install a version that was built anew",
            facts.name
        ))
    })
}

/// The schema of a version, if it hides anything. One that an earlier host accepted and this one does not read hides nothing
/// that was sealed: nothing is written under it any more.
pub(super) fn hiding(facts: &AppFacts) -> Option<Schema> {
    schema_of(facts).ok().flatten().filter(Schema::has_secrets)
}

/// What somebody gave as settings. None given: an empty object.
fn given(text: Option<&RawValue>) -> Result<Value> {
    let Some(text) = text.map(RawValue::get) else { return Ok(Value::Object(serde_json::Map::new())) };
    if text.len() > SETTINGS_BYTES {
        let size = text.len();
        return Err(Error::invalid(format!("settings hold at most {SETTINGS_BYTES} bytes; these have {size}")));
    }
    let given: Value =
        serde_json::from_str(text).map_err(|_| Error::invalid("the settings are not JSON that can be read"))?;
    match given.is_object() {
        true => Ok(given),
        false => Err(Error::invalid("an app's settings are a JSON object, for example `{\"threshold\": 5}`")),
    }
}

/// Checks settings and returns them as they are stored. Secrets that are left out, or come masked, are those of `stored`:
/// the settings an installation has, under the schema of the version that it runs.
pub(super) fn fit(
    facts: &AppFacts,
    settings: Option<&RawValue>,
    stored: Option<(&AppFacts, &RawValue)>,
) -> Result<Box<RawValue>> {
    let settings = given(settings)?;
    let Some(schema) = schema_of(facts)? else {
        return match settings.as_object().is_some_and(|fields| fields.is_empty()) {
            true => to_json(&settings),
            false => Err(Error::invalid(format!("`{}` has no settings; give `{{}}`", facts.name))),
        };
    };
    let before = match stored {
        Some((of, stored)) => carried(of, stored, &schema)?,
        None => Value::Object(serde_json::Map::new()),
    };
    let settings = schema.restored(settings, &before);
    let unfit = |unfit| Error::invalid(format!("the settings do not fit `{}`: {unfit}", facts.name));
    schema.check(&settings).map_err(unfit)?;
    to_json(&settings)
}

/// The settings an installation has, as they fit another version: what the old one hid and the new one would show is
/// left out.
pub(super) fn fit_stored(new: &AppFacts, (old, stored): (&AppFacts, &RawValue)) -> Result<Box<RawValue>> {
    let Some(schema) = schema_of(new)? else { return fit(new, Some(stored), None) };
    let carried = to_json(&carried(old, stored, &schema)?)?;
    fit(new, Some(&carried), Some((old, stored)))
}

fn carried(old: &AppFacts, stored: &RawValue, new: &Schema) -> Result<Value> {
    let stored: Value = from_json(stored)?;
    Ok(match schema_of(old) {
        Ok(Some(old)) => old.without_secrets_shown_by(new, stored),
        Ok(None) => stored,
        // What it hid cannot be told, so nothing is carried over if it hid anything.
        Err(_) if hides(old) => Value::Object(serde_json::Map::new()),
        Err(_) => stored,
    })
}

/// Settings as people may see them.
pub(in crate::db) fn shown(facts: &AppFacts, settings: &RawValue) -> Result<Box<RawValue>> {
    match schema_of(facts) {
        Ok(Some(schema)) if schema.has_secrets() => to_json(&schema.masked(from_json(settings)?)),
        Err(_) if hides(facts) => {
            let mut settings: Value = from_json(settings)?;
            settings.as_object_mut().into_iter().flatten().for_each(|(_, value)| *value = MASK.into());
            to_json(&settings)
        }
        _ => Ok(settings.to_owned()),
    }
}

/// Settings as their app is given them.
#[derive(Default)]
pub struct GivenSettings {
    /// What it reads, a JSON object: where a secret is set stands the mask.
    pub shown: Arc<str>,
    /// What the host puts into requests for it, by name; of a secret in a group the names with a dot between them.
    pub secrets: BTreeMap<String, String>,
}

/// Says nothing of secrets.
impl std::fmt::Debug for GivenSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.shown)
    }
}

/// Settings as they were meant, made ready for their app.
pub(super) fn given_to_app(facts: &AppFacts, settings: &RawValue) -> Result<GivenSettings> {
    let (shown, mut secrets) = (shown(facts, settings)?.get().into(), BTreeMap::new());
    if let Some(schema) = hiding(facts) {
        schema.each_secret(&mut from_json(settings)?, &mut |name, secret| {
            secrets.extend(secret.as_str().map(|text| (name.to_owned(), text.to_owned())));
            None
        });
    }
    Ok(GivenSettings { shown, secrets })
}

/// Refuses a version with a schedule that never comes due, which an earlier host may have accepted: to find that out takes
/// a search through thousands of years, which no transaction waits for.
pub(super) fn all_due(facts: &AppFacts) -> Result<()> {
    facts.schedules.iter().try_for_each(|cron| next_due(cron, &jiff::tz::TimeZone::UTC, now_ms()).map(drop))
}

/// Whether a schema that cannot be read speaks of secrets.
fn hides(facts: &AppFacts) -> bool {
    facts.settings_schema.as_ref().is_some_and(|schema| schema.get().contains("writeOnly"))
}

#[cfg(test)]
mod tests {
    use crate::db::house::apps::AppFacts;
    use crate::db::house::installations::settings::*;

    fn with_schema(schema: &str) -> AppFacts {
        let schema = RawValue::from_string(schema.to_owned()).unwrap();
        AppFacts { settings_schema: Some(schema), ..crate::db::house::apps::facts_for_tests(&[], &[], &[]) }
    }

    fn raw(text: &str) -> Box<RawValue> {
        RawValue::from_string(text.to_owned()).unwrap()
    }

    fn wrong(result: Result<Box<RawValue>>) -> String {
        match result {
            Err(Error::Invalid(text)) => text.to_string(),
            other => panic!("{other:?}"),
        }
    }

    const SCHEMA: &str = r#"{"type": "object", "properties": {"threshold": {"type": "integer", "minimum": 1}}, "required": ["threshold"], "additionalProperties": false}"#;
    const SECRET: &str =
        r#"{"type": "object", "properties": {"key": {"type": "string", "writeOnly": true}, "n": {"type": "integer"}}}"#;
    const OPEN: &str = r#"{"type": "object", "properties": {"key": {"type": "string"}, "n": {"type": "integer"}}}"#;

    #[test]
    fn settings_that_fit_are_kept() {
        let stored = fit(&with_schema(SCHEMA), Some(&raw(r#"{"threshold": 3}"#)), None).unwrap();
        assert_eq!(stored.get(), r#"{"threshold":3}"#);
    }

    #[test]
    fn a_mistake_is_named_with_its_place() {
        for (given, words) in [
            (r#"{"threshold": 0}"#, "/threshold"),
            (r#"{"threshold": 3, "other": 1}"#, "other"),
            ("[]", "a JSON object"),
        ] {
            let text = wrong(fit(&with_schema(SCHEMA), Some(&raw(given)), None));
            assert!(text.contains(words), "{given}: {text}");
        }
        assert!(wrong(fit(&with_schema(SCHEMA), None, None)).contains("threshold"));
    }

    #[test]
    fn an_app_without_a_schema_has_no_settings() {
        let facts = crate::db::house::apps::facts_for_tests(&[], &[], &[]);
        assert_eq!(fit(&facts, None, None).unwrap().get(), "{}");
        assert!(fit(&facts, Some(&raw(r#"{"a": 1}"#)), None).is_err());
    }

    #[test]
    fn a_schema_of_an_earlier_host_is_answered_in_words_and_shows_nothing_it_hid() {
        let old = with_schema(r##"{"type": "object", "anyOf": [{"$ref": "#/x"}], "x": {"writeOnly": true}}"##);
        assert!(wrong(fit(&old, None, None)).contains("built anew"));
        assert_eq!(shown(&old, &raw(r#"{"a": {"b": "s"}}"#)).unwrap().get(), r#"{"a":"********"}"#);
        assert_eq!(fit_stored(&with_schema(OPEN), (&old, &raw(r#"{"key": "s"}"#))).unwrap().get(), "{}");
    }

    #[test]
    fn what_one_version_hides_the_next_does_not_show() {
        let stored = raw(r#"{"key":"s","n":1}"#);
        let (secret, open) = (with_schema(SECRET), with_schema(OPEN));
        assert_eq!(fit_stored(&secret, (&secret, &stored)).unwrap().get(), stored.get());
        assert_eq!(fit_stored(&open, (&secret, &stored)).unwrap().get(), r#"{"n":1}"#);
        let fitted = fit(&secret, Some(&raw(r#"{"n":2}"#)), Some((&secret, &stored))).unwrap();
        let fitted: Value = serde_json::from_str(fitted.get()).unwrap();
        assert_eq!(fitted, serde_json::json!({ "n": 2, "key": "s" }));
        assert_eq!(shown(&secret, &stored).unwrap().get(), r#"{"key":"********","n":1}"#);
    }
}
