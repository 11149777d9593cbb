//! `storehand apps install`: plan, consent, upload, installation.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::bytes::look;
use super::configure;
use super::plan::{Choice, Decided};
use crate::cli::client::Server;
use crate::cli::{Failure, Global};

/// What to install.
#[derive(clap::Args)]
pub(in crate::cli) struct Args {
    /// The file that `storehand app build` wrote, or APP[@VERSION]
    #[arg(value_name = "FILE|APP[@VERSION]")]
    app: String,
    #[command(flatten)]
    choice: Choice,
    /// A file with the app's settings, a JSON object
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
    #[command(flatten)]
    server: Server,
}

impl Args {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let settings = self.settings.as_deref().map(configure::read).transpose()?;
        let client = self.server.connect()?;
        let mut given = look(&client, &self.app)?;
        let decided = self.choice.decide(&client, global, &mut given, |plan| match plan.installed() {
            Some(_) => Err(Failure::failed(format!("`{}` is installed already", plan.app)).help(format!(
                "`storehand apps upgrade {}@{}` puts this version in its place",
                plan.app, plan.version
            ))),
            None => Ok(()),
        })?;
        let Some(Decided { plan, scopes, terms }) = decided else { return Ok(()) };
        given.upload(&client)?;
        let body = json!({
            "app": plan.app,
            "version": plan.version,
            "scopes": scopes,
            "terms": terms,
            "settings": settings,
            "shown": plan.shown,
        });
        let made = client.post("installations", &body)?;
        global.show(&made, || {
            let id = made.get("id").and_then(Value::as_str).unwrap_or_default();
            let app = &plan.app;
            format!(
                "{app} {} is installed as {id}\n  storehand logs {app} -f       what it does\n  \
                 storehand grants show {app}   what it may do",
                plan.version
            )
        })
    }
}
