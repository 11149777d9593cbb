//! Alerts in words: what somebody should look at, what happened, what to do, and where.
//!
//! INVARIANT: whatever an error or a name says in it stands on one line.

use super::words::Words;
use serde_json::{Map, Value};

/// What an alert says it with. Not every rule has each of them.
const FACTS: [&str; 15] = [
    "n", "of", "percent", "ms", "limit", "minutes", "weeks", "times", "paused", "failing", "stores", "late", "cause",
    "name", "scope",
];

/// An alert, as far as its words go by it.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// The rule that found it, by its name.
    pub rule: &'a str,
    /// The store; none, if it concerns the host.
    pub store: Option<&'a str>,
    /// What it is about: an installation, a version, a host.
    pub subject: &'a str,
    /// The app's id, if it is about one.
    pub app: Option<&'a str>,
    /// The version it was found of.
    pub version: Option<&'a str>,
    /// Its figures.
    pub facts: &'a Map<String, Value>,
}

/// The keys of what it is called, of what happened, and of what to do.
fn keys(rule: &str, flag: &dyn Fn(&str) -> bool) -> [&'static str; 3] {
    match rule {
        "denials" => ["alert-denials", "alert-denials-what", "alert-denials-do"],
        "failures" => ["alert-failures", "alert-failures-what", "alert-failures-do"],
        "latency" => ["alert-latency", "alert-latency-what", "alert-latency-do"],
        "cpu" => ["alert-cpu", "alert-cpu-what", "alert-cpu-do"],
        "spend" => ["alert-spend", "alert-spend-what", "alert-spend-do"],
        "volume" => ["alert-volume", "alert-volume-what", "alert-volume-do"],
        "hours" => ["alert-hours", "alert-hours-what", "alert-hours-do"],
        "silence" => ["alert-silence", "alert-silence-what", "alert-silence-do"],
        "parked" => ["alert-parked", "alert-parked-what", "alert-parked-do"],
        "lag" => ["alert-lag", "alert-lag-what", "alert-lag-do"],
        "breaker" if flag("paused") => ["alert-breaker", "alert-breaker-what", "alert-breaker-do"],
        "breaker" => ["alert-breaker-report", "alert-breaker-what", "alert-breaker-report-do"],
        "disk" => ["alert-disk", "alert-disk-what", "alert-disk-do"],
        "host" => ["alert-host", "alert-host-what", "alert-host-do"],
        "backup" if flag("late") => ["alert-backup-late", "alert-backup-late-what", "alert-backup-do"],
        "backup" => ["alert-backup", "alert-backup-what", "alert-backup-do"],
        "checkpoints" => ["alert-checkpoints", "alert-checkpoints-what", "alert-checkpoints-do"],
        "version" if flag("stores") && flag("paused") => ["alert-version", "alert-version-what", "alert-version-do"],
        "version" if flag("paused") => ["alert-version", "alert-version-stopped", "alert-version-do"],
        "version" => ["alert-version-report", "alert-version-what", "alert-version-report-do"],
        _ => ["alert-other", "alert-other-what", "alert-other-do"],
    }
}

/// What a rule looks for, by its name, with what its threshold counts.
pub fn rule(words: Words, rule: &str) -> String {
    let key = match rule {
        "denials" => "rule-denials",
        "failures" => "rule-failures",
        "latency" => "rule-latency",
        "cpu" => "rule-cpu",
        "spend" => "rule-spend",
        "volume" => "rule-volume",
        "hours" => "rule-hours",
        "silence" => "rule-silence",
        "parked" => "rule-parked",
        "lag" => "rule-lag",
        "breaker" => "rule-breaker",
        "disk" => "rule-disk",
        "host" => "rule-host",
        "backup" => "rule-backup",
        "checkpoints" => "rule-checkpoints",
        "version" => "rule-version",
        other => return other.to_owned(),
    };
    words.t(key).to_string()
}

/// What an alert is sent with by e-mail: what it is about, and what it says. `since` is when it was raised, `link` where to look.
pub fn letter(words: Words, about: &About<'_>, since: &str, link: &str) -> (String, String) {
    let subject = words.t("alert-mail-subject").with("title", about.title(words)).to_string();
    let body = words.t("alert-mail-body").with("what", about.what(words)).with("do", about.remedy(words));
    (subject, body.with("since", since).with("link", link).to_string())
}

/// A text on one line: whoever wrote it must not write the rest.
fn one_line(text: &str) -> String {
    super::visible(text).split(|c: char| c.is_control()).collect::<Vec<_>>().join(" ")
}

impl About<'_> {
    fn said(&self, words: Words, key: &'static str) -> String {
        let mut text = words.t(key).with("app", one_line(self.app.unwrap_or(self.subject)));
        text = text.with("version", one_line(self.version.unwrap_or_default()));
        for name in FACTS {
            text = match self.facts.get(name) {
                Some(Value::Number(n)) => text.with(name, n.as_i64().unwrap_or_default()),
                Some(Value::String(said)) => text.with(name, one_line(said)),
                _ => text,
            };
        }
        text.to_string()
    }

    fn keys(&self) -> [&'static str; 3] {
        keys(self.rule, &|name| self.facts.get(name).and_then(Value::as_i64).is_some_and(|n| n > 0))
    }

    /// What it is called, in a few words.
    pub fn title(&self, words: Words) -> String {
        let [title, ..] = self.keys();
        self.said(words, title)
    }

    /// What happened.
    pub fn what(&self, words: Words) -> String {
        let [_, what, _] = self.keys();
        self.said(words, what)
    }

    /// What to do about it.
    pub fn remedy(&self, words: Words) -> String {
        let [.., remedy] = self.keys();
        self.said(words, remedy)
    }

    /// The path of the page where to look.
    pub fn path(&self) -> String {
        match (self.store, self.rule) {
            (Some(store), "denials" | "failures" | "latency" | "cpu" | "volume" | "hours" | "silence") => {
                // The id of an app is made of letters that an address takes, but for one.
                let app = self.app.unwrap_or_default().replace('/', "%2F");
                format!("/stores/{store}/activity/runs?app={app}")
            }
            (Some(store), _) => format!("/stores/{store}/apps/{}", self.subject),
            (None, "version") => format!("/host/apps/{}", self.app.unwrap_or_default()),
            (None, _) => "/host/health".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::words::Language;
    use serde_json::json;

    fn said(rule: &str, facts: Value) -> [String; 3] {
        let Value::Object(facts) = facts else { panic!("facts are an object") };
        let (store, app, version) = (Some("sto_1"), Some("acme/notes"), Some("1.0.0"));
        let about = About { rule, store, subject: "ins_1", app, version, facts: &facts };
        let english = Words(Language::English);
        [about.title(english), about.what(english), about.remedy(english)]
    }

    #[test]
    fn an_alert_says_what_happened_and_what_to_do() {
        let [title, what, remedy] = said("failures", json!({ "n": 12, "of": 40, "percent": 30 }));
        assert_eq!(title, "acme/notes keeps failing");
        assert_eq!(what, "12 of 40 runs failed within 15 minutes (30 %).");
        assert!(remedy.starts_with("Look at"), "{remedy}");
        assert_ne!(said("breaker", json!({ "paused": 1 }))[0], said("breaker", json!({ "paused": 0 }))[0]);
        assert!(said("of tomorrow", json!({}))[0].contains("acme/notes"));
    }

    #[test]
    fn what_an_error_says_stays_on_its_line() {
        let [_, what, _] = said("backup", json!({ "late": 0, "cause": "no room\r\nBcc: everybody" }));
        assert!(!what.contains(['\r', '\n']), "{what:?}");
    }

    #[test]
    fn each_alert_leads_to_a_page() {
        let none = Map::new();
        let about = |store, rule| {
            About { rule, store, subject: "ins_1", app: Some("acme/notes"), version: None, facts: &none }.path()
        };
        assert_eq!(about(Some("sto_1"), "failures"), "/stores/sto_1/activity/runs?app=acme%2Fnotes");
        assert_eq!(about(Some("sto_1"), "breaker"), "/stores/sto_1/apps/ins_1");
        assert_eq!(
            (about(None, "version"), about(None, "disk")),
            ("/host/apps/acme/notes".to_owned(), "/host/health".to_owned())
        );
    }
}
