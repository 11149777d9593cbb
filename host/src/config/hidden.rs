//! The options of `storehand serve` for verbs that serve nothing: read all the same, so that the environment of a host
//! suits them, but left out of their help.

use super::{Data, Listen};
use clap::{ArgMatches, Args, Command, Error, FromArgMatches};
use std::ops::Deref;

/// [`Data`] for verbs that run no app.
#[derive(Debug, Clone)]
pub struct DataAlone(Data);

/// What [`DataAlone`] does not show.
const OF_RUNS: &[&str] = &["slots", "app_mib_per_day", "chain_runs", "chain_changes"];

impl Args for DataAlone {
    fn augment_args(command: Command) -> Command {
        hide(Data::augment_args(command), OF_RUNS)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for DataAlone {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        Data::from_arg_matches(matches).map(DataAlone)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        self.0.update_from_arg_matches(matches)
    }
}

impl Deref for DataAlone {
    type Target = Data;

    fn deref(&self) -> &Data {
        &self.0
    }
}

/// [`Data`] and [`Listen`] for `storehand doctor`, whose help shows what it looks at and nothing else.
#[derive(Debug, Clone)]
pub struct ToInspect {
    /// Where the data is.
    pub data: Data,
    /// Where the host listens.
    pub listen: Listen,
}

/// What [`ToInspect`] does not show.
const NOT_INSPECTED: &[&str] = &[
    "database_connections",
    "app_mib_per_day",
    "chain_runs",
    "chain_changes",
    "connections",
    "trusted_proxies",
    "drain_seconds",
];

impl Args for ToInspect {
    fn augment_args(command: Command) -> Command {
        let command = hide(Listen::augment_args(Data::augment_args(command)), NOT_INSPECTED);
        command
            .mut_arg("data_dir", |argument| argument.help("Folder of the embedded database and of compiled apps"))
            .mut_arg("slots", |argument| argument.help("Runs at once that the engine must be able to reserve"))
            .mut_arg("listen", |argument| argument.help("Address and port that must be free, or a host's that answers"))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for ToInspect {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        Ok(ToInspect { data: Data::from_arg_matches(matches)?, listen: Listen::from_arg_matches(matches)? })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        self.data.update_from_arg_matches(matches)?;
        self.listen.update_from_arg_matches(matches)
    }
}

fn hide(command: Command, names: &[&'static str]) -> Command {
    names.iter().fold(command, |command, name| command.mut_arg(name, |argument| argument.hide(true)))
}
