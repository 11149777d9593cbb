//! Taking back what apps did: one change, one run, one app; and a host that is killed meanwhile.

mod command;
mod kill;
mod uninstall;

use serde_json::{Value, json};

use crate::support::person::Person;

/// Presses a button of an app, which must do what it is asked. The run.
fn press(owner: &Person, installation: &str, action: &str, record: &str) -> Value {
    let pressed =
        owner.post(&format!("installations/{installation}/actions/{action}"), json!({ "record": record })).ok();
    assert_eq!(pressed["outcome"], "ok", "{pressed:#}");
    pressed
}
