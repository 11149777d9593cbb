//! What somebody asked of a list, or typed into a form: names with their values, each as it was sent.
//!
//! What is wrong with a form is an [`Error`], so that it comes back with it; what is wrong with a filter is a [`Problem`].

use crate::db::{Error, Money, Result, parse_ms, rfc3339};
use crate::http::Problem;
use crate::http::pages::frame::Frame;
use jiff::civil::DateTime;
use serde::Deserialize;

/// How a form writes day and time.
const MOMENT: &str = "%Y-%m-%dT%H:%M";

/// Names with their values.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(from = "Vec<(String, String)>")]
pub(in crate::http::pages::store) struct Asked(Vec<(String, String)>);

/// Browsers end the lines of a text in another way than what is stored.
impl From<Vec<(String, String)>> for Asked {
    fn from(sent: Vec<(String, String)>) -> Asked {
        Asked(sent.into_iter().map(|(name, value)| (name, lines(&value))).collect())
    }
}

/// A text with its lines ended as they are stored.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

impl Asked {
    /// What was typed, without spaces around it; empty, if nothing was.
    pub(in crate::http::pages::store) fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
    }

    /// What was typed, to the letter; nothing, if it was not among what was sent.
    pub(super) fn sent(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// What was typed, if anything was.
    pub(in crate::http::pages::store) fn filled(&self, name: &str) -> Option<String> {
        Some(self.text(name)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// Whether something was ticked.
    pub(in crate::http::pages::store) fn ticked(&self, name: &str) -> bool {
        self.sent(name).is_some()
    }

    /// What was typed, or what is stored, if its field was sent as it was shown: nobody touched it.
    pub(in crate::http::pages::store) fn text_or(&self, name: &str, stored: Option<&str>) -> String {
        let typed = self.text(name);
        stored.filter(|stored| lines(stored).trim() == typed).unwrap_or(typed).to_owned()
    }

    /// What was typed, one on each line, or what is stored, if nobody touched it.
    pub(in crate::http::pages::store) fn words_or(&self, name: &str, stored: Option<&[String]>) -> Vec<String> {
        let typed = self.text(name);
        match stored.filter(|stored| lines(&stored.join("\n")).trim() == typed) {
            Some(stored) => stored.to_vec(),
            None => typed.lines().map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect(),
        }
    }

    /// A moment, typed in the store's time zone, or what is stored, if nobody touched it: a form has no seconds, and writes
    /// the hour that comes twice a year as it writes the first.
    pub(in crate::http::pages::store) fn moment_or(
        &self,
        name: &str,
        frame: &Frame,
        stored: Option<&String>,
    ) -> Result<Option<String>> {
        match stored.filter(|_| self.text(name) == moment(stored, frame)) {
            Some(stored) => Ok(Some(stored.clone())),
            None => self.some_moment(name, frame),
        }
    }

    /// Each name that begins so, with what was typed.
    pub(in crate::http::pages::store) fn each<'a>(
        &'a self,
        prefix: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.iter().filter_map(move |(name, value)| Some((name.strip_prefix(prefix)?, value.trim())))
    }

    /// Those filled in, as they stand in an address.
    pub(super) fn pairs(&self) -> Vec<(&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.trim()))
            .filter(|(_, value)| !value.is_empty())
            .collect()
    }

    /// Refuses what is none of these names.
    pub(super) fn only(&self, names: &[&str]) -> std::result::Result<(), Problem> {
        match self.0.iter().find(|(name, _)| !names.contains(&name.as_str())) {
            None => Ok(()),
            Some((name, _)) => {
                let name: String = name.chars().take(80).collect();
                Err(Problem::bad_request("bad_query", format!("this list has no filter `{name}`; open it anew")))
            }
        }
    }

    /// The one that was chosen of a filter's choices.
    pub(in crate::http::pages::store) fn choice<T: Copy>(
        &self,
        all: &[(T, &str, &str, &str)],
        name: &str,
    ) -> std::result::Result<Option<T>, Problem> {
        let chosen = self.text(name);
        if chosen.is_empty() {
            return Ok(None);
        }
        let found = all.iter().find(|(_, known, ..)| *known == chosen).map(|(one, ..)| Some(*one));
        found.ok_or_else(|| {
            Problem::bad_request("bad_query", format!("`{name}` has no such choice; open the list anew"))
        })
    }

    /// A whole number of a filter.
    pub(in crate::http::pages::store) fn filter_number(&self, name: &str) -> std::result::Result<Option<i64>, Problem> {
        match self.filled(name) {
            None => Ok(None),
            Some(_) => self.number(name).map(Some).map_err(|e| Problem::bad_request("bad_query", e.to_string())),
        }
    }

    /// A whole number.
    pub(in crate::http::pages::store) fn number<T: std::str::FromStr>(&self, name: &str) -> Result<T> {
        let text = self.text(name);
        let wrong = |_| Error::invalid(format!("`{}` is not a whole number; write it like `12`", short(text)));
        text.strip_prefix('+').unwrap_or(text).parse().map_err(wrong)
    }

    /// An amount in the store's currency, as the language of the page writes it.
    pub(in crate::http::pages::store) fn money(&self, name: &str, frame: &Frame) -> Result<Money> {
        let typed: String = self.text(name).chars().filter(|c| !c.is_whitespace()).collect();
        let typed = if frame.decimal_comma() { typed.replace(',', ".") } else { typed };
        Money::parse(short(&typed), frame.currency())
    }

    /// The same, where nothing may be given.
    pub(in crate::http::pages::store) fn some_money(&self, name: &str, frame: &Frame) -> Result<Option<Money>> {
        self.filled(name).map(|_| self.money(name, frame)).transpose()
    }

    /// A moment, typed in the store's time zone.
    pub(in crate::http::pages::store) fn some_moment(&self, name: &str, frame: &Frame) -> Result<Option<String>> {
        let Some(text) = self.filled(name) else { return Ok(None) };
        let wrong =
            || Error::invalid(format!("`{}` is no day and time; write it like `2027-01-31T09:00`", short(&text)));
        let at: DateTime = text.parse().map_err(|_| wrong())?;
        let at = at.to_zoned(frame.zone.clone()).map_err(|_| wrong())?;
        Ok(Some(rfc3339(at.timestamp().as_millisecond())))
    }
}

/// As much of what somebody typed as a sentence may quote.
fn short(text: &str) -> &str {
    text.char_indices().nth(80).map_or(text, |(end, _)| text.get(..end).unwrap_or_default())
}

/// An amount as somebody would type it into a form of this page.
pub(in crate::http::pages::store) fn amount(money: &Money, frame: &Frame) -> String {
    if frame.decimal_comma() { money.amount().replace('.', ",") } else { money.amount() }
}

/// A moment as a form has it, in the store's time zone.
pub(in crate::http::pages::store) fn moment(at: Option<&String>, frame: &Frame) -> String {
    let Some(ms) = at.and_then(|at| parse_ms(at).ok()) else { return String::new() };
    let at = jiff::Timestamp::from_millisecond(ms).unwrap_or_default();
    at.to_zoned(frame.zone.clone()).strftime(MOMENT).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(pairs: &[(&str, &str)]) -> Asked {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Vec<_>>().into()
    }

    #[test]
    fn what_is_typed_is_read_or_said_to_be_wrong() {
        let form = asked(&[("n", " +3 "), ("bad", "three"), ("tags", "a, b\r\n\r\n c"), ("line.MUG-1", "2")]);
        assert_eq!(form.number::<i64>("n").ok(), Some(3));
        assert!(form.number::<i64>("bad").is_err_and(|e| e.to_string().contains("`three`")));
        assert_eq!(form.words_or("tags", None), ["a, b", "c"]);
        assert_eq!(form.each("line.").collect::<Vec<_>>(), [("MUG-1", "2")]);
        assert!(form.only(&["n", "bad", "tags"]).is_err());
        assert!(form.ticked("n") && !form.ticked("x") && form.filled("x").is_none());
    }

    #[test]
    fn a_moment_is_typed_in_the_time_zone_of_the_store_and_comes_back_as_it_was() {
        let mut frame = Frame::bare(Default::default());
        frame.zone = jiff::tz::TimeZone::get("Europe/Berlin").unwrap();
        let form = asked(&[("at", "2027-01-31T09:00"), ("bad", "tomorrow")]);
        let at = form.some_moment("at", &frame).unwrap();
        assert_eq!(at.as_deref(), Some("2027-01-31T08:00:00.000Z"));
        assert_eq!(moment(at.as_ref(), &frame), "2027-01-31T09:00");
        assert!(form.some_moment("bad", &frame).is_err());
    }

    #[test]
    fn what_nobody_touched_comes_back_as_it_is_stored() {
        let mut frame = Frame::bare(Default::default());
        frame.zone = jiff::tz::TimeZone::get("Europe/Berlin").unwrap();
        // With seconds, and in the second of two hours that are called the same.
        for at in ["2027-01-31T08:00:59.999Z", "2027-10-31T01:30:00.000Z"] {
            let stored = at.to_owned();
            let shown = moment(Some(&stored), &frame);
            let form = asked(&[("at", &shown), ("later", "2027-01-31T09:01"), ("none", "")]);
            assert_eq!(form.moment_or("at", &frame, Some(&stored)).unwrap(), Some(stored.clone()));
            let later = form.moment_or("later", &frame, Some(&stored)).unwrap();
            assert_eq!(later.as_deref(), Some("2027-01-31T08:01:00.000Z"));
            assert_eq!(form.moment_or("none", &frame, Some(&stored)).unwrap(), None);
        }
        let form = asked(&[
            ("text", "one\r\ntwo"),
            ("other", "one\r\ntwo\r\nthree"),
            ("tags", "a, b\r\nc"),
            ("fewer", "a, b"),
        ]);
        let stored = "  one\r\ntwo\n";
        assert_eq!(form.text_or("text", Some(stored)), stored);
        assert_eq!(form.text_or("other", Some(stored)), "one\ntwo\nthree");
        let tags = ["a, b".to_owned(), " c".to_owned()];
        assert_eq!(form.words_or("tags", Some(&tags)), ["a, b", "c"]);
        assert_eq!(form.words_or("fewer", Some(&tags)), ["a, b"]);
        let tags = [" a, b".to_owned(), "c".to_owned()];
        assert_eq!(form.words_or("tags", Some(&tags)), tags);
    }
}
