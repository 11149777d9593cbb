//! Apps for the stories: the examples and the test guests, built as their authors would, by `storehand app build`.

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Arc, LazyLock, Mutex, OnceLock};

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
