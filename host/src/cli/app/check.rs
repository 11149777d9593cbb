//! `storehand app check`: everything a store would refuse, said before it is shipped.

use std::path::PathBuf;

use serde_json::json;

use super::build::{Options, assemble};
use crate::cli::{Failure, Global, report};

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
        let (built, _) = assemble(&self.dir, &options)?;
        let (inspected, warnings) = (&built.inspected, built.inspected.warnings());
        if !global.json {
            for warning in &warnings {
                eprint!("{}", report::problem(warning, Some(&inspected.manifest_toml), &built.project.manifest_file()));
            }
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
