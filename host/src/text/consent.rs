//! What a person reads before agreeing to what an app may do, and why a consent is refused. The first is stored with
//! the consent word for word, in the language in which it was read, so it is composed here once and handed down.

use super::words::{Language, Words};
use crate::authz::scope::Class;
use crate::authz::{Denied, NoConsent, Scope};
use std::fmt::Write as _;

/// What is agreed to.
#[derive(Debug, Clone, Copy)]
pub struct What<'a> {
    /// The app's id.
    pub app: &'a str,
    /// The version.
    pub version: &'a str,
    /// What the app is called.
    pub name: &'a str,
    /// What it does, in its developer's words.
    pub summary: &'a str,
    /// SHA-256 of its component, in hex.
    pub digest: &'a str,
    /// Whether the store uploaded it for itself.
    pub private: bool,
}

/// A permission, as an app asks for it.
#[derive(Debug)]
pub struct Asked<'a> {
    /// Which.
    pub scope: Scope,
    /// Why the app asks for it, in its developer's words; may be empty.
    pub reason: &'a str,
    /// On which terms it is granted, a line each; none where it is not granted.
    pub terms: Vec<String>,
}

/// What makes an app run.
#[derive(Debug, Default)]
pub struct Triggers<'a> {
    /// The topics it listens to.
    pub topics: Vec<&'a str>,
    /// Its schedules.
    pub schedules: &'a [String],
    /// Its buttons: the label, and the kind of record it is on.
    pub buttons: Vec<(&'a str, &'a str)>,
}

/// A server outside the store that an app may call.
#[derive(Debug)]
pub struct Server<'a> {
    /// Its name, and what may be asked there.
    pub what: String,
    /// Why, in the developer's words.
    pub reason: &'a str,
}

/// What an install means.
#[derive(Debug)]
pub struct Install<'a> {
    /// What it gets.
    pub granted: Vec<Asked<'a>>,
    /// What it asks for and does not get.
    pub not_granted: Vec<Asked<'a>>,
    /// What makes it run. Its topics are those it may see.
    pub triggers: Triggers<'a>,
    /// The topics it listens to and may not see.
    pub unseen: Vec<&'a str>,
    /// The servers it may call.
    pub servers: Vec<Server<'a>>,
}

/// What another version in the place of the installed one means.
#[derive(Debug)]
pub struct Upgrade<'a> {
    /// What it gets in addition.
    pub granted: Vec<Asked<'a>>,
    /// What it asks for that the installed one does not, and does not get.
    pub not_granted: Vec<Asked<'a>>,
    /// What makes it run that does not make the installed one run.
    pub added: Triggers<'a>,
    /// What it loses, because it does not ask for it.
    pub lost: Vec<Asked<'a>>,
    /// What makes the installed one run and not this one.
    pub removed: Triggers<'a>,
    /// What the installed one has and this one has then.
    pub retained: Vec<Asked<'a>>,
    /// The servers it may call and the installed one may not, or not so.
    pub servers_added: Vec<Server<'a>>,
    /// Those it can no longer call.
    pub servers_removed: Vec<Server<'a>>,
    /// All it may call then.
    pub servers: Vec<Server<'a>>,
}

/// A text as somebody read it before they agreed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// In which language.
    pub language: Language,
    /// What it said.
    pub text: String,
}

impl Read {
    /// As the API and the command show it.
    pub const fn english(text: String) -> Read {
        Read { language: Language::English, text }
    }
}

/// What is shown at install: everything the app will be able to do, and what it asked for and does not get.
pub fn install(words: Words, what: What<'_>, means: &Install<'_>) -> String {
    let mut text = Text::new(words, "given-install", what);
    text.may(["given-sees", "given-changes", "given-spends"], &means.granted);
    text.scopes("given-not-granted", means.not_granted.iter());
    text.line("given-events", &means.triggers.topics);
    text.line("given-events-unseen", &means.unseen);
    text.line("given-schedules", means.triggers.schedules);
    text.line("given-buttons", &labels(&means.triggers));
    text.servers("given-hosts", &means.servers);
    text.end(nothing_else(&means.servers))
}

/// What is shown when another version takes the place of the installed one: what is new, what goes, and what the new code
/// gets of what the old one had.
pub fn upgrade(words: Words, what: What<'_>, means: &Upgrade<'_>) -> String {
    let mut text = Text::new(words, "given-upgrade", what);
    text.may(MORE, &means.granted);
    text.scopes("given-more-not-granted", means.not_granted.iter());
    text.line("given-more-events", &means.added.topics);
    text.line("given-more-schedules", means.added.schedules);
    text.line("given-buttons", &labels(&means.added));
    text.scopes("given-lost", means.lost.iter());
    text.line("given-lost-events", &means.removed.topics);
    text.line("given-lost-schedules", means.removed.schedules);
    text.line("given-lost-buttons", &labels(&means.removed));
    text.servers("given-more-hosts", &means.servers_added);
    text.servers("given-lost-hosts", &means.servers_removed);
    text.scopes("given-retained", means.retained.iter());
    if means.servers_added.len() < means.servers.len() {
        text.servers("given-all-hosts", &means.servers);
    }
    text.end(nothing_else(&means.servers))
}

/// What is shown when single permissions are added to an installed app.
pub fn allow(words: Words, what: What<'_>, granted: &[Asked<'_>]) -> String {
    let mut text = Text::new(words, "given-allow", what);
    text.may(MORE, granted);
    text.end("given-rest-stays")
}

/// Why a consent is refused.
pub fn refused(words: Words, why: &NoConsent) -> String {
    match why {
        NoConsent::Denied(denied) => super::denied::denied(words, denied),
        NoConsent::NotAsked(scope) => words.t("consent-not-asked").with("scope", scope.name()).to_string(),
        NoConsent::Required(scope) => words.t("consent-required").with("scope", scope.name()).to_string(),
        NoConsent::NotAPerson => words.t("consent-not-a-person").to_string(),
    }
}

/// The same, to somebody who lacks what they would grant.
pub fn not_theirs(words: Words, lacks: &Denied) -> String {
    let remedy = super::denied::remedy(words, lacks, None);
    words.t("consent-not-theirs").with("scope", lacks.scope.name()).with("remedy", remedy).to_string()
}

/// The same of an upgrade, to somebody who lacks what the app has already.
pub fn waits(words: Words, scope: Scope) -> String {
    words.t("consent-waits").with("scope", scope.name()).to_string()
}

/// What is granted in addition: what it sees, changes, and spends.
const MORE: [&str; 3] = ["given-more-sees", "given-more-changes", "given-more-spends"];

/// What a text ends with: an app that calls no server reaches nothing outside the store.
fn nothing_else(servers: &[Server<'_>]) -> &'static str {
    if servers.is_empty() { "given-nothing-else" } else { "given-nothing-else-outside" }
}

/// A text that grows line by line.
struct Text {
    words: Words,
    text: String,
}

impl Text {
    fn new(words: Words, act: &str, What { app, version, name, summary, digest, private }: What<'_>) -> Text {
        let head = words.t(act).with("name", name).with("version", version).with("app", app);
        let private = if private { format!("{}\n", words.t("given-private")) } else { String::new() };
        Text { words, text: format!("{head}\n{summary}\n{private}sha256 {digest}\n") }
    }

    /// What is granted, the harmless first: sights, changes, and what costs money or cannot be undone.
    fn may(&mut self, titles: [&str; 3], granted: &[Asked<'_>]) {
        let weighs = |scope: Scope| {
            let has = |class| scope.classes().contains(&class);
            match has(Class::Write) {
                false => 0,
                true if has(Class::Money) || has(Class::Irreversible) => 2,
                true => 1,
            }
        };
        for (weight, title) in titles.into_iter().enumerate() {
            self.scopes(title, granted.iter().filter(|asked| weighs(asked.scope) == weight));
        }
    }

    fn scopes<'a>(&mut self, title: &str, asked: impl Iterator<Item = &'a Asked<'a>>) {
        let mut asked = asked.peekable();
        if asked.peek().is_none() {
            return;
        }
        let Text { words, text } = self;
        let _ = writeln!(text, "{}", words.t(title));
        let personal = format!(" ({})", words.t("mark-personal"));
        for Asked { scope, reason, terms } in asked {
            let reason = if reason.is_empty() { String::new() } else { format!(": {reason}") };
            let personal = if scope.classes().contains(&Class::Personal) { personal.as_str() } else { "" };
            let _ = writeln!(text, "- {}{personal} [{}]{reason}", words.scope(*scope), scope.name());
            for line in terms {
                let _ = writeln!(text, "  {line}");
            }
        }
    }

    fn line<T: AsRef<str>>(&mut self, title: &str, items: &[T]) {
        if !items.is_empty() {
            let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
            let _ = writeln!(self.text, "{}", self.words.t(title).with("list", items.join(", ")));
        }
    }

    fn servers(&mut self, title: &str, servers: &[Server<'_>]) {
        if !servers.is_empty() {
            let _ = writeln!(self.text, "{}", self.words.t(title));
        }
        for Server { what, reason } in servers {
            let _ = writeln!(self.text, "- {what}: {reason}");
        }
    }

    fn end(mut self, last: &str) -> String {
        let _ = writeln!(self.text, "{}", self.words.t(last));
        self.text
    }
}

fn labels(triggers: &Triggers<'_>) -> Vec<String> {
    triggers.buttons.iter().map(|(label, on)| format!("{label} ({on})")).collect()
}
