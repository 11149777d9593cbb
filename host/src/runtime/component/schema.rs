//! The JSON Schema of an app's settings. Publisher-controlled: it may not reach outside itself, and its patterns
//! run on an engine that is linear in the input.

use serde_json::Value;

use crate::runtime::code::Code;
use crate::runtime::refused::Problem;

/// Largest schema, in bytes.
pub const MAX_BYTES: usize = 64 * 1024;
/// Deepest nesting of a schema; a form nobody could fill in is far below it.
const MAX_DEPTH: usize = 32;

/// Reads a settings schema and checks that it can be used.
pub fn read(text: &str) -> Result<Value, Problem> {
    let refuse = |what: String| Problem::new(Code::BadSchema, what);
    if text.len() > MAX_BYTES {
        return Err(refuse(format!("the settings schema is {} bytes long, more than {MAX_BYTES}", text.len())));
    }
    let schema: Value =
        serde_json::from_str(text).map_err(|error| refuse(format!("the settings schema is not JSON: {error}")))?;
    if schema.get("type").and_then(Value::as_str) != Some("object") {
        return Err(refuse("the settings schema does not describe an object".to_owned())
            .help("an app's settings are a JSON object: add `\"type\": \"object\"` at the top"));
    }
    check_references(&schema, 0)?;
    compile(&schema)?;
    Ok(schema)
}

/// The validator of a schema that [`read`] accepted.
pub fn compile(schema: &Value) -> Result<jsonschema::Validator, Problem> {
    let patterns = jsonschema::PatternOptions::regex().size_limit(1 << 20);
    jsonschema::options().offline().with_pattern_options(patterns).build(schema).map_err(|error| {
        Problem::new(Code::BadSchema, format!("the settings schema is not a valid JSON Schema: {error}"))
            .help(format!("look at `{}` in it", error.instance_path()))
    })
}

/// Refuses every reference that leaves the document, and nesting that would cost the stack.
fn check_references(value: &Value, depth: usize) -> Result<(), Problem> {
    if depth > MAX_DEPTH {
        return Err(Problem::new(Code::BadSchema, format!("the settings schema nests deeper than {MAX_DEPTH}")));
    }
    match value {
        Value::Array(items) => items.iter().try_for_each(|item| check_references(item, depth + 1)),
        Value::Object(fields) => fields.iter().try_for_each(|(key, value)| {
            if matches!(key.as_str(), "$ref" | "$dynamicRef" | "$recursiveRef")
                && let Some(target) = value.as_str()
                && !target.starts_with('#')
            {
                let what = format!("the settings schema refers to `{target}`, outside itself");
                return Err(Problem::new(Code::BadSchema, what).help("put it under `$defs` and refer to `#/$defs/…`"));
            }
            check_references(value, depth + 1)
        }),
        _ => Ok(()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may")]
mod tests {
    use super::*;

    #[test]
    fn a_schema_of_an_object_is_accepted_and_checks_settings() {
        let text =
            r#"{"type": "object", "properties": {"from": {"type": "integer", "minimum": 1}}, "required": ["from"]}"#;
        let schema = read(text).unwrap();
        let validator = compile(&schema).unwrap();
        assert!(validator.is_valid(&serde_json::json!({"from": 3})));
        assert!(!validator.is_valid(&serde_json::json!({"from": 0})));
    }

    #[test]
    fn what_cannot_be_used_is_refused_in_words() {
        let deep = format!(r#"{{"type": "object", "properties": {}1{}}}"#, r#"{"a":"#.repeat(90), "}".repeat(90));
        for (text, words) in [
            ("{", "not JSON"),
            (r#"{"type": "string"}"#, "an object"),
            (r#"{"type": "object", "properties": 3}"#, "not a valid JSON Schema"),
            (r#"{"type": "object", "$ref": "https://example.com/s.json"}"#, "outside itself"),
            (r#"{"type": "object", "properties": {"a": {"$ref": "file:///etc/passwd"}}}"#, "outside itself"),
            (r#"{"type": "object", "$schema": "https://example.com/meta.json"}"#, "not a valid JSON Schema"),
            (
                r#"{"type": "object", "properties": {"a": {"pattern": "(a{1000}){1000}{1000}"}}}"#,
                "not a valid JSON Schema",
            ),
            (deep.as_str(), "nests deeper"),
        ] {
            let problem = read(text).unwrap_err();
            assert_eq!(problem.code, Code::BadSchema);
            assert!(problem.what.contains(words), "{text}: {}", problem.what);
        }
    }
}
