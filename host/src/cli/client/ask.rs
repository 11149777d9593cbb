//! Questions, on a terminal only: a script never waits for an answer nobody gives.

use std::io::{self, IsTerminal, Write};

use crate::cli::{Failure, Global};

/// Whether a person can be asked: they read stderr and type into stdin, and did not ask for JSON.
pub fn is_asked(global: &Global) -> bool {
    !global.json && io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks, and takes nothing but a yes for a yes.
pub fn confirm(question: &str) -> Result<bool, Failure> {
    eprint!("{question} [y/N] ");
    let mut answer = String::new();
    let read = io::stderr().flush().and_then(|()| io::stdin().read_line(&mut answer));
    read.map_err(|error| Failure::failed(format!("cannot read the answer: {error}")))?;
    Ok(matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes"))
}
