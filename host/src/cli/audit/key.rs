//! `storehand audit key`.

use serde_json::json;

use crate::authn::Keys;
use crate::cli::{Failure, Global};
use crate::config::{DataAlone, FROM_ENVIRONMENT};

/// Of which host.
#[derive(clap::Args)]
#[command(after_help = FROM_ENVIRONMENT)]
pub(in crate::cli) struct Args {
    #[command(flatten)]
    data: DataAlone,
}

impl Args {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let key = public(&self.data)?;
        global.show(&json!({"algorithm": "ed25519", "public_key": key}), || key.clone())
    }
}

/// The public key of the host whose data these are.
pub(super) fn public(data: &DataAlone) -> Result<String, Failure> {
    let help = "name the data folder with --data-dir or the file with --key-file; the host makes it at its first start";
    let unread = |error| Failure::not_found(format!("the key file of this host cannot be read: {error}")).help(help);
    let key = data.key_if_there().map_err(unread)?;
    let key = key.ok_or_else(|| Failure::not_found("this host has no key file yet").help(help))?;
    Ok(Keys::from_master(&key).signer().public())
}
