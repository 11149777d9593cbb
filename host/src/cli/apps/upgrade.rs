//! `storehand apps upgrade`: another version in the place of the one that runs. One that asks for nothing more takes
//! its place at once; one that does waits for the yes, and the old one goes on running meanwhile.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::bytes::look;
use super::configure;
use super::plan::{Choice, Decided};
use crate::cli::client::{Server, segment};
use crate::cli::{Failure, Global};

/// Which app, and which version.
#[derive(clap::Args)]
pub(in crate::cli) struct Args {
    /// The file that `storehand app build` wrote, or APP[@VERSION]; without a version, the one uploaded last
    #[arg(value_name = "FILE|APP[@VERSION]")]
    app: String,
    #[command(flatten)]
    choice: Choice,
    /// A file with new settings, where the old ones do not fit the version
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
        let installed = client.installed(given.app())?;
        let decided = self.choice.decide(&client, global, &mut given, |plan| match &installed {
            one if one.version == plan.version => {
                Err(Failure::failed(format!("{} {} runs already", one.app, one.version)))
            }
            _ => Ok(()),
        })?;
        let Some(Decided { plan, scopes, terms }) = decided else { return Ok(()) };
        given.upload(&client)?;
        // Without scopes nobody agrees to anything: right where there is nothing to agree to.
        let agreed = (!plan.is_free()).then_some(&scopes);
        let body = json!({
            "version": plan.version,
            "scopes": agreed,
            "terms": terms,
            "settings": settings,
            "shown": plan.shown,
        });
        let done = client.post(&format!("installations/{}/upgrade", segment(&installed.id)), &body)?;
        global.show(&done, || said(&done, &plan.app, &plan.version, &installed.version))
    }
}

/// What became of it: the version runs, or it waits for somebody who holds what it retains.
fn said(done: &Value, app: &str, version: &str, before: &str) -> String {
    if done.get("pending").is_none_or(Value::is_null) {
        return format!("{app} runs {version} now, in the place of {before}");
    }
    let lacks = done.get("lacks").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let lacks: Vec<&str> = lacks.collect();
    let waits = match lacks.is_empty() {
        true => "for somebody to agree to what it adds".to_owned(),
        false => format!("for somebody who holds what the app has already: {}", lacks.join(", ")),
    };
    format!(
        "{app} {version} waits {waits}\n{before} runs on; \
        `storehand apps upgrade {app}@{version}` agrees to it"
    )
}
