//! What others wrote, on a line of its own: as JSON, and as text for people.
//!
//! INVARIANT: a line ends where its text ends, for every reader, and holds nothing that hides, turns or steers what is
//! read: such characters stand there as escapes.

use super::is_hidden;

/// Adds a JSON text so that it is one line. In JSON an escape means the character itself.
pub fn json(text: &str, line: &mut String) {
    for c in text.chars() {
        match c {
            // Between the parts of a value; within a text they are escaped already.
            '\n' | '\r' | '\t' => line.push(' '),
            // No other such character stands outside of its texts.
            c if (!c.is_ascii() || c == '\u{7f}') && is_hidden(c) => {
                let mut units = [0; 2];
                for unit in c.encode_utf16(&mut units) {
                    line.push_str(&format!("\\u{unit:04x}"));
                }
            }
            c => line.push(c),
        }
    }
}

/// A line of a log for people, in which colours are left.
pub fn logged(text: &str) -> String {
    let (mut line, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(c) = rest.chars().next() {
        let end = match colour(rest) {
            Some(end) => {
                line.push_str(rest.get(..end).unwrap_or_default());
                end
            }
            None => {
                if is_hidden(c) {
                    line.extend(c.escape_default())
                } else {
                    line.push(c)
                }
                c.len_utf8()
            }
        };
        rest = rest.get(end..).unwrap_or_default();
    }
    line
}

/// Where a code that sets a colour ends, if the text begins with one.
fn colour(text: &str) -> Option<usize> {
    let codes = text.strip_prefix("\u{1b}[")?;
    let end = codes.find(|c: char| !c.is_ascii_digit() && c != ';')?;
    codes.get(end..)?.starts_with('m').then_some(end + 3)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn a_json_line_is_one_line_for_everybody_and_means_what_the_value_means() {
        let value = json!({ "a": "x\r\n{\"b\":1}\u{2028}\u{85}\u{202e}\u{1b}[2J\u{7f}\u{e0041}é👍", "n": 12345678901234567890_u64 });
        for written in [value.to_string(), serde_json::to_string_pretty(&value).unwrap()] {
            let mut line = String::new();
            super::json(&written, &mut line);
            assert!(!line.contains(['\n', '\r', '\u{2028}', '\u{85}', '\u{202e}', '\u{1b}', '\u{7f}', '\u{e0041}']));
            assert_eq!(serde_json::from_str::<Value>(&line).unwrap(), value);
            assert!(line.contains("é👍"));
        }
    }

    #[test]
    fn a_logged_line_is_one_line_and_its_colours_are_left() {
        let line =
            logged("\u{1b}[2m10:00\u{1b}[0m INFO é said=a\nERROR forged \u{1b}[2J\u{1b}]0;t\u{7}\u{202e}\u{1b}[");
        assert!(
            line.starts_with("\u{1b}[2m10:00\u{1b}[0m INFO é said=a\\nERROR forged \\u{1b}[2J\\u{1b}]0;t\\u{7}"),
            "{line}"
        );
        assert!(!line.contains(['\n', '\u{7}', '\u{202e}']));
        assert_eq!(line.matches('\u{1b}').count(), 2);
    }
}
