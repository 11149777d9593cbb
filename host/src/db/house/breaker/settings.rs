//! How the operator of the host set the breaker: what it does, and from which figures on.

use super::machine::Mode;
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::house::people::authority::fence;
use crate::db::house::people::host_audit;
use crate::db::house::people::tokens::Operator;
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;
use utoipa::ToSchema;

/// Bounds of what can be set: with fewer runs chance alone would trip it.
const RUNS: RangeInclusive<i64> = 10..=100_000;
const PERCENT: RangeInclusive<i64> = 1..=100;
/// Sums are by the minute, and an hour of them is read at most.
const MINUTES: RangeInclusive<i64> = 1..=60;
/// In seconds: from as often as anybody looks, to a day.
const COOLDOWN: RangeInclusive<i64> = 10..=86_400;
const TRIALS: RangeInclusive<i64> = 1..=100;

/// How the breaker is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct BreakerSettings {
    /// What it does with an app that keeps failing in a store; `act` by default.
    pub apps: Mode,
    /// What it does with a version that keeps failing in several stores; `report` by default.
    pub versions: Mode,
    /// From so many runs on: 10 to 100,000.
    pub runs: i64,
    /// And so many of a hundred that failed: 1 to 100.
    pub percent: i64,
    /// Within so many minutes: 1 to 60.
    pub minutes: i64,
    /// How many seconds it pauses at first: 10 to 86,400. Each trip in a row doubles it, up to sixteen times as long.
    pub cooldown: i64,
    /// How many runs it lets through then, to see whether it works again: 1 to 100.
    pub trials: i64,
}

impl Default for BreakerSettings {
    fn default() -> BreakerSettings {
        let (apps, versions) = (Mode::Act, Mode::Report);
        BreakerSettings { apps, versions, runs: 100, percent: 35, minutes: 5, cooldown: 300, trials: 10 }
    }
}

/// What to set of it. What is not given stays.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BreakerChange {
    /// What it does with an app that keeps failing in a store.
    pub apps: Option<Mode>,
    /// What it does with a version that keeps failing in several stores.
    pub versions: Option<Mode>,
    /// From so many runs on: 10 to 100,000.
    pub runs: Option<i64>,
    /// And so many of a hundred that failed: 1 to 100.
    pub percent: Option<i64>,
    /// Within so many minutes: 1 to 60.
    pub minutes: Option<i64>,
    /// How many seconds it pauses at first: 10 to 86,400.
    pub cooldown: Option<i64>,
    /// How many runs it lets through then: 1 to 100.
    pub trials: Option<i64>,
}

impl BreakerChange {
    fn on(self, now: BreakerSettings) -> Result<BreakerSettings> {
        let next = BreakerSettings {
            apps: self.apps.unwrap_or(now.apps),
            versions: self.versions.unwrap_or(now.versions),
            runs: self.runs.unwrap_or(now.runs),
            percent: self.percent.unwrap_or(now.percent),
            minutes: self.minutes.unwrap_or(now.minutes),
            cooldown: self.cooldown.unwrap_or(now.cooldown),
            trials: self.trials.unwrap_or(now.trials),
        };
        for (name, value, bounds) in [
            ("runs", next.runs, RUNS),
            ("percent", next.percent, PERCENT),
            ("minutes", next.minutes, MINUTES),
            ("cooldown", next.cooldown, COOLDOWN),
            ("trials", next.trials, TRIALS),
        ] {
            if !bounds.contains(&value) {
                let (least, most) = bounds.into_inner();
                return Err(Error::invalid(format!("`{name}` is {least} to {most}")));
            }
        }
        Ok(next)
    }
}

/// As it is set now.
pub(in crate::db) async fn read(conn: &mut Conn) -> Result<BreakerSettings> {
    const SQL: &str =
        "SELECT apps, versions, runs, percent, minutes, cooldown, trials FROM breaker_settings WHERE id = 1";
    let read = |r: Row<'_>| {
        Ok(BreakerSettings {
            apps: Mode::read(&r.text(0)?)?,
            versions: Mode::read(&r.text(1)?)?,
            runs: r.int(2)?,
            percent: r.int(3)?,
            minutes: r.int(4)?,
            cooldown: r.int(5)?,
            trials: r.int(6)?,
        })
    };
    Ok(conn.row(SQL, args![], read).await?.unwrap_or_default())
}

async fn write(conn: &mut Conn, operator: Operator, change: BreakerChange) -> Result<BreakerSettings> {
    const SQL: &str = "INSERT INTO breaker_settings (id, apps, versions, runs, percent, minutes, cooldown, trials) \
        VALUES (1, $1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO UPDATE SET apps = excluded.apps, \
        versions = excluded.versions, runs = excluded.runs, percent = excluded.percent, minutes = excluded.minutes, \
        cooldown = excluded.cooldown, trials = excluded.trials";
    fence(conn, operator.basis()).await?;
    let next = change.on(read(conn).await?)?;
    let BreakerSettings { apps, versions, runs, percent, minutes, cooldown, trials } = next;
    conn.exec(SQL, args![apps.name(), versions.name(), runs, percent, minutes, cooldown, trials]).await?;
    host_audit::note(conn, operator.actor(), "breaker.set", "breaker", &next).await?;
    Ok(next)
}

impl Operator {
    /// How the breaker is set.
    pub async fn breaker(&self, db: &Db) -> Result<BreakerSettings> {
        read(&mut *db.reader(RowsOf::All).await?).await
    }

    /// Sets it. What is open already goes by it from the next look on.
    pub async fn set_breaker(&self, db: &Db, change: BreakerChange) -> Result<BreakerSettings> {
        let set = (*self, change);
        db.write_with(RowsOf::All, set, |conn, (operator, change)| Box::pin(write(conn, *operator, *change))).await
    }
}
