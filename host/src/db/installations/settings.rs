//! An app's settings in one store: a JSON object that fits the schema of the version installed.

use crate::db::apps::AppFacts;
use crate::db::error::{Error, Result};
use crate::db::records::doc::to_json;
use serde_json::Value;
use serde_json::value::RawValue;

/// Settings hold at most so many bytes: they are read at every run.
pub const SETTINGS_BYTES: usize = 64 * 1024;
/// Largest compiled pattern of a schema, in bytes; the schema is publisher-controlled.
const PATTERN_BYTES: usize = 1 << 20;

/// Checks settings against the schema and returns them as they are kept. None given: an empty object.
pub(super) fn fit(facts: &AppFacts, given: Option<&RawValue>) -> Result<Box<RawValue>> {
    let Some(text) = given.map(RawValue::get) else { return check(facts, Value::Object(serde_json::Map::new())) };
    if text.len() > SETTINGS_BYTES {
        let size = text.len();
        return Err(Error::invalid(format!("settings hold at most {SETTINGS_BYTES} bytes; these have {size}")));
    }
    check(facts, serde_json::from_str(text).map_err(|e| Error::invalid(format!("the settings are not JSON: {e}")))?)
}

fn check(facts: &AppFacts, settings: Value) -> Result<Box<RawValue>> {
    let Some(fields) = settings.as_object() else {
        return Err(Error::invalid("an app's settings are a JSON object, for example `{\"threshold\": 5}`"));
    };
    let Some(schema) = &facts.settings_schema else {
        return match fields.is_empty() {
            true => to_json(&settings),
            false => Err(Error::invalid(format!("`{}` has no settings; give `{{}}`", facts.name))),
        };
    };
    let schema: Value = serde_json::from_str(schema.get()).map_err(|e| Error::Corrupt(e.to_string()))?;
    let patterns = jsonschema::PatternOptions::regex().size_limit(PATTERN_BYTES);
    let validator = jsonschema::options().offline().with_pattern_options(patterns).build(&schema);
    let validator = validator.map_err(|e| Error::Corrupt(format!("a settings schema: {e}")))?;
    let wrong: Vec<String> = validator.iter_errors(&settings).take(5).map(|error| words(&error)).collect();
    match wrong.is_empty() {
        true => to_json(&settings),
        false => Err(Error::invalid(format!("the settings do not fit `{}`: {}", facts.name, wrong.join("; ")))),
    }
}

/// One mistake: where it is, and what is wrong there.
fn words(error: &jsonschema::ValidationError<'_>) -> String {
    let place = error.instance_path().to_string();
    let what: String = error.to_string().chars().take(300).collect();
    if place.is_empty() { what } else { format!("at `{place}`, {what}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::apps::AppFacts;

    fn with_schema(schema: &str) -> AppFacts {
        let schema = RawValue::from_string(schema.to_owned()).unwrap();
        AppFacts { settings_schema: Some(schema), ..crate::db::apps::facts_for_tests(&[], &[], &[]) }
    }

    fn raw(text: &str) -> Box<RawValue> {
        RawValue::from_string(text.to_owned()).unwrap()
    }

    const SCHEMA: &str = r#"{"type": "object", "properties": {"threshold": {"type": "integer", "minimum": 1}}, "required": ["threshold"], "additionalProperties": false}"#;

    #[test]
    fn settings_that_fit_are_kept() {
        let kept = fit(&with_schema(SCHEMA), Some(&raw(r#"{"threshold": 3}"#))).unwrap();
        assert_eq!(kept.get(), r#"{"threshold":3}"#);
    }

    #[test]
    fn a_mistake_is_named_with_its_place() {
        for (given, words) in [
            (r#"{"threshold": 0}"#, "/threshold"),
            (r#"{"threshold": 3, "other": 1}"#, "other"),
            ("[]", "a JSON object"),
        ] {
            let Err(Error::Invalid(text)) = fit(&with_schema(SCHEMA), Some(&raw(given))) else { panic!("{given}") };
            assert!(text.contains(words), "{given}: {text}");
        }
        assert!(matches!(fit(&with_schema(SCHEMA), None), Err(Error::Invalid(text)) if text.contains("threshold")));
    }

    #[test]
    fn an_app_without_a_schema_has_no_settings() {
        let facts = crate::db::apps::facts_for_tests(&[], &[], &[]);
        assert_eq!(fit(&facts, None).unwrap().get(), "{}");
        assert!(fit(&facts, Some(&raw(r#"{"a": 1}"#))).is_err());
    }
}
