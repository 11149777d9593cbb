//! A store's month: what a plan allows by the month begins and ends with it.

use crate::db::core::error::{Error, Result};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};

/// A month of the store's own time zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::db) struct Month {
    /// For example `2026-11`.
    pub(in crate::db) name: String,
    /// When it begins, in milliseconds.
    pub(in crate::db) begins: i64,
    /// When the next one begins, in milliseconds.
    pub(in crate::db) ends: i64,
}

impl Month {
    /// The month of a moment, in milliseconds.
    pub(in crate::db) fn of(zone: TimeZone, now: i64) -> Month {
        Month::around(&Timestamp::from_millisecond(now).unwrap_or_default().to_zoned(zone))
    }

    /// The month of that name, as in `2026-11`.
    pub(in crate::db) fn named(zone: &TimeZone, name: &str) -> Result<Month> {
        let wrong = || {
            let name: String = name.chars().take(20).collect();
            Error::invalid(format!("`{name}` is no month; give one as in 2026-11"))
        };
        let fits = name.len() == 7
            && name.bytes().enumerate().all(|(n, b)| if n == 4 { b == b'-' } else { b.is_ascii_digit() });
        let first = format!("{name}-01").parse::<jiff::civil::Date>().ok().filter(|_| fits).ok_or_else(wrong)?;
        Ok(Month::around(&first.to_zoned(zone.clone()).map_err(|_| wrong())?))
    }

    fn around(day: &Zoned) -> Month {
        let first = day.first_of_month().and_then(|first| first.start_of_day());
        let next = first.as_ref().ok().and_then(|first| first.checked_add(1.month()).ok());
        let next = next.and_then(|next| next.start_of_day().ok());
        let ms = |at: &Zoned| at.timestamp().as_millisecond();
        Month {
            name: format!("{:04}-{:02}", day.year(), day.month()),
            begins: first.as_ref().map_or(0, ms),
            ends: next.as_ref().map_or(i64::MAX, ms),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::core::time::{parse_ms, rfc3339};

    fn at(text: &str) -> i64 {
        parse_ms(text).unwrap()
    }

    #[test]
    fn a_month_is_the_stores_own_and_ends_where_the_next_begins() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        // The last hour of November in UTC is December in Berlin.
        let month = Month::of(berlin.clone(), at("2026-11-30T23:30:00Z"));
        assert_eq!(month.name, "2026-12");
        assert_eq!(rfc3339(month.begins), "2026-11-30T23:00:00.000Z");
        assert_eq!(rfc3339(month.ends), "2026-12-31T23:00:00.000Z");
        assert_eq!(Month::named(&berlin, "2026-12").unwrap(), month);
        let before = Month::named(&berlin, "2026-11").unwrap();
        assert_eq!(before.ends, month.begins);
        // Clocks go back in October, and it is an hour longer.
        let october = Month::named(&berlin, "2026-10").unwrap();
        assert_eq!(october.ends - october.begins, 31 * 86_400_000 + 3_600_000);
    }

    #[test]
    fn what_is_no_month_is_refused() {
        for name in
            ["", "2026", "2026-13", "2026-00", "2026-1", "26-11", "2026-11-01", "+026-11", "2026/11", "９９９９-11"]
        {
            assert!(Month::named(&TimeZone::UTC, name).is_err(), "{name}");
        }
    }
}
