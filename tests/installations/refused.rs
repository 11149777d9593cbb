//! What no store takes in: refused at upload, in words that say what would help.

use std::sync::Arc;

use serde_json::{Value, json};
use storehand_host::cli::app::build::{Options, pack};
use storehand_host::runtime::component::embed;

use crate::component::guest;
use crate::support::guests;
use crate::support::host::{Host, both};
use crate::support::person::Body;

both!(a_call_that_the_manifest_hides_is_refused_by_name, what_is_no_app_is_refused_in_plain_words_and_nothing_is_kept,);

fn a_call_that_the_manifest_hides_is_refused_by_name(host: Host) {
    let options = Options { output: None, ..Options::default() };
    let (_, app) = pack(&guests::folder("over-reach-undeclared"), &options).expect("it is packed unasked");
    let problem = host.owner().upload("apps", app.into()).is(422);
    let problem = &problem["problems"][0];
    let what = "the component calls orders-refund.refund, which `app.toml` does not ask for";
    assert_eq!((&problem["detail"], &problem["code"]), (&json!(what), &json!("E0201")), "{problem:#}");
    let help = "add \"orders:refund\" under [scopes.required] with the reason the owner will read";
    assert_eq!(problem["help"], json!(help));
}

fn what_is_no_app_is_refused_in_plain_words_and_nothing_is_kept(host: Host) {
    const HANDLER: &str = "export storehand:app/handler@0.1.0;";
    let owner = host.owner();
    let manifest = guest::manifest(&["orders:view"]);
    let evil = "package evil:host; interface shell { run: func(line: string); }";
    let shell = guest::component(&[evil], &format!("import evil:host/shell; {HANDLER}"), &[("shell", "run")]);
    let mut large = guest::app(&manifest, &[]);
    large.resize(16 * 1024 * 1024 + 1, 0);
    let cases: [(Vec<u8>, u16, &str); 6] = [
        (embed(&shell, &manifest, None), 422, "the component imports `evil:host/shell`, which this host does not have"),
        (guest::core_module(&[], HANDLER, &[]), 422, "core module"),
        (b"fn main() {}".to_vec(), 422, "this is not a WebAssembly component"),
        (Vec::new(), 422, "this is not a WebAssembly component"),
        (guest::component(&[], HANDLER, &[]), 422, "the component carries no manifest"),
        (large, 413, "16 MiB"),
    ];
    for (app, status, words) in cases {
        let problem = owner.upload("apps", Arc::from(app)).is(status);
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains(words)), "{words}: {problem:#}");
    }
    let json = owner.send("POST", "apps", Body::Json(json!({}))).is(415);
    assert!(json["detail"].as_str().is_some_and(|detail| detail.contains("application/wasm")), "{json:#}");
    assert_eq!(owner.get("apps").ok()["items"], Value::Array(Vec::new()));
}
