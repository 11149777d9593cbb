//! `storehand app`: what a developer does with an app before any store sees it.

pub mod build;
mod cargo;
mod check;
pub(super) mod inspect;
mod new;
mod payload;
pub mod project;
mod publisher;
mod template;
mod warnings;

use super::{Failure, Global};

/// What to do with an app.
#[derive(clap::Subcommand)]
pub(super) enum Verb {
    /// Create a new app that builds, with a test
    New(new::Args),
    /// Build an app into one file: component, manifest and settings schema
    Build(build::Args),
    /// Build an app quickly and report what is wrong with it
    Check(check::Args),
    /// Show what a built app is, what it asks for and what it calls
    Inspect(inspect::Args),
    /// Make an app run: cause what it listens to, or press one of its buttons
    Trigger(super::runs::trigger::Args),
    /// Repeat a run as a dry run on today's data, and compare it with another version
    Rerun(super::runs::rerun::Args),
}

impl Verb {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        match self {
            Verb::New(args) => args.run(global),
            Verb::Build(args) => args.run(global),
            Verb::Check(args) => args.run(global),
            Verb::Inspect(args) => args.run(global),
            Verb::Trigger(args) => args.run(global),
            Verb::Rerun(args) => args.run(global),
        }
    }
}

/// "18.2 KiB".
fn size(bytes: u64) -> String {
    indicatif::HumanBytes(bytes).to_string()
}

/// The method of the Rust SDK that answers a topic, for example `order_created`.
pub(super) fn method_of(topic: crate::db::Topic) -> String {
    payload::Payload::of(topic).method
}
