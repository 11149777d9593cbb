//! The project's own files, as the tests that watch over them see them.

use std::fs;
use std::path::{Path, PathBuf};

/// Folders that hold what was built, not what was written.
const BUILT: &[&str] = &["target", "node_modules", ".git"];

/// One file of the project.
pub struct Source {
    /// Its path from the top of the project, with `/` between the parts.
    pub name: String,
    /// What it says.
    pub text: String,
}

/// The top folder of the project.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the host has a folder above it").to_owned()
}

/// Every text file under `folder` (from the top of the project), in the order of their names.
pub fn files(folder: &str) -> Vec<Source> {
    let mut found = Vec::new();
    collect(&root().join(folder), &mut found);
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

/// Every Rust file under `folder`.
pub fn rust(folder: &str) -> Vec<Source> {
    files(folder).into_iter().filter(|file| file.name.ends_with(".rs")).collect()
}

/// The names of what stands directly in `folder`, sorted, without what was built.
pub fn names(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(root().join(folder)).unwrap_or_else(|error| panic!("cannot read {folder}: {error}"));
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("a readable entry").file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| !BUILT.contains(&name.as_str()));
    names.sort();
    names
}

fn collect(folder: &Path, found: &mut Vec<Source>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("cannot read {}: {error}", folder.display()));
    for entry in entries {
        let path = entry.expect("a readable entry").path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if path.is_dir() {
            if !BUILT.contains(&name.as_str()) {
                collect(&path, found);
            }
        } else if let Ok(text) = fs::read_to_string(&path) {
            let name = path.strip_prefix(root()).expect("inside the project").to_string_lossy().replace('\\', "/");
            found.push(Source { name, text });
        }
    }
}
