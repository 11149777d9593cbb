//! Items as rows (RFC 4180) that are safe to open as a spreadsheet.
//!
//! INVARIANT: whatever somebody wrote is one cell of one row, is no formula there, whether commas or semicolons part the
//! cells for whoever opens it, and hides, turns or steers nothing.

use super::columns::Column;
use crate::text::is_hidden;
use serde_json::Value;

/// What a spreadsheet takes for the beginning of a formula, also in the wide forms of East Asian keyboards.
fn begins_formula(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '＝' | '＋' | '－' | '＠')
}

/// Adds the first row.
pub(super) fn header(columns: &[Column], text: &mut String) {
    row(columns.iter().map(|column| escaped(&column.name())), text);
}

/// Adds the row of an item.
pub(super) fn add(item: &Value, columns: &[Column], text: &mut String) {
    row(columns.iter().map(|column| cell(at(item, &column.path))), text);
}

fn at<'v>(item: &'v Value, path: &[String]) -> Option<&'v Value> {
    path.iter().try_fold(item, |value, name| value.get(name))
}

/// What stands in a cell. A number is one, also below zero; what has several parts is JSON, in one cell.
fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => escaped(text),
        Some(Value::Bool(yes)) => yes.to_string(),
        Some(Value::Number(number)) => number.to_string(),
        Some(several) => escaped(&several.to_string()),
    }
}

/// A text as a cell that is text: `'` stands before what would begin a formula, at the beginning and after each semicolon.
fn escaped(text: &str) -> String {
    let mut cell = String::with_capacity(text.len() + 2);
    // Space, and what closes a cell before, does not make it less of a formula.
    let mut begins = true;
    for c in text.chars() {
        if begins && begins_formula(c) {
            cell.push('\'');
        }
        begins = c == ';' || (begins && (c.is_whitespace() || c == '"' || is_hidden(c)));
        if is_hidden(c) { cell.extend(c.escape_unicode()) } else { cell.push(c) }
    }
    cell
}

fn row(cells: impl Iterator<Item = String>, text: &mut String) {
    for (n, cell) in cells.enumerate() {
        if n > 0 {
            text.push(',');
        }
        if cell.contains([',', '"', ';', '\'']) || cell.starts_with(' ') || cell.ends_with(' ') {
            text.push('"');
            text.push_str(&cell.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(&cell);
        }
    }
    text.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn written(value: &Value) -> String {
        let mut text = String::new();
        add(&json!({ "a": value }), &[Column { path: vec!["a".to_owned()] }], &mut text);
        text
    }

    #[test]
    fn a_formula_is_text_wherever_a_cell_might_begin() {
        assert_eq!(written(&json!("=1+1")), "\"'=1+1\"\r\n");
        for formula in ["+1", "-1", "@SUM(A1)", " =1", "\"=1\"", "＝1", "\u{feff}=1", "\u{200b}@x"] {
            assert!(written(&json!(formula)).contains('\''), "{formula}");
        }
        assert_eq!(written(&json!("a;=1+1;b")), "\"a;'=1+1;b\"\r\n");
        assert_eq!(written(&json!("a - b = c")), "a - b = c\r\n");
        assert_eq!(written(&json!(-12)), "-12\r\n", "a number is a number");
        assert_eq!(written(&json!("\t=1")), "\"'\\u{9}'=1\"\r\n");
    }

    #[test]
    fn a_text_is_one_cell_of_one_row() {
        assert_eq!(written(&json!("a,\"b\"\r\nc")), "\"a,\"\"b\"\"\\u{d}\\u{a}c\"\r\n");
        assert_eq!(written(&json!("\u{1b}[2J\u{202e}x")), "\\u{1b}[2J\\u{202e}x\r\n");
        assert_eq!(written(&json!(["a", 1])), "\"[\"\"a\"\",1]\"\r\n");
        assert_eq!((written(&json!(null)), written(&json!(true))), ("\r\n".to_owned(), "true\r\n".to_owned()));
    }
}
