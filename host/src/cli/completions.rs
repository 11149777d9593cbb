//! `storehand completions SHELL`.

use super::{Failure, Global};

/// Which shell.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The shell to complete in
    shell: clap_complete::Shell,
}

impl Args {
    pub(super) fn run(self, _: &Global) -> Result<(), Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut super::command(), "storehand", &mut script);
        super::print(&String::from_utf8_lossy(&script))
    }
}
