//! What a plan can bound. What it leaves out is as the host allows everybody.

use crate::db::core::error::{Error, Result};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a plan allows; without a value, as much as the host allows every store.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanBounds {
    /// Apps that are installed: 0 to 10,000.
    #[serde(default)]
    pub apps: Option<u32>,
    /// People, owners among them: 1 to 10,000.
    #[serde(default)]
    pub people: Option<u32>,
    /// Runs of apps in a month, all together: 0 to 1,000,000,000. Those at checkout are counted, and go on.
    #[serde(default)]
    pub runs: Option<i64>,
    /// Runs of apps at once, on each host: 1 to 10,000. Those at checkout have no part in it; the host's own share holds beside it.
    #[serde(default)]
    pub runs_at_once: Option<u32>,
    /// Seconds of processor time of all apps in a month: 0 to 1,000,000,000. Checkout goes on.
    #[serde(default)]
    pub cpu_seconds: Option<i64>,
    /// MiB that an app may write in a day: 1 to 65,536. All apps together may write four times as much, and so may people.
    #[serde(default)]
    pub mib_per_day: Option<u32>,
    /// Days for which runs may be retained: 1 to 3,660.
    #[serde(default)]
    pub usage_days: Option<u32>,
    /// Days for which changes may be retained: 1 to 3,660.
    #[serde(default)]
    pub journal_days: Option<u32>,
}

/// A bound, what it may be, and what it is.
type Ranged = (&'static str, std::ops::RangeInclusive<i64>, Option<i64>);

impl PlanBounds {
    fn all(&self) -> [Ranged; 8] {
        [
            ("apps", 0..=10_000, self.apps.map(i64::from)),
            ("people", 1..=10_000, self.people.map(i64::from)),
            ("runs", 0..=1_000_000_000, self.runs),
            ("runs_at_once", 1..=10_000, self.runs_at_once.map(i64::from)),
            ("cpu_seconds", 0..=1_000_000_000, self.cpu_seconds),
            ("mib_per_day", 1..=65_536, self.mib_per_day.map(i64::from)),
            ("usage_days", 1..=3_660, self.usage_days.map(i64::from)),
            ("journal_days", 1..=3_660, self.journal_days.map(i64::from)),
        ]
    }

    /// Refuses what is out of its range, by name.
    pub(super) fn check(&self) -> Result<()> {
        for (name, range, value) in self.all() {
            if let Some(value) = value.filter(|value| !range.contains(value)) {
                let (least, most) = (range.start(), range.end());
                return Err(Error::invalid(format!("`{name}` is {least} to {most}; {value} was given")));
            }
        }
        Ok(())
    }

    /// Bytes that an app may write in a day.
    pub(super) fn bytes_per_day(&self) -> Option<i64> {
        self.mib_per_day.map(|mib| i64::from(mib) << 20)
    }

    /// Microseconds of processor time in a month.
    pub(super) fn cpu_us(&self) -> Option<i64> {
        self.cpu_seconds.map(|seconds| seconds.saturating_mul(1_000_000))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_out_of_its_range_is_refused_by_name() {
        assert!(PlanBounds::default().check().is_ok());
        assert!(PlanBounds { apps: Some(0), runs: Some(0), ..PlanBounds::default() }.check().is_ok());
        for (wrong, name) in [
            (PlanBounds { people: Some(0), ..PlanBounds::default() }, "people"),
            (PlanBounds { runs: Some(-1), ..PlanBounds::default() }, "runs"),
            (PlanBounds { runs_at_once: Some(0), ..PlanBounds::default() }, "runs_at_once"),
            (PlanBounds { cpu_seconds: Some(i64::MAX), ..PlanBounds::default() }, "cpu_seconds"),
            (PlanBounds { mib_per_day: Some(0), ..PlanBounds::default() }, "mib_per_day"),
            (PlanBounds { journal_days: Some(3_661), ..PlanBounds::default() }, "journal_days"),
        ] {
            assert!(matches!(wrong.check(), Err(Error::Invalid(text)) if text.contains(name)), "{name}");
        }
    }
}
