//! Everything of a store, to be downloaded: one line of JSON for each thing, as it is stored, part after part.
//!
//! INVARIANT: what is here belongs to the store: no settings of an app, nothing of tokens and passwords; of gift cards and links
//! to carts the SHA-256 that the store has. A part is bounded, and says where the next one begins.

use crate::authz::scope::kind::StoreClose;
use crate::authz::{Permit, StoreId};
use crate::db::core::engine::conn::{Conn, Row, Val, args};
use crate::db::core::engine::open::Db;
use crate::db::core::error::{Error, Result};
use crate::db::core::time::now_ms;
use crate::db::house::people::{audit, authority};
use serde_json::value::{RawValue, to_raw_value};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    Text,
    MaybeText,
    Number,
    MaybeNumber,
    Json,
    MaybeJson,
}
use Holds::{Json, MaybeJson, MaybeNumber, MaybeText, Number, Text};

/// A sort of things. The first columns are what they are ordered by and found again.
struct Section {
    /// What its lines say they are.
    name: &'static str,
    /// Of store `$1`, behind what the first columns were last, so many at most.
    sql: &'static str,
    /// How many columns a place in it has.
    keys: usize,
    columns: &'static [(&'static str, Holds)],
    /// So many lines make a part: fewer where each may be large.
    part: i64,
}

const SECTIONS: &[Section] = &[
    Section {
        name: "store",
        sql: "SELECT id, name, retention, created_at FROM stores WHERE id = $1 AND id > $2 ORDER BY id LIMIT $3",
        keys: 1,
        columns: &[("id", Text), ("name", Text), ("retention", Json), ("created_at", Number)],
        part: 1,
    },
    Section {
        name: "record",
        sql: "SELECT kind, id, rev, created_at, updated_at, doc FROM records WHERE store = $1 AND (kind, id) > ($2, $3) \
            ORDER BY kind, id LIMIT $4",
        keys: 2,
        columns: &[
            ("kind", Text),
            ("id", Text),
            ("revision", Number),
            ("created_at", Number),
            ("updated_at", Number),
            ("document", Json),
        ],
        part: 100,
    },
    Section {
        name: "stock",
        sql: "SELECT sku, location, available, updated_at FROM stock WHERE store = $1 AND (sku, location) > ($2, $3) \
            ORDER BY sku, location LIMIT $4",
        keys: 2,
        columns: &[("sku", Text), ("location", Text), ("available", Number), ("updated_at", Number)],
        part: 500,
    },
    Section {
        name: "person",
        sql: "SELECT id, name, email, owner, scopes, active, created_at FROM staff WHERE store = $1 AND id > $2 \
            ORDER BY id LIMIT $3",
        keys: 1,
        columns: &[
            ("id", Text),
            ("name", Text),
            ("email", MaybeText),
            ("owner", Number),
            ("scopes", Json),
            ("active", Number),
            ("created_at", Number),
        ],
        part: 200,
    },
    Section {
        name: "app",
        sql: "SELECT id, app, app_version, digest, state, installed_by, installed_at FROM installations WHERE store = $1 \
            AND id > $2 ORDER BY id LIMIT $3",
        keys: 1,
        columns: &[
            ("id", Text),
            ("app", Text),
            ("version", Text),
            ("digest", Text),
            ("state", Text),
            ("installed_by", Text),
            ("installed_at", Number),
        ],
        part: 200,
    },
    Section {
        name: "month",
        sql: "SELECT month, installation, app, runs, checkout_runs, cpu_us, bytes, changes FROM month_sums WHERE store = $1 \
            AND (month, installation) > ($2, $3) ORDER BY month, installation LIMIT $4",
        keys: 2,
        columns: &[
            ("month", Text),
            ("installation", Text),
            ("app", Text),
            ("runs", Number),
            ("checkout_runs", Number),
            ("cpu_us", Number),
            ("bytes", Number),
            ("changes", Number),
        ],
        part: 500,
    },
    Section {
        name: "change",
        sql: "SELECT change_set, n, kind, id, before, after, rev, actor, installation, invocation, at FROM journal \
            WHERE store = $1 AND (change_set, n) > ($2, CAST($3 AS BIGINT)) ORDER BY change_set, n LIMIT $4",
        keys: 2,
        columns: &[
            ("change_set", Text),
            ("n", Number),
            ("kind", Text),
            ("id", Text),
            ("before", MaybeJson),
            ("after", MaybeJson),
            ("revision", Number),
            ("actor", Text),
            ("installation", MaybeText),
            ("invocation", MaybeText),
            ("at", Number),
        ],
        part: 50,
    },
    Section {
        name: "run",
        sql: "SELECT id, installation, app, app_version, trigger_kind, topic, record, outcome, on_behalf_of, started_at, wall_us, \
            cpu_us, host_calls, denied_calls, failed_calls, changes, change_set, error, bytes, detail FROM invocations \
            WHERE store = $1 AND id > $2 ORDER BY id LIMIT $3",
        keys: 1,
        columns: &[
            ("id", Text),
            ("installation", Text),
            ("app", Text),
            ("version", Text),
            ("trigger", Text),
            ("topic", MaybeText),
            ("record", MaybeText),
            ("outcome", Text),
            ("on_behalf_of", MaybeText),
            ("started_at", Number),
            ("wall_us", Number),
            ("cpu_us", Number),
            ("host_calls", Number),
            ("denied_calls", Number),
            ("failed_calls", Number),
            ("changes", Number),
            ("change_set", MaybeText),
            ("error", MaybeText),
            ("bytes", MaybeNumber),
            ("detail", MaybeJson),
        ],
        part: 100,
    },
    Section {
        name: "audit",
        sql: "SELECT id, actor, act, subject, detail, at, seq, hash FROM audit WHERE store = $1 AND id > $2 ORDER BY id LIMIT $3",
        keys: 1,
        columns: &[
            ("id", Text),
            ("actor", Text),
            ("act", Text),
            ("subject", Text),
            ("detail", Json),
            ("at", Number),
            ("seq", MaybeNumber),
            ("hash", MaybeText),
        ],
        part: 200,
    },
];

/// Some lines of everything.
#[derive(Debug)]
pub struct ArchivePart {
    /// Each a JSON object, whose `is` says what it is.
    pub lines: Vec<String>,
    /// Where the next part begins; none, if this was the last.
    pub next: Option<String>,
}

/// Where a part begins: a section, and what stands before it there.
#[derive(Debug, Default, PartialEq, Eq)]
struct At {
    section: usize,
    after: Vec<String>,
}

impl At {
    fn write(&self) -> String {
        let mut text = self.section.to_string();
        for key in &self.after {
            text.push('.');
            text.push_str(&hex::encode(key));
        }
        text
    }

    fn read(text: &str) -> Result<At> {
        let mut parts = text.split('.');
        let section: usize = parts.next().and_then(|n| n.parse().ok()).ok_or(Error::NoCursor)?;
        let key = |hexed: &str| {
            hex::decode(hexed).ok().and_then(|bytes| String::from_utf8(bytes).ok()).ok_or(Error::NoCursor)
        };
        let after = parts.take(3).map(key).collect::<Result<Vec<_>>>()?;
        let known = SECTIONS.get(section).ok_or(Error::NoCursor)?;
        match after.is_empty() || after.len() == known.keys {
            true => Ok(At { section, after }),
            false => Err(Error::NoCursor),
        }
    }
}

impl Permit<StoreClose> {
    /// The part of everything that begins at a place; the first, if none is given.
    pub async fn archive(&self, db: &Db, at: Option<&str>) -> Result<ArchivePart> {
        let mut at = at.map(At::read).transpose()?.unwrap_or_default();
        let mut conn = db.reader(self.store()).await?;
        while let Some(section) = SECTIONS.get(at.section) {
            let found = section.read(&mut conn, self.store(), &at.after).await?;
            let whole = (found.len() as i64) < section.part;
            if let Some((after, _)) = found.last().filter(|_| !whole) {
                at.after.clone_from(after);
            } else {
                at = At { section: at.section + 1, after: Vec::new() };
            }
            if !found.is_empty() {
                let next = SECTIONS.get(at.section).map(|_| at.write());
                return Ok(ArchivePart { lines: found.into_iter().map(|(_, line)| line).collect(), next });
            }
        }
        Ok(ArchivePart { lines: Vec::new(), next: None })
    }

    /// Notes that somebody begins to download everything: it holds personal data.
    pub async fn archive_begins(&self, db: &Db) -> Result<()> {
        db.write_with(self.store(), (self.store(), self.actor(), self.basis()), |conn, (store, actor, basis)| {
            Box::pin(async move {
                authority::fence(conn, *basis).await?;
                let none = serde_json::json!({});
                audit::note(conn, *store, *actor, "stores.archive", &store.to_string(), &none).await.map(drop)
            })
        })
        .await
    }

    /// Notes that everything was downloaded, to the last line.
    pub async fn archive_taken(&self, db: &Db) -> Result<()> {
        db.write_with(self.store(), (self.store(), self.basis()), |conn, (store, basis)| {
            Box::pin(async move {
                const SQL: &str = "UPDATE stores SET archived_at = $2 WHERE id = $1";
                authority::fence(conn, *basis).await?;
                conn.exec(SQL, args![&store.to_string(), now_ms()]).await.map(drop)
            })
        })
        .await
    }
}

impl Section {
    /// The next lines, each with its place.
    async fn read(&self, conn: &mut Conn, store: StoreId, after: &[String]) -> Result<Vec<(Vec<String>, String)>> {
        let store = store.to_string();
        let mut values = vec![Val::from(&store)];
        for (n, (_, holds)) in self.columns.iter().enumerate().take(self.keys) {
            let key = after.get(n);
            values.push(match holds {
                Number => Val::from(key.map_or(Ok(-1), |key| key.parse::<i64>()).map_err(|_| Error::NoCursor)?),
                _ => Val::from(key.map_or("", String::as_str)),
            });
        }
        values.push(Val::from(self.part));
        conn.rows(self.sql, &values, |r| self.line(&r)).await
    }

    fn line(&self, r: &Row<'_>) -> Result<(Vec<String>, String)> {
        let (mut place, mut line) = (Vec::new(), format!("{{\"is\":\"{}\"", self.name));
        for (i, (name, holds)) in self.columns.iter().enumerate() {
            let value = match holds {
                Text | MaybeText => r.opt_text(i)?.map(|text| raw(&text)).transpose()?,
                Number | MaybeNumber => r.opt_int(i)?.map(|n| raw(&n)).transpose()?,
                Json | MaybeJson => r.opt_json(i)?,
            };
            if i < self.keys {
                place.push(if *holds == Number { r.int(i)?.to_string() } else { r.text(i)? });
            }
            line.push_str(&format!(",\"{name}\":{}", value.as_deref().map_or("null", RawValue::get)));
        }
        line.push('}');
        Ok((place, line))
    }
}

fn raw<T: serde::Serialize>(value: &T) -> Result<Box<RawValue>> {
    to_raw_value(value).map_err(|e| Error::Corrupt(e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_back_and_another_text_is_none() {
        let at = At { section: 1, after: vec!["order".to_owned(), "ord_1.x".to_owned()] };
        assert_eq!(At::read(&at.write()).unwrap(), at);
        assert_eq!(At::read("0").unwrap(), At::default());
        for text in ["", "x", "99", "1.zz", "1.6f", "1.6f.6f.6f", "-1", "0.ff"] {
            assert!(matches!(At::read(text), Err(Error::NoCursor)), "{text}");
        }
    }

    #[test]
    fn every_section_asks_for_what_it_writes() {
        for section in SECTIONS {
            let columns = section.sql.trim_start_matches("SELECT ").split(" FROM ").next().unwrap().split(", ").count();
            assert_eq!(columns, section.columns.len(), "{}", section.name);
            assert!(section.sql.contains(&format!("LIMIT ${}", section.keys + 2)), "{}", section.name);
        }
    }
}
