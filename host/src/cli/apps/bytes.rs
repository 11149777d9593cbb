//! From a file, or a name with a version, to an app that the host knows.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde_json::Value;

use crate::cli::Failure;
use crate::cli::client::Client;
use crate::cli::client::show::line;
use crate::cli::failure::unreadable;
use crate::runtime::component::{inspect, limits};

/// An app and a version of it; without one, the version uploaded last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    /// The app's id.
    pub(super) app: String,
    /// The version.
    pub(super) version: Option<String>,
}

/// What people gave: a file is uploaded, a name is looked up.
pub(super) fn bring(client: &Client, given: &str) -> Result<Named, Failure> {
    let path = Path::new(given);
    if path.is_file() || path.extension().is_some_and(|extension| extension == "wasm") {
        return upload(client, path);
    }
    let (app, version) = match given.split_once('@') {
        Some((app, version)) => (app, Some(version.to_owned())),
        None => (given, None),
    };
    if app.contains('/') {
        return Ok(Named { app: app.to_owned(), version });
    }
    let known = client.list("apps", &[], 10_000)?;
    let ids = known.iter().filter_map(|one| one.get("app").and_then(Value::as_str));
    let meant: Vec<&str> = ids.filter(|id| id.split_once('/').is_some_and(|(_, name)| name == app)).collect();
    match meant.as_slice() {
        [one] => Ok(Named { app: (*one).to_owned(), version }),
        [] => Err(Failure::not_found(format!("there is no file and no app `{}`", line(given)))
            .help("give the file that `storehand app build` wrote, or an app of `storehand apps list --available`")),
        several => Err(Failure::usage(format!("`{}` could be several apps: {}", line(app), several.join(", ")))
            .help("give the whole id")),
    }
}

/// Reads, checks and uploads. A file that the host would refuse is refused here, with the lines of its `app.toml`.
fn upload(client: &Client, path: &Path) -> Result<Named, Failure> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    file.take(limits::MAX_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(|error| unreadable(path, &error))?;
    inspect(&bytes).map_err(|refused| Failure::refused(refused, path.display().to_string()))?;
    let kept = client.upload("apps", bytes)?;
    let text = |name: &str| kept.get(name).and_then(Value::as_str).map(str::to_owned);
    match (text("app"), text("version")) {
        (Some(app), version @ Some(_)) => Ok(Named { app, version }),
        _ => Err(Failure::failed("the host took the app and did not say what it is")),
    }
}
