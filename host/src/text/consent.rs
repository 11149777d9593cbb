//! What a person reads before agreeing to what an app may do, and why a consent is refused. The first is stored with
//! the consent word for word, so it is composed here once and handed down.

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
}

/// What is shown at install: everything the app will be able to do, and what it asked for and does not get.
pub fn install(what: What<'_>, means: &Install<'_>) -> String {
    let mut text = head("Install", what);
    may(&mut text, "It", &means.granted);
    scopes(&mut text, "It asks for these too, and does not get them:", means.not_granted.iter());
    line(&mut text, "Events it will receive", &means.triggers.topics);
    line(&mut text, "Events it will not receive, because you did not grant the permission", &means.unseen);
    line(&mut text, "It runs by itself at", means.triggers.schedules);
    line(&mut text, "It adds the buttons", &labels(&means.triggers));
    text + NOTHING_ELSE
}

/// What is shown when another version takes the place of the installed one: what is new, what goes, and what the new code
/// gets of what the old one had.
pub fn upgrade(what: What<'_>, means: &Upgrade<'_>) -> String {
    let mut text = head("Upgrade to", what);
    may(&mut text, "In addition it", &means.granted);
    scopes(&mut text, "It newly asks for these, and does not get them:", means.not_granted.iter());
    line(&mut text, "Events it will receive in addition, if it has the permission", &means.added.topics);
    line(&mut text, "In addition it runs by itself at", means.added.schedules);
    line(&mut text, "It adds the buttons", &labels(&means.added));
    scopes(&mut text, "It no longer asks for these, and loses them:", means.lost.iter());
    line(&mut text, "Events it will no longer receive", &means.removed.topics);
    line(&mut text, "It no longer runs by itself at", means.removed.schedules);
    line(&mut text, "It removes the buttons", &labels(&means.removed));
    scopes(&mut text, "This version gets what was granted before:", means.retained.iter());
    text + NOTHING_ELSE
}

/// What is shown when single permissions are added to an installed app.
pub fn allow(what: What<'_>, granted: &[Asked<'_>]) -> String {
    let mut text = head("Allow", what);
    may(&mut text, "In addition it", granted);
    text + "Everything else stays as it was granted before.\n"
}

/// Why a consent is refused.
pub fn refused(why: &NoConsent) -> String {
    match why {
        NoConsent::Denied(denied) => super::denied::denied(denied),
        NoConsent::NotAsked(scope) => {
            format!("the app does not ask for `{scope}`; only what it asks for can be granted")
        }
        NoConsent::Required(scope) => {
            format!("the app cannot do without `{scope}`; grant it, or leave the app as it is")
        }
        NoConsent::NotAPerson => "only a person of the store can grant permissions".to_owned(),
    }
}

/// The same, to somebody who lacks what they would grant.
pub fn not_theirs(lacks: &Denied) -> String {
    let remedy = super::denied::remedy(lacks, None);
    format!(
        "`{}` is not yours to grant: nobody can grant what they, or the token they use, do not have; {remedy}",
        lacks.scope
    )
}

/// The same of an upgrade, to somebody who lacks what the app has already.
pub fn waits(scope: Scope) -> String {
    format!(
        "the app has `{scope}`, which you do not hold, and a new version is new code: it waits for somebody who holds all \
        that the app has"
    )
}

const NOTHING_ELSE: &str = "It can do nothing else in this store, and reaches nothing outside it.\n";

fn head(act: &str, What { app, version, name, summary, digest, private }: What<'_>) -> String {
    let private = match private {
        true => "Private: this store uploaded it for itself, and no publisher stands behind its name\n",
        false => "",
    };
    format!("{act} {name} {version} ({app})\n{summary}\n{private}sha256 {digest}\n")
}

/// What is granted, the harmless first: sights, changes, and what costs money or cannot be undone.
fn may(text: &mut String, who: &str, granted: &[Asked<'_>]) {
    let weighs = |scope: Scope| {
        let has = |class| scope.classes().contains(&class);
        match has(Class::Write) {
            false => "can see",
            true if has(Class::Money) || has(Class::Irreversible) => "can spend, or do what cannot be undone",
            true => "can change",
        }
    };
    for what in ["can see", "can change", "can spend, or do what cannot be undone"] {
        scopes(text, &format!("{who} {what}:"), granted.iter().filter(|asked| weighs(asked.scope) == what));
    }
}

fn scopes<'a>(text: &mut String, title: &str, asked: impl Iterator<Item = &'a Asked<'a>>) {
    let mut asked = asked.peekable();
    if asked.peek().is_none() {
        return;
    }
    let _ = writeln!(text, "{title}");
    for Asked { scope, reason, terms } in asked {
        let reason = if reason.is_empty() { String::new() } else { format!(": {reason}") };
        let personal = if scope.classes().contains(&Class::Personal) { " (personal data)" } else { "" };
        let _ = writeln!(text, "- {}{personal} [{}]{reason}", Scope::words(*scope), scope.name());
        for line in terms {
            let _ = writeln!(text, "  {line}");
        }
    }
}

fn labels(triggers: &Triggers<'_>) -> Vec<String> {
    triggers.buttons.iter().map(|(label, on)| format!("{label} ({on})")).collect()
}

fn line<T: AsRef<str>>(text: &mut String, title: &str, items: &[T]) {
    if !items.is_empty() {
        let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
        let _ = writeln!(text, "{title}: {}", items.join(", "));
    }
}
