//! The bindings under `src/bindings` are what `wit/` says today.
//!
//! They are kept in the repository because generating them in every app's build takes eighteen seconds of compiling
//! the generator. After a change of `wit/`: `UPDATE_BINDINGS=1 cargo test -p storehand --test bindings`.

#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};

use wit_bindgen_core::Files;
use wit_bindgen_core::wit_parser::{Resolve, TypeDefKind, TypeId, WorldId};
use wit_bindgen_rust::{Opts, WithOption};

/// Records an app often gives only in part, so they can be written `OrderFilter { tag: .., ..Default::default() }`.
const PARTIAL: &[&str] = &[
    "page",
    "contact-details",
    "order-filter",
    "cart-filter",
    "customer-filter",
    "product-filter",
    "product-patch",
    "level-filter",
];

#[test]
fn the_bindings_of_both_worlds_match_the_contract() {
    for world in ["app", "checkout"] {
        let file = crate_dir().join(format!("src/bindings/{world}.rs"));
        let fresh = generate(world);
        if std::env::var_os("UPDATE_BINDINGS").is_some() {
            std::fs::write(&file, &fresh).expect("the bindings can be written");
        }
        let kept = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(kept == fresh, "{} is stale: run the test again with UPDATE_BINDINGS=1", file.display());
    }
}

fn crate_dir() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn generate(world: &str) -> String {
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_path(wit_dir()).expect("the contract parses");
    let world_id = resolve.select_world(&[package], Some(world)).expect("the contract has the world");

    let mut files = Files::default();
    let mut generator = options(&resolve, world_id).build();
    wit_bindgen_core::WorldGenerator::generate(&mut generator, &mut resolve, world_id, &mut files)
        .expect("bindings can be generated");
    let (_, text) = files.iter().next().expect("one file is generated");
    let text = String::from_utf8(text.to_vec()).expect("generated code is text");

    format!(
        "//! Generated from `wit/` by `tests/bindings.rs`; do not edit. Exempt from the limit on a file's length.\n{}",
        outdent(&close_money(&text))
    )
}

/// One space for four: the code is nested so deeply that two thirds of it would be indentation.
fn outdent(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let code = line.trim_start_matches(' ');
        format!("{}{code}\n", " ".repeat((line.len() - code.len()) / 4))
    });
    lines.collect()
}

fn wit_dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../wit")
}

fn options(resolve: &Resolve, world: WorldId) -> Opts {
    let checkout = resolve.worlds[world].name == "checkout";
    let derives = ["PartialEq", "Eq", "serde::Serialize", "serde::Deserialize"];
    Opts {
        format: true,
        generate_all: true,
        generate_unused_types: true,
        pub_export_macro: true,
        default_bindings_module: Some(format!("storehand::bindings::{}", resolve.worlds[world].name)),
        additional_derive_attributes: derives.map(String::from).to_vec(),
        additional_type_attributes: attributes(resolve, checkout),
        // One `Money` for both worlds.
        with: checkout
            .then(|| {
                let path = "crate::bindings::app::storehand::app::types".to_owned();
                ("storehand:app/types@0.1.0".to_owned(), WithOption::Path(path))
            })
            .into_iter()
            .collect(),
        ..Opts::default()
    }
}

/// The serde attributes that make a type read an event's JSON: enum cases in snake_case, money checked.
fn attributes(resolve: &Resolve, checkout: bool) -> Vec<(String, String)> {
    let mut attributes = Vec::new();
    for (id, kind) in resolve.types.iter().map(|(id, ty)| (id, &ty.kind)) {
        let Some((selector, interface, name)) = names(resolve, id) else { continue };
        if checkout != (interface == "discounts") {
            continue;
        }
        match kind {
            TypeDefKind::Enum(_) | TypeDefKind::Variant(_) => {
                attributes.push((selector, "#[serde(rename_all = \"snake_case\")]".to_owned()));
            }
            TypeDefKind::Record(_) if name == "money" => {
                attributes.push((selector, "#[serde(try_from = \"crate::money::Unchecked\")]".to_owned()));
            }
            TypeDefKind::Record(_) if PARTIAL.contains(&name.as_str()) => {
                attributes.push((selector, "#[derive(Default)]".to_owned()));
            }
            _ => {}
        }
    }
    attributes
}

/// A type's selector, its interface and its name.
fn names(resolve: &Resolve, id: TypeId) -> Option<(String, String, String)> {
    let ty = &resolve.types[id];
    let wit_bindgen_core::wit_parser::TypeOwner::Interface(owner) = ty.owner else { return None };
    let (interface, name) = (resolve.interfaces[owner].name.clone()?, ty.name.clone()?);
    Some((format!("{}/{name}", resolve.id_of(owner)?), interface, name))
}

/// Makes the fields of `Money` private to the SDK, so that every amount an app holds is well formed.
fn close_money(text: &str) -> String {
    let Some(start) = text.find("pub struct Money {") else { return text.to_owned() };
    let (before, rest) = text.split_at(start);
    let end = rest.find('}').expect("a struct ends");
    let (record, after) = rest.split_at(end);
    let record = record
        .replace("pub amount: _rt::String", "pub(crate) amount: _rt::String")
        .replace("pub currency: _rt::String", "pub(crate) currency: _rt::String");
    assert_eq!(record.matches("pub(crate)").count(), 2, "`money` changed its shape");
    format!("{before}{record}{after}")
}
