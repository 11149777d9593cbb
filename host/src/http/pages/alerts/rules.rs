//! Rules as a page shows and sets them.

use crate::db::alerts::{Rule, RuleChange, RuleShown};
use crate::http::Problem;
use crate::http::pages::frame::Frame;
use crate::text::{Said, alerts};
use serde::Deserialize;

/// A rule in a list.
pub(in crate::http::pages) struct RuleRow {
    pub(in crate::http::pages) name: &'static str,
    pub(in crate::http::pages) words: String,
    pub(in crate::http::pages) enabled: bool,
    pub(in crate::http::pages) threshold: i64,
    pub(in crate::http::pages) default: i64,
    /// Whether there is a threshold to set.
    pub(in crate::http::pages) has_threshold: bool,
}

/// The rows of a list.
pub(in crate::http::pages) fn rule_rows(frame: &Frame, rules: Vec<RuleShown>) -> Vec<RuleRow> {
    let row = |rule: RuleShown| RuleRow {
        name: rule.rule.name(),
        words: alerts::rule(frame.words, rule.rule.name()),
        enabled: rule.enabled,
        threshold: rule.threshold,
        default: rule.default,
        has_threshold: rule.least < rule.most,
    };
    rules.into_iter().map(row).collect()
}

/// What the form of a rule holds.
#[derive(Debug, Deserialize)]
pub(in crate::http::pages) struct Typed {
    rule: String,
    #[serde(default)]
    threshold: String,
    #[serde(default)]
    enabled: String,
}

impl Typed {
    /// What is to be set, or what is wrong with it.
    pub(in crate::http::pages) fn read(&self, frame: &Frame) -> Result<Result<(Rule, RuleChange), Said>, Problem> {
        let rule = self.rule.parse().map_err(|()| Problem::not_found(format_args!("alert rule `{}`", self.rule)))?;
        let (typed, enabled) = (self.threshold.trim(), Some(!self.enabled.is_empty()));
        let threshold = match typed.parse() {
            _ if typed.is_empty() => None,
            Ok(threshold) => Some(threshold),
            Err(_) => return Ok(Err(frame.t("alerts-no-number").with("typed", typed).to_string().into())),
        };
        Ok(Ok((rule, RuleChange { enabled, threshold })))
    }
}
