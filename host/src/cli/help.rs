//! `storehand help`: a verb, an error code, a permission, a topic, the manifest.

use serde_json::json;

use super::{Failure, Global};
use crate::authz::Scope;
use crate::authz::scope::{Class, Holder};
use crate::db::Topic;
use crate::runtime::code::Code;
use crate::runtime::manifest::text::nearest;

/// The manifest explained, with every key there is.
const MANIFEST: &str = include_str!("help/manifest.txt");
/// What there is beside verbs, codes, scopes and topics.
const SUBJECTS: [&str; 4] = ["scopes", "topics", "codes", "manifest"];

/// What to explain.
#[derive(clap::Args)]
pub(super) struct Args {
    /// A command (`app new`), an error code (`E0201`), a scope (`orders:refund`), a topic (`orders/created`), or `scopes`,
    /// `topics`, `codes` or `manifest`
    words: Vec<String>,
}

impl Args {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let [word] = self.words.as_slice() else { return verb(&self.words) };
        match word.as_str() {
            "scopes" => scopes(global),
            "topics" => topics(global),
            "codes" => codes(global),
            "manifest" | "app.toml" => global.show(&json!({"manifest": MANIFEST}), || MANIFEST.to_owned()),
            word => match (Code::find(word), word.parse::<Scope>(), word.parse::<Topic>()) {
                (Some(code), ..) => explain(global, code),
                (_, Ok(found), _) => scope(global, found),
                (.., Ok(found)) => topic(global, found),
                _ => verb(&self.words),
            },
        }
    }
}

/// The help of the verb that these words name.
fn verb(words: &[String]) -> Result<(), Failure> {
    let mut command = super::command();
    command.build();
    for word in words {
        let known: Vec<_> = command.get_subcommands().map(|verb| verb.get_name().to_owned()).collect();
        command = match command.find_subcommand(word) {
            Some(verb) => verb.clone(),
            None => {
                let names =
                    Scope::ALL.iter().map(|scope| scope.name()).chain(Topic::ALL.iter().map(|topic| topic.name()));
                let near = nearest(word, known.iter().map(String::as_str).chain(SUBJECTS).chain(names));
                let failure = Failure::not_found(format!("there is no help on `{}`", words.join(" ")));
                return Err(match near {
                    Some(near) => failure.help(format!("did you mean `{near}`?")),
                    None => failure.help(
                        "name a verb, an error code such as E0201, a scope, a topic, `scopes`, `topics`, `codes` or `manifest`",
                    ),
                });
            }
        };
    }
    super::print(&command.render_long_help().to_string())
}

fn explain(global: &Global, code: Code) -> Result<(), Failure> {
    let data = json!({"code": code, "title": code.title(), "explanation": code.explanation()});
    global.show(&data, || format!("{code}: {}\n\n{}", code.title(), code.explanation()))
}

fn codes(global: &Global) -> Result<(), Failure> {
    let data: Vec<_> = Code::ALL.iter().map(|code| json!({"code": code, "title": code.title()})).collect();
    global.show(&data, || Code::ALL.iter().map(|code| format!("{code}  {}\n", code.title())).collect())
}

/// Who can hold a scope, in words.
fn holder(scope: Scope) -> &'static str {
    match scope.holder() {
        Holder::Anyone | Holder::Checkout => "apps and staff",
        Holder::Staff => "staff",
        Holder::Owner => "the owner",
        Holder::Storefront => "the shop's own front",
    }
}

/// What kind of act it is, in words.
fn class(class: &Class) -> &'static str {
    match class {
        Class::Read => "reads",
        Class::Write => "changes",
        Class::Personal => "touches personal data",
        Class::Money => "moves money or prices",
        Class::Irreversible => "cannot be undone outside the store",
    }
}

fn data_of(scope: Scope) -> serde_json::Value {
    json!({
        "scope": scope, "group": scope.group(), "words": scope.words(), "classes": scope.classes(), "holder": holder(scope),
    })
}

/// Everything about one permission.
fn scope(global: &Global, scope: Scope) -> Result<(), Failure> {
    let caps: Vec<&str> = scope.caps().iter().map(|cap| cap.name()).collect();
    let topics: Vec<&str> =
        Topic::ALL.iter().filter(|topic| topic.scope() == scope).map(|topic| topic.name()).collect();
    let mut data = data_of(scope);
    if let Some(data) = data.as_object_mut() {
        data.insert("caps".to_owned(), json!(caps));
        data.insert("topics".to_owned(), json!(topics));
        data.insert("held_back".to_owned(), json!(scope.can_be_held()));
    }
    global.show(&data, || {
        let classes: Vec<&str> = scope.classes().iter().map(class).collect();
        let mut text = format!(
            "{scope}: {}\n\n  group      {}\n  held by    {}\n  it         {}\n",
            scope.words(),
            scope.group(),
            holder(scope),
            classes.join(", ")
        );
        if scope.for_apps() && !scope.at_checkout() {
            text += &format!("  interface  {}\n", scope.interface());
        }
        if !caps.is_empty() {
            text += &format!("  caps       {} (storehand grants limit APP {scope} --help)\n", caps.join(", "));
        }
        if !topics.is_empty() {
            text += &format!("  topics     {}\n", topics.join(", "));
        }
        if scope.for_apps() {
            text += &format!(
                "\nIn app.toml, with the reason the owner reads:\n  [scopes.required]\n  \"{scope}\" = \"…\"\n"
            );
        }
        text
    })
}

/// Every permission, those of apps first, by their groups.
fn scopes(global: &Global) -> Result<(), Failure> {
    let data: Vec<_> = Scope::ALL.iter().copied().map(data_of).collect();
    global.show(&data, || {
        let part = |title: &str, wanted: fn(Scope) -> bool| {
            let (mut text, mut group) = (format!("{title}\n"), "");
            for scope in Scope::ALL.iter().copied().filter(|scope| wanted(*scope)) {
                if group != scope.group() {
                    group = scope.group();
                    text += &format!("\n{group}\n");
                }
                let whose = match scope.holder() {
                    Holder::Owner => " (the owner's alone)",
                    _ => "",
                };
                text += &format!("  {:<18} {}{whose}\n", scope.name(), scope.words());
            }
            text
        };
        let apps = part("What apps may ask for, and staff may hold:", Scope::for_apps);
        let people =
            part("What people alone can hold:", |scope| matches!(scope.holder(), Holder::Staff | Holder::Owner));
        let front = part("What the shop's own front holds:", |scope| scope.holder() == Holder::Storefront);
        format!("{apps}\n{people}\n{front}\n`storehand help SCOPE` says more about one.")
    })
}

/// Everything about one topic.
fn topic(global: &Global, topic: Topic) -> Result<(), Failure> {
    let data = json!({"topic": topic, "needs": topic.scope(), "record": topic.kind().name()});
    global.show(&data, || {
        let scope = topic.scope();
        format!(
            "{topic}: something happened to a record of the kind `{}`\n\n  needs    {scope} ({})\n  in Rust  fn {}\n\n\
             In app.toml:\n  [[on]]\n  topic = \"{topic}\"\n\n`storehand app trigger {topic}` makes it happen.",
            topic.kind().name(),
            scope.words(),
            super::app::method_of(topic)
        )
    })
}

fn topics(global: &Global) -> Result<(), Failure> {
    let data: Vec<_> = Topic::ALL.iter().map(|topic| json!({"topic": topic, "needs": topic.scope()})).collect();
    global.show(&data, || {
        let line = |topic: &Topic| format!("{:<24} needs {}\n", topic.name(), topic.scope());
        Topic::ALL.iter().map(line).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifest_that_is_shown_is_one() {
        let example: String = MANIFEST.split("```").nth(1).unwrap_or_default().trim_start_matches("toml").to_owned();
        let read = crate::runtime::manifest::Manifest::parse(&example);
        assert!(read.is_ok(), "{read:?}");
    }
}
