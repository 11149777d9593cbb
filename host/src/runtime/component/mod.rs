//! What a component really is: read from its bytes, compared with what its manifest says. Nothing is compiled here.
//!
//! INVARIANT: an [`Inspected`] component is valid, within the limits, carries a sound manifest, imports nothing
//! that manifest does not ask for and this host does not have, and exports what its world needs.

pub mod contract;
mod imports;
pub mod limits;
mod make;
mod modules;
mod nesting;
pub mod schema;

use std::sync::Arc;

use serde::Serialize;
use sha2::{Digest, Sha256};
use wasmparser::component_types::ComponentEntityType;
use wasmparser::{FuncValidatorAllocations, Parser, ValidPayload, Validator, WasmFeatures};

use super::code::Code;
use super::manifest::{Manifest, World, locate};
use super::refused::{Problem, Refused};
use crate::authz::scope::{Scope, ScopeSet};
use imports::Name;
pub use make::{embed, encode, exchange};

/// The custom section that holds the text of `app.toml`.
pub const MANIFEST_SECTION: &str = "storehand:manifest";
/// The custom section that holds the JSON Schema of the settings.
pub const SCHEMA_SECTION: &str = "storehand:settings-schema";

/// What of WebAssembly the host runs. The engine's configuration allows exactly this.
pub const FEATURES: WasmFeatures = WasmFeatures::WASM2
    .difference(WasmFeatures::GC_TYPES)
    .union(WasmFeatures::MULTI_MEMORY)
    .union(WasmFeatures::TAIL_CALL)
    .union(WasmFeatures::EXTENDED_CONST)
    .union(WasmFeatures::RELAXED_SIMD)
    .union(WasmFeatures::COMPONENT_MODEL);

/// A component that can be installed, as far as its bytes can tell.
#[derive(Debug, Clone, Serialize)]
pub struct Inspected {
    /// SHA-256 of the whole file, in hex. Installing refers to a component by this and nothing else.
    pub digest: String,
    /// Size of the file in bytes.
    pub size: u64,
    /// What it says about itself and asks for.
    pub manifest: Manifest,
    /// The text the manifest was read from.
    #[serde(skip)]
    pub manifest_toml: Arc<str>,
    /// The JSON Schema of its settings, if it has settings.
    pub settings_schema: Option<serde_json::Value>,
    /// Which world it is of.
    pub world: World,
    /// What it imports, in the component's order.
    pub imports: Vec<Import>,
}

/// One interface a component imports, and the functions of it that it can call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Import {
    /// The full name, for example `storehand:app/orders-view@0.1.0`.
    pub interface: String,
    /// Function names, for example `get`. None for an interface of types only.
    pub functions: Vec<String>,
}

impl Inspected {
    /// The host calls it can make that need a scope: (scope, interface, function).
    pub fn calls(&self) -> impl Iterator<Item = (Scope, &str, &str)> {
        self.imports.iter().flat_map(|import| {
            let ours = Name::of(&import.interface).filter(Name::is_ours);
            let scoped = ours.and_then(|name| Some((contract::scope_of(name.interface)?, name.interface)));
            let functions = import.functions.iter();
            functions.filter_map(move |function| scoped.map(|(scope, interface)| (scope, interface, function.as_str())))
        })
    }

    /// The scopes it has any use for: of its calls, its events, and checkout's.
    pub fn used(&self) -> ScopeSet {
        let of_events = self.manifest.on.iter().map(|topic| topic.scope());
        let at_checkout = self.manifest.asked().iter().filter(|scope| scope.at_checkout()).collect::<Vec<_>>();
        self.calls().map(|(scope, ..)| scope).chain(of_events).chain(at_checkout).collect()
    }

    /// What its developer should know although it is not refused.
    pub fn warnings(&self) -> Vec<Problem> {
        let mut warnings = Vec::new();
        for scope in self.manifest.asked().minus(self.used()).iter() {
            let list = if self.manifest.required().contains(scope) { "required" } else { "optional" };
            let problem = Problem::new(Code::UnusedScope, format!("{scope} is declared but never used"))
                .help("take it out, or use it: owners grant less gladly what an app does not need")
                .at(locate(&self.manifest_toml, &["scopes", list, scope.name()]));
            warnings.push(problem);
        }
        let Manifest { on, schedules, actions, .. } = &self.manifest;
        if self.world == World::App && on.is_empty() && schedules.is_empty() && actions.is_empty() {
            let problem = Problem::new(Code::NeverRuns, "nothing makes this app run");
            warnings.push(problem.help("add a [[on]], a [[schedule]] or an [[action]]"));
        }
        warnings
    }
}

/// Reads a component. The bytes are publisher-controlled; the cost is bounded by [`limits`].
pub fn inspect(bytes: &[u8]) -> Result<Inspected, Refused> {
    check_envelope(bytes)?;
    let outline = limits::outline(bytes)?;
    if let Some(problem) = imports::newer_wasi(&outline.imports, outline.asynchronous) {
        return Err(problem.into());
    }
    let text = the_manifest(&outline.manifests)?;
    let manifest = Manifest::parse(text)?;
    let imports = validate(bytes, &outline.imports)?;

    let mut problems: Vec<_> = imports::not_interfaces(&outline.imports).collect();
    problems.extend(imports.iter().filter_map(|import| imports::check(import, &manifest, text)));
    problems.extend(wrong_world(&outline.exports, manifest.world()));
    let settings_schema = the_schema(&outline.schemas, &manifest).unwrap_or_else(|problem| {
        problems.push(problem);
        None
    });
    if !problems.is_empty() {
        return Err(Refused::in_text(text, problems));
    }
    Ok(Inspected {
        digest: hex::encode(Sha256::digest(bytes)),
        size: bytes.len() as u64,
        world: manifest.world(),
        manifest_toml: text.into(),
        manifest,
        settings_schema,
        imports,
    })
}

/// Refuses a component of more than [`limits::MAX_BYTES`]. Ask it before you read a file: its size is known by then.
pub fn check_size(bytes: u64) -> Result<(), Problem> {
    if bytes <= limits::MAX_BYTES as u64 {
        return Ok(());
    }
    let what = format!("the component has {bytes} bytes, more than {} MiB", limits::MAX_BYTES >> 20);
    Err(Problem::new(Code::TooLarge, what).help("build in release mode, without debug information"))
}

/// Refuses what is not a component at all, by its first bytes and its size.
fn check_envelope(bytes: &[u8]) -> Result<(), Problem> {
    check_size(bytes.len() as u64)?;
    if Parser::is_core_wasm(bytes) {
        let what = "this is a core module, as the compiler writes it, and not a component";
        return Err(Problem::new(Code::CoreModule, what).help("make the component with `storehand app build`"));
    }
    if !Parser::is_component(bytes) {
        return Err(Problem::new(Code::NotWasm, "this is not a WebAssembly component")
            .help("an app is the one file that `storehand app build` writes"));
    }
    Ok(())
}

/// The text of the one manifest.
fn the_manifest<'a>(sections: &[&'a [u8]]) -> Result<&'a str, Problem> {
    let refuse = |what: &str| {
        Problem::new(Code::NoManifest, what).help("build it with `storehand app build`, which puts `app.toml` in")
    };
    match sections {
        [] => Err(refuse("the component carries no manifest")),
        [one] => std::str::from_utf8(one).map_err(|_| refuse("the component's manifest is not text")),
        _ => Err(refuse("the component carries more than one manifest")),
    }
}

/// The settings schema, which is there exactly if the manifest names one.
fn the_schema(sections: &[&[u8]], manifest: &Manifest) -> Result<Option<serde_json::Value>, Problem> {
    let refuse = |what: &str| Problem::new(Code::BadSchema, what).help("build it with `storehand app build`");
    match (sections, &manifest.settings_schema) {
        ([], None) => Ok(None),
        ([one], Some(_)) => {
            let text = std::str::from_utf8(one).map_err(|_| refuse("the settings schema is not text"))?;
            schema::read(text).map(Some)
        }
        ([], Some(_)) => Err(refuse("`app.toml` names a settings schema, and the component carries none")),
        (_, None) => Err(refuse("the component carries a settings schema that `app.toml` does not name")),
        _ => Err(refuse("the component carries more than one settings schema")),
    }
}

/// Validates the whole component; answers what it imports with the functions of each.
fn validate(bytes: &[u8], names: &[(&str, bool)]) -> Result<Vec<Import>, Problem> {
    let mut validator = Validator::new_with_features(FEATURES);
    let mut allocations = FuncValidatorAllocations::default();
    let mut types = None;
    for payload in Parser::new(0).parse_all(bytes) {
        match validator.payload(&payload.map_err(limits::damaged)?).map_err(limits::damaged)? {
            ValidPayload::Func(func, body) => {
                let mut func = func.into_validator(allocations);
                func.validate(&body).map_err(limits::damaged)?;
                allocations = func.into_allocations();
            }
            ValidPayload::End(of_part) => types = Some(of_part),
            _ => {}
        }
    }
    // The last part to end is the outermost component.
    let Some(types) = types else { return Err(Problem::new(Code::Invalid, "the component ends too early")) };
    let types = types.as_ref();
    let mut imports = Vec::new();
    for (name, _) in names.iter().filter(|(_, is_interface)| *is_interface) {
        let mut functions = Vec::new();
        if let Some(item) = types.component_item_for_import(name)
            && let ComponentEntityType::Instance(id) = item.ty
            && let Some(instance) = types.get(id)
        {
            let items = instance.exports.iter();
            let calls = items.filter(|(_, item)| matches!(item.ty, ComponentEntityType::Func(_)));
            functions.extend(calls.map(|(function, _)| function.clone()));
        } else {
            return Err(Problem::new(Code::Invalid, format!("the component's import `{name}` has no type")));
        }
        imports.push(Import { interface: (*name).to_owned(), functions });
    }
    Ok(imports)
}

/// What is wrong with the exports of a component of this world.
fn wrong_world(exports: &[&str], world: World) -> Option<Problem> {
    let exports_ours = |interface: &str| {
        exports.iter().any(|name| Name::of(name).is_some_and(|name| name.is_ours() && name.interface == interface))
    };
    let refuse = |what: &str, help: &str| Some(Problem::new(Code::WrongWorld, what).help(help));
    match (exports_ours("handler"), exports_ours("discounts"), world) {
        (true, false, World::App) | (false, true, World::Checkout) => None,
        (false, false, World::App) => {
            refuse("the component does not export `handler`", "end the app with `register_app!(…)`")
        }
        (false, false, World::Checkout) => {
            refuse("the component does not export `discounts`", "end the app with `register_discounts!(…)`")
        }
        (true, true, _) => {
            refuse("the component exports both `handler` and `discounts`", "make two apps of it: one of each")
        }
        (false, true, World::App) => refuse(
            "the component exports `discounts`, and `app.toml` does not ask for `checkout:discount`",
            "add \"checkout:discount\" under [scopes.required], as the only scope",
        ),
        (true, false, World::Checkout) => refuse(
            "`app.toml` asks for `checkout:discount`, and the component exports `handler` instead of `discounts`",
            "end the app with `register_discounts!(…)`",
        ),
    }
}
