//! The real `storehand` command, run in a folder.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// What a run of the command came to.
pub struct Ran {
    /// Its exit code.
    pub code: i32,
    /// What it answered.
    pub stdout: String,
    /// What else it said.
    pub stderr: String,
}

impl Ran {
    /// The answer as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {}\n{}", self.stdout, self.stderr))
    }

    /// The problem document on the last line of stderr.
    pub fn problem(&self) -> Value {
        let last = self.stderr.trim_end().lines().last().unwrap_or_default();
        serde_json::from_str(last).unwrap_or_else(|error| panic!("{error}: {}", self.stderr))
    }

    /// The same, if it succeeded.
    #[track_caller]
    pub fn ok(self) -> Ran {
        assert_eq!(self.code, 0, "{}\n{}", self.stdout, self.stderr);
        self
    }
}

/// Runs `storehand` with these arguments in `dir`, without a terminal. Cargo, where it is asked, stays off the network
/// and keeps what it builds in one place for all tests.
pub fn storehand(dir: &Path, arguments: &[&str]) -> Ran {
    run(Command::new(env!("CARGO_BIN_EXE_storehand")).args(arguments).current_dir(dir))
}

/// Runs any command the same way.
pub fn run(command: &mut Command) -> Ran {
    command.env("CARGO_NET_OFFLINE", "true").env("CARGO_TARGET_DIR", concat!(env!("CARGO_TARGET_TMPDIR"), "/apps"));
    let output = command.output().expect("the command can be run");
    Ran {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}
