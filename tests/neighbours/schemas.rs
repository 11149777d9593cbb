//! Schemas of settings that are made to cost: refused when they come in, and no store waits for the answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;
use storehand_host::runtime::component::embed;

use crate::component::guest;
use crate::support::host::{Host, both};
use crate::support::neighbour::{beside, most_memory};

both!(schemas_made_to_cost_are_refused_at_upload_and_no_other_store_notices);

/// A definition that stands for twice the next one, so many times over.
fn doubled(word: &str, times: usize) -> String {
    let of = |n: usize| format!(r##"{{"$ref": "#/$defs/d{n}"}}"##);
    let defs: Vec<String> = (0..times)
        .map(|n| format!(r#""d{n}": {{"{word}": [{}, {}]}}"#, of(n + 1), of(n + 1)))
        .chain([format!(r#""d{times}": {{"type": "object"}}"#)])
        .collect();
    format!(r##"{{"type": "object", "$ref": "#/$defs/d0", "$defs": {{{}}}}}"##, defs.join(", "))
}

fn hostile() -> Vec<String> {
    let patterns = (0..300).map(|n| format!(r#""p{n}": {{"type": "string", "pattern": "(a{{999}}){{9}}{n}"}}"#));
    let patterns = patterns.collect::<Vec<_>>().join(", ");
    let mut all: Vec<String> =
        ["anyOf", "allOf", "oneOf"].iter().flat_map(|w| [22, 40].map(|n| doubled(w, n))).collect();
    all.push(format!(r#"{{"type": "object", "properties": {{{patterns}}}}}"#));
    all.push(format!(r#"{{"type": "object", "properties": {{"a": {}"x"{}}}}}"#, "[".repeat(100), "]".repeat(100)));
    all
}

fn schemas_made_to_cost_are_refused_at_upload_and_no_other_store_notices(host: Host) {
    let (owner, other) = (host.owner(), host.other_store_owner());
    let manifest = format!("{}[settings]\nschema = \"s.json\"\n", guest::manifest(&["orders:view"]));
    let component = guest::component(&[], "export storehand:app/handler@0.1.0;", &[]);
    let apps: Vec<Arc<[u8]>> =
        hostile().iter().map(|schema| embed(&component, &manifest, Some(schema)).into()).collect();
    let write = || other.post("locations", json!({ "name": "Cellar" })).status == 200;
    let attack = |stop: &AtomicBool| {
        for app in apps.iter().cycle() {
            if stop.load(Ordering::Relaxed) {
                return;
            }
            let problem = owner.upload("apps", app.clone()).is(422);
            assert_eq!(problem["problems"][0]["code"], "E0210", "{problem:#}");
            let install = json!({ "app": "acme/notes", "scopes": ["orders:view"], "settings": {} });
            owner.post("installations", install).is(404);
        }
    };
    beside(write, attack).is_unharmed();
    let most = most_memory(host.pid());
    assert!(most < 1 << 30, "{} MiB", most >> 20);
}
