//! From the figures of an app to what somebody should look at.
//!
//! INVARIANT: nothing here reads a clock or a database: the same figures lead to the same findings.

use super::past;
use super::rule::{Level, Rule};
use super::settings::Rules;
use crate::authz::InstallationId;
use crate::db::house::history::recent::{HourOf, Together};
use serde_json::{Map, Value, json};

/// Fewer calls, or runs, than this say nothing.
const MIN_CALLS: i64 = 20;
const MIN_RUNS: i64 = 10;
/// What a run may take, in microseconds: of the clock and of a processor; and the same while a buyer waits. As `runtime/limits.rs`
/// bounds them.
pub(super) const MAX_WALL_US: [i64; 2] = [30_000_000, 2_000_000];
pub(super) const MAX_CPU_US: [i64; 2] = [500_000, 50_000];

/// What is known of an app in a store.
#[derive(Debug, Clone)]
pub(super) struct Figures {
    pub(super) installation: InstallationId,
    pub(super) app: String,
    pub(super) version: String,
    /// It runs: neither paused nor stopped.
    pub(super) active: bool,
    pub(super) installed_at: i64,
    /// The last 15 minutes; those at which a buyer waited apart.
    pub(super) recent: Together,
    pub(super) at_checkout: Together,
    /// What is looked at rarely: none, if it was not this time.
    pub(super) rare: Option<Rare>,
}

/// What is looked at rarely.
#[derive(Debug, Clone, Default)]
pub(super) struct Rare {
    pub(super) hours: Vec<HourOf>,
    pub(super) parked: i64,
    /// When the first thing happened that it was not told of yet, in milliseconds.
    pub(super) untold_since: Option<i64>,
    pub(super) untold: i64,
    /// Permissions with how many of a hundred of a cap of the day were used.
    pub(super) caps: Vec<(String, i64)>,
}

/// Something that somebody should look at.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::db) struct Finding {
    pub(in crate::db) rule: Rule,
    /// What it is about: an installation, a version, a host.
    pub(in crate::db) subject: String,
    pub(in crate::db) app: String,
    pub(in crate::db) version: String,
    pub(in crate::db) level: Level,
    pub(in crate::db) facts: Map<String, Value>,
}

/// Rules that are looked at each time.
pub(super) const OFTEN: &[Rule] = &[Rule::Denials, Rule::Failures, Rule::Latency, Rule::Cpu, Rule::Breaker];
/// Rules that are looked at rarely.
pub(super) const RARELY: &[Rule] = &[Rule::Spend, Rule::Volume, Rule::Hours, Rule::Silence, Rule::Parked, Rule::Lag];

pub(super) fn facts(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(facts) => facts,
        _ => Map::new(),
    }
}

/// How many of a hundred.
pub(super) fn percent(part: i64, of: i64) -> i64 {
    if of <= 0 { 0 } else { part.saturating_mul(100) / of }
}

impl Figures {
    pub(super) fn finding(&self, rule: Rule, said: Value) -> Finding {
        Finding {
            rule,
            subject: self.installation.to_string(),
            app: self.app.clone(),
            version: self.version.clone(),
            level: rule.level(),
            facts: facts(said),
        }
    }

    /// What is found, by the rules as the store set them.
    pub(super) fn findings(&self, rules: &Rules, now: i64) -> Vec<Finding> {
        let often = [self.denials(rules), self.failures(rules), self.latency(rules), self.cpu(rules)];
        let mut found: Vec<Finding> = often.into_iter().flatten().collect();
        if let Some(rare) = &self.rare {
            found.extend(self.spend(rules, rare));
            found.extend(self.parked(rules, rare));
            if self.active {
                found.extend(self.lag(rules, rare, now));
                found.extend(past::findings(self, &rare.hours, rules, now));
            }
        }
        found
    }

    fn denials(&self, rules: &Rules) -> Option<Finding> {
        let most = rules.threshold(Rule::Denials)?;
        let (denied, calls) = (
            self.recent.denied_calls + self.at_checkout.denied_calls,
            self.recent.host_calls + self.at_checkout.host_calls,
        );
        let found = calls >= MIN_CALLS && denied > 0 && percent(denied, calls) >= most;
        found.then(|| {
            self.finding(Rule::Denials, json!({ "n": denied, "of": calls, "percent": percent(denied, calls) }))
        })
    }

    fn failures(&self, rules: &Rules) -> Option<Finding> {
        let most = rules.threshold(Rule::Failures)?;
        let (failed, runs) = (self.recent.failed + self.at_checkout.failed, self.recent.runs + self.at_checkout.runs);
        let found = runs >= MIN_RUNS && failed > 0 && percent(failed, runs) >= most;
        found
            .then(|| self.finding(Rule::Failures, json!({ "n": failed, "of": runs, "percent": percent(failed, runs) })))
    }

    fn latency(&self, rules: &Rules) -> Option<Finding> {
        let most = rules.threshold(Rule::Latency)?;
        let parts = [(&self.recent, self.recent.wall_us), (&self.at_checkout, self.at_checkout.wall_us)];
        self.near_limit(Rule::Latency, most, parts, MAX_WALL_US)
    }

    fn cpu(&self, rules: &Rules) -> Option<Finding> {
        let most = rules.threshold(Rule::Cpu)?;
        let parts = [(&self.recent, self.recent.cpu_us), (&self.at_checkout, self.at_checkout.cpu_us)];
        self.near_limit(Rule::Cpu, most, parts, MAX_CPU_US)
    }

    /// What 95 of 100 runs took, if that is near what they may take.
    fn near_limit(&self, rule: Rule, most: i64, parts: [(&Together, i64); 2], limits: [i64; 2]) -> Option<Finding> {
        let near = parts
            .into_iter()
            .zip(limits)
            .find(|((of, took), limit)| of.runs >= MIN_RUNS && percent(*took, *limit) >= most);
        near.map(|((of, took), limit)| {
            let facts =
                json!({ "ms": took / 1_000, "limit": limit / 1_000, "of": of.runs, "percent": percent(took, limit) });
            self.finding(rule, facts)
        })
    }

    /// One finding for an app: the cap that is used up furthest.
    fn spend(&self, rules: &Rules, rare: &Rare) -> Option<Finding> {
        let most = rules.threshold(Rule::Spend)?;
        let (scope, used) = rare.caps.iter().max_by_key(|(_, used)| *used)?;
        let over = rare.caps.iter().filter(|(_, used)| *used >= most).count();
        (over > 0).then(|| self.finding(Rule::Spend, json!({ "scope": scope, "percent": used, "n": over })))
    }

    fn parked(&self, rules: &Rules, rare: &Rare) -> Option<Finding> {
        let least = rules.threshold(Rule::Parked)?;
        (rare.parked >= least).then(|| self.finding(Rule::Parked, json!({ "n": rare.parked })))
    }

    fn lag(&self, rules: &Rules, rare: &Rare, now: i64) -> Option<Finding> {
        let most = rules.threshold(Rule::Lag)?;
        let minutes = (now - rare.untold_since?) / 60_000;
        (minutes >= most).then(|| self.finding(Rule::Lag, json!({ "n": rare.untold, "minutes": minutes })))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::db::house::alerts) fn app() -> Figures {
        Figures {
            installation: InstallationId::new(),
            app: "acme/notes".to_owned(),
            version: "1.0.0".to_owned(),
            active: true,
            installed_at: 0,
            recent: Together::default(),
            at_checkout: Together::default(),
            rare: None,
        }
    }

    fn found(app: &Figures) -> Vec<(Rule, Value)> {
        let found = app.findings(&Rules::default(), 100 * 60_000);
        found.into_iter().map(|one| (one.rule, Value::Object(one.facts))).collect()
    }

    #[test]
    fn an_app_that_does_well_is_nothing_to_look_at() {
        let recent =
            Together { runs: 500, host_calls: 2_000, denied_calls: 10, failed: 5, cpu_us: 90_000, wall_us: 400_000 };
        let rare = Rare {
            untold_since: Some(99 * 60_000),
            untold: 3,
            caps: vec![("orders:refund".to_owned(), 79)],
            ..Rare::default()
        };
        assert_eq!(found(&Figures { recent, rare: Some(rare), ..app() }), []);
        assert_eq!(found(&app()), [], "nor one that never ran");
    }

    #[test]
    fn denials_and_failures_are_found_by_their_share_and_not_where_there_are_few() {
        let of = |recent| Figures { recent, ..app() };
        let few = Together { runs: 9, failed: 9, host_calls: 19, denied_calls: 19, ..Together::default() };
        assert_eq!(found(&of(few)), []);
        let many = Together { runs: 10, failed: 2, host_calls: 20, denied_calls: 4, ..Together::default() };
        let meant = [
            (Rule::Denials, json!({ "n": 4, "of": 20, "percent": 20 })),
            (Rule::Failures, json!({ "n": 2, "of": 10, "percent": 20 })),
        ];
        assert_eq!(found(&of(many)), meant);
    }

    #[test]
    fn time_and_processor_are_measured_by_what_a_run_may_take_and_a_buyer_waits_less() {
        let slow = Together { runs: 10, cpu_us: 400_000, wall_us: 15_000_000, ..Together::default() };
        let rules = |app: &Figures| found(app).into_iter().map(|(rule, _)| rule).collect::<Vec<_>>();
        assert_eq!(rules(&Figures { recent: slow.clone(), ..app() }), [Rule::Latency, Rule::Cpu]);
        let quick = Together { cpu_us: 40_000, wall_us: 1_000_000, ..slow };
        assert_eq!(rules(&Figures { recent: quick.clone(), ..app() }), []);
        assert_eq!(rules(&Figures { at_checkout: quick, ..app() }), [Rule::Latency, Rule::Cpu]);
    }

    #[test]
    fn what_waits_or_is_nearly_used_up_is_found_and_a_paused_app_lags_behind_by_will() {
        let caps =
            vec![("orders:refund".to_owned(), 80), ("orders:pii".to_owned(), 95), ("giftcards:issue".to_owned(), 10)];
        let rare = Rare { parked: 1, untold: 7, untold_since: Some(85 * 60_000), caps, ..Rare::default() };
        let app = Figures { rare: Some(rare), ..app() };
        let meant = [
            (Rule::Spend, json!({ "scope": "orders:pii", "percent": 95, "n": 2 })),
            (Rule::Parked, json!({ "n": 1 })),
            (Rule::Lag, json!({ "n": 7, "minutes": 15 })),
        ];
        assert_eq!(found(&app), meant);
        let paused = found(&Figures { active: false, ..app });
        assert_eq!(paused.iter().map(|(rule, _)| *rule).collect::<Vec<_>>(), [Rule::Spend, Rule::Parked]);
    }

    #[test]
    fn a_rule_that_is_off_finds_nothing_and_another_threshold_counts() {
        let bad = Figures { recent: Together { runs: 10, failed: 5, ..Together::default() }, ..app() };
        let off = Rules::default().with(Rule::Failures, false, 20);
        assert_eq!(bad.findings(&off, 0), []);
        let high = Rules::default().with(Rule::Failures, true, 51);
        assert_eq!(bad.findings(&high, 0), []);
        assert_eq!(bad.findings(&Rules::default().with(Rule::Failures, true, 50), 0).len(), 1);
    }
}
