//! `storehand changes undo`.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::ask::{carry_out, undo_preview};
use crate::cli::client::show::line;
use crate::cli::client::{Client, Server, confirm, is_asked};
use crate::cli::runs::logs::since;
use crate::cli::{Failure, Global};

/// What to take back.
#[derive(clap::Args)]
#[command(group = clap::ArgGroup::new("what").required(true).args(["target", "run", "app"]))]
pub(in crate::cli) struct Args {
    /// A change set chg_…, one change of it chg_…/N, or an undo und_…, which brings back what it took back
    #[arg(value_name = "CHANGE_SET[/N]|UNDO")]
    target: Option<String>,
    /// What a run changed
    #[arg(long, value_name = "INVOCATION")]
    run: Option<String>,
    /// Everything an app changed: its id, its short name or its installation
    #[arg(long)]
    app: Option<String>,
    /// With --app: only since then: 10m, 2h, 3d, or a time such as 2026-08-01T07:00:00Z
    #[arg(long, value_name = "AGO|TIME", value_parser = since, requires = "app")]
    since: Option<Timestamp>,
    /// Only records of this kind, for example product; may be given several times
    #[arg(long, value_name = "KIND")]
    kind: Vec<String>,
    /// Leave the app running; otherwise it is paused, because it might do the same again at once
    #[arg(long)]
    keep_running: bool,
    /// Show what it would do, and do nothing
    #[arg(long)]
    dry_run: bool,
    /// Do not ask for confirmation; needed where there is no terminal
    #[arg(long, short)]
    yes: bool,
    #[command(flatten)]
    server: Server,
}

impl Args {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let client = self.server.connect()?;
        let of = self.body(&client)?;
        let preview = undo_preview(&client, &of)?;
        if self.dry_run || !preview.does_anything() {
            return global.show(&preview.document, || preview.text());
        }
        if !self.yes {
            if !is_asked(global) {
                return Err(Failure::usage(format!("this would change the store\n{}", preview.text()))
                    .help("read it with --dry-run, then say --yes"));
            }
            eprintln!("{}", preview.text());
            if !confirm("Do it?")? {
                eprintln!("nothing was done");
                return Ok(());
            }
        }
        let undo = carry_out(&client, global, &of)?;
        global.show(&undo.document, || undo.text())
    }

    fn body(&self, client: &Client) -> Result<Value, Failure> {
        let Target { change_set, change, undo } = self.target.as_deref().map(target).transpose()?.unwrap_or_default();
        Ok(json!({
            "change_set": change_set,
            "change": change,
            "undo": undo,
            "invocation": self.run,
            "installation": self.app.as_deref().map(|app| client.installed_or_gone(app)).transpose()?,
            "since": self.since.map(|at| at.to_string()),
            "kinds": self.kind,
            "keep_running": self.keep_running,
        }))
    }
}

/// What stands first on the line.
#[derive(Debug, Default, PartialEq, Eq)]
struct Target {
    change_set: Option<String>,
    change: Option<i64>,
    undo: Option<String>,
}

fn target(text: &str) -> Result<Target, Failure> {
    let wrong = || {
        Failure::usage(format!("`{}` is not a change set, a change or an undo", line(text)))
            .help("they look like chg_…, chg_…/0 and und_…; `storehand changes list` shows them")
    };
    let (set, number) = text.split_once('/').map_or((text, None), |(set, number)| (set, Some(number)));
    let own = Some(set.to_owned());
    match number {
        None if set.starts_with("und_") => Ok(Target { undo: own, ..Target::default() }),
        _ if !set.starts_with("chg_") => Err(wrong()),
        None => Ok(Target { change_set: own, ..Target::default() }),
        Some(number) => {
            let change = Some(number.parse().map_err(|_| wrong())?);
            Ok(Target { change_set: own, change, undo: None })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_set_a_change_and_an_undo_are_told_apart() {
        let own = |text: &str| Some(text.to_owned());
        assert_eq!(target("chg_1").unwrap(), Target { change_set: own("chg_1"), ..Target::default() });
        assert_eq!(target("chg_1/7").unwrap(), Target { change_set: own("chg_1"), change: Some(7), undo: None });
        assert_eq!(target("und_1").unwrap(), Target { undo: own("und_1"), ..Target::default() });
        for wrong in ["ord_1", "chg_1/x", "und_1/0", ""] {
            assert!(target(wrong).is_err(), "{wrong}");
        }
    }
}
