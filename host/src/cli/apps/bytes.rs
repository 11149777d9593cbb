//! From a file, or a name with a version, to an app. A file is uploaded only once somebody has decided to.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use crate::cli::Failure;
use crate::cli::app::inspect::read_component;
use crate::cli::client::Client;
use crate::cli::client::show::line;
use crate::runtime::component::Inspected;

/// An app and a version of it; without one, the version uploaded last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    /// The app's id.
    pub(super) app: String,
    /// The version.
    pub(super) version: Option<String>,
}

/// An app as people give it.
#[derive(Debug)]
pub(super) enum Given {
    /// One the host knows.
    Known(Named),
    /// A file that it does not know yet.
    File(Box<Unseen>),
}

/// A file that was read and checked here, and that nobody has seen.
#[derive(Debug)]
pub(super) struct Unseen {
    path: PathBuf,
    inspected: Inspected,
    bytes: Vec<u8>,
}

impl Given {
    /// The app's id.
    pub(super) fn app(&self) -> &str {
        match self {
            Given::Known(named) => &named.app,
            Given::File(file) => file.inspected.manifest.id.as_str(),
        }
    }

    /// Where its plan is asked for, and with what beside the choice.
    pub(super) fn to_plan(&self) -> (&'static str, Map<String, Value>) {
        let (path, body) = match self {
            Given::Known(named) => ("installations/plan", json!({ "app": named.app, "version": named.version })),
            Given::File(file) => {
                let Inspected { manifest_toml, settings_schema, digest, size, .. } = &file.inspected;
                let schema = settings_schema.as_ref().map(Value::to_string);
                let body =
                    json!({ "manifest": &**manifest_toml, "settings_schema": schema, "digest": digest, "size": size });
                ("installations/plan-file", body)
            }
        };
        match body {
            Value::Object(body) => (path, body),
            _ => (path, Map::new()),
        }
    }

    /// Its bytes, if it is a file.
    pub(super) fn into_bytes(self) -> Result<Vec<u8>, Named> {
        match self {
            Given::Known(named) => Err(named),
            Given::File(file) => Ok(file.bytes),
        }
    }

    /// Uploads it, if it is a file: from then on the host knows it.
    pub(super) fn upload(self, client: &Client) -> Result<Named, Failure> {
        let file = match self {
            Given::Known(named) => return Ok(named),
            Given::File(file) => *file,
        };
        let uploaded = client.upload("apps", file.bytes)?;
        let text = |name: &str| uploaded.get(name).and_then(Value::as_str).map(str::to_owned);
        match (text("app"), text("version")) {
            (Some(app), version @ Some(_)) => Ok(Named { app, version }),
            _ => {
                let path = file.path.display();
                Err(Failure::failed(format!("the host took `{path}` and did not say what it is")))
            }
        }
    }
}

/// What people gave: a file is read, a name is looked up.
pub(super) fn look(client: &Client, given: &str) -> Result<Given, Failure> {
    let path = Path::new(given);
    if path.is_file() || path.extension().is_some_and(|extension| extension == "wasm") {
        let (bytes, inspected) = read_component(path)?;
        return Ok(Given::File(Box::new(Unseen { path: path.to_owned(), inspected, bytes })));
    }
    name(client, given).map(Given::Known)
}

fn name(client: &Client, given: &str) -> Result<Named, Failure> {
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
