//! `storehand staff`: the people of a store, and what somebody with their permissions can do.

mod dry_run;
mod list;

use super::{Failure, Global};

/// What to do about the people of a store.
#[derive(clap::Subcommand)]
pub(super) enum Verb {
    /// List the people of the store
    List(list::Args),
    /// Show what a role, or a staff member, can do and what not, operation by operation
    DryRun(dry_run::Args),
}

impl Verb {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        match self {
            Verb::List(args) => args.run(global),
            Verb::DryRun(args) => args.run(global),
        }
    }
}
