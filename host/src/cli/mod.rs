//! The verbs of the `storehand` command: data on stdout, everything else on stderr, one style of error.
//!
//! A verb is one module with a `run(self, &Global) -> Result<(), Failure>`, and one line in the list below.

mod accounts;
mod alerts;
pub mod app;
mod apps;
mod audit;
mod breaker;
mod changes;
mod client;
mod compile_worker;
mod completions;
mod demo;
mod export;
pub mod failure;
mod grants;
mod help;
mod local;
mod log;
mod plans;
pub mod report;
mod review;
mod runs;
mod serve;
mod staff;
mod stores;
mod terms;

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use crate::text::lines;
use clap::{CommandFactory, Parser};
use serde::Serialize;

pub use failure::{Exit, Failure};

macro_rules! verbs {
    ($($(#[$meta:meta])* $name:ident($args:ty);)*) => {
        #[derive(clap::Subcommand)]
        enum Verb { $($(#[$meta])* $name($args),)* }

        impl Verb {
            fn run(self, global: &Global) -> Result<(), Failure> {
                match self { $(Verb::$name(args) => args.run(global),)* }
            }
        }
    };
}

verbs! {
    /// Create, check, build and inspect apps
    #[command(subcommand)]
    App(app::Verb);
    /// Install, configure, pause, upgrade and remove the apps of a store
    #[command(subcommand)]
    Apps(apps::Verb);
    /// Show, grant, limit and revoke the permissions of an app
    #[command(subcommand)]
    Grants(grants::Verb);
    /// List, suspend, rename and delete the stores of the host (operator)
    #[command(subcommand)]
    Stores(stores::Verb);
    /// Make plans, give them to stores, and decide what owners ask for (operator)
    #[command(subcommand)]
    Plans(plans::Verb);
    /// Show the plan of a store and what was used of it, and ask for another (owner)
    #[command(subcommand)]
    Plan(plans::OwnVerb);
    /// Download everything of a store, close it, or keep it after all (owner)
    #[command(subcommand)]
    Store(plans::store::Verb);
    /// Free e-mail addresses that nobody's account should hold (operator)
    #[command(subcommand)]
    Accounts(accounts::Verb);
    /// Add, change, suspend and remove staff, and show what a role or a person can do
    #[command(subcommand)]
    Staff(staff::Verb);
    /// List roles, and create, change and delete those of the store's own
    #[command(subcommand)]
    Roles(staff::roles::Verb);
    /// Show and set the house rules that people accept
    #[command(subcommand)]
    Rules(staff::rules::Verb);
    /// List owners and offers of ownership
    #[command(subcommand)]
    Owners(staff::owners::Verb);
    /// Show the runs of apps, and what they were denied
    Logs(runs::logs::Args);
    /// Show one run: its host calls, its log and what it changed
    Trace(runs::trace::Args);
    /// List and undo changes, and approve or reject what apps propose
    #[command(subcommand)]
    Changes(changes::Verb);
    /// List, acknowledge and snooze alerts, and set the rules they are found by
    #[command(subcommand)]
    Alerts(alerts::Verb);
    /// Let an app run again that kept failing, and set the circuit breaker (operator)
    #[command(subcommand)]
    Breaker(breaker::Verb);
    /// Review who may do what in a store and does not use it
    Review(review::Args);
    /// Read the audit log of a store, and verify that nobody changed one
    #[command(subcommand)]
    Audit(audit::Verb);
    /// Summarize the runs of apps
    Usage(runs::usage::Args);
    /// Write a whole list as comma-separated values, for a spreadsheet, or as JSON lines
    Export(export::Args);
    /// Serve the API and run apps until stopped
    Serve(Box<serve::Args>);
    /// Run a sample store with data and the example apps; nothing to configure
    Demo(demo::Args);
    /// Bring the database schema up to date
    Migrate(local::migrate::Args);
    /// Copy all data of the host into one file, while it runs
    Backup(local::backup::Args);
    /// Restore a backup into an empty data folder
    Restore(local::restore::Args);
    /// Make a new token for a store's owner or the operator, when they have none that is valid
    #[command(subcommand)]
    Recover(local::recover::Verb);
    /// Check everything a host needs, and say how to fix what is missing
    Doctor(local::doctor::Args);
    /// Print a completion script for a shell
    Completions(completions::Args);
    /// Explain a command, an error code (E0201), a scope, a topic or the manifest
    Help(help::Args);
    #[command(hide = true)]
    CompileWorker(compile_worker::Args);
}

/// Runs store apps as sandboxed components, each treated like a member of staff.
#[derive(Parser)]
#[command(name = "storehand", version, disable_help_subcommand = true, propagate_version = true)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    verb: Verb,
}

/// What every verb is given.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct Global {
    /// Print results as JSON on stdout and errors as JSON on stderr
    #[arg(long, global = true, env = "STOREHAND_JSON", value_parser = clap::builder::FalseyValueParser::new())]
    pub json: bool,
}

impl Global {
    /// Prints what was asked for: `data` as JSON with `--json`, else the text for people.
    pub fn show<T: Serialize>(&self, data: &T, human: impl FnOnce() -> String) -> Result<(), Failure> {
        let text = match self.json {
            true => json(&serde_json::to_string_pretty(data).map_err(|error| Failure::failed(error.to_string()))?),
            false => human(),
        };
        print(&text)
    }

    /// Whether a person is watching stderr: progress is shown there, and nowhere else.
    pub fn is_watched(&self) -> bool {
        !self.json && io::stderr().is_terminal()
    }
}

/// JSON as it may be shown on a terminal: what would steer it, or hides, is an escape, which means the same.
pub fn json(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for (n, line) in text.lines().enumerate() {
        if n > 0 {
            shown.push('\n');
        }
        lines::json(line, &mut shown);
    }
    shown
}

/// Writes a line of data. A reader that has gone away (`| head`) is no failure.
pub fn print(text: &str) -> Result<(), Failure> {
    match writeln!(io::stdout(), "{}", text.trim_end_matches('\n')) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::failed(format!("cannot write: {error}")))
        }
        _ => Ok(()),
    }
}

/// Reads the arguments of the process and runs the verb.
pub fn main() -> ExitCode {
    let wants_json = std::env::args_os().any(|argument| argument == "--json");
    let failure = match Cli::try_parse() {
        Ok(cli) => match cli.verb.run(&cli.global) {
            Ok(()) => return ExitCode::SUCCESS,
            Err(failure) => (failure, cli.global.json),
        },
        // Help and the version are answers; clap prints them, and its own usage errors, in its own style.
        Err(error) if !wants_json || !error.use_stderr() => {
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
        Err(error) => (Failure::usage(error.render().to_string().trim().to_owned()), true),
    };
    let (failure, json) = failure;
    let text = if json { report::json(&failure) } else { report::human(&failure) };
    // Nobody is left to tell if stderr cannot be written.
    let _ = writeln!(io::stderr(), "{}", text.trim_end_matches('\n'));
    failure.exit().into()
}

/// The whole command as clap knows it, for help and completions.
fn command() -> clap::Command {
    Cli::command()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_command_is_well_formed() {
        super::command().debug_assert();
    }
}
