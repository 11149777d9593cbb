//! Components: what is accepted, what is refused and in which words, and what a hostile file may cost.

pub mod bombs;
pub mod guest;

use storehand_host::runtime::code::Code;
use storehand_host::runtime::component::{embed, encode, inspect};
use storehand_host::runtime::manifest::World;

/// The one problem a component is refused for: its code, its sentence and its help.
fn refusal(bytes: &[u8]) -> (Code, String, String) {
    let refused = inspect(bytes).unwrap_err();
    assert_eq!(refused.problems.len(), 1, "{}", refused.report());
    let problem = &refused.problems[0];
    (problem.code, problem.what.clone(), problem.help.clone().unwrap_or_default())
}

const HANDLER: &str = "export storehand:app/handler@0.1.0;";

#[test]
fn an_app_is_read_with_what_it_asks_for_and_what_it_calls() {
    let manifest = guest::manifest(&["orders:view", "orders:refund"]);
    let calls = [("orders-view", "get"), ("orders-refund", "refund"), ("log", "write")];
    let bytes = guest::app(&manifest, &calls);
    let inspected = inspect(&bytes).unwrap();
    assert_eq!(inspected.world, World::App);
    assert_eq!(inspected.manifest.id.as_str(), "acme/notes");
    assert_eq!(&*inspected.manifest_toml, manifest);
    assert_eq!(inspected.size, bytes.len() as u64);
    assert_eq!(inspected.digest.len(), 64);
    let scoped: Vec<_> =
        inspected.calls().map(|(scope, interface, function)| format!("{scope} {interface}.{function}")).collect();
    assert_eq!(scoped, ["orders:view orders-view.get", "orders:refund orders-refund.refund"]);
    assert!(inspected.warnings().is_empty());
}

#[test]
fn a_call_the_manifest_does_not_ask_for_is_refused_by_name() {
    let bytes = guest::app(&guest::manifest(&["orders:view"]), &[("orders-view", "get"), ("orders-refund", "refund")]);
    let refused = inspect(&bytes).unwrap_err();
    assert_eq!(
        refused.report(),
        "app.toml:10:1: the component calls orders-refund.refund, which `app.toml` does not ask for [E0201]\n  \
         help: add \"orders:refund\" under [scopes.required] with the reason the owner will read"
    );
}

#[test]
fn a_scope_without_use_and_an_app_without_trigger_are_warned_about() {
    let manifest = guest::manifest(&["orders:view", "orders:edit"])
        .replace("[[action]]\nid = \"go\"\nlabel = \"Go\"\non = \"order\"\n", "");
    let inspected = inspect(&guest::app(&manifest, &[("orders-view", "count")])).unwrap();
    let told: Vec<_> =
        inspected.warnings().iter().map(|warning| warning.to_string().lines().next().unwrap().to_owned()).collect();
    assert_eq!(
        told,
        ["app.toml:8:1: orders:edit is declared but never used [W0202]", "nothing makes this app run [W0203]"]
    );
}

#[test]
fn a_checkout_app_is_of_the_other_world_and_calls_nothing() {
    let manifest = guest::manifest(&["checkout:discount"]);
    let world = "import storehand:app/types@0.1.0; export storehand:app/discounts@0.1.0;";
    let bytes = embed(&guest::component(&[], world, &[]), &manifest, None);
    assert_eq!(inspect(&bytes).unwrap().world, World::Checkout);

    let nosy = "import storehand:app/log@0.1.0; export storehand:app/discounts@0.1.0;";
    let (code, what, _) = refusal(&embed(&guest::component(&[], nosy, &[("log", "write")]), &manifest, None));
    assert_eq!(code, Code::MixedWorlds);
    assert_eq!(what, "the component calls log.write, but an app at checkout sees its cart and nothing else");
}

#[test]
fn exports_are_those_of_the_manifests_world() {
    let (app, checkout) = (guest::manifest(&["orders:view"]), guest::manifest(&["checkout:discount"]));
    let discounts = "export storehand:app/discounts@0.1.0;";
    let both = format!("{HANDLER}{discounts}");
    for (world, manifest, words) in [
        (HANDLER, &checkout, "exports `handler` instead of `discounts`"),
        (discounts, &app, "exports `discounts`, and `app.toml` does not ask for `checkout:discount`"),
        (both.as_str(), &app, "exports both"),
        ("", &app, "does not export `handler`"),
        ("", &checkout, "does not export `discounts`"),
    ] {
        let (code, what, help) = refusal(&embed(&guest::component(&[], world, &[]), manifest, None));
        assert_eq!(code, Code::WrongWorld);
        assert!(what.contains(words), "{what}");
        assert!(!help.is_empty());
    }
}

#[test]
fn wasi_0_2_is_accepted_and_everything_else_foreign_is_refused_by_name() {
    let manifest = guest::manifest(&["orders:view"]);
    let with = |foreign: &str, import: &str, call: (&str, &str)| {
        let world = format!("import {import}; {HANDLER}");
        embed(&guest::component(&[foreign], &world, &[call]), &manifest, None)
    };
    let two = with(
        "package wasi:cli@0.2.6; interface stdout { get: func() -> u32; }",
        "wasi:cli/stdout@0.2.6",
        ("stdout", "get"),
    );
    assert!(inspect(&two).is_ok());

    let three = with(
        "package wasi:cli@0.3.0; interface stdout { get: func() -> u32; }",
        "wasi:cli/stdout@0.3.0",
        ("stdout", "get"),
    );
    assert_eq!(
        refusal(&three),
        (
            Code::NewerWasi,
            "the component is built for WASI 0.3: it imports `wasi:cli/stdout@0.3.0`".to_owned(),
            "build for wasm32-unknown-unknown, or for WASI 0.2".to_owned()
        )
    );
    let sockets = with(
        "package wasi:http@0.2.0; interface outgoing { get: func() -> u32; }",
        "wasi:http/outgoing@0.2.0",
        ("outgoing", "get"),
    );
    let (code, what, _) = refusal(&sockets);
    assert_eq!(
        (code, what.as_str()),
        (Code::UnknownImport, "the component imports `wasi:http/outgoing@0.2.0`, which this host does not have")
    );
    let evil =
        with("package evil:host; interface shell { run: func(line: string); }", "evil:host/shell", ("shell", "run"));
    assert_eq!(refusal(&evil).1, "the component imports `evil:host/shell`, which this host does not have");
}

#[test]
fn a_component_with_the_async_abi_is_named_as_one_with_what_to_do() {
    let mut component = wasm_encoder::ComponentBuilder::default();
    component.task_cancel();
    let built = embed(&component.finish(), &guest::manifest(&["orders:view"]), None);
    let (code, what, help) = refusal(&built);
    assert_eq!(
        (code, &*what),
        (Code::Invalid, "the component is built with the async ABI, which this host does not run")
    );
    assert!(help.contains("build it with the synchronous ABI"), "{help}");
}

#[test]
fn an_import_that_is_no_interface_is_refused() {
    let mut by_hand = bombs::Hand::new();
    by_hand.import_func("storehand:app/orders-view@0.1.0");
    let refused = inspect(&embed(&by_hand.finish(), &guest::manifest(&["orders:view"]), None)).unwrap_err();
    let words = "the component imports `storehand:app/orders-view@0.1.0` as something that is no interface [E0206]";
    assert!(refused.report().starts_with(words), "{}", refused.report());
}

#[test]
fn a_contract_of_another_version_and_functions_it_lacks_are_refused() {
    let newer = "package storehand:app@0.2.0; interface orders-view { get: func() -> u32; }";
    let world = format!("import storehand:app/orders-view@0.2.0; {HANDLER}");
    let bytes =
        embed(&guest::component(&[newer], &world, &[("orders-view", "get")]), &guest::manifest(&["orders:view"]), None);
    assert_eq!(
        refusal(&bytes).1,
        "the component imports `storehand:app/orders-view@0.2.0`; this host speaks version 0.1.0"
    );

    let later = "package storehand:app@0.1.9; interface orders-view { teleport: func() -> u32; }";
    let world = format!("import storehand:app/orders-view@0.1.9; {HANDLER}");
    let bytes = embed(
        &guest::component(&[later], &world, &[("orders-view", "teleport")]),
        &guest::manifest(&["orders:view"]),
        None,
    );
    assert_eq!(refusal(&bytes).1, "the component calls orders-view.teleport, which this host does not have");
}

#[test]
fn a_file_that_is_no_component_is_refused_with_what_to_do() {
    let module = guest::core_module(&[], HANDLER, &[]);
    let (code, what, help) = refusal(&module);
    assert_eq!(code, Code::CoreModule);
    assert!(what.contains("core module") && help.contains("storehand app build"), "{what} {help}");
    for garbage in [&b""[..], b"PK\x03\x04 a zip", b"\x7fELF", b"\0asm\x0b\0\x01\0 an old component", b"fn main() {}"] {
        assert_eq!(refusal(garbage).0, Code::NotWasm);
    }
    let mut large = guest::app(&guest::manifest(&["orders:view"]), &[]);
    large.resize(16 * 1024 * 1024 + 1, 0);
    assert_eq!(refusal(&large).0, Code::TooLarge);
    assert_eq!(encode(b"not wasm").unwrap_err().code, Code::Invalid);
}

#[test]
fn the_manifest_inside_is_one_and_is_sound() {
    let component = guest::component(&[], HANDLER, &[]);
    assert_eq!(refusal(&component).1, "the component carries no manifest");
    let manifest = guest::manifest(&["orders:view"]);
    let twice = embed(&embed(&component, &manifest, None), &manifest.replace("0.1.0", "9.9.9"), None);
    assert_eq!(refusal(&twice).1, "the component carries more than one manifest");
    let wrong = embed(&component, &manifest.replace("orders:view", "orders:veiw"), None);
    let refused = inspect(&wrong).unwrap_err();
    assert!(
        refused.report().starts_with("app.toml:11:1: `orders:veiw` is not a scope [E0108]\n  help: did you mean"),
        "{}",
        refused.report()
    );
}

#[test]
fn the_settings_schema_is_there_exactly_if_the_manifest_names_one() {
    let component = guest::component(&[], HANDLER, &[]);
    let without = guest::manifest(&["orders:view"]);
    let with = format!("{without}[settings]\nschema = \"s.json\"\n");
    let schema = r#"{"type": "object", "properties": {"from": {"type": "integer"}}}"#;
    let inspected = inspect(&embed(&component, &with, Some(schema))).unwrap();
    assert_eq!(inspected.settings_schema.unwrap()["properties"]["from"]["type"], "integer");
    for bytes in [
        embed(&component, &with, None),
        embed(&component, &without, Some(schema)),
        embed(&component, &with, Some(r#"{"type": "object", "$ref": "https://example.com"}"#)),
    ] {
        assert_eq!(refusal(&bytes).0, Code::BadSchema);
    }
}

#[test]
fn no_damage_makes_the_reader_panic() {
    let bytes = guest::app(&guest::manifest(&["orders:view"]), &[("orders-view", "get")]);
    assert!(inspect(&bytes).is_ok());
    for end in (0..bytes.len()).step_by(7) {
        assert!(inspect(&bytes[..end]).is_err(), "cut at {end}");
    }
    let mut random = 0x2545_F491_4F6C_DD1D_u64;
    for _ in 0..5_000 {
        let mut damaged = bytes.clone();
        for _ in 0..3 {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            let place = (random >> 8) as usize % damaged.len();
            damaged[place] = random as u8;
        }
        // Some damage is harmless (a reason's text); what counts is that each verdict comes without a panic.
        let _ = inspect(&damaged);
    }
}
