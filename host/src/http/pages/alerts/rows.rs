//! Alerts as a page lists them.

use crate::db::alerts::{Alert, Level};
use crate::db::parse_ms;
use crate::http::pages::frame::Frame;
use crate::text::alerts::About;

/// An alert in a list.
pub(in crate::http::pages) struct Row {
    pub(in crate::http::pages) id: String,
    /// The tone and the key of the tag that says how bad it is.
    pub(in crate::http::pages) tag: (&'static str, &'static str),
    pub(in crate::http::pages) title: String,
    pub(in crate::http::pages) what: String,
    pub(in crate::http::pages) remedy: String,
    pub(in crate::http::pages) link: String,
    /// The store, where those of several are listed.
    pub(in crate::http::pages) store: Option<String>,
    pub(in crate::http::pages) raised_at: String,
    pub(in crate::http::pages) times: i64,
    pub(in crate::http::pages) resolved_at: Option<String>,
    pub(in crate::http::pages) acknowledged: bool,
    /// Until when, while it is.
    pub(in crate::http::pages) snoozed_until: Option<String>,
    /// Whether whoever looks may say something to it.
    pub(in crate::http::pages) may_act: bool,
}

/// The rows of a list. `may_act` says of which whoever looks may do something.
pub(in crate::http::pages) fn rows(frame: &Frame, alerts: Vec<Alert>, may_act: impl Fn(&Alert) -> bool) -> Vec<Row> {
    let on_host = frame.around.is_none();
    let row = |alert: Alert| {
        let about = About {
            rule: alert.rule.name(),
            store: alert.store.as_deref(),
            subject: &alert.subject,
            app: alert.app.as_deref(),
            version: alert.version.as_deref(),
            facts: &alert.facts,
        };
        let (title, what) = (about.title(frame.words), about.what(frame.words));
        let (remedy, path) = (about.remedy(frame.words), about.path());
        // The operator sees nothing of a store, but that it has the app.
        let link = match &alert.store {
            Some(store) if on_host => format!("{}/stores/{store}", frame.base),
            _ => path,
        };
        let open = alert.resolved_at.is_none();
        let snoozed = alert.snoozed_until.clone().filter(|until| parse_ms(until).is_ok_and(|until| until > frame.now));
        Row {
            tag: tag(alert.severity),
            may_act: open && may_act(&alert),
            store: alert.store.filter(|_| on_host),
            id: alert.id,
            title,
            what,
            remedy,
            link,
            raised_at: alert.raised_at,
            times: alert.times,
            acknowledged: alert.acknowledged_at.is_some(),
            snoozed_until: snoozed.filter(|_| open),
            resolved_at: alert.resolved_at,
        }
    };
    alerts.into_iter().map(row).collect()
}

fn tag(severity: Level) -> (&'static str, &'static str) {
    match severity {
        Level::Critical => ("bad", "alerts-critical"),
        Level::Warning => ("warn", "alerts-warning"),
        Level::Info => ("", "alerts-info"),
    }
}
