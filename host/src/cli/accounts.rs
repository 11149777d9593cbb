//! `storehand accounts`: what the operator of the host does about the accounts of people who are in no store.

use serde_json::{Value, json};

use super::client::show::line;
use super::client::{Server, confirm, is_asked};
use super::{Failure, Global};

/// What to do about accounts.
#[derive(clap::Subcommand)]
pub(super) enum Verb {
    /// Free an e-mail address: remove the account that signs in with it, if it belongs to no store
    Free(Free),
}

/// Which address.
#[derive(clap::Args)]
pub(super) struct Free {
    /// The address the account signs in with
    #[arg(value_name = "ADDRESS")]
    email: String,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    server: Server,
}

impl Verb {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let Verb::Free(Free { email, yes, server }) = self;
        let client = server.connect_to_host()?;
        let address = line(&email);
        let question = format!("Free {address}? The account is removed, with its password and its second factor.");
        if !yes && is_asked(global) && !confirm(&question)? {
            return Err(Failure::failed("nothing was changed"));
        }
        let freed = client.post("accounts/free", &json!({"email": email}))?;
        let account = freed.get("account").and_then(Value::as_str).unwrap_or_default();
        global.show(&freed, || format!("{address} is free: the account {} is removed", line(account)))
    }
}
