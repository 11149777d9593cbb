//! `storehand compile-worker`: what the host starts to compile a component, under limits of its own. Not for people.

use super::{Failure, Global};

/// What it may take; the component comes by standard input.
#[derive(clap::Args)]
pub(super) struct Args {
    /// CPU seconds
    cpu: u64,
    /// Bytes of address space
    memory: u64,
}

impl Args {
    pub(super) fn run(self, _: &Global) -> Result<(), Failure> {
        if let Err(refused) = crate::runtime::compile_worker(self.cpu, self.memory) {
            // The host reads these words and this code; they are not dressed up for people.
            eprintln!("{refused:#}");
            std::process::exit(1);
        }
        Ok(())
    }
}
