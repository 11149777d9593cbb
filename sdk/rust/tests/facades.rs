//! Every function of the contract's scopes has a façade, under its own scope.

#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::path::Path;

use wit_bindgen_core::wit_parser::{Resolve, WorldItem};

/// Interfaces without a scope; their façades are written by hand.
const NEUTRAL: &[&str] = &["types", "http", "log", "runtime", "settings", "storage"];

#[test]
fn every_function_of_every_scope_has_a_facade() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_path(root.join("../../wit")).expect("the contract parses");
    let world = resolve.select_world(&[package], Some("app")).expect("the contract has the world");

    let facades = facades(&root.join("src/calls"));
    let mut wanted = 0;
    for import in resolve.worlds[world].imports.values() {
        let WorldItem::Interface { id, .. } = import else { continue };
        let interface = &resolve.interfaces[*id];
        let name = interface.name.as_deref().expect("an interface of the contract has a name");
        if NEUTRAL.contains(&name) {
            continue;
        }
        let scope = name.replacen('-', ":", 1);
        for function in interface.functions.keys().map(|function| function.replace('-', "_")) {
            let line = (scope.clone(), format!("{}::{function}", name.replace('-', "_")));
            assert!(facades.contains(&line), "no façade calls `{}` under the scope `{scope}`", line.1);
            wanted += 1;
        }
    }
    assert_eq!(facades.len(), wanted, "a façade calls what the contract does not have");
}

/// Scope and generated function of each line in the façades' tables.
fn facades(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for file in std::fs::read_dir(folder).expect("the façades are there") {
        let text = std::fs::read_to_string(file.expect("a file").path()).expect("source code");
        if let Some((_, table)) = text.split_once("\nsimple! {") {
            found.extend(table.split_once("\n}").map_or(table, |(rows, _)| rows).lines().flat_map(simple));
        }
        let Some((_, table)) = text.split_once("\ncalls! {") else { continue };
        for line in table.split("\n    \"").skip(1) {
            let scope = line.split('"').next().expect("a scope");
            let (_, function) = line.split_once(" = ").or_else(|| line.split_once("= ")).expect("a function");
            found.push((scope.to_owned(), function.split(';').next().expect("an end").to_owned()));
        }
    }
    found
}

/// The five façades of a row in the table of simple documents: `pages: pages_view "pages:view" …, pages_edit "pages:edit" …;`.
fn simple(row: &str) -> Vec<(String, String)> {
    let words: Vec<&str> = row.split_whitespace().collect();
    let scoped = words.windows(2).filter_map(|pair| {
        let scope = pair[1].strip_prefix('"')?.strip_suffix('"')?;
        Some((pair[0], scope))
    });
    let calls = scoped.flat_map(|(interface, scope)| {
        let functions: &[&str] =
            if interface.ends_with("_view") { &["get", "search"] } else { &["create", "update", "delete"] };
        functions.iter().map(move |function| (scope.to_owned(), format!("{interface}::{function}")))
    });
    calls.collect()
}
