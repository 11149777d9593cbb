//! `storehand app check`: everything a store would refuse, said before it is shipped.

use std::path::PathBuf;

use serde_json::json;

use super::build::{Options, assemble};
use super::warnings;
use crate::cli::{Failure, Global};
use crate::runtime::code::Code;

/// What to check.
#[derive(clap::Args)]
pub(in crate::cli) struct Args {
    /// The app's folder
    #[arg(default_value = ".")]
    dir: PathBuf,
}

impl Args {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let options = Options { debug: true, output: None, watched: global.is_watched() };
        let (built, app) = assemble(&self.dir, &options)?;
        let inspected = &built.inspected;
        let mut warnings = warnings::unwritten(&built.project, Code::ToWrite);
        warnings.extend(warnings::all(&built, &app));
        if !global.json {
            warnings::tell(&warnings, &built.project);
        }
        let (id, version) = (&inspected.manifest.id, inspected.manifest.version.to_string());
        let data = json!({"id": id, "version": version, "warnings": warnings, "scopes": inspected.used()});
        global.show(&data, || match warnings.len() {
            0 => format!("{id} {version} is in order"),
            1 => format!("{id} {version} can be installed; there is 1 warning"),
            some => format!("{id} {version} can be installed; there are {some} warnings"),
        })
    }
}
