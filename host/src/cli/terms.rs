//! The flags that say on which terms permissions are granted, read into the bodies of the API.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde_json::{Map, Value};

use super::Failure;
use super::client::show::line;
use crate::authz::Scope;

/// The terms of grants.
#[derive(Debug, clap::Args)]
pub(super) struct Terms {
    /// When the grant ends: 30d, 12h, 2026-12-31 (at the end of that day), a moment, or never; for one permission
    /// alone: orders:edit=30d
    #[arg(long, value_name = "[SCOPE=]WHEN", value_delimiter = ',')]
    expires: Vec<String>,
}

impl Terms {
    /// Whether nothing is said about terms.
    pub(super) fn is_empty(&self) -> bool {
        self.expires.is_empty()
    }

    /// The changes by scope, for these scopes. What names no scope is meant for all of them.
    pub(super) fn read(&self, scopes: &[&str]) -> Result<Map<String, Value>, Failure> {
        let mut all: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
        for (scope, text) in self.expires.iter().flat_map(|flag| meant(flag, scopes)) {
            let scope = known(scope, scopes)?;
            all.entry(scope).or_default().insert("expires_at".to_owned(), moment(text)?);
        }
        Ok(all.into_iter().map(|(scope, terms)| (scope.to_owned(), Value::Object(terms))).collect())
    }
}

/// The scopes a flag is meant for, and what it says of them.
fn meant<'a>(flag: &'a str, scopes: &[&'a str]) -> Vec<(&'a str, &'a str)> {
    match flag.split_once('=') {
        Some((scope, text)) => vec![(scope, text)],
        None => scopes.iter().map(|scope| (*scope, flag)).collect(),
    }
}

fn known<'a>(scope: &'a str, scopes: &[&str]) -> Result<&'a str, Failure> {
    if let Err(error) = scope.parse::<Scope>() {
        return Err(Failure::usage(error.to_string()));
    }
    if scopes.contains(&scope) {
        return Ok(scope);
    }
    Err(Failure::usage(format!("`{scope}` is not granted here, and has no terms"))
        .help("grant it too, or leave it out"))
}

/// When a grant ends, as the API wants it: RFC 3339, or `null` for never. Days and dates are those of whoever runs
/// the command.
fn moment(text: &str) -> Result<Value, Failure> {
    let now = Timestamp::now();
    let at = match text {
        "never" => return Ok(Value::Null),
        text => after(text, now).or_else(|| end_of(text)).or_else(|| text.parse().ok()),
    };
    let at = at.ok_or_else(|| {
        Failure::usage(format!("`{}` is not when a grant can end", line(text)))
            .help("write 30d, 12h, 2026-12-31, a moment like 2026-12-31T18:00:00Z, or never")
    })?;
    Ok(Value::String(at.to_string()))
}

/// `30d` and `12h` from now.
fn after(text: &str, now: Timestamp) -> Option<Timestamp> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let number: i64 = number.parse().ok().filter(|number| (1..=36_600).contains(number))?;
    match unit {
        "d" => now.to_zoned(TimeZone::system()).checked_add(number.days()).ok().map(|at| at.timestamp()),
        "h" => now.checked_add(SignedDuration::from_hours(number)).ok(),
        _ => None,
    }
}

/// The end of a day.
fn end_of(text: &str) -> Option<Timestamp> {
    let day: Date = text.parse().ok().filter(|_| text.len() == "2026-12-31".len())?;
    day.tomorrow().ok()?.to_zoned(TimeZone::system()).ok().map(|at| at.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(expires: &[&str], scopes: &[&str]) -> Result<Value, String> {
        let terms = Terms { expires: expires.iter().map(|flag| (*flag).to_owned()).collect() };
        terms.read(scopes).map(Value::Object).map_err(|failure| format!("{failure:?}"))
    }

    #[test]
    fn what_names_no_scope_is_meant_for_all_and_the_last_word_counts() {
        let both = ["orders:view", "orders:edit"];
        let read = read(&["never", "orders:edit=2026-12-31T18:00:00Z"], &both).unwrap();
        assert_eq!(
            read,
            serde_json::json!({
                "orders:view": { "expires_at": null }, "orders:edit": { "expires_at": "2026-12-31T18:00:00Z" }
            })
        );
    }

    #[test]
    fn days_are_counted_from_now_and_a_date_lasts_to_its_end() {
        let now: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
        assert_eq!(after("12h", now).unwrap().to_string(), "2026-11-23T00:00:00Z");
        assert!(after("30d", now).unwrap() > now + SignedDuration::from_hours(24 * 29));
        let day: Timestamp = "2026-12-31T23:59:59Z".parse().unwrap();
        assert!((end_of("2026-12-31").unwrap() - day).get_seconds().abs() < 24 * 3_600);
    }

    #[test]
    fn what_cannot_be_meant_is_said() {
        for (expires, says) in [
            ("soon", "`soon` is not when"),
            ("0d", "`0d` is not when"),
            ("orders:cancel=30d", "not granted here"),
            ("orders:veiw=30d", "`orders:veiw` is not a scope"),
        ] {
            let error = read(&[expires], &["orders:view"]).unwrap_err();
            assert!(error.contains(says), "{error}");
        }
    }
}
