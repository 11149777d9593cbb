//! `storehand restore`: goes back to a backup, in an empty place, and says what comes back with it.

use std::path::PathBuf;

use serde_json::json;

use super::{database, files, locked};
use crate::cli::client::{confirm, is_asked};
use crate::cli::{Failure, Global};
use crate::config::DataAlone;
use crate::db::{Backup, Lock, examine, refuse_taken, restore};

/// Which backup, and where to.
#[derive(clap::Args)]
pub(in crate::cli) struct Args {
    /// The file that `storehand backup` wrote
    file: PathBuf,
    /// Revoke every token in the backup: one that was revoked since would be valid again
    #[arg(long)]
    end_tokens: bool,
    #[command(flatten)]
    data: DataAlone,
}

impl Args {
    pub(in crate::cli) fn run(self, global: &Global) -> Result<(), Failure> {
        let settings = self.data.database();
        let shown = self.file.display().to_string();
        if settings.is_shared() {
            return Err(Failure::failed("the data of this host is in PostgreSQL, which has its own tool").help(
                "stop every host, make an empty database, then: pg_restore --no-owner --exit-on-error --dbname \"$STOREHAND_DATABASE_URL\" FILE; what was revoked or removed since the dump comes back with it",
            ));
        }
        if !self.file.is_file() {
            return Err(Failure::not_found(format!("there is no file `{shown}`")));
        }
        let refused = |error: crate::db::Error| Failure::not_accepted(error.to_string());
        files::private(&self.data)?;
        let lock = Lock::take(&settings).map_err(|error| locked(&error))?;
        let lock = lock.ok_or_else(|| Failure::failed("only a SQLite database is restored here"))?;
        refuse_taken(lock.path()).map_err(refused)?;
        let backup = examine(&self.file).map_err(refused)?;
        let end_tokens = self.end_tokens || self.asks(global, &backup)?;
        let restored = restore(&lock, &self.file, end_tokens).map_err(|error| database(&error))?;
        let data = json!({
            "file": shown, "database": lock.path().display().to_string(), "step": backup.step, "until": backup.until,
            "stores": backup.stores, "people": backup.people, "apps": backup.apps, "grants": backup.grants,
            "tokens": backup.tokens, "tokens_ended": restored.ended,
        });
        global.show(&data, || {
            let tokens = match (end_tokens, backup.tokens) {
                (true, _) => "every token was ended; on this machine, `storehand recover` makes a new one".to_owned(),
                (false, 0) => "no token in it is valid".to_owned(),
                (false, n) => format!("{n} valid again, also those revoked since; --end-tokens ends them all"),
            };
            format!(
                "{} is what {shown} holds\n{}tokens: {tokens}\nstart it with: storehand serve --data-dir {}",
                lock.path().display(),
                back(&backup),
                self.data.data_dir.display()
            )
        })
    }

    /// Asks on a terminal whether tokens are to be ended; elsewhere they are not.
    fn asks(&self, global: &Global, backup: &Backup) -> Result<bool, Failure> {
        if backup.tokens == 0 || !is_asked(global) {
            return Ok(false);
        }
        eprint!("{}", back(backup));
        let many = if backup.tokens == 1 { "1 token is".to_owned() } else { format!("{} tokens are", backup.tokens) };
        confirm(&format!("{many} valid again, also those revoked since. End them all?"))
    }
}

/// What comes back, in words.
fn back(backup: &Backup) -> String {
    let Backup { until, stores, people, apps, grants, .. } = backup;
    let until = until.as_deref().unwrap_or("nothing at all");
    format!(
        "everything is as of {until}; whatever changed since is not in it\n\
        stores: {stores}\npeople: {people}, also those removed since\napps: {apps}, with {grants} grants, also those revoked since\n"
    )
}
