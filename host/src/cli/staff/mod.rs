//! `storehand staff`: the people of a store, their roles, and what somebody with their permissions can do.

mod add;
mod change;
mod dry_run;
mod end;
mod list;
mod roles;

use super::{Failure, Global};

/// What to do about the people of a store.
#[derive(clap::Subcommand)]
pub(super) enum Verb {
    /// List the people of the store
    List(list::Args),
    /// List the roles people can be given, with what each may do
    Roles(roles::Args),
    /// Add a person, by roles or single permissions, and show their first token
    Add(add::Args),
    /// Change what a person may do
    Change(change::Args),
    /// Revoke every token of a person and show a new one
    Renew(end::Renew),
    /// Remove a person: their tokens are revoked, and apps no longer act for them
    Remove(end::Remove),
    /// Show what a role or a staff member can and cannot do, operation by operation
    DryRun(dry_run::Args),
}

impl Verb {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        match self {
            Verb::List(args) => args.run(global),
            Verb::Roles(args) => args.run(global),
            Verb::Add(args) => args.run(global),
            Verb::Change(args) => args.run(global),
            Verb::Renew(args) => args.run(global),
            Verb::Remove(args) => args.run(global),
            Verb::DryRun(args) => args.run(global),
        }
    }
}
