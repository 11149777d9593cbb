//! `storehand audit`: reads the audit log of a store, shows that nobody changed any, and what checkpoints are signed with.

mod checkpoints;
mod key;
mod list;
mod verify;

use super::{Failure, Global};

/// What to do with audit logs.
#[derive(clap::Subcommand)]
pub(super) enum Verb {
    /// List who installed, granted, revoked, added or removed what, newest first
    List(list::Args),
    /// Check on the host itself that nobody has changed an audit log afterwards; changes nothing
    Verify(verify::Args),
    /// Print the public key that checkpoints of the audit logs are signed with
    Key(key::Args),
}

impl Verb {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        match self {
            Verb::List(args) => args.run(global),
            Verb::Verify(args) => args.run(global),
            Verb::Key(args) => args.run(global),
        }
    }
}
