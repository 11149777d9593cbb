//! When a schedule is due: cron expressions of five fields, in the store's own time zone.

use crate::db::core::error::{Error, Result};
use croner::parser::{CronParser, Seconds, Year};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The first moment after `after` at which `cron` is due, in milliseconds.
pub fn next_due(cron: &str, zone: &TimeZone, after: i64) -> Result<i64> {
    let parser = CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).build();
    let after = Timestamp::from_millisecond(after).map_err(|e| Error::Corrupt(e.to_string()))?;
    let cron = parser.parse(cron).map_err(|e| Error::invalid(format!("`{cron}` is not a cron expression: {e}")))?;
    let due = cron.find_next_occurrence(&after.to_zoned(zone.clone()), false);
    let due = due.map_err(|_| Error::invalid(format!("`{}` never comes due", cron.as_str())))?;
    Ok(due.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn due(cron: &str, zone: &str, after: &str) -> String {
        let zone = TimeZone::get(zone).unwrap();
        let after = crate::db::core::time::parse_ms(after).unwrap();
        crate::db::core::time::rfc3339(next_due(cron, &zone, after).unwrap())
    }

    #[test]
    fn seven_o_clock_is_the_stores_own_in_summer_and_winter() {
        assert_eq!(due("0 7 * * *", "Europe/Berlin", "2026-01-10T12:00:00Z"), "2026-01-11T06:00:00.000Z");
        assert_eq!(due("0 7 * * *", "Europe/Berlin", "2026-07-10T12:00:00Z"), "2026-07-11T05:00:00.000Z");
    }

    #[test]
    fn a_moment_that_is_due_now_is_due_next_time() {
        assert_eq!(due("*/5 * * * *", "UTC", "2026-01-10T12:05:00Z"), "2026-01-10T12:10:00.000Z");
    }

    #[test]
    fn time_zones_are_inside_and_need_no_files_of_the_machine() {
        let inside = jiff::tz::TimeZoneDatabase::bundled();
        for zone in ["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"] {
            assert!(inside.get(zone).is_ok(), "{zone}");
        }
    }

    #[test]
    fn what_never_comes_due_is_said() {
        let never = next_due("0 0 31 2 *", &TimeZone::UTC, 0);
        assert!(matches!(never, Err(Error::Invalid(text)) if text.contains("never")));
    }
}
