//! `storehand backup`: a consistent copy of all data of the host, taken while it runs; and what such a copy would bring back.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::{database, files, wait};
use crate::cli::client::show::{line, text};
use crate::cli::{Failure, Global};
use crate::config::{DataAlone, FROM_ENVIRONMENT};
use crate::db::{CheckedBackup, Contents, Sum, backup, check, look};

/// Where to.
#[derive(clap::Args)]
#[command(after_help = FROM_ENVIRONMENT)]
pub(in crate::cli) struct Args {
    /// The file to write; it must not be there yet
    file: PathBuf,
    /// Look at a backup instead: whether it is whole, and what a restore would bring back
    #[arg(long, conflicts_with = "without_personal_data")]
    check: bool,
    /// Leave out what tells who somebody is, texts of runs that could see it, what apps store, and every secret
    #[arg(long)]
    without_personal_data: bool,
    #[command(flatten)]
    data: DataAlone,
}

impl Args {
    pub(in crate::cli) fn run(self, global: &Global) -> Result<(), Failure> {
        // A backup holds what the database holds: personal data, and what tokens are checked against.
        files::umask();
        match self.check {
            true => look_at(&self.file, global),
            false => self.take(global),
        }
    }

    fn take(self, global: &Global) -> Result<(), Failure> {
        let settings = self.data.database();
        let shown = self.file.display().to_string();
        if self.file.exists() {
            return Err(Failure::failed(format!("`{shown}` is there already")).help("name a new file"));
        }
        let contents = match self.without_personal_data {
            true => Contents::WithoutPersonalData,
            false => Contents::Everything,
        };
        let taken = wait(async {
            let found = look(&settings).await.map_err(|error| database(&error))?;
            if found.step == 0 {
                let place = if settings.is_shared() { "STOREHAND_DATABASE_URL names" } else { &settings.url };
                return Err(Failure::not_found(format!("there is no database of storehand at `{place}`"))
                    .help("name the data folder with --data-dir or STOREHAND_DATA_DIR, or the database with STOREHAND_DATABASE_URL"));
            }
            backup(&settings, &self.file, contents).await.map_err(|error| database(&error))
        })?;
        let data = json!({"file": shown, "bytes": taken.bytes, "contents": contents});
        global.show(&data, || {
            let size = indicatif::HumanBytes(taken.bytes);
            let way = match settings.is_shared() {
                true => "stop every host, name a new, empty database in STOREHAND_DATABASE_URL".to_owned(),
                false => format!("stop the host, move {} away", self.data.data_dir.display()),
            };
            match contents {
                Contents::Everything => format!(
                    "{shown} holds everything, {size}\nto go back to it, {way} and run: storehand restore {shown}\n\
                    the key that passwords are hashed with is not in it: copy {} once, and store it apart",
                    self.data.key_path().display()
                ),
                Contents::WithoutPersonalData => format!(
                    "{shown} holds no personal data and no secrets, {size}\nnobody can sign in with it; after `storehand restore`, \
                    `storehand recover` makes tokens"
                ),
            }
        })
    }
}

/// Says what a restore of the file would come to.
fn look_at(file: &Path, global: &Global) -> Result<(), Failure> {
    let shown = file.display().to_string();
    if !file.is_file() {
        return Err(Failure::not_found(format!("there is no file `{shown}`")));
    }
    let found = check(file, &std::env::temp_dir()).map_err(|error| Failure::not_accepted(error.to_string()))?;
    let CheckedBackup { backup, newest, rows, stores, components, need_key, wrong } = &found;
    let wrong_of: Vec<_> = wrong.iter().map(|(sum, rows)| json!({"sum": sum, "rows": rows})).collect();
    let data = json!({
        "file": shown, "taken_at": backup.taken_at, "engine": backup.engine, "contents": backup.contents,
        "until": backup.until, "step": backup.step, "newest_step": newest, "rows": rows, "stores": stores,
        "components": components, "need_key": need_key, "wrong": wrong_of,
    });
    global.show(&data, || words(&shown, &found))?;
    match wrong.is_empty() {
        true => Ok(()),
        false => {
            Err(Failure::not_accepted(format!("`{shown}` is whole, but not all of it agrees: {}", disagrees(wrong)))
                .help("restore it into an empty folder of its own and look there, or take another backup"))
        }
    }
}

fn words(shown: &str, found: &CheckedBackup) -> String {
    let CheckedBackup { backup, newest, rows, stores, components, need_key, .. } = found;
    let engine = match backup.engine.as_deref() {
        Some("postgres") => ", from PostgreSQL",
        Some("sqlite") => ", from SQLite",
        _ => "",
    };
    let taken = match &backup.taken_at {
        Some(at) => format!("{at}{engine}"),
        None => "it does not say; an earlier version took it".to_owned(),
    };
    let until = match &backup.until {
        Some(until) => format!("what happened up to {until}"),
        None => "nothing has happened in it yet".to_owned(),
    };
    let contents = match backup.contents {
        Contents::Everything => "everything",
        Contents::WithoutPersonalData => "everything but personal data and secrets",
    };
    let mut said = format!("{shown} is whole\ntaken: {taken}\nholds: {contents}; {until}\n");
    match backup.step == *newest {
        true => said.push_str(&format!("tables: up to date, at step {newest}\n")),
        false => said.push_str(&format!("tables: at step {}; a restore brings them to step {newest}\n", backup.step)),
    }
    let names: Vec<_> = stores.iter().take(20).map(|name| line(name)).collect();
    let more = if stores.len() > names.len() { " and more" } else { "" };
    said.push_str(&format!(
        "stores: {}{}\n",
        stores.len(),
        if names.is_empty() { String::new() } else { format!(" ({}{more})", names.join(", ")) }
    ));
    said.push_str(&format!(
        "people: {}\napps: {}, with {} grants\ntokens: {} valid\n",
        backup.people, backup.apps, backup.grants, backup.tokens
    ));
    said.push_str("rows:\n");
    for (table, n) in rows.iter().filter(|(_, n)| **n > 0) {
        said.push_str(&format!("  {:<20} {n}\n", text(table)));
    }
    said.push_str("made anew by a restore: what tells this database from its copies; sessions and links end\n");
    if *components > 0 {
        said.push_str(&format!("compiled anew, each before its first run: {components} components\n"));
    }
    match need_key {
        0 => said.push_str("key: nobody in it needs `host.key`; the first start makes one\n"),
        n => said
            .push_str(&format!("key: {n} accounts need the `host.key` they were made with, which is in no backup\n")),
    }
    said
}

/// What does not agree, in words.
fn disagrees(wrong: &[(Sum, u64)]) -> String {
    let said = wrong.iter().map(|(sum, rows)| {
        let what = match sum {
            Sum::Journal => "records differ from the newest entry of the journal about them",
            Sum::Events => "events have numbers their store has not given out",
            Sum::Deliveries => "apps have come further than the events of their store",
            Sum::Orders => "stores have more orders than they numbered",
            Sum::Storage => "apps store more or less than is written down",
            Sum::Audit => "entries of the audit log stand before older ones",
            Sum::Components => "components of apps are missing or damaged",
        };
        format!("{rows} {what}")
    });
    said.collect::<Vec<_>>().join("; ")
}
