//! The contract as one page: every world, interface, type and function of `wit/`, without its prose.
//!
//! Strangers depend on it, so a change of it must be seen in review: as a change of `contract.txt`.

use wit_parser::{Handle, InterfaceId, Resolve, Type, TypeDef, TypeDefKind, WorldItem, WorldKey};

use crate::support::{golden, tree};

#[test]
fn the_contract_is_what_was_reviewed() {
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_dir(tree::root().join("wit")).expect("the contract parses");
    let mut text = format!("package {}\n", resolve.packages[package].name);
    for (name, id) in sorted(&resolve.packages[package].worlds) {
        text += &format!("\nworld {name}\n");
        let world = &resolve.worlds[*id];
        let mut items: Vec<String> = Vec::new();
        for (verb, list) in [("import", &world.imports), ("export", &world.exports)] {
            items.extend(list.iter().map(|(key, item)| format!("  {verb} {}\n", item_name(&resolve, key, item))));
        }
        items.sort();
        text.extend(items);
    }
    for (name, id) in sorted(&resolve.packages[package].interfaces) {
        text += &format!("\ninterface {name}\n{}", interface(&resolve, *id));
    }
    golden::compare("contract.txt", &text);
}

fn sorted<T>(map: &wit_parser::IndexMap<String, T>) -> Vec<(&String, &T)> {
    let mut list: Vec<_> = map.iter().collect();
    list.sort_by_key(|(name, _)| name.as_str());
    list
}

fn item_name(resolve: &Resolve, key: &WorldKey, item: &WorldItem) -> String {
    match (key, item) {
        (WorldKey::Interface(id), _) => resolve.interfaces[*id].name.clone().unwrap_or_default(),
        (WorldKey::Name(name), _) => name.clone(),
    }
}

fn interface(resolve: &Resolve, id: InterfaceId) -> String {
    let interface = &resolve.interfaces[id];
    let types =
        interface.types.iter().map(|(name, id)| format!("  {}\n", definition(resolve, name, &resolve.types[*id])));
    let functions = interface.functions.iter().map(|(name, function)| {
        let params: Vec<String> =
            function.params.iter().map(|param| format!("{}: {}", param.name, shape(resolve, &param.ty))).collect();
        let result = function.result.as_ref().map(|ty| format!(" -> {}", shape(resolve, ty))).unwrap_or_default();
        format!("  {name}: func({}){result}\n", params.join(", "))
    });
    types.chain(functions).collect()
}

/// A named type with everything in it, on one line.
fn definition(resolve: &Resolve, name: &str, def: &TypeDef) -> String {
    let optional = |ty: &Option<Type>| ty.as_ref().map(|ty| format!("({})", shape(resolve, ty))).unwrap_or_default();
    let braced = |word: &str, items: Vec<String>| format!("{word} {name} {{ {} }}", items.join(", "));
    match &def.kind {
        TypeDefKind::Record(record) => {
            let fields = record.fields.iter().map(|field| format!("{}: {}", field.name, shape(resolve, &field.ty)));
            braced("record", fields.collect())
        }
        TypeDefKind::Variant(variant) => {
            let cases = variant.cases.iter().map(|case| format!("{}{}", case.name, optional(&case.ty)));
            braced("variant", cases.collect())
        }
        TypeDefKind::Enum(cases) => braced("enum", cases.cases.iter().map(|case| case.name.clone()).collect()),
        TypeDefKind::Flags(flags) => braced("flags", flags.flags.iter().map(|flag| flag.name.clone()).collect()),
        TypeDefKind::Type(Type::Id(id)) if resolve.types[*id].owner != def.owner => {
            format!("use {}", full_name(resolve, &resolve.types[*id], name))
        }
        TypeDefKind::Resource => format!("resource {name}"),
        kind => format!("type {name} = {}", kind_shape(resolve, kind)),
    }
}

fn full_name(resolve: &Resolve, def: &TypeDef, name: &str) -> String {
    let owner = match def.owner {
        wit_parser::TypeOwner::Interface(id) => resolve.interfaces[id].name.clone().unwrap_or_default(),
        _ => String::new(),
    };
    let original = def.name.clone().unwrap_or_default();
    if original == name { format!("{owner}.{name}") } else { format!("{owner}.{original} as {name}") }
}

/// A type where it is used: by its name if it has one.
fn shape(resolve: &Resolve, ty: &Type) -> String {
    match ty {
        Type::Id(id) => match &resolve.types[*id].name {
            Some(name) => name.clone(),
            None => kind_shape(resolve, &resolve.types[*id].kind),
        },
        plain => format!("{plain:?}").to_lowercase(),
    }
}

fn kind_shape(resolve: &Resolve, kind: &TypeDefKind) -> String {
    let part = |ty: &Option<Type>| ty.as_ref().map_or("_".to_owned(), |ty| shape(resolve, ty));
    match kind {
        TypeDefKind::Option(ty) => format!("option<{}>", shape(resolve, ty)),
        TypeDefKind::List(ty) => format!("list<{}>", shape(resolve, ty)),
        TypeDefKind::Result(result) => match (&result.ok, &result.err) {
            (None, None) => "result".to_owned(),
            (ok, None) => format!("result<{}>", part(ok)),
            (ok, err) => format!("result<{}, {}>", part(ok), part(err)),
        },
        TypeDefKind::Tuple(tuple) => {
            let parts: Vec<String> = tuple.types.iter().map(|ty| shape(resolve, ty)).collect();
            format!("tuple<{}>", parts.join(", "))
        }
        TypeDefKind::Handle(Handle::Own(id)) => shape(resolve, &Type::Id(*id)),
        TypeDefKind::Handle(Handle::Borrow(id)) => format!("borrow<{}>", shape(resolve, &Type::Id(*id))),
        TypeDefKind::Type(ty) => shape(resolve, ty),
        other => panic!("the contract now has a {}; say here how it is printed", other.as_str()),
    }
}
