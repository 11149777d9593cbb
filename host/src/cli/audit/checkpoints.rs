//! A file of checkpoints, read line by line.
//!
//! INVARIANT: a line that is not signed, is changed or was taken out is told; none is passed over.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use crate::cli::Failure;
use crate::db::{Checkpoint, Unsigned};

/// No line of a host is longer, in bytes.
const MAX_LINE: u64 = 4_096;

/// Checkpoints by their chain.
pub(super) type ByChain = HashMap<String, Vec<Checkpoint>>;

/// Reads a file that one host wrote with this key. It may begin anywhere: older lines may have been carried elsewhere.
pub(super) fn read(path: &Path, public: &str) -> Result<ByChain, Failure> {
    let shown = path.display();
    let unread = |error: std::io::Error| Failure::failed(format!("cannot read the checkpoints in `{shown}`: {error}"));
    let mut file = BufReader::new(File::open(path).map_err(unread)?);
    let (mut found, mut before, mut number) = (ByChain::new(), None::<(u64, String)>, 0u64);
    loop {
        let mut line = String::new();
        if Read::by_ref(&mut file).take(MAX_LINE).read_line(&mut line).map_err(unread)? == 0 {
            return Ok(found);
        }
        number += 1;
        let Some(line) = line.strip_suffix('\n') else {
            // A host may be writing it, or was cut off in it.
            return match line.len() as u64 {
                MAX_LINE.. => Err(strange(&shown, number, "it is longer than any checkpoint")),
                _ => Ok(found),
            };
        };
        let mut one = Checkpoint::read(line, public).map_err(|error| {
            let failure = strange(&shown, number, &error.to_string());
            match error {
                Unsigned::NotOfThisKey => {
                    failure.help("give the key of the host that wrote it with --key, or take the line as changed")
                }
                Unsigned::NoCheckpoint => failure,
            }
        })?;
        if before.as_ref().is_some_and(|(n, hash)| one.n != n + 1 || one.previous != *hash) {
            return Err(strange(&shown, number, "it does not follow the line before it: one was taken out or put in"));
        }
        before = Some((one.n, Checkpoint::hash_of(line)));
        // Not needed any more, and there may be very many.
        one.previous = String::new();
        found.entry(one.chain.clone()).or_default().push(one);
    }
}

fn strange(file: &impl std::fmt::Display, number: u64, why: &str) -> Failure {
    Failure::failed(format!("line {number} of the checkpoints in `{file}` is not what this host wrote: {why}"))
}
