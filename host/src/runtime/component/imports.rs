//! Whether what a component imports is what its manifest asks for, and what this host has.

use std::ops::Range;

use super::{Import, contract};
use crate::runtime::code::Code;
use crate::runtime::manifest::{Manifest, World, locate, text::nearest};
use crate::runtime::refused::{Place, Problem};

/// The packages of WASI 0.2 that are linked to an empty world.
const WASI: &[&str] = &["wasi:io", "wasi:cli", "wasi:clocks", "wasi:random", "wasi:filesystem", "wasi:sockets"];

/// An interface's name in its parts: `storehand:app/orders-view@0.1.0`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Name<'n> {
    pub(super) package: &'n str,
    pub(super) interface: &'n str,
    pub(super) version: Option<&'n str>,
}

impl<'n> Name<'n> {
    /// The parts, if the name is an interface's.
    pub(super) fn of(name: &'n str) -> Option<Name<'n>> {
        let (package, rest) = name.split_once('/')?;
        let (interface, version) = match rest.split_once('@') {
            Some((interface, version)) => (interface, Some(version)),
            None => (rest, None),
        };
        Some(Name { package, interface, version })
    }

    /// Whether it is an interface of the contract, in a version this host understands.
    pub(super) fn is_ours(&self) -> bool {
        self.package == contract::PACKAGE && self.version.is_some_and(is_understood)
    }
}

/// Whether a component built against this version of the contract can be linked: any 0.1.
fn is_understood(version: &str) -> bool {
    let ours = contract::VERSION;
    semver::Version::parse(version).is_ok_and(|theirs| (theirs.major, theirs.minor) == (ours.major, ours.minor))
}

/// Refuses components of WASI 0.3 before anything else complains about them in stranger words.
pub(super) fn newer_wasi(names: &[(&str, bool)], asynchronous: bool) -> Option<Problem> {
    let newer = names.iter().find(|(name, _)| {
        let name = Name::of(name);
        name.is_some_and(|name| name.package.starts_with("wasi:") && name.version.is_some_and(|v| v.starts_with("0.3")))
    });
    let what = match newer {
        Some((name, _)) => format!("the component is built for WASI 0.3: it imports `{name}`"),
        None if asynchronous => "the component is built for WASI 0.3: it has asynchronous functions".to_owned(),
        None => return None,
    };
    Some(Problem::new(Code::NewerWasi, what).help("build for wasm32-unknown-unknown, or for WASI 0.2"))
}

/// A problem for each bare function, type, module or component a component imports.
pub(super) fn not_interfaces<'n>(names: &'n [(&str, bool)]) -> impl Iterator<Item = Problem> + 'n {
    let bare = names.iter().filter(|(_, is_interface)| !is_interface);
    bare.map(|(name, _)| unknown(format!("the component imports `{name}` as something that is no interface")))
}

/// What is wrong with one import of an app with this manifest. `text` is the `app.toml` it came from.
pub(super) fn check(import: &Import, manifest: &Manifest, text: &str) -> Option<Problem> {
    let Some(name) = Name::of(&import.interface) else {
        return Some(unknown(format!("the component imports `{}`, which is no interface", import.interface)));
    };
    if WASI.contains(&name.package) {
        return match name.version {
            Some(version) if version.starts_with("0.2.") => None,
            _ => Some(unknown(format!("the component imports `{}`; this host has WASI 0.2", import.interface))),
        };
    }
    if name.package != contract::PACKAGE {
        return Some(unknown(format!("the component imports `{}`, which this host does not have", import.interface)));
    }
    if !name.is_ours() {
        let what =
            format!("the component imports `{}`; this host speaks version {}", import.interface, contract::VERSION);
        return Some(unknown(what).help("build it with the SDK that came with this host"));
    }
    check_ours(name.interface, &import.functions, manifest, text)
}

/// The same for an interface of the contract. One without functions is types only and lets nobody do anything.
fn check_ours(interface: &str, called: &[String], manifest: &Manifest, text: &str) -> Option<Problem> {
    let Some(functions) = contract::functions().get(interface) else {
        let problem = unknown(format!("the component imports `{interface}`, which is no interface of the contract"));
        let meant = nearest(interface, contract::functions().keys().map(String::as_str));
        return Some(match meant {
            Some(meant) => problem.help(format!("did you mean `{meant}`?")),
            None => problem,
        });
    };
    if let Some(missing) = called.iter().find(|function| !functions.contains(function)) {
        return Some(unknown(format!("the component calls {interface}.{missing}, which this host does not have")));
    }
    if called.is_empty() {
        return None;
    }
    if manifest.world() == World::Checkout {
        let what = format!(
            "the component calls {}, but an app at checkout sees its cart and nothing else",
            calls(interface, called)
        );
        return Some(Problem::new(Code::MixedWorlds, what).help("take the call out, or make a second app for it"));
    }
    if interface == "http" && manifest.hosts.is_empty() {
        let what = format!(
            "the component calls {}, and `app.toml` names no server that it may call",
            calls(interface, called)
        );
        let help = "add `[[http]]` with `host`, `methods`, `paths` and the reason the owner will read";
        return Some(Problem::new(Code::UndeclaredCall, what).help(help));
    }
    if contract::NEUTRAL.contains(&interface) {
        return None;
    }
    let Some(scope) = contract::scope_of(interface) else {
        return Some(unknown(format!("the component imports `{interface}`, which an app exports and never calls")));
    };
    if manifest.asked().contains(scope) {
        return None;
    }
    let what = format!("the component calls {}, which `app.toml` does not ask for", calls(interface, called));
    let help = format!("add \"{scope}\" under [scopes.required] with the reason the owner will read");
    Some(Problem::new(Code::UndeclaredCall, what).help(help).at(scopes_place(text)))
}

/// "orders-view.get and orders-view.search".
fn calls(interface: &str, functions: &[String]) -> String {
    let named: Vec<_> = functions.iter().map(|function| format!("{interface}.{function}")).collect();
    match named.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => named.concat(),
    }
}

fn unknown(what: String) -> Problem {
    Problem::new(Code::UnknownImport, what)
}

/// Where a missing scope would be added.
fn scopes_place(text: &str) -> Option<Place> {
    let key = locate(text, &["scopes", "required"]).or_else(|| locate(text, &["scopes", "optional"]));
    let Some(key) = key.or_else(|| locate(text, &["scopes"])) else { return Some(Place::of(text, 0..0)) };
    Some(Place::of(text, whole_line(text, key.span)))
}

/// The line a span is on, without its end and the space around it.
fn whole_line(text: &str, span: Range<usize>) -> Range<usize> {
    let start = text.get(..span.start).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1);
    let line = text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    start..start + line.trim_end().len()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may")]
mod tests {
    use super::*;

    #[test]
    fn names_come_apart() {
        let name = Name::of("storehand:app/orders-view@0.1.0").unwrap();
        assert_eq!((name.package, name.interface, name.version), ("storehand:app", "orders-view", Some("0.1.0")));
        assert!(name.is_ours());
        assert!(Name::of("storehand:app/orders-view@0.1.7").unwrap().is_ours());
        assert!(!Name::of("storehand:app/orders-view@0.2.0").unwrap().is_ours());
        assert!(!Name::of("storehand:app/orders-view").unwrap().is_ours());
        assert!(Name::of("bare").is_none());
    }
}
