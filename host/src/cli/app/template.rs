//! The files of a new app: manifest, crate, a test that passes, and the SDK, which is on no registry.

use std::collections::{BTreeMap, BTreeSet};

use super::payload::Payload;
use crate::authz::Scope;
use crate::db::Topic;

/// The SDK's files: path in the crate, and text.
pub(super) const SDK: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/sdk_files.rs"));

/// What stands in the place of the summary until somebody writes one.
pub(super) const SUMMARY: &str = "Say in one sentence what it does";
/// What every reason begins with until somebody writes one.
pub(super) const WHY: &str = "Say why:";

/// What the new app is to be.
pub(super) struct Plan {
    /// The name part of its id, for example `order-notes`.
    pub(super) name: String,
    /// The publisher part of its id.
    pub(super) publisher: String,
    /// What it listens to. Empty at checkout.
    pub(super) on: Vec<Topic>,
    /// What it asks for.
    pub(super) scopes: Vec<Scope>,
}

/// Every file of the project: path and text.
pub(super) fn files(plan: &Plan) -> BTreeMap<String, String> {
    let mut files = BTreeMap::from([
        ("app.toml".to_owned(), manifest(plan)),
        (".gitignore".to_owned(), "target/\n".to_owned()),
        ("README.md".to_owned(), fill(include_str!("template/README.md.txt"), plan, &[])),
    ]);
    let dependencies = if plan.at_checkout() { "serde = { version = \"1\", features = [\"derive\"] }\n" } else { "" };
    let cargo = fill(include_str!("template/Cargo.toml.txt"), plan, &[("dependencies", dependencies)]);
    files.insert("Cargo.toml".to_owned(), cargo);
    if plan.at_checkout() {
        files.insert("src/lib.rs".to_owned(), fill(include_str!("template/checkout.rs.txt"), plan, &[]));
        files.insert("settings.schema.json".to_owned(), include_str!("template/settings.schema.json").to_owned());
    } else {
        files.insert("src/lib.rs".to_owned(), app(plan));
        let payloads = plan.on.iter().map(|topic| Payload::of(*topic));
        files.extend(payloads.map(|payload| (format!("samples/{}", payload.sample), payload.json)));
    }
    for (name, text) in SDK {
        let text = if *name == "Cargo.toml" { without_dev_dependencies(text) } else { (*text).to_owned() };
        files.insert(format!("vendor/storehand/{name}"), text);
    }
    files
}

impl Plan {
    /// Whether the app is called at checkout and reacts to nothing else.
    pub(super) fn at_checkout(&self) -> bool {
        self.scopes.iter().any(|scope| scope.at_checkout())
    }

    /// "Order notes".
    fn title(&self) -> String {
        let words = self.name.replace('-', " ");
        let mut letters = words.chars();
        letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
    }

    /// `OrderNotes`. The name begins with a letter.
    fn type_name(&self) -> String {
        let part = |part: &str| {
            let mut letters = part.chars();
            letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str())
        };
        let name: String = self.name.split('-').filter_map(part).collect();
        // What the generated code and the prelude call their own.
        const TAKEN: &[&str] = &[
            "Action",
            "App",
            "Cart",
            "Context",
            "Default",
            "Deleted",
            "Deserialize",
            "Discount",
            "Discounts",
            "Err",
            "Event",
            "InventoryAdjusted",
            "InventoryLow",
            "None",
            "Ok",
            "Option",
            "PriceChanged",
            "Result",
            "Self",
            "Settings",
            "Some",
            "String",
            "Vec",
        ];
        if TAKEN.contains(&name.as_str()) { name + "App" } else { name }
    }

    /// The crate's name: the app's, unless cargo or the compiler means something else by it.
    fn package(&self) -> String {
        const TAKEN: &[&str] = &[
            "abstract",
            "alloc",
            "async",
            "await",
            "become",
            "box",
            "break",
            "const",
            "continue",
            "core",
            "crate",
            "dyn",
            "else",
            "enum",
            "extern",
            "false",
            "final",
            "for",
            "gen",
            "impl",
            "let",
            "loop",
            "macro",
            "match",
            "mod",
            "move",
            "mut",
            "override",
            "priv",
            "proc-macro",
            "pub",
            "ref",
            "return",
            "self",
            "serde",
            "serde-json",
            "static",
            "std",
            "storehand",
            "struct",
            "super",
            "test",
            "trait",
            "true",
            "try",
            "type",
            "typeof",
            "union",
            "unsafe",
            "unsized",
            "use",
            "virtual",
            "where",
            "while",
            "yield",
        ];
        if TAKEN.contains(&self.name.as_str()) { format!("{}-app", self.name) } else { self.name.clone() }
    }
}

fn manifest(plan: &Plan) -> String {
    let mut text = format!(
        "manifest = 1\nid = \"{}/{}\"\nname = \"{}\"\nversion = \"0.1.0\"\nsummary = \"{SUMMARY}\"\n\n",
        plan.publisher,
        plan.name,
        plan.title()
    );
    text += "# Every scope with its reason: the owner reads it before installing.\n[scopes.required]\n";
    for scope in &plan.scopes {
        let words = scope.words();
        let reason = words.split(':').next().unwrap_or(words);
        text += &format!("\"{scope}\" = \"{WHY} {}\"\n", reason.to_lowercase());
    }
    for topic in &plan.on {
        text += &format!("\n[[on]]\ntopic = \"{topic}\"\n");
    }
    if plan.at_checkout() {
        text += "\n[settings]\nschema = \"settings.schema.json\"\n";
    }
    text
}

fn app(plan: &Plan) -> String {
    let mut imports = BTreeSet::from(["App", "Context", "Result", "log", "register_app"]);
    let (mut methods, mut tests) = (String::new(), String::new());
    for (number, topic) in plan.on.iter().enumerate() {
        let payload = Payload::of(*topic);
        imports.extend(["Event", payload.import()]);
        let (gap, Payload { method, of_type, id, sample, .. }) = (if number == 0 { "" } else { "\n" }, &payload);
        methods += &format!(
            "{gap}    fn {method}(&self, _: &Context, event: Event<{of_type}>) -> Result {{\n        \
             log::info(format!(\"{topic}: {{}}\", event.data.{id}));\n        Ok(())\n    }}\n"
        );
        tests += &format!(
            "\n    #[test]\n    fn it_answers_{method}() {{\n        let host = Host::new();\n        \
             let sample: serde_json::Value = serde_json::from_str(include_str!(\"../samples/{sample}\")).unwrap();\n        \
             assert_eq!(host.run::<{}>(event(\"{topic}\", &sample)), Ok(Outcome::Handled));\n        \
             assert_eq!(host.log().len(), 1);\n    }}\n",
            plan.type_name()
        );
    }
    let imports = imports.into_iter().collect::<Vec<_>>();
    let imports = format!("{{{}}}", imports.join(", "));
    let words = [("imports", imports.as_str()), ("methods", &methods), ("tests", &tests), ("test_imports", "event")];
    fill(include_str!("template/app.rs.txt"), plan, &words)
}

/// Puts the plan's words and these into a template.
fn fill(template: &str, plan: &Plan, words: &[(&str, &str)]) -> String {
    let own =
        [("name", plan.name.clone()), ("title", plan.title()), ("type", plan.type_name()), ("package", plan.package())];
    let own = own.iter().map(|(key, value)| (*key, value.as_str()));
    own.chain(words.iter().copied())
        .fold(template.to_owned(), |text, (key, value)| text.replace(&format!("{{{{{key}}}}}"), value))
}

/// The SDK's `Cargo.toml` without what only its own tests need, so that nobody downloads it.
fn without_dev_dependencies(text: &str) -> String {
    let mut rest = String::new();
    let mut dropping = false;
    for line in text.lines() {
        if line.starts_with('[') {
            dropping = line == "[dev-dependencies]";
        }
        if !dropping {
            rest += line;
            rest.push('\n');
        }
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::manifest::{Manifest, World};

    fn plan(name: &str, on: &[Topic], scopes: &[Scope]) -> Plan {
        Plan { name: name.into(), publisher: "acme".into(), on: on.to_vec(), scopes: scopes.to_vec() }
    }

    #[test]
    fn every_new_manifest_is_sound() {
        for scope in Scope::ALL.iter().copied().filter(|scope| scope.for_apps()) {
            let text = manifest(&plan("order-notes", &[], &[scope]));
            let world = if scope.at_checkout() { World::Checkout } else { World::App };
            assert_eq!(Manifest::parse(&text).map(|manifest| manifest.world()), Ok(world), "{text}");
        }
        for topic in Topic::ALL {
            let text = manifest(&plan("order-notes", &[*topic], &[topic.scope()]));
            assert!(Manifest::parse(&text).is_ok(), "{text}");
        }
    }

    #[test]
    fn names_that_mean_something_else_are_avoided() {
        assert_eq!(plan("order-notes", &[], &[]).type_name(), "OrderNotes");
        assert_eq!(plan("app", &[], &[]).type_name(), "AppApp");
        assert_eq!(plan("test", &[], &[]).package(), "test-app");
        assert_eq!(plan("order-notes", &[], &[]).package(), "order-notes");
    }

    #[test]
    fn the_sdk_that_is_written_has_its_sources_and_no_test_dependencies() {
        let files = files(&plan("order-notes", &[Topic::OrdersCreated], &[Scope::OrdersView]));
        assert!(files.contains_key("vendor/storehand/src/lib.rs"));
        let cargo = &files["vendor/storehand/Cargo.toml"];
        assert!(
            cargo.contains("[dependencies]") && cargo.contains("[lints") && !cargo.contains("wit-bindgen-core"),
            "{cargo}"
        );
    }
}
