//! Moments as a language writes them, in a time zone.

use super::{Text, Words};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The names of the months, by their keys.
const MONTHS: [&str; 12] = [
    "month-1", "month-2", "month-3", "month-4", "month-5", "month-6", "month-7", "month-8", "month-9", "month-10",
    "month-11", "month-12",
];

impl Words {
    /// The day of a moment, in milliseconds.
    pub fn day(self, ms: i64, zone: &TimeZone) -> String {
        let at = Timestamp::from_millisecond(ms).unwrap_or_default().to_zoned(zone.clone());
        let month = usize::try_from(at.month() - 1).ok().and_then(|n| MONTHS.get(n)).copied().unwrap_or_default();
        let day = i64::from(at.day());
        // A year is no number to be grouped.
        self.t("day").with("day", day).with("month", self.t(month)).with("year", at.year().to_string()).to_string()
    }

    /// The time of day of a moment, to the second.
    pub fn time(self, ms: i64, zone: &TimeZone) -> String {
        let at = Timestamp::from_millisecond(ms).unwrap_or_default().to_zoned(zone.clone());
        format!("{:02}:{:02}:{:02}", at.hour(), at.minute(), at.second())
    }

    /// The same to the minute.
    pub fn minute(self, ms: i64, zone: &TimeZone) -> String {
        self.time(ms, zone).get(..5).unwrap_or_default().to_owned()
    }

    /// How long before `now` a moment was, or how long after it will be.
    pub fn ago(self, ms: i64, now: i64) -> Text<'static> {
        let (past, seconds) = (ms <= now, now.abs_diff(ms) / 1_000);
        let (key, n) = match (past, seconds) {
            (true, 0..60) => ("ago-now", 0),
            (true, 60..3_600) => ("ago-minutes", seconds / 60),
            (true, 3_600..86_400) => ("ago-hours", seconds / 3_600),
            (true, _) => ("ago-days", seconds / 86_400),
            (false, 0..3_600) => ("in-minutes", (seconds / 60).max(1)),
            (false, 3_600..86_400) => ("in-hours", seconds / 3_600),
            (false, _) => ("in-days", seconds / 86_400),
        };
        self.t(key).with("n", n)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Language;
    use super::*;

    const EN: Words = Words(Language::English);
    const FR: Words = Words(Language::French);

    #[test]
    fn moments_are_told_from_now() {
        let now = 10 * 86_400_000;
        let ago = |words: Words, ms: i64| words.ago(now - ms, now).to_string();
        assert_eq!(ago(EN, 5_000), "just now");
        assert_eq!(ago(EN, 60_000), "1 minute ago");
        assert_eq!(ago(EN, 7_200_000), "2 hours ago");
        assert_eq!(ago(EN, -3 * 86_400_000), "in 3 days");
        assert_eq!(ago(FR, 120_000), "il y a 2 minutes");
    }

    #[test]
    fn a_day_is_that_of_the_time_zone() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let late = "2026-11-29T23:30:00Z".parse::<Timestamp>().unwrap().as_millisecond();
        assert_eq!(EN.day(late, &TimeZone::UTC), "29 Nov 2026");
        assert_eq!(EN.day(late, &berlin), "30 Nov 2026");
        assert_eq!(FR.day(late, &berlin), "30 nov. 2026");
        assert_eq!(EN.time(late, &berlin), "00:30:00");
    }
}
