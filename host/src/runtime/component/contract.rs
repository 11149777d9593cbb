//! The contract as data: which interfaces the package has, which functions each, and what each means to a guest.
//!
//! Read from the same `wit/` files that apps are built with, so it cannot drift from them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use wit_parser::{Resolve, UnresolvedPackageGroup};

use crate::authz::scope::Scope;

/// The package every app is built against.
pub const PACKAGE: &str = "storehand:app";
/// The version of the contract this host speaks. A component of any `0.1.x` is understood.
pub const VERSION: semver::Version = semver::Version::new(0, 1, 0);

/// Interfaces that need no scope. They show an app itself, never store data.
pub const NEUTRAL: &[&str] = &["types", "http", "log", "runtime", "settings", "storage"];

/// The files of `wit/`, by name.
pub const FILES: &[(&str, &str)] = &[
    ("catalog.wit", include_str!("../../../../wit/catalog.wit")),
    ("checkout.wit", include_str!("../../../../wit/checkout.wit")),
    ("events.wit", include_str!("../../../../wit/events.wit")),
    ("http.wit", include_str!("../../../../wit/http.wit")),
    ("log.wit", include_str!("../../../../wit/log.wit")),
    ("marketing.wit", include_str!("../../../../wit/marketing.wit")),
    ("reports.wit", include_str!("../../../../wit/reports.wit")),
    ("runtime.wit", include_str!("../../../../wit/runtime.wit")),
    ("sales.wit", include_str!("../../../../wit/sales.wit")),
    ("settings.wit", include_str!("../../../../wit/settings.wit")),
    ("storage.wit", include_str!("../../../../wit/storage.wit")),
    ("types.wit", include_str!("../../../../wit/types.wit")),
    ("website.wit", include_str!("../../../../wit/website.wit")),
    ("world.wit", include_str!("../../../../wit/world.wit")),
];

/// Every interface of the package with its functions. Empty if the files are not WIT, which a test rules out.
pub fn functions() -> &'static BTreeMap<String, Vec<String>> {
    static FUNCTIONS: LazyLock<BTreeMap<String, Vec<String>>> = LazyLock::new(|| read().unwrap_or_default());
    &FUNCTIONS
}

/// The scope whose interface this is: `orders-view` is `orders:view`'s.
pub fn scope_of(interface: &str) -> Option<Scope> {
    Scope::ALL.iter().copied().find(|scope| scope.for_apps() && !scope.at_checkout() && scope.interface() == interface)
}

fn read() -> anyhow::Result<BTreeMap<String, Vec<String>>> {
    let mut sources = wit_parser::SourceMap::new();
    for (name, text) in FILES {
        sources.push_str(name, *text);
    }
    let group: UnresolvedPackageGroup = sources.parse().map_err(|(_, error)| anyhow::anyhow!("{error}"))?;
    let mut resolve = Resolve::default();
    resolve.push_group(group)?;
    let named = |interface: &wit_parser::Interface| {
        Some((interface.name.clone()?, interface.functions.keys().cloned().collect()))
    };
    Ok(resolve.interfaces.iter().filter_map(|(_, interface)| named(interface)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contract_is_read_whole() {
        let functions = functions();
        assert_eq!(
            functions.get("orders-view").map(Vec::as_slice),
            Some(&["get", "search", "count"].map(String::from)[..])
        );
        assert_eq!(functions.get("types").map(Vec::len), Some(0));
    }

    #[test]
    fn every_interface_is_a_scope_or_neutral_or_exported_by_apps() {
        for interface in functions().keys().map(String::as_str) {
            let known = scope_of(interface).is_some() || NEUTRAL.contains(&interface);
            assert!(known || ["handler", "discounts"].contains(&interface), "{interface}");
        }
        for scope in Scope::ALL.iter().filter(|scope| scope.for_apps() && !scope.at_checkout()) {
            assert!(functions().contains_key(&scope.interface()), "{scope} has no interface");
        }
    }
}
