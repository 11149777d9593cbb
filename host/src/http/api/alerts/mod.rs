//! Alerts and the circuit breaker: what a store, and the operator of the host, should look at, by which rules, and what was paused
//! because it kept failing.

mod breaker;
mod host;
mod store;

use crate::db::alerts::{Alert, Rule, RuleChange};
use crate::http::{State, routes};
use crate::text::alerts::About;
use crate::text::words::Words;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::default()
        .routes(routes!(store::list))
        .routes(routes!(store::acknowledge))
        .routes(routes!(store::snooze))
        .routes(routes!(store::rules, store::set_rule))
        .routes(routes!(host::list))
        .routes(routes!(host::acknowledge))
        .routes(routes!(host::snooze))
        .routes(routes!(host::rules, host::set_rule))
        .routes(routes!(breaker::get, breaker::set))
        .routes(routes!(breaker::close))
}

/// An alert, with its words.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AlertShown {
    #[serde(flatten)]
    alert: Alert,
    /// What it is called, in a few words.
    title: String,
    /// What happened.
    what: String,
    /// What to do about it.
    remedy: String,
    /// The path of the page of the web admin where to look.
    link: String,
}

impl From<Alert> for AlertShown {
    fn from(alert: Alert) -> AlertShown {
        let about = About {
            rule: alert.rule.name(),
            store: alert.store.as_deref(),
            subject: &alert.subject,
            app: alert.app.as_deref(),
            version: alert.version.as_deref(),
            facts: &alert.facts,
        };
        let (title, what) = (about.title(Words::ENGLISH), about.what(Words::ENGLISH));
        let (remedy, link) = (about.remedy(Words::ENGLISH), about.path());
        AlertShown { alert, title, what, remedy, link }
    }
}

/// How long to be left alone.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Snoozing {
    /// For so many hours: 1 to 672.
    hours: u32,
}

/// What to set of a rule. What is not given stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleToSet {
    /// Which rule.
    rule: Rule,
    /// Whether anything is looked for by it.
    enabled: Option<bool>,
    /// From where on something is found. Its bounds stand with the rule.
    threshold: Option<i64>,
}

impl RuleToSet {
    fn change(self) -> (Rule, RuleChange) {
        let RuleToSet { rule, enabled, threshold } = self;
        (rule, RuleChange { enabled, threshold })
    }
}
