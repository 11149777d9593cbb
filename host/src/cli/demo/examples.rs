//! Builds the example apps from their sources.

use crate::cli::Failure;
use crate::cli::app::build::{Options, build};
use crate::demo::apps::EXAMPLES;
use std::path::{Path, PathBuf};

/// Builds every example into a folder and returns the files, in the order of [`EXAMPLES`].
pub(super) fn build_all(examples: &Path, into: &Path, watched: bool) -> Result<Vec<PathBuf>, Failure> {
    if !examples.join("Cargo.toml").is_file() {
        return Err(Failure::not_found(format!("the example apps are not in `{}`", examples.display()))
            .help("run the demo from a checkout of the sources, or name the folder with `--examples FOLDER`"));
    }
    let file = |name: &&str| {
        let output = Some(into.join(format!("{name}.app.wasm")));
        let built = build(&examples.join(name), &Options { debug: false, output, watched })?;
        built.path.ok_or_else(|| Failure::failed(format!("building `{name}` left no file")))
    };
    EXAMPLES.iter().map(file).collect()
}
