//! `storehand changes`: what apps and people changed in a store, and taking it back; what apps propose, and a person's
//! word on it.

mod ask;
mod decide;
mod held;
mod list;
mod show;
mod undo;

pub(super) use ask::{UndoPreview, carry_out, read_undo_preview};

use super::{Failure, Global};

/// What to do with the changes of a store.
#[derive(clap::Subcommand)]
pub(super) enum Verb {
    /// List change sets, newest first
    List(list::Args),
    /// Show one change set: every record before and after
    Show(show::Args),
    /// Take back a change set, one change of it, a run, all an app did, or an undo
    Undo(undo::Args),
    /// List what apps propose and a person has to decide, or show one of them
    Held(held::Args),
    /// Let a held change set be done, all of it
    Approve(decide::Approve),
    /// Drop a held change set, all of it
    Reject(decide::Reject),
    /// Drop a held change set, and let the app propose it anew
    Rerun(decide::Rerun),
}

impl Verb {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        match self {
            Verb::List(args) => args.run(global),
            Verb::Show(args) => args.run(global),
            Verb::Undo(args) => args.run(global),
            Verb::Held(args) => args.run(global),
            Verb::Approve(args) => args.run(global),
            Verb::Reject(args) => args.run(global),
            Verb::Rerun(args) => args.run(global),
        }
    }
}

/// Who did something: by their name, or as the host writes them, if they have none.
pub(in crate::cli) fn by(name: Option<&str>, actor: &str) -> String {
    name.unwrap_or(actor).to_owned()
}
