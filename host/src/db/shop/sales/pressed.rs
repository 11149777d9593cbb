//! The record on which a person presses an app's button.

use crate::authz::{Permit, scope::kind::AppsRun};
use crate::db::core::engine::conn::args;
use crate::db::core::engine::open::Db;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::Kind;

impl Permit<AppsRun> {
    /// Sees to it that a record of this kind is in the store. `not found` if there is none: nothing is to run on a record
    /// that somebody made up, or that is of another kind.
    pub async fn must_be_there(&self, db: &Db, kind: &str, id: &str) -> Result<()> {
        const SQL: &str = "SELECT id FROM records WHERE store = $1 AND kind = $2 AND id = $3";
        let found =
            db.reader(self.store()).await?.row(SQL, args![&self.store().to_string(), kind, id], |r| r.text(0)).await?;
        found.map(drop).ok_or_else(|| Error::not_found(Kind::named(kind).map_or("record", Kind::name), id))
    }
}
