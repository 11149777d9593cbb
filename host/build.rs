//! Lists the files of the Rust SDK, so that `storehand app new` can write them into a project: the SDK is on no
//! registry, and the command is one binary.

use std::fs;
use std::path::Path;

fn main() {
    let sdk = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sdk/rust");
    let mut files = vec![sdk.join("Cargo.toml"), sdk.join("README.md")];
    collect(&sdk.join("src"), &mut files);
    files.sort();

    let mut list = String::from("&[\n");
    for file in &files {
        let name = file.strip_prefix(&sdk).expect("inside the SDK").to_str().expect("a name in UTF-8");
        let path = file.to_str().expect("a path in UTF-8");
        list += &format!("    ({name:?}, include_str!({path:?})),\n");
    }
    list += "]\n";
    let out = std::env::var_os("OUT_DIR").expect("cargo says where to write");
    fs::write(Path::new(&out).join("sdk_files.rs"), list).expect("the list can be written");
    println!("cargo::rerun-if-changed={}", sdk.join("src").display());
    println!("cargo::rerun-if-changed={}", sdk.join("Cargo.toml").display());
    println!("cargo::rerun-if-changed={}", sdk.join("README.md").display());
    println!("cargo::rerun-if-changed=build.rs");
}

fn collect(folder: &Path, files: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(folder).expect("the SDK's sources are there") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() { collect(&path, files) } else { files.push(path) }
    }
}
