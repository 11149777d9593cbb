//! `storehand apps`: what an owner does with the apps of a store.

mod bytes;
mod configure;
mod delete;
mod dry_run;
mod install;
mod list;
mod plan;
mod recall;
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
    /// Show an installed app: its permissions, when it runs, how far it has come
    Show(show::Args),
    /// Install an app with the permissions you choose
    Install(install::Args),
    /// Try an app on what really happened in the store, and see what it would change; nothing is committed
    DryRun(dry_run::Args),
    /// Show an app's settings, or replace them
    Configure(configure::Args),
    /// Pause an app: no run starts, and no run in progress can commit anything
    Pause(state::Pause),
    /// Resume a paused app
    Resume(state::Resume),
    /// Stop an app, or one version of it, in every store of the host, as its operator
    Stop(stop::Stop),
    /// Start an app again that was stopped in every store
    Start(stop::Start),
    /// List what is stopped in every store
    Stopped(stop::Stopped),
    /// Recall a version in every store of the host, as its operator, and say how bad it is and what mends it
    Recall(recall::Recall),
    /// List what is recalled, or which stores run it
    Recalls(recall::Recalls),
    /// Go on with an app in spite of its recall, with a reason
    GoOn(recall::GoOn),
    /// Replace the installed version of an app by another
    Upgrade(upgrade::Args),
    /// Delete an uploaded version that is not used, to make room
    Delete(delete::Args),
    /// Uninstall an app with its grants, settings and storage, and undo its changes if you like
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
            Verb::Recall(args) => args.run(global),
            Verb::Recalls(args) => args.run(global),
            Verb::GoOn(args) => args.run(global),
            Verb::Upgrade(args) => args.run(global),
            Verb::Delete(args) => args.run(global),
            Verb::Uninstall(args) => args.run(global),
        }
    }
}
