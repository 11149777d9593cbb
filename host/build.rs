//! Lists the files of the Rust SDK, so that `storehand app new` can write them into a project: the SDK is on no
//! registry, and the command is one binary.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    // Asked when it runs: checkouts that share a target folder share this program, too.
    let sdk = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?).join("../sdk/rust");
    let mut files = vec![sdk.join("Cargo.toml"), sdk.join("README.md")];
    collect(&sdk.join("src"), &mut files)?;
    files.sort();

    let mut list = String::from("&[\n");
    for file in &files {
        list += &format!("    ({:?}, include_str!({file:?})),\n", file.strip_prefix(&sdk)?);
    }
    list += "]\n";
    let out = std::env::var("OUT_DIR")?;
    fs::write(Path::new(&out).join("sdk_files.rs"), list)?;
    for changed in ["src", "Cargo.toml", "README.md"] {
        println!("cargo::rerun-if-changed={}", sdk.join(changed).display());
    }
    println!("cargo::rerun-if-changed=build.rs");
    Ok(())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { collect(&path, files)? } else { files.push(path) }
    }
    Ok(())
}
