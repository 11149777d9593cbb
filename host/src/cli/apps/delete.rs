//! `storehand apps delete`: a version that was uploaded for this store, or by this publisher, and is not used.

use serde_json::Value;

use crate::cli::client::{Server, segment};
use crate::cli::{Failure, Global};

/// Which version.
#[derive(clap::Args)]
pub(in crate::cli) struct Args {
    /// The app's id and the version, for example acme/order-notes@0.1.0
    #[arg(value_name = "APP@VERSION")]
    app: String,
    /// Delete what a publisher uploaded, with a token of that publisher
    #[arg(long)]
    as_publisher: bool,
    #[command(flatten)]
    server: Server,
}

impl Args {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let named = self.app.split_once('@').and_then(|(app, version)| Some((app.split_once('/')?, version)));
        let Some(((publisher, name), version)) = named else {
            return Err(Failure::usage(format!("`{}` is not an app's id with a version", self.app))
                .help("write it like acme/order-notes@0.1.0; `storehand apps list --available` shows the ids"));
        };
        let client = match self.as_publisher {
            true => self.server.connect_to_host()?,
            false => self.server.connect()?,
        };
        let path = format!("apps/{}/{}/versions/{}", segment(publisher), segment(name), segment(version));
        let deleted = client.delete(&path)?;
        global.show(&deleted, || {
            let free = match deleted.get("free").and_then(Value::as_bool) {
                Some(true) => "its number can be used again",
                _ => "it was installed once, so its number stays taken",
            };
            format!("{publisher}/{name} {version} is deleted; {free}")
        })
    }
}
