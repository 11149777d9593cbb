//! `storehand restore`: goes back to a backup, in an empty place, and says what comes back with it and what does not.

use std::path::PathBuf;

use serde_json::json;

use super::{database, files, locked, wait};
use crate::authn::Keys;
use crate::cli::client::{confirm, is_asked};
use crate::cli::{Failure, Global};
use crate::config::{DataAlone, FROM_ENVIRONMENT};
use crate::db::{Anew, Backup, Error, Lock, Restored, examine, refuse_taken, restore};

/// Which backup, and where to.
#[derive(clap::Args)]
#[command(after_help = FROM_ENVIRONMENT)]
pub(in crate::cli) struct Args {
    /// The file that `storehand backup` wrote
    file: PathBuf,
    /// Revoke every token in the backup: one that was revoked since would be valid again
    #[arg(long)]
    end_tokens: bool,
    /// The key file is lost: forget every password and second factor, so that the host can make another key
    #[arg(long)]
    new_key: bool,
    #[command(flatten)]
    data: DataAlone,
}

impl Args {
    pub(in crate::cli) fn run(self, global: &Global) -> Result<(), Failure> {
        let settings = self.data.database();
        let shown = self.file.display().to_string();
        if !self.file.is_file() {
            return Err(Failure::not_found(format!("there is no file `{shown}`")));
        }
        let refused = |error: Error| Failure::not_accepted(error.to_string());
        files::private(&self.data)?;
        let lock = Lock::take(&settings).map_err(|error| locked(&error))?;
        let place = match &lock {
            Some(lock) => {
                refuse_taken(lock.path()).map_err(refused)?;
                lock.path().display().to_string()
            }
            None => "the database in PostgreSQL".to_owned(),
        };
        let seen = examine(&self.file).map_err(refused)?;
        let anew = Anew { end_tokens: self.end_tokens || self.asks(global, &seen)?, forget_key: self.new_key };
        let folder = &self.data.data_dir;
        std::fs::create_dir_all(folder)
            .map_err(|error| Failure::failed(format!("cannot make the folder `{}`: {error}", folder.display())))?;
        let (backup, restored) = wait(async {
            let restored = restore(&settings, lock.as_ref(), folder, &self.file, anew).await;
            restored.map_err(|error| match error {
                Error::Invalid(_) => Failure::not_accepted(error.to_string()),
                error => database(&error),
            })
        })?;
        let key = self.key(&restored);
        let data = json!({
            "file": shown, "database": place, "step": backup.step, "until": backup.until, "taken_at": backup.taken_at,
            "stores": backup.stores, "people": backup.people, "apps": backup.apps, "grants": backup.grants,
            "tokens": backup.tokens, "tokens_ended": restored.ended, "passwords_forgotten": restored.forgotten,
            "key": key.name(),
        });
        global.show(&data, || {
            let tokens = match (anew.end_tokens, backup.tokens) {
                (true, _) => "every token was ended; on this machine, `storehand recover` makes a new one".to_owned(),
                (false, 0) => "no token in it is valid".to_owned(),
                (false, n) => format!("{n} valid again, also those revoked since; --end-tokens ends them all"),
            };
            format!(
                "{place} is what {shown} holds\n{}tokens: {tokens}\nkey: {}\n\
                sessions and links have ended; apps are compiled anew, each before its first run\n\
                start it with: storehand serve --data-dir {}",
                back(&backup),
                self.said(&key, &restored),
                folder.display()
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

    /// Whether the key is at hand that the passwords in the backup were hashed with.
    fn key(&self, restored: &Restored) -> Key {
        let Some(needed) = &restored.key else { return Key::NotNeeded };
        match self.data.key_if_there() {
            Ok(Some(master)) if Keys::from_master(&master).fingerprint() == needed => Key::There,
            Ok(None) => Key::Missing,
            Ok(Some(_)) | Err(_) => Key::Another,
        }
    }

    fn said(&self, key: &Key, restored: &Restored) -> String {
        let path = self.data.key_path();
        let path = path.display();
        let lost = "if it is lost, move the data away and restore again with --new-key: passwords and second factors are forgotten then";
        match key {
            Key::NotNeeded if restored.forgotten > 0 => format!(
                "the next start makes a new one at {path}; {} accounts lost their password and second factor, and \
                `storehand recover` makes links to new ones",
                restored.forgotten
            ),
            Key::NotNeeded => format!("nobody in it needs one; the next start makes it at {path}, if there is none"),
            Key::There => format!("{path} is the one its passwords were hashed with"),
            Key::Missing => format!(
                "it is not at {path}, and without it nobody can sign in and no host starts; copy it there first; {lost}"
            ),
            Key::Another => format!(
                "{path} is another than its passwords were hashed with, and no host starts with it; put the right one there; {lost}"
            ),
        }
    }
}

/// Whether there is the key that signing in needs.
enum Key {
    NotNeeded,
    There,
    Missing,
    Another,
}

impl Key {
    const fn name(&self) -> &'static str {
        match self {
            Key::NotNeeded => "not_needed",
            Key::There => "there",
            Key::Missing => "missing",
            Key::Another => "another",
        }
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
