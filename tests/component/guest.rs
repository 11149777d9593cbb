//! Guests made by hand: a core module with exactly the imports and exports a test asks for, each function a trap.
//! For what only reads components; apps that run are built with the SDK.

use std::path::Path;

use storehand_host::runtime::component;
use wasm_encoder::{
    CodeSection, EntityType, ExportKind, ExportSection, Function, FunctionSection, ImportSection, Instruction,
    MemorySection, MemoryType, Module, TypeSection, ValType,
};
use wit_parser::abi::{AbiVariant, WasmType};
use wit_parser::{Resolve, WorldItem, WorldKey};

/// A manifest that asks for these scopes as required and reacts to a button.
pub fn manifest(scopes: &[&str]) -> String {
    let mut text =
        "manifest = 1\nid = \"acme/notes\"\nname = \"Notes\"\nversion = \"0.1.0\"\nsummary = \"Notes\"\n".to_owned();
    if scopes != ["checkout:discount"] {
        text += "[[action]]\nid = \"go\"\nlabel = \"Go\"\non = \"order\"\n";
    }
    text += "[scopes.required]\n";
    for scope in scopes {
        text += &format!("\"{scope}\" = \"Because\"\n");
    }
    text
}

/// A component of the world `world` (WIT text of its body) that calls `calls`: (interface, function). `foreign` is
/// more WIT, for packages that are not the contract's.
pub fn component(foreign: &[&str], world: &str, calls: &[(&str, &str)]) -> Vec<u8> {
    component::encode(&core_module(foreign, world, calls)).unwrap()
}

/// An app of the contract that calls `calls`, with its manifest.
pub fn app(manifest: &str, calls: &[(&str, &str)]) -> Vec<u8> {
    let imports: String =
        calls.iter().map(|(interface, _)| format!("import storehand:app/{interface}@0.1.0;\n")).collect();
    let world = format!("{imports}export storehand:app/handler@0.1.0;");
    component::embed(&component(&[], &world, calls), manifest, None)
}

/// What the compiler would write for such a component.
pub fn core_module(foreign: &[&str], world: &str, calls: &[(&str, &str)]) -> Vec<u8> {
    core_module_with(foreign, world, calls, &[])
}

/// The same with more functions, without parameters and results, by their bodies.
pub fn core_module_with(foreign: &[&str], world: &str, calls: &[(&str, &str)], more: &[Vec<u8>]) -> Vec<u8> {
    let mut resolve = Resolve::default();
    resolve.push_path(Path::new(env!("CARGO_MANIFEST_DIR")).join("../wit")).unwrap();
    for (number, text) in foreign.iter().enumerate() {
        resolve.push_str(format!("{number}.wit"), text).unwrap();
    }
    let package = resolve.push_str("guest.wit", &format!("package test:guest; world guest {{ {world} }}")).unwrap();
    let world = resolve.select_world(&[package], Some("guest")).unwrap();

    let (mut types, mut imports, mut functions) = (TypeSection::new(), ImportSection::new(), FunctionSection::new());
    let (mut exports, mut code) = (ExportSection::new(), CodeSection::new());
    let mut imported = 0;
    let interfaces = |items: &wit_parser::IndexMap<WorldKey, WorldItem>| {
        let ids = items.values().filter_map(|item| match item {
            WorldItem::Interface { id, .. } => Some(*id),
            _ => None,
        });
        ids.collect::<Vec<_>>()
    };
    for id in interfaces(&resolve.worlds[world].imports) {
        let name = resolve.id_of(id).unwrap();
        for function in resolve.interfaces[id].functions.values() {
            let short = resolve.interfaces[id].name.clone().unwrap();
            if calls.contains(&(short.as_str(), function.name.as_str())) {
                let signature = resolve.wasm_signature(AbiVariant::GuestImport, function);
                types.ty().function(flat(&signature.params), flat(&signature.results));
                imports.import(&name, &function.name, EntityType::Function(types.len() - 1));
                imported += 1;
            }
        }
    }
    let mut define = |params: Vec<ValType>, results: Vec<ValType>, name: &str| {
        types.ty().function(params, results);
        functions.function(types.len() - 1);
        let mut body = Function::new([]);
        body.instruction(&Instruction::Unreachable).instruction(&Instruction::End);
        code.function(&body);
        exports.export(name, ExportKind::Func, imported + functions.len() - 1);
    };
    define(vec![ValType::I32; 4], vec![ValType::I32], "cabi_realloc");
    for id in interfaces(&resolve.worlds[world].exports) {
        let name = resolve.id_of(id).unwrap();
        for function in resolve.interfaces[id].functions.values() {
            let signature = resolve.wasm_signature(AbiVariant::GuestExport, function);
            define(flat(&signature.params), flat(&signature.results), &format!("{name}#{}", function.name));
        }
    }
    types.ty().function([], []);
    for body in more {
        functions.function(types.len() - 1);
        code.raw(body);
    }
    exports.export("memory", ExportKind::Memory, 0);
    let mut memories = MemorySection::new();
    memories.memory(MemoryType { minimum: 1, maximum: None, memory64: false, shared: false, page_size_log2: None });

    let mut module = Module::new();
    module.section(&types).section(&imports).section(&functions).section(&memories).section(&exports).section(&code);
    let mut bytes = module.finish();
    wit_component::embed_component_metadata(&mut bytes, &resolve, world, wit_component::StringEncoding::UTF8).unwrap();
    bytes
}

fn flat(types: &[WasmType]) -> Vec<ValType> {
    let of = |ty: &WasmType| match ty {
        WasmType::I64 | WasmType::PointerOrI64 => ValType::I64,
        WasmType::F32 => ValType::F32,
        WasmType::F64 => ValType::F64,
        WasmType::I32 | WasmType::Pointer | WasmType::Length => ValType::I32,
    };
    types.iter().map(of).collect()
}
