//! Apps for the stories: the examples and the test guests, built as their authors would, by `storehand app build`.

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Arc, LazyLock, Mutex, OnceLock};

use storehand_host::runtime::component::embed;

use super::tree;

/// One build per guest and test run, however many stories ask for it at once.
static BUILT: LazyLock<Mutex<Builds>> = LazyLock::new(Mutex::default);

/// What was built, or is being built, by the name of the guest.
type Builds = HashMap<String, Arc<OnceLock<Arc<[u8]>>>>;

/// The bytes of the app in `example-plugins/NAME` or `example-plugins/test-guests/NAME`.
pub fn build(name: &str) -> Arc<[u8]> {
    let cell =
        BUILT.lock().expect("no build panics while it holds the list").entry(name.to_owned()).or_default().clone();
    cell.get_or_init(|| run(name)).clone()
}

/// The same app with another text of its `app.toml`: another version, another name, other triggers.
pub fn reworded(name: &str, reword: impl FnOnce(&str) -> String) -> Arc<[u8]> {
    let (app, Inside { manifest, schema }) = (build(name), inside(name));
    let component = app.strip_suffix(&embed(&[], &manifest, schema.as_deref())[..]).expect("they stand at its end");
    embed(component, &reword(&manifest), schema.as_deref()).into()
}

/// The same app with another text of its `app.toml` and another schema of its settings.
pub fn with_schema(name: &str, reword: impl FnOnce(&str) -> String, settings: &str) -> Arc<[u8]> {
    let (app, Inside { manifest, schema }) = (build(name), inside(name));
    let component = app.strip_suffix(&embed(&[], &manifest, schema.as_deref())[..]).expect("they stand at its end");
    embed(component, &reword(&manifest), Some(settings)).into()
}

/// The app in `example-plugins/test-guests/NAME` as a compiler with an operating system in mind makes it: cargo itself
/// writes the component, for WASI 0.2.
pub fn build_for_wasi(name: &str) -> Arc<[u8]> {
    let cell = BUILT
        .lock()
        .expect("no build panics while it holds the list")
        .entry(format!("{name}, WASI"))
        .or_default()
        .clone();
    cell.get_or_init(|| run_for_wasi(name)).clone()
}

/// What is put into a component to make it an app.
struct Inside {
    manifest: String,
    schema: Option<String>,
}

fn inside(name: &str) -> Inside {
    let folder = folder(name);
    let manifest = fs::read_to_string(folder.join("app.toml")).expect("every guest has a manifest");
    Inside { manifest, schema: fs::read_to_string(folder.join("settings.schema.json")).ok() }
}

/// The folder of the guest.
pub fn folder(name: &str) -> PathBuf {
    let examples = tree::root().join("example-plugins");
    let places = [examples.join(name), examples.join("test-guests").join(name)];
    places
        .into_iter()
        .find(|place| place.join("app.toml").exists())
        .unwrap_or_else(|| panic!("there is no guest `{name}`"))
}

fn run(name: &str) -> Arc<[u8]> {
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("guests").join(format!("{name}.app.wasm"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_storehand"));
    command.args(["app", "build"]).arg(folder(name)).arg("--output").arg(&file);
    let output = command.output().unwrap_or_else(|error| panic!("cannot run {command:?}: {error}"));
    assert!(output.status.success(), "`{name}` does not build:\n{}", String::from_utf8_lossy(&output.stderr));
    fs::read(&file).unwrap_or_else(|error| panic!("`{name}` was built and is not there: {error}")).into()
}

fn run_for_wasi(name: &str) -> Arc<[u8]> {
    let target = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("guests-wasi");
    let mut command = Command::new(env!("CARGO"));
    command.args(["build", "--quiet", "--release", "--locked", "--target", "wasm32-wasip2", "--target-dir"]);
    command.arg(&target).current_dir(folder(name)).env_remove("CARGO_ENCODED_RUSTFLAGS").env_remove("RUSTFLAGS");
    let output = command.output().unwrap_or_else(|error| panic!("cannot run {command:?}: {error}"));
    assert!(output.status.success(), "`{name}` does not build:\n{}", String::from_utf8_lossy(&output.stderr));
    let file = target.join(format!("wasm32-wasip2/release/{}.wasm", name.replace('-', "_")));
    let component = fs::read(&file).unwrap_or_else(|error| panic!("`{name}` was built and is not there: {error}"));
    let Inside { manifest, schema } = inside(name);
    embed(&component, &manifest, schema.as_deref()).into()
}
