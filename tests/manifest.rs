//! Manifests: `manifest/invalid/*.toml` beside the exact words each earns in `*.err`.
//!
//! With `UPDATE=1` the words are written instead of compared; read them before you keep them.

use std::fs;
use std::path::Path;

use storehand_host::runtime::manifest::{Manifest, World};

use crate::support::golden;

#[test]
fn every_wrong_manifest_earns_exactly_its_words() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/manifest/invalid");
    let mut seen = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        seen += 1;
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let words = match Manifest::parse(&fs::read_to_string(&path).unwrap()) {
            Ok(_) => "accepted\n".to_owned(),
            Err(refused) => refused.report() + "\n",
        };
        assert!(words != "accepted\n", "{name} is accepted, so it does not belong here");
        golden::compare(&format!("manifest/invalid/{}.err", name.trim_end_matches(".toml")), &words);
    }
    assert!(seen >= 20, "only {seen} wrong manifests were found");
}

const WHOLE: &str = r#"
manifest = 1
id = "acme/order-notes"
name = "Order notes"
version = "0.3.0"
summary = "Adds a note to big orders"
categories = ["orders"]
[scopes.required]
"orders:view" = "Reads the order total"
[scopes.optional]
"orders:edit" = "Writes the note, if you switch it on"
[[on]]
topic = "orders/created"
[[schedule]]
cron = "0 7 * * *"
[[action]]
id = "draft-reorder"
label = "Draft a reorder note"
on = "product"
[settings]
schema = "settings.schema.json"
"#;

#[test]
fn a_whole_manifest_is_read_and_its_json_reads_back_the_same() {
    let manifest = Manifest::parse(WHOLE).unwrap();
    assert_eq!((manifest.id.publisher(), manifest.id.name()), ("acme", "order-notes"));
    assert_eq!(manifest.world(), World::App);
    assert_eq!(format!("{:?} {:?}", manifest.required(), manifest.optional()), r#"{"orders:view"} {"orders:edit"}"#);
    let json = serde_json::to_value(&manifest).unwrap();
    assert_eq!(
        json,
        serde_json::json!({
            "hosts": [], "id": "acme/order-notes", "name": "Order notes", "version": "0.3.0",
            "summary": "Adds a note to big orders", "categories": ["orders"],
            "scopes": {
                "required": [{"scope": "orders:view", "reason": "Reads the order total"}],
                "optional": [{"scope": "orders:edit", "reason": "Writes the note, if you switch it on"}],
            },
            "on": ["orders/created"], "schedules": ["0 7 * * *"],
            "actions": [{"id": "draft-reorder", "label": "Draft a reorder note", "on": "product"}],
            "settings_schema": "settings.schema.json",
        })
    );
    assert_eq!(serde_json::from_value::<Manifest>(json).unwrap(), manifest);
}

#[test]
fn an_app_at_checkout_is_of_the_other_world() {
    let text = "manifest = 1\nid = \"acme/discounts\"\nname = \"D\"\nversion = \"1.0.0\"\nsummary = \"S\"\n\
                [scopes.required]\n\"checkout:discount\" = \"Ten percent off from ten pieces\"\n";
    assert_eq!(Manifest::parse(text).unwrap().world(), World::Checkout);
}

#[test]
fn no_text_makes_the_reader_panic() {
    let samples =
        ["", "=", "[[", "id = ", "\u{0}", "[scopes]\nrequired = 3", "on = [1]", "scopes = []", "manifest = 1.5"];
    for text in samples {
        assert!(Manifest::parse(text).is_err(), "{text:?}");
    }
    for end in 0..WHOLE.len() {
        let _ = Manifest::parse(WHOLE.get(..end).unwrap_or_default());
        let holed = format!("{}{}", WHOLE.get(..end).unwrap_or_default(), WHOLE.get(end + 1..).unwrap_or_default());
        let _ = Manifest::parse(&holed);
    }
    let deep = format!("a = {}", "[".repeat(60_000));
    assert!(Manifest::parse(&deep).is_err());
}
