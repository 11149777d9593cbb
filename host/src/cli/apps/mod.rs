//! `storehand apps`: what an owner does with the apps of a store.

mod bytes;
mod configure;
mod delete;
mod dry_run;
mod install;
mod list;
mod plan;
mod show;
mod state;
mod stop;
mod uninstall;
mod upgrade;

use super::{Failure, Global};

/// What to do with the apps of a store.
#[derive(clap::Subcommand)]
pub(super) enum Verb {
    /// List the apps that are installed, or those that could be
    List(list::Args),
    /// Show an installed app: what it holds, when it runs, how far it has come
    Show(show::Args),
    /// Install an app with the permissions you choose
    Install(install::Args),
    /// Try an app on what really happened in the store, and see what it would change; nothing is kept
    DryRun(dry_run::Args),
    /// Show an app's settings, or replace them
    Configure(configure::Args),
    /// Stop an app: it starts no run, and no run under way can keep anything
    Pause(state::Pause),
    /// Let a paused app run again
    Resume(state::Resume),
    /// Stop an app, or one version of it, in every store of the host, as its operator
    Stop(stop::Stop),
    /// Let an app run again that was stopped in every store
    Start(stop::Start),
    /// List what is stopped in every store
    Stopped(stop::Stopped),
    /// Put another version in the place of the one that runs
    Upgrade(upgrade::Args),
    /// Delete a version that was uploaded for this store, or by this publisher, and is not used, to make room
    Delete(delete::Args),
    /// Take an app out of the store, with its grants, settings and storage, and with what it changed if you like
    Uninstall(uninstall::Uninstall),
}

impl Verb {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        match self {
            Verb::List(args) => args.run(global),
            Verb::Show(args) => args.run(global),
            Verb::Install(args) => args.run(global),
            Verb::DryRun(args) => args.run(global),
            Verb::Configure(args) => args.run(global),
            Verb::Pause(args) => args.run(global),
            Verb::Resume(args) => args.run(global),
            Verb::Stop(args) => args.run(global),
            Verb::Start(args) => args.run(global),
            Verb::Stopped(args) => args.run(global),
            Verb::Upgrade(args) => args.run(global),
            Verb::Delete(args) => args.run(global),
            Verb::Uninstall(args) => args.run(global),
        }
    }
}
