//! What a host call was asked and what it answered, in one line: names, numbers, cases and ids. Of a text it says only that
//! there was one, since texts are where personal data and secrets stand.
//!
//! INVARIANT: no text of a guest or of a record gets into a line, except one that has the form of an id, and the amount and
//! currency of money. A line has [`MAX_BYTES`] at most, however much was asked: who controls the arguments controls no more.

mod write;

use crate::db;
use serde::Serialize;
use std::fmt::{self, Write as _};

/// Longest line: enough for the numbers of a large filter, and 100 calls of a run stay below 50 KiB.
const MAX_BYTES: usize = 240;
/// Stands for a text that is not shown.
const TEXT: &str = "'…'";

/// A line that grows by one argument after the other.
#[derive(Debug, Default)]
pub struct Line {
    text: String,
    /// Nothing more goes in: it is as long as it may be, or nobody will read it.
    full: bool,
    /// Whether what comes next is the amount or the currency of money.
    money: bool,
}

/// The line is full.
#[derive(Debug, thiserror::Error)]
#[error("the line is full")]
pub struct Full;

impl Line {
    /// A line that takes nothing, for a call that is not recorded in full.
    pub fn closed() -> Line {
        Line { full: true, ..Line::default() }
    }

    /// Adds an argument by its name in the contract.
    pub fn argument(&mut self, name: &str, value: &impl Serialize) {
        if self.full {
            return;
        }
        let start = if self.text.is_empty() { "" } else { ", " };
        let added = self.put(start).and_then(|()| self.name(name)).and_then(|()| self.put(": "));
        if added.and_then(|()| value.serialize(&mut *self)).is_err() {
            self.full = true;
        }
    }

    /// The line, if there is anything in it.
    pub fn end(self) -> Option<Box<str>> {
        (!self.text.is_empty()).then(|| self.text.into())
    }

    /// The first id in it: of the record that a call was about which was refused before it read any.
    pub fn first_id(&self) -> Option<&str> {
        self.text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').find(|word| is_id(word))
    }

    /// What was answered: as much of it as a line takes, or why nothing was, if that is known.
    pub(super) fn answer<T: Serialize>(result: Result<&T, Option<&db::Error>>) -> Option<Box<str>> {
        let mut line = Line::default();
        match result {
            Ok(value) => {
                if value.serialize(&mut line).is_err() {
                    line.full = true;
                }
            }
            Err(Some(e)) if is_told(e) => line.full = line.refusal(&e.to_string()).is_err(),
            Err(_) => {}
        }
        line.end().filter(|text| &**text != "()")
    }

    /// A refusal, without what stands in backticks, unless that is an id.
    fn refusal(&mut self, text: &str) -> Result<(), Full> {
        for (n, part) in text.split('`').enumerate() {
            self.put(if n % 2 == 0 || is_id(part) { part } else { TEXT })?;
        }
        Ok(())
    }

    /// Adds a part that is whole or not there: after the last that fits there is an ellipsis.
    fn put(&mut self, part: &str) -> Result<(), Full> {
        if self.full || self.text.len() + part.len() > MAX_BYTES {
            if !self.full {
                self.text.push('…');
            }
            self.full = true;
            return Err(Full);
        }
        self.text.push_str(part);
        Ok(())
    }

    /// Adds a name as the contract spells it.
    fn name(&mut self, name: &str) -> Result<(), Full> {
        let mut spelled = String::with_capacity(name.len() + 4);
        for (n, c) in name.chars().enumerate() {
            match c {
                '_' => spelled.push('-'),
                c if c.is_ascii_uppercase() => {
                    if n > 0 {
                        spelled.push('-');
                    }
                    spelled.push(c.to_ascii_lowercase());
                }
                c => spelled.push(c),
            }
        }
        self.put(&spelled)
    }

    fn number(&mut self, number: impl fmt::Display) -> Result<(), Full> {
        let mut text = String::new();
        write!(text, "{number}").map_err(|_| Full)?;
        self.put(&text)
    }
}

/// Whether why a call was not done may be read by whoever holds its scope: what the host has to hide is told to nobody.
fn is_told(error: &db::Error) -> bool {
    use db::Error::{Conflict, Invalid, Limit, NoCursor, NotFound, Stale, Taken};
    matches!(error, NotFound { .. } | Conflict(_) | Stale | Limit { .. } | Invalid(_) | NoCursor | Taken { .. })
}

/// A prefix of three letters and a number of 32 hexadecimal digits, as every id of a record is.
fn is_id(text: &str) -> bool {
    // Length first: who controls a text controls how long it takes to look through.
    text.len() == 36
        && text.split_once('_').is_some_and(|(prefix, number)| {
            prefix.len() == 3
                && prefix.bytes().all(|c| c.is_ascii_lowercase())
                && number.bytes().all(|c| c.is_ascii_digit() || (b'a'..=b'f').contains(&c))
        })
}

/// What amounts and codes of currencies are made of.
fn is_of_money(text: &str) -> bool {
    text.len() <= 20 && text.bytes().all(|c| c.is_ascii_digit() || c == b'.' || c == b'-')
        || text.len() == 3 && text.bytes().all(|c| c.is_ascii_uppercase())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may")]
mod tests {
    use super::*;

    #[derive(Serialize)]
    struct Money {
        amount: &'static str,
        currency: &'static str,
    }

    #[derive(Serialize)]
    enum PaymentStatus {
        PartiallyRefunded,
    }

    #[derive(Serialize)]
    struct Filter {
        status: Option<PaymentStatus>,
        tag: Option<&'static str>,
        above: Money,
        since_start: bool,
    }

    const ID: &str = "ord_0123456789abcdef0123456789abcdef";

    fn said(arguments: impl FnOnce(&mut Line)) -> String {
        let mut line = Line::default();
        arguments(&mut line);
        line.end().unwrap().into()
    }

    #[test]
    fn names_numbers_cases_ids_and_money_are_told_and_no_other_text() {
        let filter = Filter {
            status: Some(PaymentStatus::PartiallyRefunded),
            tag: Some("ada@example.com"),
            above: Money { amount: "12.50", currency: "EUR" },
            since_start: true,
        };
        let line = said(|line| {
            line.argument("order", &ID);
            line.argument("filter", &filter);
            line.argument("to_all", &["EUR", ""]);
            line.argument("value", &b"secret".to_vec());
        });
        let filter = "{status: partially-refunded, tag: '…', above: {amount: 12.50, currency: EUR}, since-start: true}";
        assert_eq!(line, format!("order: {ID}, filter: {filter}, to-all: ('…', ''), value: 6 × [·, ·, ·, ·, ·, ·]"));
    }

    #[test]
    fn a_line_ends_where_it_is_full_however_much_there_is() {
        let line = said(|line| line.argument("lines", &vec![1_000_000_u64; 1_000_000]));
        assert!(line.len() <= MAX_BYTES + '…'.len_utf8() && line.ends_with('…'), "{line}");
    }

    #[test]
    fn what_looks_like_money_elsewhere_and_what_looks_like_an_id_in_part_stays_hidden() {
        let hidden = [
            "12.50",
            "EUR",
            "ord_0123",
            "ord_0123456789abcdef0123456789abcdeF",
            "ada ord_0123456789abcdef0123456789abcdef",
        ];
        for text in hidden {
            assert_eq!(said(|line| line.argument("note", &text)), "note: '…'");
        }
        // The amount of money is a text as well: a guest writes it.
        let money = Money { amount: "Ada Lovelace", currency: "Eur" };
        assert_eq!(said(|line| line.argument("price", &money)), "price: {amount: '…', currency: '…'}");
        let after = (Money { amount: "1", currency: "EUR" }, "EUR");
        assert_eq!(said(|line| line.argument("both", &after)), "both: ({amount: 1, currency: EUR}, '…')");
    }

    #[test]
    fn why_a_call_was_refused_is_told_without_what_somebody_wrote() {
        let refused = db::Error::invalid(format!("`ada@example.com` is not of `{ID}`"));
        let told = Line::answer::<()>(Err(Some(&refused))).unwrap();
        assert_eq!(&*told, format!("'…' is not of {ID}"));
        assert!(Line::answer::<()>(Err(Some(&db::Error::Corrupt("a row".to_owned())))).is_none());
        assert!(Line::answer::<()>(Err(None)).is_none() && Line::answer(Ok(&())).is_none());
    }

    #[test]
    fn the_first_id_is_found_and_a_closed_line_stays_empty() {
        let mut line = Line::default();
        line.argument("sku", &"TEA");
        line.argument("order", &ID);
        assert_eq!(line.first_id(), Some(ID));
        let mut closed = Line::closed();
        closed.argument("order", &ID);
        assert!(closed.end().is_none());
    }
}
