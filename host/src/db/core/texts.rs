//! Texts from outside, checked before anything of them is stored.

use crate::db::core::error::{Error, Result};
use crate::text::misleading;

/// Text from outside, checked: so many characters, no control characters but line breaks and tabs, nothing that hides or
/// turns what is read. NUL in particular: SQLite stores it and PostgreSQL refuses it, so neither gets it.
pub(in crate::db) fn text(what: &str, text: &str, least: usize, most: usize) -> Result<()> {
    let n = text.chars().count();
    if n < least || n > most {
        return Err(Error::invalid(format!("{what} must have {least} to {most} characters; it has {n}")));
    }
    if least > 0 && text.chars().all(|c| c.is_whitespace() || is_unseen(c)) {
        return Err(Error::invalid(format!("{what} must have something to read, not only space")));
    }
    misleading(text).map_or(Ok(()), |why| Err(Error::invalid(format!("{what} {why}"))))
}

/// Whether a letter takes no room: joiners, marks of direction, the soft hyphen.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}
