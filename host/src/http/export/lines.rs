//! An item as one line of JSON (`text::lines`).

use crate::text::lines::json;

/// Adds an item, as its route wrote it, with the end of its line.
pub(in crate::http) fn add(item: &str, text: &mut String) {
    json(item, text);
    text.push('\n');
}
