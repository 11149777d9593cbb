//! The flags that say on which terms permissions are granted, read into the bodies of the API.

mod caps;

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde_json::{Map, Value, json};

use super::Failure;
use super::client::show::line;
use crate::authz::Scope;
use caps::Said;

/// The terms of grants.
#[derive(Debug, clap::Args)]
pub(super) struct Terms {
    /// When the grant ends: 30d, 12h, 2026-12-31 (at the end of that day), a moment, or never; for one permission
    /// alone: orders:edit=30d
    #[arg(long, value_name = "[SCOPE=]WHEN", value_delimiter = ',')]
    expires: Vec<String>,
    /// How much it can be used for: 50.00/day, 20/day, 20.00/order, 100/run, 20%, 50/change or 60d, whatever the
    /// permission has; none lifts all its caps, none/day that one
    #[arg(long = "cap", value_name = "[SCOPE=]CAP", value_delimiter = ',')]
    caps: Vec<String>,
    /// A person must approve what is changed with it before it is committed: --hold, or --hold=products:price for one alone
    #[arg(long, value_name = "SCOPE", value_delimiter = ',', num_args = 0..=1, require_equals = true, default_missing_value = "")]
    hold: Vec<String>,
    /// Commit what is changed with it at once again
    #[arg(long, value_name = "SCOPE", value_delimiter = ',', num_args = 0..=1, require_equals = true, default_missing_value = "")]
    no_hold: Vec<String>,
}

impl Terms {
    /// Whether nothing is said about terms.
    pub(super) fn is_empty(&self) -> bool {
        [&self.expires, &self.caps, &self.hold, &self.no_hold].iter().all(|flags| flags.is_empty())
    }

    /// The changes by scope, for these scopes. What names no scope is meant for all of them.
    pub(super) fn read(&self, scopes: &[&str]) -> Result<Map<String, Value>, Failure> {
        let mut all: BTreeMap<&'static str, Map<String, Value>> = BTreeMap::new();
        for (scope, text) in self.expires.iter().flat_map(|flag| meant(flag, scopes)) {
            let scope = known(scope, scopes)?;
            all.entry(scope.name()).or_default().insert("expires_at".to_owned(), moment(text)?);
        }
        for (scope, text) in self.caps.iter().flat_map(|flag| meant(flag, scopes)) {
            let scope = known(scope, scopes)?;
            let terms = all.entry(scope.name()).or_default();
            match (caps::read(scope, text)?, terms.get_mut("caps")) {
                (Said::LiftAll, _) => drop(terms.insert("caps".to_owned(), Value::Null)),
                (Said::One(name, bound), Some(Value::Object(said))) => drop(said.insert(name.to_owned(), bound)),
                (Said::One(name, bound), _) => drop(terms.insert("caps".to_owned(), json!({ name: bound }))),
            }
        }
        for (flags, held) in [(&self.hold, true), (&self.no_hold, false)] {
            for scope in flags.iter().flat_map(|flag| named(flag, scopes)) {
                let scope = known(scope, scopes)?;
                all.entry(scope.name()).or_default().insert("held".to_owned(), held.into());
            }
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

/// The scopes a flag names; all, if it names none.
fn named<'a>(flag: &'a str, scopes: &[&'a str]) -> Vec<&'a str> {
    if flag.is_empty() { scopes.to_vec() } else { vec![flag] }
}

fn known(scope: &str, scopes: &[&str]) -> Result<Scope, Failure> {
    let found: Scope = scope.parse().map_err(|e: crate::authz::scope::UnknownScope| Failure::usage(e.to_string()))?;
    if scopes.contains(&scope) {
        return Ok(found);
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

    fn own(flags: &[&str]) -> Vec<String> {
        flags.iter().map(|flag| (*flag).to_owned()).collect()
    }

    fn read(expires: &[&str], scopes: &[&str]) -> Result<Value, String> {
        let terms = Terms { expires: own(expires), caps: own(&[]), hold: own(&[]), no_hold: own(&[]) };
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
    fn caps_and_holding_stand_beside_each_other() {
        let terms = Terms {
            expires: own(&[]),
            caps: own(&["orders:refund=50.00/day", "orders:refund=none/order", "orders:edit=none"]),
            hold: own(&[""]),
            no_hold: own(&["orders:edit"]),
        };
        assert_eq!(
            Value::Object(terms.read(&["orders:refund", "orders:edit"]).unwrap()),
            json!({
                "orders:refund": { "caps": { "sum_per_day": "50.00", "sum_per_order": null }, "held": true },
                "orders:edit": { "caps": null, "held": false },
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
