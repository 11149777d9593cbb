//! An item as one line of JSON.
//!
//! INVARIANT: a line ends where the item ends, for every reader, and holds nothing that hides, turns or steers what is
//! read: such characters stand there as JSON escapes, which mean the same.

use crate::text::is_hidden;

/// Adds an item, as its route wrote it, with the end of its line.
pub(super) fn add(item: &str, text: &mut String) {
    for c in item.chars() {
        match c {
            // Between the parts of the item; within a text they are escaped already.
            '\n' | '\r' | '\t' => text.push(' '),
            // No text of JSON has such a character outside of its strings.
            c if !c.is_ascii() && is_hidden(c) => {
                let mut units = [0; 2];
                for unit in c.encode_utf16(&mut units) {
                    text.push_str(&format!("\\u{unit:04x}"));
                }
            }
            // The one control character that JSON leaves as it is.
            '\u{7f}' => text.push_str("\\u007f"),
            c => text.push(c),
        }
    }
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn a_line_is_one_line_for_everybody_and_means_what_the_item_means() {
        let item = json!({ "a": "x\r\n{\"b\":1}\u{2028}\u{85}\u{202e}\u{1b}[2J\u{7f}\u{e0041}é👍", "n": 12345678901234567890_u64 });
        for written in [item.to_string(), serde_json::to_string_pretty(&item).unwrap()] {
            let mut text = String::new();
            add(&written, &mut text);
            assert_eq!(text.matches(['\n', '\r', '\u{2028}', '\u{85}']).count(), 1);
            assert!(text.ends_with('\n') && !text.contains(['\u{202e}', '\u{1b}', '\u{7f}', '\u{e0041}']));
            assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), item);
            assert!(text.contains("é👍"));
        }
    }
}
