//! Somebody at a terminal of their own: a folder, a host to speak to, a token.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

use crate::support::command::{Ran, run};
use crate::support::guests;
use crate::support::host::Host;
use crate::support::person::Person;

/// Where somebody works.
pub struct Desk {
    /// Their folder.
    pub folder: TempDir,
    url: String,
    token: Option<String>,
}

impl Desk {
    /// The owner of the host's store.
    pub fn of_owner(host: &Host) -> Desk {
        Desk::of(host, &host.owner())
    }

    /// Anybody with a token for the host.
    pub fn of(host: &Host, person: &Person) -> Desk {
        Desk::at(&host.url(), person.token())
    }

    /// Anybody at all.
    pub fn at(url: &str, token: Option<&str>) -> Desk {
        let folder = tempfile::Builder::new().prefix("storehand-desk-").tempdir().expect("a temporary folder");
        Desk { folder, url: url.to_owned(), token: token.map(str::to_owned) }
    }

    /// The command with these arguments, not run yet. What the environment of the test says to it is left out.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_storehand"));
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("STOREHAND_")) {
            command.env_remove(name);
        }
        command.args(arguments).current_dir(self.folder.path()).env("STOREHAND_URL", &self.url).env("NO_COLOR", "1");
        if let Some(token) = &self.token {
            command.env("STOREHAND_TOKEN", token);
        }
        command
    }

    /// Runs the command.
    pub fn storehand(&self, arguments: &[&str]) -> Ran {
        run(self.command(arguments).stdin(std::process::Stdio::null()))
    }

    /// Writes a file into the folder.
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, bytes).expect("a file can be written");
        path
    }

    /// Installs an app of the repository with these permissions besides those it requires.
    pub fn install(&self, name: &str, grant: &str) {
        self.write("app.wasm", guests::build(name));
        let mut arguments = vec!["apps", "install", "app.wasm", "--yes"];
        if !grant.is_empty() {
            arguments.extend(["--grant", grant]);
        }
        self.storehand(&arguments).ok();
    }
}

impl Ran {
    /// Fails the test if it did not end like this, or did not say all of these.
    #[track_caller]
    pub fn fails(self, code: i32, words: &[&str]) -> Ran {
        assert_eq!(self.code, code, "{}\n{}", self.stdout, self.stderr);
        // Messages are wrapped, wherever the width happens to fall.
        let said = self.stderr.replace(['│', '╰', '─', '▶'], " ").split_whitespace().collect::<Vec<_>>().join(" ");
        for word in words {
            assert!(said.contains(word), "`{word}` is not in: {said}");
        }
        self
    }

    /// Fails the test if it did not succeed, or did not answer all of these.
    #[track_caller]
    pub fn answers(self, words: &[&str]) -> Ran {
        let ran = self.ok();
        let said = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        for word in words {
            assert!(said.contains(word), "`{word}` is not in: {}", ran.stdout);
        }
        ran
    }
}
