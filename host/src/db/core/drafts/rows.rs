//! The rows of records: written at the commit, and only where nobody else has changed them meanwhile.

use super::draft::{Draft, Edit};
use super::entry::Entry;
use super::staged::{Columns, Staged};
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::{Document, Kind, from_json};
use serde_json::value::RawValue;

const INSERT: &str = "INSERT INTO records (store, kind, id, rev, created_at, updated_at, doc, status, customer) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
const UPDATE: &str = "UPDATE records SET doc = $4, rev = rev + 1, updated_at = $5 WHERE store = $1 AND kind = $2 AND id = $3 AND rev = $6";
const UPDATE_COLUMNS: &str = "UPDATE records SET doc = $4, rev = rev + 1, updated_at = $5, status = $7, customer = $8 \
    WHERE store = $1 AND kind = $2 AND id = $3 AND rev = $6";
const DELETE: &str = "DELETE FROM records WHERE store = $1 AND kind = $2 AND id = $3 AND rev = $4";

impl Draft {
    /// Whether an opened record says what it said before, but for when it changed last. Saying what is so already leaves
    /// no mark that an undo would have to heed.
    pub(in crate::db) fn says_the_same<T: Document>(&self, edit: &Edit<T>) -> Result<bool> {
        let was = match self.records.get(&(T::KIND, edit.id.clone())) {
            Some(staged) => staged.after.as_deref().map(from_json::<T>).transpose()?,
            None => edit.stored()?,
        };
        let said = |doc: &T| -> Result<serde_json::Value> {
            let mut said = serde_json::to_value(doc).map_err(|e| Error::Corrupt(e.to_string()))?;
            said.as_object_mut().and_then(|said| said.remove("updated_at"));
            Ok(said)
        };
        was.map_or(Ok(false), |was| Ok(said(&was)? == said(&edit.doc)?))
    }
}

/// What the commit does with a record's row.
enum Touch<'a> {
    /// Looks that nobody changed it.
    Rely(i64),
    /// Changes it.
    Write(&'a Staged),
}

/// Writes every record's row, and says in the journal what became of it.
pub(super) async fn write_all<'a>(
    conn: &mut Conn,
    store: &str,
    draft: &'a Draft,
    journal: &mut Vec<Entry<'a>>,
) -> Result<()> {
    let relied = draft.relied.iter().map(|(key, rev)| (key, Touch::Rely(*rev)));
    let mut rows: Vec<_> =
        relied.chain(draft.records.iter().map(|(key, staged)| (key, Touch::Write(staged)))).collect();
    rows.sort_by_key(|(key, _)| *key);
    for ((kind, id), touch) in rows {
        let done = match touch {
            Touch::Rely(rev) => unchanged(conn, store, *kind, id, rev).await?,
            Touch::Write(staged) => {
                let image = |json: &'a Option<Box<RawValue>>| json.as_deref().map(std::borrow::Cow::Borrowed);
                let (before, after) = (image(&staged.before), image(&staged.after));
                let rev = staged.rev.unwrap_or(staged.revived) + 1;
                journal.push(Entry { kind: *kind, id: id.clone(), before, after, rev, scopes: staged.scopes });
                write(conn, store, *kind, id, staged, draft.now).await?
            }
        };
        if !done {
            return Err(Error::Conflict(format!("{} `{id}`", kind.name())));
        }
    }
    crate::db::core::keys::write(conn, store, draft).await?;
    super::uses::write(conn, store, draft).await
}

/// Whether a record is still at a revision; its row is locked until the commit.
async fn unchanged(conn: &mut Conn, store: &str, kind: Kind, id: &str, rev: i64) -> Result<bool> {
    const SQL: &str = "SELECT rev FROM records WHERE store = $1 AND kind = $2 AND id = $3";
    const LOCKED: &str = "SELECT rev FROM records WHERE store = $1 AND kind = $2 AND id = $3 FOR SHARE";
    let sql = if conn.is_pg() { LOCKED } else { SQL };
    Ok(conn.row(sql, args![store, kind.name(), id], |r| r.int(0)).await? == Some(rev))
}

/// Writes one record's row, unless somebody changed it meanwhile.
async fn write(conn: &mut Conn, store: &str, kind: Kind, id: &str, staged: &Staged, now: i64) -> Result<bool> {
    let name = kind.name();
    let done = match (staged.rev, &staged.after) {
        (None, Some(after)) => {
            let Columns { status, customer } = &staged.known.filed.1;
            let (rev, made) = (staged.revived + 1, staged.created_at);
            match conn.exec(INSERT, args![store, name, id, rev, made, now, after, status, customer]).await {
                Err(e) if e.is_unique() => 0,
                done => done?,
            }
        }
        (Some(rev), Some(after)) => {
            let (before, filed) = &staged.known.filed;
            match staged.before.is_some() && before == filed {
                true => conn.exec(UPDATE, args![store, name, id, after, now, rev]).await?,
                false => {
                    let row = args![store, name, id, after, now, rev, &filed.status, &filed.customer];
                    conn.exec(UPDATE_COLUMNS, row).await?
                }
            }
        }
        (Some(rev), None) => conn.exec(DELETE, args![store, name, id, rev]).await?,
        (None, None) => 1,
    };
    Ok(done == 1)
}
