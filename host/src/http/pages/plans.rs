//! What plans allow, as pages show and ask for it.

use crate::db::plans::PlanBounds;
use crate::http::pages::frame::Frame;
use serde::Deserialize;

/// A bound: what it is called, and how much.
pub(super) struct Allowed {
    pub(super) key: &'static str,
    pub(super) n: i64,
}

/// The field of each bound, and what it is called.
const FIELDS: [(&str, &str); 8] = [
    ("apps", "nav-apps"),
    ("people", "nav-people"),
    ("runs", "plan-runs"),
    ("runs_at_once", "plan-runs-at-once"),
    ("cpu_seconds", "plan-cpu"),
    ("mib_per_day", "plan-mib"),
    ("usage_days", "plan-usage-days"),
    ("journal_days", "plan-journal-days"),
];

fn values(bounds: &PlanBounds) -> [Option<i64>; 8] {
    [
        bounds.apps.map(i64::from),
        bounds.people.map(i64::from),
        bounds.runs,
        bounds.runs_at_once.map(i64::from),
        bounds.cpu_seconds,
        bounds.mib_per_day.map(i64::from),
        bounds.usage_days.map(i64::from),
        bounds.journal_days.map(i64::from),
    ]
}

/// What a plan bounds.
pub(super) fn allowed(bounds: &PlanBounds) -> Vec<Allowed> {
    let each = FIELDS.into_iter().zip(values(bounds));
    each.filter_map(|((_, key), n)| n.map(|n| Allowed { key, n })).collect()
}

/// What a form holds, as it was typed; an empty field bounds nothing.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct TypedBounds {
    #[serde(default)]
    apps: String,
    #[serde(default)]
    people: String,
    #[serde(default)]
    runs: String,
    #[serde(default)]
    runs_at_once: String,
    #[serde(default)]
    cpu_seconds: String,
    #[serde(default)]
    mib_per_day: String,
    #[serde(default)]
    usage_days: String,
    #[serde(default)]
    journal_days: String,
}

/// A field of a form.
pub(super) struct BoundField {
    pub(super) name: &'static str,
    pub(super) key: &'static str,
    pub(super) value: String,
}

impl From<&PlanBounds> for TypedBounds {
    fn from(bounds: &PlanBounds) -> TypedBounds {
        let text = values(bounds).map(|n| n.map(|n| n.to_string()).unwrap_or_default());
        let [apps, people, runs, runs_at_once, cpu_seconds, mib_per_day, usage_days, journal_days] = text;
        TypedBounds { apps, people, runs, runs_at_once, cpu_seconds, mib_per_day, usage_days, journal_days }
    }
}

impl TypedBounds {
    fn all(&self) -> [&String; 8] {
        [
            &self.apps,
            &self.people,
            &self.runs,
            &self.runs_at_once,
            &self.cpu_seconds,
            &self.mib_per_day,
            &self.usage_days,
            &self.journal_days,
        ]
    }

    /// The fields of the form.
    pub(super) fn fields(&self) -> Vec<BoundField> {
        let each = FIELDS.into_iter().zip(self.all());
        each.map(|((name, key), value)| BoundField { name, key, value: value.clone() }).collect()
    }

    /// What is asked for, if every field is a number or empty.
    pub(super) fn read(&self, frame: &Frame) -> Result<PlanBounds, String> {
        let mut read = [None; 8];
        for ((to, typed), (_, key)) in read.iter_mut().zip(self.all()).zip(FIELDS) {
            let typed = typed.trim();
            if typed.is_empty() {
                continue;
            }
            // None is negative, and each fits in 32 bits or is refused where its range is known.
            *to = Some(typed.parse::<u32>().map_err(|_| {
                frame.t("plan-no-number").with("what", frame.t(key).to_string()).with("typed", typed).to_string()
            })?);
        }
        let [apps, people, runs, runs_at_once, cpu_seconds, mib_per_day, usage_days, journal_days] = read;
        let (runs, cpu_seconds) = (runs.map(i64::from), cpu_seconds.map(i64::from));
        Ok(PlanBounds { apps, people, runs, runs_at_once, cpu_seconds, mib_per_day, usage_days, journal_days })
    }
}
