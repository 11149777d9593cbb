//! What findings mean for what is open: one alert for each cause, whatever is found how often.
//!
//! INVARIANT: nothing here reads a clock or a database. Of a rule that was not looked at nothing changes.

use super::find::Finding;
use super::rule::{Level, Rule};

/// So many alerts of a store, or of the host, are open at once; what is found beyond that waits until some are resolved.
pub(super) const MAX_OPEN: usize = 100;
/// What comes back within so long of being resolved, in milliseconds, is the same alert again.
pub(super) const REOPENS: i64 = 3_600_000;
/// That an alert was found again is written once in so long, in milliseconds, unless it became worse.
const NOTED: i64 = 60_000;

/// An alert that is open, or was a moment ago.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) id: String,
    pub(super) rule: Rule,
    pub(super) subject: String,
    pub(super) level: Level,
    pub(super) seen_at: i64,
    pub(super) resolved_at: Option<i64>,
}

/// What is to be written.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Step {
    /// A new alert.
    Raise(Finding),
    /// One that was resolved a moment ago is open again.
    Reopen(String, Finding),
    /// It is there still, with these figures.
    Again(String, Finding),
    /// Its cause is gone.
    Resolve(String),
}

/// The steps from what is known to what was found, by the rules that were looked at.
pub(super) fn steps(known: &[Known], found: Vec<Finding>, looked_at: &[Rule], now: i64) -> Vec<Step> {
    let same = |one: &Known, finding: &Finding| one.rule == finding.rule && one.subject == finding.subject;
    let open = || known.iter().filter(|one| one.resolved_at.is_none());
    let gone = open().filter(|one| looked_at.contains(&one.rule) && !found.iter().any(|finding| same(one, finding)));
    let mut steps: Vec<Step> = gone.map(|one| Step::Resolve(one.id.clone())).collect();
    let mut room = (MAX_OPEN + steps.len()).saturating_sub(open().count());
    let mut found = found;
    // The worst first: what there is no room for is the rest.
    found.sort_by_key(|finding| std::cmp::Reverse(finding.level));
    for finding in found {
        if let Some(one) = open().find(|one| same(one, &finding)) {
            if finding.level > one.level || now - one.seen_at >= NOTED {
                steps.push(Step::Again(one.id.clone(), finding));
            }
            continue;
        }
        if room == 0 {
            continue;
        }
        room -= 1;
        let lately = |one: &&Known| one.resolved_at.is_some_and(|at| now - at < REOPENS) && same(one, &finding);
        // The latest: ids are in the order they were made.
        steps.push(match known.iter().filter(lately).max_by(|a, b| a.id.cmp(&b.id)) {
            Some(one) => Step::Reopen(one.id.clone(), finding),
            None => Step::Raise(finding),
        });
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Map;

    const LOOKED_AT: &[Rule] = &[Rule::Failures, Rule::Denials];

    fn finding(rule: Rule, subject: &str) -> Finding {
        let (subject, app, version) = (subject.to_owned(), String::new(), String::new());
        Finding { rule, subject, app, version, level: rule.level(), facts: Map::new() }
    }

    fn known(id: &str, rule: Rule, seen_at: i64, resolved_at: Option<i64>) -> Known {
        Known { id: id.to_owned(), rule, subject: "a".to_owned(), level: rule.level(), seen_at, resolved_at }
    }

    #[test]
    fn what_is_found_again_is_the_same_alert_and_what_is_gone_is_resolved() {
        let failing = || finding(Rule::Failures, "a");
        assert_eq!(steps(&[], vec![failing()], LOOKED_AT, 0), [Step::Raise(failing())]);
        let open = [known("1", Rule::Failures, 0, None)];
        assert_eq!(steps(&open, vec![failing()], LOOKED_AT, NOTED - 1), []);
        assert_eq!(steps(&open, vec![failing()], LOOKED_AT, NOTED), [Step::Again("1".to_owned(), failing())]);
        let worse = Finding { level: Level::Critical, ..failing() };
        assert_eq!(steps(&open, vec![worse.clone()], LOOKED_AT, 1), [Step::Again("1".to_owned(), worse)]);
        assert_eq!(steps(&open, vec![], LOOKED_AT, 1), [Step::Resolve("1".to_owned())]);
        assert_eq!(steps(&open, vec![], &[Rule::Denials], 1), [], "that rule was not looked at");
        let other = finding(Rule::Failures, "b");
        assert_eq!(steps(&open, vec![failing(), other.clone()], LOOKED_AT, 1), [Step::Raise(other)], "another cause");
    }

    #[test]
    fn what_comes_back_soon_is_the_same_alert_and_later_it_is_another() {
        let failing = || finding(Rule::Failures, "a");
        let before = [known("1", Rule::Failures, 0, Some(5)), known("2", Rule::Failures, 0, Some(10))];
        assert_eq!(
            steps(&before, vec![failing()], LOOKED_AT, 10 + REOPENS - 1),
            [Step::Reopen("2".to_owned(), failing())]
        );
        assert_eq!(steps(&before, vec![failing()], LOOKED_AT, 10 + REOPENS), [Step::Raise(failing())]);
    }

    #[test]
    fn a_store_has_so_many_open_and_the_worst_come_first() {
        let found = || {
            let many = (0..MAX_OPEN + 5).map(|n| finding(Rule::Failures, &n.to_string()));
            many.chain([finding(Rule::Breaker, "x")]).collect::<Vec<_>>()
        };
        let raised = steps(&[], found(), LOOKED_AT, 0);
        assert_eq!(raised.len(), MAX_OPEN);
        assert!(matches!(&raised[0], Step::Raise(one) if one.rule == Rule::Breaker));
        let full: Vec<Known> = (0..MAX_OPEN)
            .map(|n| Known { subject: n.to_string(), ..known(&n.to_string(), Rule::Failures, 0, None) })
            .collect();
        assert_eq!(steps(&full, vec![finding(Rule::Denials, "y")], &[Rule::Denials], 1), []);
    }
}
