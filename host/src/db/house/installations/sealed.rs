//! Secret settings as they lie in the database: sealed with a key that does not.
//!
//! INVARIANT: where the host has its key, no secret among settings is written as it is. A sealed one is an object with the one
//! field [`SEALED`], which no text that somebody gave can be; it opens for the installation and the setting it was sealed for, and
//! for nothing else.

use super::settings::schema_of;
use crate::authn::SettingsKey;
use crate::authz::InstallationId;
use crate::db::core::engine::conn::args;
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::to_json;
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
        const ALL: &str = "SELECT i.id, i.settings, i.settings_rev, v.facts FROM installations i JOIN app_versions v ON v.space = i.space \
            AND v.app = i.app AND v.version = i.app_version WHERE i.id > $1 AND CAST(v.facts AS TEXT) LIKE '%writeOnly%' ORDER BY i.id LIMIT 100";
        const SET: &str = "UPDATE installations SET settings = $2 WHERE id = $1 AND settings_rev = $3";
        let (mut after, mut sealed) = (String::new(), 0);
        loop {
            let read = |r: crate::db::core::engine::conn::Row<'_>| Ok((r.text(0)?, r.json(1)?, r.int(2)?, r.doc(3)?));
            let rows: Vec<(String, Box<RawValue>, i64, AppFacts)> =
                self.reader(RowsOf::All).await?.rows(ALL, args![&after], read).await?;
            let Some((last, ..)) = rows.last() else { return Ok(sealed) };
            after = last.clone();
            for (text, settings, revision, facts) in rows {
                let id = text.parse().map_err(|_| Error::Corrupt(format!("an installation `{text}`")))?;
                let now = seal(self, id, &facts, settings.clone())?;
                if now.get() != settings.get() {
                    let row = (text, now, revision);
                    let write = self.write_with(RowsOf::All, row, |conn, (id, now, revision)| {
                        Box::pin(async move { conn.exec(SET, args![id, now, *revision]).await })
                    });
                    sealed += usize::from(write.await? == 1);
                }
            }
        }
    }
}

/// Settings as they are written. What is sealed already stays as it is.
pub(super) fn seal(db: &Db, id: InstallationId, facts: &AppFacts, settings: Box<RawValue>) -> Result<Box<RawValue>> {
    let Some(key) = db.memory().settings_key.get() else { return Ok(settings) };
    // A schema that an earlier host accepted and this one does not read: nothing is written under it any more.
    let secrets = schema_of(facts).ok().flatten().map(|schema| schema.secrets()).unwrap_or_default();
    if secrets.is_empty() {
        return Ok(settings);
    }
    let mut all: Value = serde_json::from_str(settings.get()).map_err(|e| Error::Corrupt(e.to_string()))?;
    for name in secrets {
        let found = name.split('.').try_fold(&mut all, |at, part| at.get_mut(part));
        if let Some((place, secret)) = found.and_then(|at| at.as_str().map(str::to_owned).map(|text| (at, text))) {
            let sealed = key.seal(&secret, &of(id, &name));
            *place = json!({ SEALED: sealed.map_err(|e| Error::Invalid(e.to_string().into()))? });
        }
    }
    to_json(&all)
}

/// Settings as they were meant. A secret that does not open, because the key is another one, is not there.
pub(super) fn open(db: &Db, id: InstallationId, settings: &RawValue) -> Result<Box<RawValue>> {
    if !settings.get().contains(SEALED) {
        return Ok(settings.to_owned());
    }
    let mut all: Value = serde_json::from_str(settings.get()).map_err(|e| Error::Corrupt(e.to_string()))?;
    open_in(db.memory().settings_key.get(), id, "", &mut all);
    to_json(&all)
}

fn open_in(key: Option<&SettingsKey>, id: InstallationId, within: &str, settings: &mut Value) {
    let Some(fields) = settings.as_object_mut() else { return };
    fields.retain(|name, field| {
        let path = format!("{within}{name}");
        let sealed = field.as_object().filter(|one| one.len() == 1).and_then(|one| one.get(SEALED)?.as_str());
        let Some(sealed) = sealed else {
            open_in(key, id, &format!("{path}."), field);
            return true;
        };
        match key.and_then(|key| key.open(sealed, &of(id, &path))) {
            Some(secret) => *field = secret.into(),
            None => {
                tracing::warn!(installation = %id, setting = path, "a secret setting was sealed with another key; it has to be set again");
                return false;
            }
        }
        true
    });
}

/// What a secret is sealed for.
fn of(id: InstallationId, name: &str) -> String {
    format!("{id} {name}")
}
