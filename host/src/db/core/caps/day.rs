//! A store's day: what is counted by day begins and ends with it.

use crate::authz::StoreId;
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::engine::open::Db;
use crate::db::core::error::Result;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// A day of the store's own time zone.
#[derive(Debug, Clone)]
pub(in crate::db) struct Day {
    /// For example `2026-11-22`.
    pub(in crate::db) name: String,
    /// When the next one begins, in milliseconds.
    pub(in crate::db) ends: i64,
}

impl Day {
    /// The day of a moment, in milliseconds.
    pub(in crate::db) fn of(zone: jiff::tz::TimeZone, now: i64) -> Day {
        let now = Timestamp::from_millisecond(now).unwrap_or_default().to_zoned(zone);
        let next = now.checked_add(1.day()).and_then(|next| next.start_of_day());
        let ends = next.map_or(i64::MAX, |next| next.timestamp().as_millisecond());
        Day { name: now.date().to_string(), ends }
    }
}

/// The time zone of a store: what a day and seven o'clock are.
pub(in crate::db) async fn time_zone(conn: &mut Conn, store: StoreId) -> Result<TimeZone> {
    const SQL: &str = "SELECT CAST(doc ->> 'time_zone' AS TEXT) FROM records WHERE store = $1 AND kind = 'settings' AND id = 'settings'";
    let name = conn.row(SQL, args![&store.to_string()], |r| r.opt_text(0)).await?.flatten();
    // A store without settings yet, or with a zone this host's tables lack, keeps running by UTC.
    Ok(name.and_then(|name| TimeZone::get(&name).ok()).unwrap_or(TimeZone::UTC))
}

impl Db {
    /// The time zone of a store.
    pub async fn time_zone(&self, store: StoreId) -> Result<TimeZone> {
        time_zone(&mut *self.reader(store).await?, store).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::core::time::rfc3339;

    #[test]
    fn a_day_is_the_stores_own_and_has_as_many_hours_as_it_has() {
        let zone = jiff::tz::TimeZone::get("Europe/Berlin").unwrap();
        let at = |text: &str| crate::db::core::time::parse_ms(text).unwrap();
        // Before midnight in Berlin, after midnight UTC is another day there.
        let day = Day::of(zone.clone(), at("2026-11-21T23:30:00Z"));
        assert_eq!((day.name.as_str(), rfc3339(day.ends).as_str()), ("2026-11-22", "2026-11-22T23:00:00.000Z"));
        // The day on which clocks go back has 25 hours.
        let day = Day::of(zone, at("2026-10-24T22:00:00Z"));
        assert_eq!((day.name.as_str(), rfc3339(day.ends).as_str()), ("2026-10-25", "2026-10-25T23:00:00.000Z"));
    }
}
