//! `storehand help`: a verb, an error code, the scopes, the topics.

use serde_json::json;

use super::{Failure, Global};
use crate::authz::Scope;
use crate::db::Topic;
use crate::runtime::code::Code;
use crate::runtime::manifest::text::nearest;

/// What to explain.
#[derive(clap::Args)]
pub(super) struct Args {
    /// A verb (`app new`), an error code (`E0201`), `scopes`, `topics` or `codes`
    words: Vec<String>,
}

impl Args {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        match self.words.as_slice() {
            [word] if word == "scopes" => scopes(global),
            [word] if word == "topics" => topics(global),
            [word] if word == "codes" => codes(global),
            [word] if Code::find(word).is_some() => Code::find(word).map_or(Ok(()), |code| explain(global, code)),
            words => verb(words),
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
                let topics = ["scopes", "topics", "codes"];
                let near = nearest(word, known.iter().map(String::as_str).chain(topics));
                let failure = Failure::not_found(format!("there is no help on `{}`", words.join(" ")));
                return Err(match near {
                    Some(near) => failure.help(format!("did you mean `{near}`?")),
                    None => failure.help("name a verb, an error code such as E0201, `scopes`, `topics` or `codes`"),
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

/// The scopes an app may ask for.
fn scopes(global: &Global) -> Result<(), Failure> {
    let scopes: Vec<_> = Scope::ALL.iter().copied().filter(|scope| scope.for_apps()).collect();
    let data: Vec<_> = scopes
        .iter()
        .map(
            |scope| json!({"scope": scope, "group": scope.group(), "words": scope.words(), "classes": scope.classes()}),
        )
        .collect();
    global.show(&data, || {
        let mut text = String::new();
        let mut group = "";
        for scope in &scopes {
            if group != scope.group() {
                group = scope.group();
                text += &format!("\n{group}\n");
            }
            text += &format!("  {:<18} {}\n", scope.name(), scope.words());
        }
        text.trim_start().to_owned()
    })
}

fn topics(global: &Global) -> Result<(), Failure> {
    let data: Vec<_> = Topic::ALL.iter().map(|topic| json!({"topic": topic, "needs": topic.scope()})).collect();
    global.show(&data, || {
        let line = |topic: &Topic| format!("{:<24} needs {}\n", topic.name(), topic.scope());
        Topic::ALL.iter().map(line).collect()
    })
}
