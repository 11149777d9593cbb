//! `storehand apps pause` and `resume`.

use serde_json::{Value, json};

use crate::cli::client::{Server, segment};
use crate::cli::{Failure, Global};

/// Which app to stop, and why.
#[derive(clap::Args)]
pub(in crate::cli) struct Pause {
    /// The app: its id, its short name or its installation
    app: String,
    /// The reason, for people who look at it later
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    #[command(flatten)]
    server: Server,
}

/// Which app to let run again, and from where.
#[derive(clap::Args)]
pub(in crate::cli) struct Resume {
    /// The app: its id, its short name or its installation
    app: String,
    /// Skip what happened meanwhile; otherwise the app is told of everything, in order
    #[arg(long)]
    skip: bool,
    #[command(flatten)]
    server: Server,
}

impl Pause {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let client = self.server.connect()?;
        let installed = client.installed(&self.app)?;
        let path = format!("installations/{}/pause", segment(&installed.id));
        client.post(&path, &json!({"reason": self.reason}))?;
        told(global, &installed.id, &installed.app, "paused", "is paused: it starts no run until it is resumed")
    }
}

impl Resume {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let client = self.server.connect()?;
        let installed = client.installed(&self.app)?;
        let (how, words) = match self.skip {
            true => ("skip", "runs again, from now on"),
            false => ("catch_up", "runs again, and is told of everything it missed"),
        };
        client.post(&format!("installations/{}/resume", segment(&installed.id)), &json!({"events": how}))?;
        told(global, &installed.id, &installed.app, "active", words)
    }
}

/// Says what became of an app.
pub(super) fn told(global: &Global, id: &str, app: &str, state: &str, words: &str) -> Result<(), Failure> {
    let data: Value = json!({"id": id, "app": app, "state": state});
    global.show(&data, || format!("{app} {words}"))
}
