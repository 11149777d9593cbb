//! Every rule of the repository that a machine can check, as an ordinary test.
//!
//! What must stay absent cannot be seen in the code, so it stands here: which room may name which, who alone knows
//! SQL, wasm and status codes, and how files look.

mod circles;
mod code;
mod limits;
mod pages;
mod rooms;
mod threats;

use std::collections::BTreeSet;

use storehand_host::authz::Scope;
use wit_parser::Resolve;

use crate::support::tree::{self, Source};

/// What may stand at the top of the repository; everything else has a folder to go to.
const TOP: &[&str] = &[
    ".cargo",
    ".ci",
    ".gitignore",
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "example-plugins",
    "host",
    "rust-toolchain.toml",
    "rustfmt.toml",
    "sdk",
    "tests",
    "wit",
];

/// Interfaces with functions that are no scope: always linked, because they touch nothing of the store.
/// `handler` and `discounts` are exports: there the app is called.
const NEUTRAL: &[&str] = &["discounts", "handler", "http", "log", "runtime", "settings", "storage"];

/// No file is longer, so that each can be read in one sitting.
const LINES: usize = 400;

/// Code that a program wrote.
fn generated(file: &Source) -> bool {
    file.name.starts_with("sdk/rust/src/bindings/") && !file.name.ends_with("/mod.rs")
}

/// Every Rust file of the project that a person wrote.
fn written() -> Vec<Source> {
    let folders = ["host", "sdk", "tests", "example-plugins"];
    folders.iter().flat_map(|folder| tree::rust(folder)).filter(|file| !generated(file)).collect()
}

/// Fails with one line per complaint.
fn none(complaints: Vec<String>) {
    assert!(complaints.is_empty(), "{} complaints:\n{}", complaints.len(), complaints.join("\n"));
}

#[test]
fn every_rust_file_says_first_what_lives_in_it() {
    let silent = written().into_iter().filter(|file| !file.text.starts_with("//! "));
    none(silent.map(|file| format!("{} does not open with a `//!` line", file.name)).collect());
}

#[test]
fn no_rust_file_is_longer_than_400_lines() {
    let long = written().into_iter().filter(|file| file.text.lines().count() > LINES);
    none(long.map(|file| format!("{} has {} lines", file.name, file.text.lines().count())).collect());
}

#[test]
fn the_top_of_the_repository_holds_only_what_belongs_there() {
    let stray = tree::names("").into_iter().filter(|name| !TOP.contains(&name.as_str()));
    none(stray.map(|name| format!("`{name}` has no place at the top level")).collect());
}

#[test]
fn no_rust_code_marks_sql_as_safe_by_hand_and_no_test_is_switched_off() {
    // Put together here, so that this file does not hold what it looks for.
    let forbidden = [concat!("AssertSql", "Safe"), concat!("#[ig", "nore"), concat!("#[should", "_panic")];
    let mut complaints = Vec::new();
    for file in written() {
        for word in forbidden.iter().filter(|word| file.text.contains(**word)) {
            complaints.push(format!("{} says `{word}`", file.name));
        }
    }
    none(complaints);
}

#[test]
fn no_route_says_by_hand_what_its_signature_says() {
    let routes = tree::rust("host/src/http/api").into_iter();
    let said = routes.filter(|file| file.text.contains("security(") || file.text.contains("utoipa_axum::routes"));
    none(said.map(|file| format!("{} says what a route needs beside its signature", file.name)).collect());
}

#[test]
fn nothing_speaks_of_places_outside_the_repository() {
    let outside = [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("../sha", "red"), concat!("tri", "als/")];
    let folders = ["host", "sdk", "wit", "tests", "example-plugins", ".ci", ".cargo"];
    let top = ["README.md", "CHANGELOG.md", "LICENSE", "Cargo.toml", ".gitignore"];
    let mut files: Vec<Source> = folders
        .iter()
        .filter(|folder| tree::root().join(folder).exists())
        .flat_map(|folder| tree::files(folder))
        .collect();
    for name in top {
        if let Ok(text) = std::fs::read_to_string(tree::root().join(name)) {
            files.push(Source { name: name.to_owned(), text });
        }
    }
    let mut complaints = Vec::new();
    for file in files {
        for word in outside.iter().filter(|word| file.text.contains(**word)) {
            complaints.push(format!("{} names `{word}`", file.name));
        }
    }
    none(complaints);
}

#[test]
fn every_interface_with_functions_is_a_scope_or_neutral_and_every_app_scope_has_its_interface() {
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_dir(tree::root().join("wit")).expect("the contract parses");
    let interfaces: BTreeSet<String> = resolve.packages[package]
        .interfaces
        .iter()
        .filter(|(_, id)| !resolve.interfaces[**id].functions.is_empty())
        .map(|(name, _)| name.clone())
        .filter(|name| !NEUTRAL.contains(&name.as_str()))
        .collect();
    let scopes: BTreeSet<String> = Scope::ALL
        .iter()
        .filter(|scope| scope.for_apps() && !scope.at_checkout())
        .map(|scope| scope.interface())
        .collect();
    none(
        interfaces
            .difference(&scopes)
            .map(|name| format!("interface `{name}` is no scope and not neutral"))
            .chain(scopes.difference(&interfaces).map(|name| format!("scope `{name}` has no interface of its own")))
            .collect(),
    );
}

#[test]
fn the_app_in_the_readmes_is_the_one_whose_documentation_is_compiled() {
    let example = |file: &str| -> String {
        let text = std::fs::read_to_string(tree::root().join(file)).expect("the file is there");
        let text = text.lines().map(|line| line.trim_start_matches("//!").trim()).collect::<Vec<_>>().join("\n");
        let block = text.split("```").find(|block| block.contains("struct OrderNotes;")).expect("the app is in it");
        block.trim_start_matches("rust").lines().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
    };
    let compiled = example("sdk/rust/src/lib.rs");
    none(
        ["README.md", "sdk/rust/README.md"]
            .into_iter()
            .filter(|file| example(file) != compiled)
            .map(|file| format!("the app in {file} is another than in sdk/rust/src/lib.rs"))
            .collect(),
    );
}
