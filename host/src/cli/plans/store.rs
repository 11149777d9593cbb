//! `storehand store`: downloading everything of a store, closing it, and keeping it after all.

use std::path::PathBuf;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::cli::client::show::moment;
use crate::cli::client::{Server, confirm, is_asked};
use crate::cli::{Failure, Global};

/// What an owner does with their store as a whole.
#[derive(clap::Subcommand)]
pub(in crate::cli) enum Verb {
    /// Show whether the store is being closed
    Show(Show),
    /// Write everything of the store into a file: records with personal data, changes, runs, the audit log
    Archive(Archive),
    /// Close the store: in 30 days it is erased; until then you can keep it
    Close(Close),
    /// Keep a store that is being closed
    Reopen(Show),
}

/// Which store.
#[derive(clap::Args)]
pub(in crate::cli) struct Show {
    #[command(flatten)]
    server: Server,
}

/// Where it is written.
#[derive(clap::Args)]
pub(in crate::cli) struct Archive {
    /// A new file; only you can read it
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Where an earlier one that broke off says to go on
    #[arg(long, value_name = "PLACE")]
    after: Option<String>,
    #[command(flatten)]
    server: Server,
}

/// Which store, named so that it is no other.
#[derive(clap::Args)]
pub(in crate::cli) struct Close {
    /// What the store is called
    #[arg(long, value_name = "NAME")]
    name: String,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
    #[command(flatten)]
    server: Server,
}

#[derive(Deserialize)]
struct Closing {
    erased_at: Option<String>,
    owner_can_keep: bool,
    archived_at: Option<String>,
}

impl Verb {
    pub(in crate::cli) fn run(self, global: &Global) -> Result<(), Failure> {
        match self {
            Verb::Show(Show { server }) => {
                let closing = server.connect()?.get("closing")?;
                global.show(&closing, || page(&closing))
            }
            Verb::Archive(Archive { file, after, server }) => {
                let lines = server.connect()?.save("archive", &[("after", after.as_deref())], &file)?;
                let data = json!({ "file": file, "lines": lines });
                global.show(&data, || format!("everything is in {}: {lines} lines", file.display()))
            }
            Verb::Close(Close { name, yes, server }) => {
                let client = server.connect()?;
                let question =
                    format!("Close {name}? Its staff, its front and its apps stop at once; in 30 days it is erased.");
                if !yes && is_asked(global) && !confirm(&question)? {
                    return Err(Failure::failed("nothing was changed"));
                }
                let closing = client.post("close", &json!({ "name": name }))?;
                global.show(&closing, || page(&closing))
            }
            Verb::Reopen(Show { server }) => {
                server.connect()?.post("reopen", &json!({}))?;
                global
                    .show(&json!({ "erased_at": null }), || "the store is open: everybody goes on as before".to_owned())
            }
        }
    }
}

fn page(closing: &Value) -> String {
    let Ok(Closing { erased_at, owner_can_keep, archived_at }) = Closing::deserialize(closing) else {
        return closing.to_string();
    };
    let taken = archived_at.map_or_else(
        || "nothing has been downloaded yet: `storehand store archive FILE`".to_owned(),
        |at| format!("everything was last downloaded at {}", moment(&at)),
    );
    match (erased_at, owner_can_keep) {
        (None, _) => format!("the store is open\n{taken}"),
        (Some(at), true) => {
            format!(
                "the store is being closed, and will be erased at {}\n`storehand store reopen` keeps it\n{taken}",
                moment(&at)
            )
        }
        (Some(at), false) => format!(
            "the operator of the host deletes this store; it will be erased at {}; ask them\n{taken}",
            moment(&at)
        ),
    }
}
