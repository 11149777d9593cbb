//! Which rules there are, each with its threshold, the bounds of that, and how bad it is.

use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;
use std::str::FromStr;
use utoipa::ToSchema;

/// How bad something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AlertSeverity)]
pub enum Level {
    /// Worth knowing.
    Info,
    /// Somebody should look at it.
    Warning,
    /// Somebody should look at it now.
    Critical,
}

impl Level {
    /// Each of them.
    pub const ALL: [Level; 3] = [Level::Info, Level::Warning, Level::Critical];

    /// As written in rows.
    pub const fn name(self) -> &'static str {
        match self {
            Level::Info => "info",
            Level::Warning => "warning",
            Level::Critical => "critical",
        }
    }

    pub(super) fn read(text: &str) -> Option<Level> {
        Level::ALL.into_iter().find(|level| level.name() == text)
    }
}

macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident = $text:literal $of:ident $level:ident $unit:ident $default:literal in $least:literal..=$most:literal;)*) => {
        /// A rule. Its threshold is a number; what it counts is said with it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        #[schema(as = AlertRule)]
        pub enum Rule { $($(#[$doc])* $name,)* }

        impl Rule {
            /// Each of them, those of a store first.
            pub const ALL: &[Rule] = &[$(Rule::$name),*];

            /// As written in rows.
            pub const fn name(self) -> &'static str {
                match self { $(Rule::$name => $text,)* }
            }

            /// Whose it is.
            pub const fn of(self) -> Of {
                match self { $(Rule::$name => Of::$of,)* }
            }

            /// How bad what it finds is.
            pub const fn level(self) -> Level {
                match self { $(Rule::$name => Level::$level,)* }
            }

            /// What its threshold counts.
            pub const fn unit(self) -> Unit {
                match self { $(Rule::$name => Unit::$unit,)* }
            }

            /// Its threshold, unless somebody sets another.
            pub const fn default(self) -> i64 {
                match self { $(Rule::$name => $default,)* }
            }

            /// What it can be set to.
            pub const fn bounds(self) -> RangeInclusive<i64> {
                match self { $(Rule::$name => $least..=$most,)* }
            }
        }
    };
}

/// Whose a rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// A store's, about its apps.
    Store,
    /// The operator's, about the host.
    Host,
}

/// What a threshold counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// So many of a hundred.
    Percent,
    /// So many times as much.
    Times,
    /// Deliveries.
    Deliveries,
    /// Runs.
    Runs,
    /// Weeks.
    Weeks,
    /// Minutes.
    Minutes,
    /// MiB.
    Mebibytes,
    /// It has none.
    None,
}

rules! {
    /// Calls of an app were denied, so many of a hundred within 15 minutes.
    Denials = "denials" Store Warning Percent 20 in 1..=100;
    /// Runs of an app failed by its own fault, so many of a hundred within 15 minutes.
    Failures = "failures" Store Warning Percent 20 in 1..=100;
    /// Runs of an app take long: 95 of 100 come to so many of a hundred of the time they may take.
    Latency = "latency" Store Warning Percent 50 in 1..=100;
    /// Runs of an app take much of a processor: 95 of 100 come to so many of a hundred of what they may take.
    Cpu = "cpu" Store Warning Percent 80 in 1..=100;
    /// An app has used up so many of a hundred of a cap of the day.
    Spend = "spend" Store Warning Percent 80 in 1..=100;
    /// An app ran so many times as often in this hour as in the busiest such hour of the last four weeks.
    Volume = "volume" Store Warning Times 3 in 2..=100;
    /// An app ran so often at an hour of the day at which it never did in the last four weeks.
    Hours = "hours" Store Info Runs 20 in 1..=100_000;
    /// An app did not run at an hour at which it did on the same weekday of so many weeks.
    Silence = "silence" Store Warning Weeks 3 in 2..=4;
    /// So many deliveries to an app were given up.
    Parked = "parked" Store Warning Deliveries 1 in 1..=1_000;
    /// Something happened so many minutes ago, and an app was not told of it yet.
    Lag = "lag" Store Warning Minutes 15 in 1..=1_440;
    /// The circuit breaker paused an app, or would have.
    Breaker = "breaker" Store Critical None 1 in 1..=1;
    /// The disk of a host has less room than so many MiB.
    Disk = "disk" Host Critical Mebibytes 1_024 in 64..=1_048_576;
    /// A host was not heard of for so many minutes.
    Host = "host" Host Critical Minutes 3 in 2..=1_440;
    /// A backup that a host takes by itself failed, or is late.
    Backup = "backup" Host Critical None 1 in 1..=1;
    /// Checkpoints of the audit logs were not written, or not taken where they are sent, for so many minutes.
    Checkpoints = "checkpoints" Host Warning Minutes 5 in 1..=1_440;
    /// A version keeps failing in several stores.
    Version = "version" Host Critical None 1 in 1..=1;
}

impl FromStr for Rule {
    type Err = ();
    fn from_str(text: &str) -> Result<Rule, ()> {
        Rule::ALL.iter().copied().find(|rule| rule.name() == text).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_has_a_default_within_its_bounds_and_a_name_of_its_own() {
        for rule in Rule::ALL {
            assert!(rule.bounds().contains(&rule.default()), "{rule:?}");
            assert_eq!(rule.name().parse(), Ok(*rule));
            assert_eq!(serde_json::to_value(rule).unwrap(), rule.name());
        }
    }
}
