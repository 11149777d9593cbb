//! `storehand compile-worker`: what the host starts to compile a component, under limits of its own. Not for people.

use super::{Failure, Global};

/// It takes everything from standard input.
#[derive(clap::Args)]
pub(super) struct Args {}

impl Args {
    pub(super) fn run(self, _: &Global) -> Result<(), Failure> {
        if let Err(refused) = crate::runtime::compile_worker() {
            // The host reads these words and this code; they are not dressed up for people.
            eprintln!("{refused:#}");
            std::process::exit(1);
        }
        Ok(())
    }
}
