//! Secret settings as they lie in the database: sealed with a key that does not.
//!
//! INVARIANT: where the host has its key, no secret among settings is written as it is. A sealed one is an object with the
//! one field [`SEALED`], which no text can be, and a secret that somebody gives is a text; it opens for the installation and
//! the setting it was sealed for, and for nothing else.

use super::settings::hiding;
use crate::authn::SettingsKey;
use crate::authz::InstallationId;
use crate::db::core::engine::conn::args;
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::{from_json, to_json};
use crate::db::house::apps::AppFacts;
use serde_json::value::RawValue;
use serde_json::{Value, json};

/// The name of the field of a sealed secret.
const SEALED: &str = "$sealed";

impl Db {
    /// Seals secret settings with this key from now on, and opens those that were. Said once, at the start.
    pub fn seal_settings_with(&self, key: SettingsKey) {
        // A second key would be of another host.
        let _ = self.memory().settings_key.set(key);
    }

    /// Seals what was written before there was a key. How many installations it was.
    pub async fn seal_older_settings(&self) -> Result<usize> {
        const ALL: &str = "SELECT i.id, i.settings, i.settings_rev, i.digest, v.facts FROM installations i JOIN app_versions v ON v.space = i.space \
            AND v.app = i.app AND v.version = i.app_version WHERE i.id > $1 AND CAST(v.facts AS TEXT) LIKE '%writeOnly%' ORDER BY i.id LIMIT 100";
        const SET: &str = "UPDATE installations SET settings = $2 WHERE id = $1 AND settings_rev = $3 AND digest = $4";
        let (mut after, mut sealed) = (String::new(), 0);
        loop {
            let read = |r: crate::db::core::engine::conn::Row<'_>| {
                let (id, settings): (String, Box<RawValue>) = (r.text(0)?, r.json(1)?);
                let (revision, digest, facts): (i64, String, AppFacts) = (r.int(2)?, r.text(3)?, r.doc(4)?);
                Ok((id, settings, revision, digest, facts))
            };
            let rows = self.reader(RowsOf::All).await?.rows(ALL, args![&after], read).await?;
            let Some((last, ..)) = rows.last() else { return Ok(sealed) };
            after.clone_from(last);
            for (text, settings, revision, digest, facts) in rows {
                let id = text.parse().map_err(|_| Error::Corrupt(format!("an installation `{text}`")))?;
                let now = seal(self, id, &facts, settings.clone())?;
                if now.get() != settings.get() {
                    // Whoever set them meanwhile, or installed another version, has sealed them.
                    let row = (text, now, revision, digest);
                    let write = self.write_with(RowsOf::All, row, |conn, (id, now, revision, digest)| {
                        Box::pin(async move { conn.exec(SET, args![id, now, *revision, digest]).await })
                    });
                    sealed += usize::from(write.await? == 1);
                }
            }
        }
    }
}

/// Settings as they are written. What is sealed already stays as it is.
pub(super) fn seal(db: &Db, id: InstallationId, facts: &AppFacts, settings: Box<RawValue>) -> Result<Box<RawValue>> {
    let (Some(key), Some(schema)) = (db.memory().settings_key.get(), hiding(facts)) else { return Ok(settings) };
    let (mut all, mut failed) = (from_json(&settings)?, None);
    schema.each_secret(&mut all, &mut |name, secret| match secret.as_str().map(|text| key.seal(text, &of(id, name))) {
        Some(Ok(sealed)) => Some(json!({ SEALED: sealed })),
        Some(Err(why)) => {
            failed = Some(why);
            None
        }
        None => Some(secret),
    });
    match failed {
        Some(why) => Err(Error::invalid(why.to_string())),
        None => to_json(&all),
    }
}

/// Settings as they were meant. A secret that does not open, because the key is another one, is not there.
pub(super) fn open(db: &Db, id: InstallationId, facts: &AppFacts, settings: &RawValue) -> Result<Box<RawValue>> {
    let Some(schema) = hiding(facts).filter(|_| settings.get().contains(SEALED)) else {
        return Ok(settings.to_owned());
    };
    let key = db.memory().settings_key.get();
    let mut all = from_json(settings)?;
    schema.each_secret(&mut all, &mut |name, secret| {
        let Some(sealed) = secret.get(SEALED).and_then(Value::as_str) else { return Some(secret) };
        let opened = key.and_then(|key| key.open(sealed, &of(id, name)));
        if opened.is_none() {
            tracing::warn!(installation = %id, setting = name, "a secret setting was sealed with another key; it has to be set again");
        }
        opened.map(Value::from)
    });
    to_json(&all)
}

/// What a secret is sealed for.
fn of(id: InstallationId, name: &str) -> String {
    format!("{id} {name}")
}
