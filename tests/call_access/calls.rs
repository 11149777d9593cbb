//! The rows: every function that the contract lets an app call, read from the contract itself.

use wit_parser::{Resolve, Type, WorldItem};

use crate::support::tree;

/// Interfaces that need no scope.
const NEUTRAL: [&str; 4] = ["log", "runtime", "settings", "storage"];
/// Servers outside are called by what the owner agreed to and by no permission: `runs/outbound.rs` tries it.
const OUTSIDE: &str = "http";

/// What parameters are called that name a record of a store.
const NAMES: [&str; 9] = ["id", "order", "cart", "customer", "product", "category", "location", "sku", "fulfillment"];

/// One function of the contract.
pub struct Call {
    /// As the contract and the record of a run name it: `orders-view.get`.
    pub name: String,
    /// As `over-reach` names it: `orders.get`.
    pub attempt: String,
    /// What it needs: `orders:view`; nothing for what every app can do.
    pub scope: Option<String>,
    /// Whether it is told the name of a record.
    pub names_a_record: bool,
}

/// Every function that the world of apps imports, in the order of the contract.
pub fn all() -> Vec<Call> {
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_dir(tree::root().join("wit")).expect("the contract parses");
    let world = &resolve.worlds[resolve.packages[package].worlds["app"]];
    let interfaces = world.imports.values().map(|item| match item {
        WorldItem::Interface { id, .. } => &resolve.interfaces[*id],
        other => panic!("the world of apps now imports {other:?}; say here who may call it"),
    });
    let mut calls = Vec::new();
    for interface in interfaces {
        let name = interface.name.as_deref().expect("interfaces of the contract have names");
        if name == OUTSIDE {
            continue;
        }
        for (function, shape) in &interface.functions {
            let scope = (!NEUTRAL.contains(&name)).then(|| name.replacen('-', ":", 1));
            let resource = match name {
                "settings-view" => "store_settings",
                name => name.split('-').next().unwrap_or(name),
            };
            let named = |ty: &Type, param: &str| *ty == Type::String && NAMES.contains(&param);
            calls.push(Call {
                name: format!("{name}.{function}"),
                attempt: format!("{resource}.{}", function.replace('-', "_")),
                names_a_record: scope.is_some() && shape.params.iter().any(|param| named(&param.ty, &param.name)),
                scope,
            });
        }
    }
    calls
}
