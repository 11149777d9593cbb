//! `storehand changes`: what apps and people changed in a store, and taking it back; what apps propose, and a person's
//! word on it.

mod ask;
mod decide;
mod held;
mod list;
mod show;
mod undo;

pub(super) use ask::{UndoPreview, carry_out, read_undo_preview, undo_preview};

use super::{Failure, Global};

/// What to do with the changes of a store.
#[derive(clap::Subcommand)]
pub(super) enum Verb {
    /// List change sets, newest first
    List(list::Args),
    /// Show one change set: every record before and after
    Show(show::Args),
    /// Undo a change set, one change of it, a run, all changes of an app, or an undo
    Undo(undo::Args),
    /// List the changes that wait for approval, or show one of them
    Held(held::Args),
    /// Approve a held change set as a whole
    Approve(decide::Approve),
    /// Reject a held change set as a whole
    Reject(decide::Reject),
    /// Reject a held change set, and have the app propose it again
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
