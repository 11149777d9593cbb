//! What those who act are called, also once they are gone: rows say `staff:stf_…`, people read a name.
//!
//! INVARIANT: only names of the store that reads are told, and of those who do not belong to a store.

use crate::authz::{InstallationId, StaffId, StoreId, TokenId};
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::error::Result;
use std::collections::HashMap;

/// Names of one store, looked up once each.
#[derive(Debug)]
pub(in crate::db) struct Names {
    store: String,
    known: HashMap<String, Option<String>>,
}

impl Names {
    /// Of those who act in a store.
    pub(in crate::db) fn of(store: StoreId) -> Names {
        Names { store: store.to_string(), known: HashMap::new() }
    }

    /// What somebody is called, who is written as in records (`staff:stf_…`, `app:ins_…+stf_…`) or by a bare id. Nothing
    /// for the host itself, and for whom there is no record of.
    pub(in crate::db) async fn name(&mut self, conn: &mut Conn, who: &str) -> Result<Option<String>> {
        if let Some(known) = self.known.get(who) {
            return Ok(known.clone());
        }
        let name = self.look(conn, who).await?;
        self.known.insert(who.to_owned(), name.clone());
        Ok(name)
    }

    async fn look(&self, conn: &mut Conn, who: &str) -> Result<Option<String>> {
        const STAFF: &str = "SELECT name FROM staff WHERE id = $1 AND store = $2";
        const APP: &str = "SELECT app FROM installations WHERE id = $1 AND store = $2";
        const TOKEN: &str = "SELECT name FROM tokens WHERE id = $1 AND (store = $2 OR store IS NULL)";
        let id = who.split_once(':').map_or(who, |(_, id)| id);
        let (id, on_behalf_of) = id.split_once('+').map_or((id, None), |(id, staff)| (id, Some(staff)));
        let sql = match id.split_once('_').map(|(prefix, _)| prefix) {
            Some(StaffId::PREFIX) => STAFF,
            Some(InstallationId::PREFIX) => APP,
            Some(TokenId::PREFIX) => TOKEN,
            _ => return Ok(None),
        };
        let name = conn.row(sql, args![id, &self.store], |r| r.text(0)).await?;
        let (Some(name), Some(staff)) = (&name, on_behalf_of) else { return Ok(name) };
        let person = conn.row(STAFF, args![staff, &self.store], |r| r.text(0)).await?;
        Ok(Some(person.map_or_else(|| name.clone(), |person| format!("{name} for {person}"))))
    }
}
