//! A developer's day: `storehand app new`, `check`, `build` and `inspect`, and what they say when something is wrong.

use std::fs;
use std::path::Path;
use std::process::Command;

use sha2::{Digest, Sha256};

use crate::component::{bombs, guest};
use crate::support::command::{run, storehand};

/// Replaces a part of a file that is there exactly once.
fn edit(file: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(file).unwrap();
    assert_eq!(text.matches(from).count(), 1, "{from} in {text}");
    fs::write(file, text.replace(from, to)).unwrap();
}

#[test]
fn a_new_app_is_checked_tested_built_and_inspected() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    let new = ["app", "new", "acme/order-notes", "-t", "rust", "--on", "orders/created", "--on", "inventory/low"];
    assert!(storehand(dir, &new).ok().stdout.starts_with("order-notes is ready"));
    let app = dir.join("order-notes");

    // What an owner will read is written before anything is built; until then it is said what is missing, with the line.
    let checked = storehand(&app, &["app", "check"]).ok();
    assert!(checked.stderr.contains("W0205") && checked.stderr.contains("app.toml:5:1"), "{}", checked.stderr);
    let refused = storehand(&app, &["app", "build"]);
    assert_eq!(refused.code, 5, "{}", refused.stderr);
    for words in ["E0120", "the reason for `inventory:view` is still", "app.toml:10:1", "the summary is still"] {
        assert!(refused.stderr.contains(words), "{words} in {}", refused.stderr);
    }
    edit(&app.join("app.toml"), "Say in one sentence what it does", "Notes what was ordered");
    edit(&app.join("app.toml"), "Say why: see orders", "Reads what was ordered");
    edit(&app.join("app.toml"), "Say why: see stock levels", "Sees what runs out");
    let checked = storehand(&app, &["app", "check"]).ok();
    assert_eq!(checked.stdout, "acme/order-notes 0.1.0 is in order\n", "{}", checked.stderr);
    let tested = run(Command::new(env!("CARGO")).args(["test", "--lib"]).current_dir(&app)).ok();
    assert!(tested.stdout.contains("2 passed"), "{}", tested.stdout);

    let built = storehand(&app, &["app", "build", "--json"]).ok().json();
    assert_eq!(built["path"], "target/order-notes.app.wasm");
    assert_eq!(built["scopes"], serde_json::json!(["orders:view", "inventory:view"]));
    let bytes = fs::read(app.join("target/order-notes.app.wasm")).unwrap();
    assert_eq!(built["size"], bytes.len());
    assert_eq!(built["digest"], hex::encode(Sha256::digest(&bytes)));

    let inspected =
        storehand(dir, &["app", "inspect", "order-notes/target/order-notes.app.wasm", "--json"]).ok().json();
    assert_eq!(inspected["digest"], built["digest"]);
    assert_eq!(inspected["world"], "app");
    assert_eq!(inspected["manifest"]["on"], serde_json::json!(["orders/created", "inventory/low"]));
    let page = storehand(dir, &["app", "inspect", "order-notes/target/order-notes.app.wasm"]).ok().stdout;
    assert!(
        page.contains("requires    orders:view        See orders, without customer details (\"Reads what was ordered"),
        "{page}"
    );

    // A call nobody asked for.
    edit(
        &app.join("src/lib.rs"),
        "log::info(format!(\"orders/created: {}\", event.data.id));",
        "orders::cancel(&event.data.id, \"no\", true)?;",
    );
    let refused = storehand(dir, &["app", "check", "order-notes"]);
    assert_eq!(refused.code, 5, "{}", refused.stderr);
    for words in [
        "E0201",
        "the component calls orders-cancel.cancel, which `app.toml` does not ask for",
        "order-notes/app.toml:8:1",
        "8 │ [scopes.required]",
        "add \"orders:cancel\" under [scopes.required] with the reason the owner will read",
    ] {
        assert!(refused.stderr.contains(words), "{words} in {}", refused.stderr);
    }
    assert_eq!(refused.stdout, "");

    // Asked for, and one more that is never used.
    edit(
        &app.join("app.toml"),
        "[scopes.required]\n",
        "[scopes.required]\n\"orders:cancel\" = \"Cancels\"\n\"orders:refund\" = \"Refunds\"\n",
    );
    let checked = storehand(dir, &["app", "check", "order-notes"]).ok();
    assert_eq!(checked.stdout, "acme/order-notes 0.1.0 can be installed; there is 1 warning\n");
    assert!(
        checked.stderr.contains("W0202") && checked.stderr.contains("order-notes/app.toml:10:1"),
        "{}",
        checked.stderr
    );
    let checked = storehand(dir, &["app", "check", "order-notes", "--json"]).ok().json();
    assert_eq!(checked["warnings"][0]["code"], "W0202");
    assert_eq!(checked["warnings"][0]["line"], 10);

    // A topic that the code does not answer is seen, by `build` as well.
    edit(&app.join("app.toml"), "topic = \"inventory/low\"", "topic = \"inventory/adjusted\"");
    for verb in ["check", "build"] {
        let told = storehand(dir, &["app", verb, "order-notes"]).ok();
        for words in ["W0204", "does not answer the topic `inventory/adjusted`", "order-notes/app.toml:"] {
            assert!(told.stderr.contains(words), "{verb}: {words} in {}", told.stderr);
        }
        assert!(!told.stderr.contains("`orders/created`"), "{verb}: {}", told.stderr);
    }

    // What the compiler says is passed on.
    edit(&app.join("src/lib.rs"), "orders::cancel", "orders::abolish");
    let broken = storehand(dir, &["app", "check", "order-notes"]);
    assert_eq!(broken.code, 1);
    assert!(
        broken.stderr.contains("abolish") && broken.stderr.contains("cargo could not build the app"),
        "{}",
        broken.stderr
    );
}

#[test]
fn a_checkout_app_is_made_and_built_where_it_is_told_to() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    storehand(dir, &["app", "new", "ten-off", "--publisher", "acme", "--scope", "checkout:discount"]).ok();
    edit(&dir.join("ten-off/app.toml"), "Say in one sentence what it does", "Takes ten percent off");
    edit(&dir.join("ten-off/app.toml"), "Say why: discount", "Takes them off. Was: discount");
    storehand(dir, &["app", "build", "ten-off", "--debug", "-o", "out/ten-off.wasm"]).ok();
    let inspected = storehand(dir, &["app", "inspect", "out/ten-off.wasm", "--json"]).ok().json();
    assert_eq!(inspected["world"], "checkout");
    assert_eq!(inspected["calls"], serde_json::json!([]));
    assert_eq!(inspected["settings_schema"]["properties"]["percent"]["maximum"], 100);
}

#[test]
fn a_wrong_manifest_is_told_before_anything_is_built() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    let manifest = guest::manifest(&["orders:view"]) + "[settings]\nschema = \"s.json\"\n";
    fs::write(dir.join("app.toml"), manifest.replace("orders:view", "orders:veiw")).unwrap();
    let refused = storehand(dir, &["app", "build"]);
    assert_eq!(refused.code, 5);
    assert!(
        refused.stderr.contains("did you mean `orders:view`?") && refused.stderr.contains("app.toml:11:1"),
        "{}",
        refused.stderr
    );
    let problem = storehand(dir, &["app", "build", "--json"]).problem();
    assert_eq!(
        (&problem["title"], &problem["exit"], &problem["file"]),
        (&"refused".into(), &5.into(), &"app.toml".into())
    );
    assert_eq!(problem["problems"][0]["code"], "E0108");
    assert_eq!(problem["problems"][0]["line"], 11);

    fs::write(dir.join("app.toml"), manifest).unwrap();
    let missing = storehand(dir, &["app", "build"]);
    assert_eq!(missing.code, 4, "{}", missing.stderr);
    assert!(missing.stderr.contains("there is no file `s.json`"), "{}", missing.stderr);
    fs::write(dir.join("s.json"), r#"{"type": "array"}"#).unwrap();
    let wrong = storehand(dir, &["app", "build"]);
    assert_eq!(wrong.code, 5);
    assert!(wrong.stderr.contains("E0210") && wrong.stderr.contains("app.toml:13:1"), "{}", wrong.stderr);
}

#[test]
fn nothing_is_written_over_and_names_are_plain() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    fs::create_dir(dir.join("order-notes")).unwrap();
    fs::write(dir.join("order-notes/precious"), "mine").unwrap();
    let occupied = storehand(dir, &["app", "new", "order-notes"]);
    assert_eq!(occupied.code, 1);
    assert!(occupied.stderr.contains("`order-notes` exists and is not empty"), "{}", occupied.stderr);
    for bad in ["../escape", "Caps", "ab"] {
        assert_eq!(storehand(dir, &["app", "new", bad]).code, 2, "{bad}");
    }
    assert_eq!(storehand(dir, &["app", "new"]).code, 2, "without a terminal nobody can be asked for the name");
    assert_eq!(storehand(dir, &["app", "new", "fine", "--scope", "staff:manage"]).code, 2);
    assert_eq!(storehand(dir, &["app", "new", "fine", "--on", "orders/crated"]).code, 2);
    assert_eq!(fs::read_dir(dir).unwrap().count(), 1);
}

#[test]
fn what_is_no_app_is_refused_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    fs::write(dir.join("core.wasm"), guest::core_module(&[], "export storehand:app/handler@0.1.0;", &[])).unwrap();
    let core = storehand(dir, &["app", "inspect", "core.wasm"]);
    assert_eq!(core.code, 5);
    assert!(core.stderr.contains("E0202") && core.stderr.contains("storehand app build"), "{}", core.stderr);
    let nothing = storehand(dir, &["app", "inspect", "nothing.wasm", "--json"]);
    assert_eq!((nothing.code, &nothing.problem()["title"]), (4, &"not found".into()));
    fs::File::create(dir.join("large.wasm")).unwrap().set_len(20 << 20).unwrap();
    let large = storehand(dir, &["app", "inspect", "large.wasm"]);
    assert!(large.stderr.contains("E0203") && large.stderr.contains("has 20971520 bytes"), "{}", large.stderr);
    let unknown = storehand(dir, &["app", "inspekt", "--json"]);
    assert_eq!((unknown.code, &unknown.problem()["title"]), (2, &"wrong usage".into()));

    // A publisher's text cannot steer the terminal of whoever looks at it.
    let hostile = guest::manifest(&["orders:view"]) + "\"\\u001B[2Jkey\" = \"\u{202E}reversed\"\n# \u{1b}[31m\n";
    fs::write(dir.join("hostile.wasm"), guest::app(&hostile, &[])).unwrap();
    let shown = storehand(dir, &["app", "inspect", "hostile.wasm"]);
    assert_eq!(shown.code, 5);
    assert!(!shown.stderr.contains(['\u{1b}', '\u{202E}']), "{:?}", shown.stderr);
}

/// The limits hold for the whole process, so this sees what the refusals cost and not only that they come:
/// 250 MB of address space with the program itself, 5 seconds of CPU, 1 MiB of stack.
#[test]
fn a_bomb_costs_the_inspecting_process_little() {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes, words) in bombs::all() {
        let file = folder.path().join("bomb.wasm");
        fs::write(&file, bytes).unwrap();
        let limited = "ulimit -v 250000 -t 5 -s 1024; exec \"$0\" app inspect \"$1\"";
        let ran = run(Command::new("sh").args(["-c", limited, env!("CARGO_BIN_EXE_storehand")]).arg(&file));
        assert_eq!(ran.code, 5, "{name}: {}", ran.stderr);
        let said = ran.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains("too complex") || said.contains(words), "{name}: {said}");
    }
}

#[test]
fn help_explains_codes_scopes_and_verbs() {
    let here = Path::new(".");
    assert!(storehand(here, &["help", "e0201"]).ok().stdout.starts_with("E0201: the component calls what"));
    assert!(storehand(here, &["help", "scopes"]).ok().stdout.contains("  orders:refund      Refund payments\n"));
    assert!(
        storehand(here, &["help", "topics"]).ok().stdout.contains("inventory/low            needs inventory:view\n")
    );
    assert!(storehand(here, &["help", "app", "new"]).ok().stdout.contains("Usage: storehand app new"));
    let codes = storehand(here, &["help", "codes", "--json"]).ok().json();
    assert!(codes.as_array().unwrap().iter().any(|code| code["code"] == "W0202"));
    // Every scope, every topic and the manifest have an answer, and so have the permissions of people.
    for scope in storehand_host::authz::Scope::ALL {
        assert!(storehand(here, &["help", scope.name()]).ok().stdout.contains(scope.words()), "{scope}");
    }
    let topic = storehand(here, &["help", "orders/refunded"]).ok().stdout;
    assert!(topic.contains("needs    orders:view") && topic.contains("fn order_refunded"), "{topic}");
    assert!(storehand(here, &["help", "manifest"]).ok().stdout.contains("[scopes.required]"));
    let scopes = storehand(here, &["help", "scopes"]).ok().stdout;
    assert!(
        scopes.contains("apps:install") && scopes.contains("staff:manage") && scopes.contains("(the owner's alone)")
    );
    for verb in ["serve", "migrate", "backup", "doctor"] {
        let help = storehand(here, &[verb, "--help"]).ok().stdout;
        assert!(help.contains("STOREHAND_DATABASE_URL") && help.contains("RUST_LOG"), "{verb}: {help}");
    }
    // What only a host that serves goes by is read by the others, so that its environment suits them, and not shown.
    let of_serving = ["--chain-runs", "--chain-changes", "--app-mib-per-day", "--trusted-proxies", "--drain-seconds"];
    for (verb, shown, hidden) in [
        ("doctor", &["--data-dir", "--listen", "--slots"][..], &["--database-connections"][..]),
        ("migrate", &["--data-dir"], &["--slots", "--listen"]),
        ("serve", &of_serving, &[]),
    ] {
        let help = storehand(here, &[verb, "--help"]).ok().stdout;
        let of_serving = if verb == "serve" { &[][..] } else { &of_serving[..] };
        for option in shown {
            assert!(help.contains(option), "{verb} shows {option}: {help}");
        }
        for option in of_serving.iter().chain(hidden) {
            assert!(!help.contains(option), "{verb} does not show {option}: {help}");
        }
    }
    let slip = storehand(here, &["help", "scope"]);
    assert_eq!(slip.code, 4);
    assert!(slip.stderr.contains("did you mean `scopes`?"), "{}", slip.stderr);
    assert!(storehand(here, &["completions", "fish"]).ok().stdout.contains("complete -c storehand"));
}
