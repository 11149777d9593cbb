//! `storehand staff`, `roles`, `rules` and `owners`: the people of a store, and what somebody with their permissions can do.

mod add;
mod change;
mod dry_run;
mod employment;
mod end;
mod list;
pub(super) mod owners;
pub(super) mod roles;
pub(super) mod rules;

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
    /// Suspend a person: they can do nothing in the store until they are reinstated
    Suspend(employment::Suspend),
    /// Reinstate a person, with what they held
    Reinstate(employment::Whom),
    /// Set a person's last day: once it is over, they can do nothing in the store
    LastDay(employment::LastDay),
    /// Rename a person in this store
    Rename(employment::Rename),
    /// End every session of a person in a browser; tokens stay
    SignOut(employment::Whom),
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
            Verb::Suspend(args) => args.run(global),
            Verb::Reinstate(args) => args.reinstate(global),
            Verb::LastDay(args) => args.run(global),
            Verb::Rename(args) => args.run(global),
            Verb::SignOut(args) => args.sign_out(global),
            Verb::Renew(args) => args.run(global),
            Verb::Remove(args) => args.run(global),
            Verb::DryRun(args) => args.run(global),
        }
    }
}
