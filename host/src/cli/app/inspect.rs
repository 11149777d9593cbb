//! `storehand app inspect`: what a built app is, before anybody installs it.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::cli::failure::unreadable;
use crate::cli::{Failure, Global};
use crate::runtime::component::{Inspected, check_size, inspect, limits};
use crate::runtime::manifest::Ask;
use crate::runtime::refused::{Problem, Refused};

/// What to inspect.
#[derive(clap::Args)]
pub(in crate::cli) struct Args {
    /// The file that `storehand app build` wrote
    file: PathBuf,
}

impl Args {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let (_, inspected) = read_component(&self.file)?;
        let calls: Vec<_> =
            inspected.calls().map(|(_, interface, function)| format!("{interface}.{function}")).collect();
        let data = Page { inspected: &inspected, calls: &calls, warnings: inspected.warnings() };
        global.show(&data, || describe(&inspected, &calls))
    }
}

/// Reads and inspects the file that `storehand app build` wrote. What the host would refuse is refused here, with the
/// lines of its `app.toml`.
pub(in crate::cli) fn read_component(path: &Path) -> Result<(Vec<u8>, Inspected), Failure> {
    let refused = |refused: Refused| Failure::refused(refused, path.display().to_string());
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let size = file.metadata().map_err(|error| unreadable(path, &error))?.len();
    check_size(size).map_err(|problem| refused(problem.into()))?;
    let mut bytes = Vec::new();
    // A pipe has no size, and a file may grow meanwhile.
    file.take(limits::MAX_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(|error| unreadable(path, &error))?;
    let inspected = inspect(&bytes).map_err(refused)?;
    Ok((bytes, inspected))
}

/// What is printed as JSON.
#[derive(Serialize)]
struct Page<'a> {
    #[serde(flatten)]
    inspected: &'a Inspected,
    /// The host calls that need a scope, for example `orders-view.get`.
    calls: &'a [String],
    warnings: Vec<Problem>,
}

/// The app in a page of text.
fn describe(inspected: &Inspected, calls: &[String]) -> String {
    let manifest = &inspected.manifest;
    let mut page = format!("{} ({})\n{}\n\n", manifest.name, manifest.id, manifest.summary);
    let mut row = |label: &str, values: &[String]| {
        for (number, value) in values.iter().enumerate() {
            let label = if number == 0 { label } else { "" };
            page += &format!("{label:<11} {value}\n");
        }
    };
    row("version", &[manifest.version.to_string()]);
    row("digest", &[format!("sha256:{}", inspected.digest)]);
    row("size", &[super::size(inspected.size)]);
    row("world", &[inspected.world.name().to_owned()]);
    row("requires", &asks(&manifest.scopes.required));
    row("optional", &asks(&manifest.scopes.optional));
    row("calls", calls);
    row("on", &manifest.on.iter().map(|topic| topic.name().to_owned()).collect::<Vec<_>>());
    row("schedule", &manifest.schedules);
    let actions =
        manifest.actions.iter().map(|action| format!("{} on {}: {}", action.id, action.on.name(), action.label));
    row("actions", &actions.collect::<Vec<_>>());
    row("calls out", &manifest.hosts.iter().map(|host| format!("{host}: {}", host.reason)).collect::<Vec<_>>());
    row("settings", manifest.settings_schema.as_slice());
    page
}

/// Scopes with what they allow, in the host's words, and the developer's reason.
fn asks(asks: &[Ask]) -> Vec<String> {
    asks.iter().map(|ask| format!("{:<18} {} (\"{}\")", ask.scope.name(), ask.scope.words(), ask.reason)).collect()
}
