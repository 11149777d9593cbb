//! `storehand apps configure`: an app's settings in one store.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::cli::client::{Server, segment};
use crate::cli::failure::unreadable;
use crate::cli::{Failure, Global};
use crate::db::installations::SETTINGS_BYTES;

/// Which app, and what to set.
#[derive(clap::Args)]
pub(in crate::cli) struct Args {
    /// The app: its id, its short name or its installation
    app: String,
    /// A file with all settings, a JSON object
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// Change single settings: NAME=VALUE, where VALUE is JSON or else plain text
    #[arg(long = "set", value_name = "NAME=VALUE", conflicts_with = "settings")]
    set: Vec<String>,
    #[command(flatten)]
    server: Server,
}

impl Args {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let given = self.settings.as_deref().map(read).transpose()?;
        let client = self.server.connect()?;
        let installed = client.installed(&self.app)?;
        let path = format!("installations/{}/settings", segment(&installed.id));
        let now = client.get(&path)?;
        let settings = match given {
            Some(settings) => settings,
            None if self.set.is_empty() => return show(global, &now),
            None => changed(now.get("settings"), &self.set)?,
        };
        // Only if nobody else has changed them since they were read.
        let seen = now.get("revision").and_then(Value::as_i64);
        let stored = client.put_if(&path, &settings, seen)?;
        if !global.json {
            eprintln!("{} has new settings; its next run sees them", installed.app);
        }
        show(global, &stored)
    }
}

fn show(global: &Global, settings: &Value) -> Result<(), Failure> {
    global.show(settings, || {
        let settings = settings.get("settings").unwrap_or(&Value::Null);
        // JSON escapes what could steer a terminal, but for the marks of direction.
        crate::cli::client::show::text(&serde_json::to_string_pretty(settings).unwrap_or_default())
    })
}

/// The settings with some of them changed.
fn changed(now: Option<&Value>, set: &[String]) -> Result<Value, Failure> {
    let mut settings = now.and_then(Value::as_object).cloned().unwrap_or_default();
    for pair in set {
        let (name, value) = pair.split_once('=').ok_or_else(|| {
            Failure::usage(format!("`{pair}` is not NAME=VALUE")).help("for example --set threshold=5")
        })?;
        let value = serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned()));
        settings.insert(name.to_owned(), value);
    }
    Ok(Value::Object(settings))
}

/// A file with settings.
pub(super) fn read(path: &Path) -> Result<Value, Failure> {
    let mut text = String::new();
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    file.take(SETTINGS_BYTES as u64 + 1).read_to_string(&mut text).map_err(|error| unreadable(path, &error))?;
    if text.len() > SETTINGS_BYTES {
        return Err(Failure::usage(format!(
            "settings hold at most {SETTINGS_BYTES} bytes; `{}` has more",
            path.display()
        )));
    }
    serde_json::from_str(&text).map_err(|error| Failure::usage(format!("`{}` is not JSON: {error}", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn single_settings_are_json_where_they_can_be_and_text_where_not() {
        let now = json!({"threshold": 3, "greeting": "hi"});
        let set = ["threshold=5", "greeting=hello there", "on=true"].map(str::to_owned);
        let after = changed(Some(&now), &set).unwrap();
        assert_eq!(after, json!({"threshold": 5, "greeting": "hello there", "on": true}));
        assert!(changed(None, &["threshold".to_owned()]).is_err());
    }
}
