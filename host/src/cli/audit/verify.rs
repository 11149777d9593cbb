//! `storehand audit verify`: on the host itself, with nothing but its database and what was signed.

use std::path::PathBuf;

use super::checkpoints::{ByChain, read};
use super::key::public;
use crate::cli::client::show::moment;
use crate::cli::local::{database, wait};
use crate::cli::{Failure, Global};
use crate::config::{CHECKPOINTS, DataAlone, FROM_ENVIRONMENT};
use crate::db::{Fault, InHand, Verified};
use crate::text::words::Words;

/// Which logs, and what they are compared with.
#[derive(clap::Args)]
#[command(after_help = FROM_ENVIRONMENT)]
pub(in crate::cli) struct Args {
    /// Only the log of one store: its id, or its name if no other store has it
    #[arg(long, value_name = "NAME", conflicts_with = "all")]
    store: Option<String>,
    /// The host's own log and those of all stores; also without it, if no store is named
    #[arg(long)]
    all: bool,
    /// File with the signed checkpoints; best one that was carried to another machine [default: `audit-checkpoints.jsonl` in the
    /// data folder]
    #[arg(long, env = "STOREHAND_AUDIT_CHECKPOINTS", value_name = "FILE")]
    checkpoints: Option<PathBuf>,
    /// Public key they are signed with, as `storehand audit key` prints it [default: that of this host's key file]
    #[arg(long, value_name = "HEX")]
    key: Option<String>,
    #[command(flatten)]
    data: DataAlone,
}

impl Args {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let mut signed = self.signed()?;
        let all = wait(async {
            let mut hand = InHand::open(&self.data.database()).await.map_err(|error| database(&error))?;
            let chains = match &self.store {
                Some(store) => vec![hand.chain_of(store).await.map_err(|error| Failure::not_found(error.to_string()))?],
                None => {
                    let mut chains = hand.chains().await.map_err(|error| database(&error))?;
                    // One that was signed, and that nothing is left of.
                    let gone = signed.iter().flatten().filter(|(chain, _)| !chains.contains(chain));
                    let gone = gone.map(|(chain, points)| (chain.clone(), points.iter().map(|one| one.seq).max()));
                    for (chain, furthest) in gone.collect::<Vec<_>>() {
                        // That of a store that was erased went with it, and the host's own log says how far it was.
                        let erased = hand.erased(&chain).await.map_err(|error| database(&error))?;
                        if erased.is_none_or(|seq| seq < furthest.unwrap_or(0)) {
                            chains.push(chain);
                        }
                    }
                    chains
                }
            };
            let mut all = Vec::new();
            for chain in chains {
                let points = signed.as_mut().and_then(|signed| signed.remove(&chain)).unwrap_or_default();
                all.push(hand.verify(&chain, &points).await.map_err(|error| database(&error))?);
            }
            Ok(all)
        })?;
        global.show(&all, || all.iter().map(told).collect::<Vec<_>>().join("\n"))?;
        let wrong: Vec<&Verified> = all.iter().filter(|one| !one.intact).collect();
        match wrong.first().and_then(|one| Some((one, one.fault.as_ref()?))) {
            None => Ok(()),
            Some((one, fault)) => {
                let more = if wrong.len() > 1 { format!(", and {} more logs", wrong.len() - 1) } else { String::new() };
                let what = format!("the audit log of {} is not as it was written{more}: {}", one.chain, says(fault));
                Err(Failure::failed(what)
                    .help("keep a copy of the database as it is, and find out who could write to it"))
            }
        }
    }

    /// What was signed; nothing, if there is no such file and none was named.
    fn signed(&self) -> Result<Option<ByChain>, Failure> {
        let file = self.checkpoints.clone().unwrap_or_else(|| self.data.data_dir.join(CHECKPOINTS));
        if self.checkpoints.is_none() && !file.exists() {
            return Ok(None);
        }
        let key = self.key.clone().map_or_else(|| public(&self.data), Ok)?;
        read(&file, &key).map(Some)
    }
}

/// What is wrong, in words.
fn says(fault: &Fault) -> String {
    let seq = fault.seq.map_or_else(|| "?".to_owned(), |seq| seq.to_string());
    let id = fault.id.clone().unwrap_or_else(|| "?".to_owned());
    Words::ENGLISH.t(fault.kind.key()).with("seq", seq).with("id", id).to_string()
}

fn told(one: &Verified) -> String {
    let mut text = match &one.fault {
        Some(fault) => format!("{}: {}", one.chain, says(fault)),
        None if one.entries == 0 => format!("{}: empty", one.chain),
        None => format!("{}: verified up to entry {}", one.chain, one.last),
    };
    match (one.checkpoint, &one.checkpoint_at) {
        (Some(seq), Some(at)) => text += &format!(", checkpoint of {} up to entry {seq}", moment(at)),
        _ => text += ", no checkpoint to compare with",
    }
    if one.chained_later > 0 {
        text += &format!("; {} of {} entries were not chained when they were written", one.chained_later, one.entries);
    }
    if one.unchained > 0 {
        text += &format!("; {} older entries are not chained yet: the host does it while it runs", one.unchained);
    }
    text
}
