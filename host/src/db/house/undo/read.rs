//! Undos as people look at them: what `changes:view` allows.

use super::record::skipped::{Skipped, Why};
use super::row::{Undo, columns, one, read};
use crate::authz::{Permit, UndoId, scope::kind::ChangesView};
use crate::db::core::engine::conn::{Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::error::{Error, Result};
use crate::db::core::page::{Items, Page};

impl Permit<ChangesView> {
    /// Undos, newest first.
    pub async fn undos(&self, db: &Db, page: &Page) -> Result<Items<Undo>> {
        const SQL: &str =
            concat!("SELECT ", columns!(), " FROM undos WHERE store = $1 AND id < $2 ORDER BY id DESC LIMIT $3");
        let limit = page.limit()?;
        let below = page.after("undos")?.map_or_else(|| format!("{}_~", UndoId::PREFIX), str::to_owned);
        let store = self.store().to_string();
        let values = args![&store, &below, (limit + 1) as i64];
        let found = db.reader(self.store()).await?.rows(SQL, values, |r| Ok(read(&r)?.undo)).await?;
        Ok(Items::cut(found, limit, "undos", |undo| undo.id.to_string()))
    }

    /// One undo, with how far it has come.
    pub async fn undo(&self, db: &Db, id: UndoId) -> Result<Undo> {
        Ok(one(&mut *db.reader(self.store()).await?, self.store(), id).await?.undo)
    }

    /// What an undo left as it is, and why.
    pub async fn skipped(&self, db: &Db, id: UndoId, page: &Page) -> Result<Items<Skipped>> {
        const SQL: &str = "SELECT kind, id, why, detail, scope, change_set FROM undo_skipped WHERE store = $1 AND undo = $2 \
            AND (kind, id) > ($3, $4) ORDER BY kind, id LIMIT $5";
        let limit = page.limit()?;
        let (kind, record) = page.after("skipped")?.and_then(|at| at.split_once('/')).unwrap_or_default();
        let mut conn = db.reader(self.store()).await?;
        one(&mut conn, self.store(), id).await?;
        let (store, undo) = (self.store().to_string(), id.to_string());
        let values = args![&store, &undo, kind, record, (limit + 1) as i64];
        let found = conn.rows(SQL, values, skipped).await?;
        Ok(Items::cut(found, limit, "skipped", |one| format!("{}/{}", one.kind, one.id)))
    }
}

fn skipped(r: Row<'_>) -> Result<Skipped> {
    let (kind, why) = (r.text(0)?, r.text(2)?);
    Ok(Skipped {
        kind,
        id: r.text(1)?,
        why: Why::read(&why).ok_or_else(|| Error::Corrupt(format!("left because of `{why}`")))?,
        detail: r.text(3)?,
        scope: r.opt_text(4)?.and_then(|name| name.parse().ok()),
        change_set: r.opt_text(5)?,
    })
}
