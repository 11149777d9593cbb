//! `storehand rules`: the shop's own rules for its people, which each accepts in the browser.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Value, json};

use crate::cli::client::show::{moment, table, text};
use crate::cli::client::{Server, confirm, is_asked};
use crate::cli::{Failure, Global, failure};

/// Bytes of a file with rules: more than the host takes, whatever they are written in.
const MAX_FILE: u64 = 64 * 1024;
/// So many versions a store has at most.
const MOST: usize = 1_000;

/// What to do about the house rules.
#[derive(clap::Subcommand)]
pub(in crate::cli) enum Verb {
    /// Show the house rules
    Show(Show),
    /// List their versions, newest first
    Versions(Versions),
    /// Set the house rules: everybody but owners accepts them in the browser before they go on
    Set(Set),
}

/// Which version.
#[derive(clap::Args)]
pub(in crate::cli) struct Show {
    /// As they were in this version; as they are now, if not said
    #[arg(value_name = "VERSION")]
    number: Option<i64>,
    #[command(flatten)]
    server: Server,
}

/// Of which store.
#[derive(clap::Args)]
pub(in crate::cli) struct Versions {
    #[command(flatten)]
    server: Server,
}

/// Which text.
#[derive(clap::Args)]
pub(in crate::cli) struct Set {
    /// A file with their text, up to 8,000 characters; `-` reads it from stdin, and an empty text means no rules
    file: PathBuf,
    /// Only if they are still at this version
    #[arg(long, value_name = "VERSION")]
    replaces: Option<i64>,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    server: Server,
}

#[derive(Deserialize)]
struct Row {
    version: i64,
    characters: i64,
    made_by: String,
    made_by_name: Option<String>,
    created_at: String,
}

impl Verb {
    pub(in crate::cli) fn run(self, global: &Global) -> Result<(), Failure> {
        match self {
            Verb::Show(args) => args.run(global),
            Verb::Versions(args) => args.run(global),
            Verb::Set(args) => args.run(global),
        }
    }
}

impl Show {
    fn run(self, global: &Global) -> Result<(), Failure> {
        let client = self.server.connect()?;
        let rules = match self.number {
            Some(version) => client.get(&format!("house-rules/versions/{version}"))?,
            None => client.get("house-rules")?,
        };
        global.show(&rules, || match rules.get("body").and_then(Value::as_str) {
            Some(body) if !body.is_empty() => text(body),
            _ => "there are no house rules".to_owned(),
        })
    }
}

impl Versions {
    fn run(self, global: &Global) -> Result<(), Failure> {
        let versions = self.server.connect()?.list("house-rules/versions", &[], MOST)?;
        let row = |row: Row| {
            let by = row.made_by_name.unwrap_or(row.made_by);
            [row.version.to_string(), moment(&row.created_at), row.characters.to_string(), by]
        };
        global.show(&versions, || {
            let rows = versions.iter().filter_map(|version| Row::deserialize(version).ok());
            table(["VERSION", "WRITTEN", "CHARACTERS", "BY"], rows.map(row))
        })
    }
}

impl Set {
    fn run(self, global: &Global) -> Result<(), Failure> {
        let body = read(&self.file)?;
        let client = self.server.connect()?;
        let version = |rules: &Value| rules.get("version").and_then(Value::as_i64).unwrap_or_default();
        let replaces = match self.replaces {
            Some(replaces) => replaces,
            None => version(&client.get("house-rules")?),
        };
        let question = "Set the house rules? Everybody but owners accepts them before they go on in the browser.";
        if !self.yes && is_asked(global) && !confirm(question)? {
            return Err(Failure::failed("nothing was changed"));
        }
        let set = client.put("house-rules", &json!({"replaces": replaces, "body": body}))?;
        global.show(&set, || format!("the house rules are set: version {}", version(&set)))
    }
}

/// The text of a file, or of stdin. Whoever calls controls how long it is.
fn read(path: &Path) -> Result<String, Failure> {
    let mut body = String::new();
    let read = match path.as_os_str() == "-" {
        true => io::stdin().take(MAX_FILE + 1).read_to_string(&mut body),
        false => File::open(path).and_then(|file| file.take(MAX_FILE + 1).read_to_string(&mut body)),
    };
    match read {
        Err(error) => Err(failure::unreadable(path, &error)),
        Ok(read) if read as u64 > MAX_FILE => {
            Err(Failure::usage("the text is too long for house rules").help("they have up to 8,000 characters"))
        }
        Ok(_) => Ok(body),
    }
}
