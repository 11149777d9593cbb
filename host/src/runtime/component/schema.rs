//! The JSON Schema of an app's settings, as it stands in the component. Publisher-controlled: what is not in the subset
//! that [`Schema`] reads is refused here, at build and at upload.

use serde_json::Value;

use crate::runtime::code::Code;
use crate::runtime::refused::Problem;
use crate::schema::{MAX_BYTES as SCHEMA_BYTES, Schema};

/// Largest schema, in bytes.
pub const MAX_BYTES: usize = SCHEMA_BYTES;

/// Reads a settings schema and checks that it can be used.
pub fn read(text: &str) -> Result<Value, Problem> {
    Schema::read(text).map_err(|bad| {
        let place = if bad.at.is_empty() { String::new() } else { format!(" (at `{}`)", bad.at) };
        let problem = Problem::new(Code::BadSchema, format!("the settings schema cannot be used: {}{place}", bad.what));
        bad.help.map_or(problem.clone(), |help| problem.help(help))
    })?;
    serde_json::from_str(text).map_err(|error| Problem::new(Code::BadSchema, error.to_string()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may")]
mod tests {
    use super::*;

    #[test]
    fn a_schema_is_kept_as_it_was_written_or_refused_with_place_and_remedy() {
        let text =
            r#"{"type": "object", "properties": {"from": {"type": "integer", "minimum": 1}}, "required": ["from"]}"#;
        assert_eq!(read(text).unwrap(), serde_json::from_str::<Value>(text).unwrap());
        let problem = read(r#"{"type": "object", "properties": {"a": {"$ref": "file:///etc/passwd"}}}"#).unwrap_err();
        assert_eq!(problem.code, Code::BadSchema);
        let words =
            "the settings schema cannot be used: `$ref` is not in the part of JSON Schema that settings have here";
        assert_eq!(problem.what, format!("{words} (at `/properties/a`)"));
        assert!(problem.help.is_some_and(|help| help.contains("write the field out")));
    }
}
