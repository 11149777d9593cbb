//! The change journal as people read it: what `changes:view` allows.
//!
//! INVARIANT: what personal data was, or is, stands in entries of its own kinds, and those show it only to whoever
//! holds the scope for it.

use crate::authz::{
    ChangeSetId, InstallationId, InvocationId, Permit, Scope, StaffId, StoreId, UndoId,
    scope::kind::{ChangesView, CustomersPii, OrdersPii},
};
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::Kind;
use crate::db::core::page::{Items, Page};
use crate::db::core::time::{opt_ms, rfc3339};
use crate::db::house::history::id_at;
use crate::db::house::people::names::Names;
use crate::db::house::undo::ERASED;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

/// A change set: what one run, or one request of a person, changed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChangeSet {
    /// Its id.
    #[schema(value_type = String)]
    pub id: ChangeSetId,
    /// Who changed it, for example `staff:stf_…` or `app:ins_…`.
    pub actor: String,
    /// What they are called, also once they are gone: a person's name, an app's id, a token's.
    pub actor_name: Option<String>,
    /// The installation, if it was an app.
    #[schema(value_type = Option<String>)]
    pub installation: Option<InstallationId>,
    /// The app's id, if it was one; also of an app that is uninstalled since.
    pub app: Option<String>,
    /// The run, if it was one.
    #[schema(value_type = Option<String>)]
    pub invocation: Option<InvocationId>,
    /// How many records it changed.
    pub changes: i64,
    /// How many of these changes were taken back since; what took one back can itself be taken back.
    pub undone: i64,
    /// The undo it belongs to, if it takes back others.
    #[schema(value_type = Option<String>)]
    pub undo: Option<UndoId>,
    /// RFC 3339.
    pub at: String,
}

/// One record before and after.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Change {
    /// Its place in the change set.
    pub n: i64,
    /// The kind of record.
    pub kind: String,
    /// The record's id.
    pub id: String,
    /// `created`, `changed` or `deleted`.
    pub act: &'static str,
    /// The record before; nothing if it was made here, or is hidden.
    #[schema(value_type = Option<Object>)]
    pub before: Option<Box<RawValue>>,
    /// The record after; nothing if it was deleted here, or is hidden.
    #[schema(value_type = Option<Object>)]
    pub after: Option<Box<RawValue>>,
    /// The scope that before and after need, if they are hidden for lack of it.
    #[schema(value_type = Option<String>)]
    pub hidden: Option<Scope>,
    /// Whether the personal data in before and after was erased.
    pub erased: bool,
    /// The record's revision after the change; 0 for stock levels, which have none.
    pub revision: i64,
    /// The scopes it was done with.
    pub scopes: Vec<String>,
    /// The change that took it back, if one did.
    pub undone_by: Option<ChangeRef>,
    /// The first of the changes it took back itself, a hundred at most.
    pub undoes: Vec<ChangeRef>,
}

/// A change, by its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChangeRef {
    /// Its change set.
    #[schema(value_type = String)]
    pub change_set: ChangeSetId,
    /// Its number in it.
    pub n: i64,
}

/// Which change sets. Every field given narrows the result.
#[derive(Debug, Clone, Default)]
pub struct JournalFilter {
    /// Of one installation.
    pub installation: Option<InstallationId>,
    /// That changed a record of this kind.
    pub kind: Option<String>,
    /// That changed the record with this id.
    pub record: Option<String>,
    /// Of one app, by its id, whichever of its installations.
    pub app: Option<String>,
    /// Made by this person, also through an app whose button they pressed.
    pub person: Option<StaffId>,
    /// Of one run.
    pub run: Option<InvocationId>,
    /// Made at or after, RFC 3339.
    pub since: Option<String>,
    /// Made before, RFC 3339.
    pub until: Option<String>,
}

/// What the reader may see of personal data.
#[derive(Debug, Default)]
pub struct Personal {
    /// That of orders.
    pub orders: Option<Permit<OrdersPii>>,
    /// That of customers.
    pub customers: Option<Permit<CustomersPii>>,
}

impl Personal {
    /// A scope among these, by their names, without which what was seen with them is not shown to this reader.
    pub(in crate::db) fn hides_any(&self, scopes: &str, store: StoreId) -> Option<Scope> {
        let of = |kind: Kind| self.hides(kind.name(), store);
        let mut lacking = [of(Kind::OrderContact), of(Kind::CustomerContact)].into_iter().flatten();
        lacking.find(|scope| scopes.split(' ').any(|name| name == scope.name()))
    }

    /// The scope that hides an entry of this kind from this reader, in this store.
    pub(in crate::db) fn hides(&self, kind: &str, store: StoreId) -> Option<Scope> {
        let scope = Kind::ALL.iter().find(|known| known.name() == kind)?.personal()?;
        let shown = match scope {
            Scope::OrdersPii => self.orders.as_ref().is_some_and(|permit| permit.store() == store),
            Scope::CustomersPii => self.customers.as_ref().is_some_and(|permit| permit.store() == store),
            _ => false,
        };
        (!shown).then_some(scope)
    }
}

fn change_set(r: &Row<'_>) -> Result<ChangeSet> {
    let bad = |e: crate::authz::BadId| Error::Corrupt(e.to_string());
    Ok(ChangeSet {
        id: r.parse(0)?,
        actor: r.text(1)?,
        actor_name: None,
        installation: r.opt_text(2)?.map(|id| id.parse()).transpose().map_err(bad)?,
        invocation: r.opt_text(3)?.map(|id| id.parse()).transpose().map_err(bad)?,
        changes: r.int(4)?,
        at: rfc3339(r.int(5)?),
        undone: r.int(6)?,
        undo: r.opt_text(7)?.map(|id| id.parse()).transpose().map_err(bad)?,
        app: r.opt_text(8)?,
    })
}

/// A change set, and the first of the records that it changed.
#[derive(Debug, Clone)]
pub struct JournalEntry {
    /// The change set.
    pub set: ChangeSet,
    /// The kind of its first record.
    pub kind: String,
    /// The id of its first record.
    pub record: String,
}

/// What [`change_set`] reads of the first row of each change set, and which ones: of the store `$1`.
macro_rules! sets {
    ($tail:literal) => {
        concat!(
            "SELECT j.change_set, j.actor, j.installation, j.invocation, \
            (SELECT COUNT(*) FROM journal c WHERE c.store = j.store AND c.change_set = j.change_set), j.at, \
            (SELECT COUNT(*) FROM undone d WHERE d.store = j.store AND d.change_set = j.change_set), \
            (SELECT s.undo FROM undo_sets s WHERE s.store = j.store AND s.change_set = j.change_set), \
            (SELECT i.app FROM installations i WHERE i.id = j.installation), j.kind, j.id \
            FROM journal j WHERE j.store = $1 AND j.n = 0 ",
            $tail
        )
    };
}

impl Permit<ChangesView> {
    /// Change sets, newest first.
    pub async fn change_sets(&self, db: &Db, filter: &JournalFilter, page: &Page) -> Result<Items<ChangeSet>> {
        Ok(self.journal(db, filter, page).await?.map(|entry| entry.set))
    }

    /// The same, each with the first of its records.
    pub async fn journal(&self, db: &Db, filter: &JournalFilter, page: &Page) -> Result<Items<JournalEntry>> {
        const SQL: &str = sets!(
            "AND j.change_set < $2 AND j.change_set >= $3 \
            AND (CAST($4 AS TEXT) IS NULL OR j.installation = $4) AND (CAST($5 AS TEXT) IS NULL OR EXISTS (SELECT 1 \
            FROM journal k WHERE k.store = j.store AND k.change_set = j.change_set AND k.kind = $5 \
            AND (CAST($6 AS TEXT) IS NULL OR k.id = $6))) AND (CAST($6 AS TEXT) IS NULL OR EXISTS (SELECT 1 \
            FROM journal k WHERE k.store = j.store AND k.change_set = j.change_set AND k.id = $6)) \
            AND (CAST($8 AS TEXT) IS NULL OR j.installation IN (SELECT i.id FROM installations i WHERE i.store = j.store \
            AND i.app = $8)) AND (CAST($9 AS TEXT) IS NULL OR j.actor = 'staff:' || $9 OR j.actor LIKE 'app:%+' || $9) \
            AND (CAST($10 AS TEXT) IS NULL OR j.invocation = $10) ORDER BY j.change_set DESC LIMIT $7"
        );
        let limit = page.limit()?;
        super::some_record(filter.record.as_deref())?;
        if let Some(kind) = &filter.kind
            && !Kind::ALL.iter().any(|known| known.name() == kind)
        {
            super::plain("a kind of record like `order`", kind)?;
            return Err(Error::invalid(format!("`{kind}` is not a kind of record like `order`")));
        }
        let id = |text: &Option<String>| Ok::<_, Error>(opt_ms(text.as_deref())?.map(|ms| id_at("chg", ms)));
        let until = id(&filter.until)?.unwrap_or_else(|| "chg_~".to_owned());
        let before = page.after("change sets")?.map_or(until.clone(), |cursor| cursor.to_owned().min(until));
        let since = id(&filter.since)?.unwrap_or_default();
        let (store, installation) = (self.store().to_string(), filter.installation.map(|id| id.to_string()));
        let (person, run) = (filter.person.map(|id| id.to_string()), filter.run.map(|id| id.to_string()));
        let JournalFilter { kind, record, app, .. } = filter;
        let most = (limit + 1) as i64;
        let values = args![&store, &before, &since, &installation, kind, record, most, app, &person, &run];
        let read = |r: Row<'_>| Ok(JournalEntry { set: change_set(&r)?, kind: r.text(9)?, record: r.text(10)? });
        let mut conn = db.reader(self.store()).await?;
        let (mut found, mut names) = (conn.rows(SQL, values, read).await?, Names::of(self.store()));
        for entry in &mut found {
            entry.set.actor_name = names.name(&mut conn, &entry.set.actor).await?;
        }
        Ok(Items::cut(found, limit, "change sets", |entry| entry.set.id.to_string()))
    }

    /// One change set.
    pub async fn change_set(&self, db: &Db, id: ChangeSetId) -> Result<ChangeSet> {
        one(&mut *db.reader(self.store()).await?, self.store(), id).await
    }

    /// The changes of one record, newest first, each with the change set it belongs to.
    pub async fn record_history(
        &self,
        db: &Db,
        (kind, id): (&str, &str),
        personal: &Personal,
        page: &Page,
    ) -> Result<Items<(ChangeSet, Change)>> {
        const SQL: &str = "SELECT j.n, j.kind, j.id, j.before, j.after, j.rev, j.scopes, u.by_set, u.by_n, j.change_set \
            FROM journal j LEFT JOIN undone u ON u.store = j.store AND u.change_set = j.change_set AND u.n = j.n \
            WHERE j.store = $1 AND j.kind = $2 AND j.id = $3 AND j.change_set < $4 \
            ORDER BY j.change_set DESC, j.n DESC LIMIT $5";
        let limit = page.limit()?;
        let before = page.after("changes of a record")?.unwrap_or("chg_~");
        let (store, of_store) = (self.store(), self.store().to_string());
        let read = |r: Row<'_>| Ok((r.parse::<ChangeSetId>(9)?, change(&r, store, personal)?));
        let mut conn = db.reader(store).await?;
        let found = conn.rows(SQL, args![&of_store, kind, id, before, (limit + 1) as i64], read).await?;
        let mut all = Vec::with_capacity(found.len());
        for (set, change) in found {
            all.push((one(&mut conn, store, set).await?, change));
        }
        Ok(Items::cut(all, limit, "changes of a record", |(set, _)| set.id.to_string()))
    }

    /// What a change set changed, in order, with before and after.
    pub async fn changes(&self, db: &Db, id: ChangeSetId, personal: &Personal, page: &Page) -> Result<Items<Change>> {
        const SQL: &str = "SELECT j.n, j.kind, j.id, j.before, j.after, j.rev, j.scopes, u.by_set, u.by_n FROM journal j \
            LEFT JOIN undone u ON u.store = j.store AND u.change_set = j.change_set AND u.n = j.n \
            WHERE j.store = $1 AND j.change_set = $2 AND j.n > $3 ORDER BY j.n LIMIT $4";
        let limit = page.limit()?;
        let after = page.after("changes")?.map_or(Ok(-1i64), |at| at.parse().map_err(|_| Error::NoCursor))?;
        let store = self.store();
        let mut conn = db.reader(self.store()).await?;
        one(&mut conn, store, id).await?;
        let (of_store, set) = (store.to_string(), id.to_string());
        let values = args![&of_store, &set, after, (limit + 1) as i64];
        let mut found = conn.rows(SQL, values, |r| change(&r, store, personal)).await?;
        for change in &mut found {
            change.undoes = undoes(&mut conn, &of_store, &set, change.n).await?;
        }
        Ok(Items::cut(found, limit, "changes", |change| change.n.to_string()))
    }
}

async fn one(conn: &mut Conn, store: StoreId, id: ChangeSetId) -> Result<ChangeSet> {
    const SQL: &str = sets!("AND j.change_set = $2");
    let found = conn.row(SQL, args![&store.to_string(), &id.to_string()], |r| change_set(&r)).await?;
    let mut set = found.ok_or_else(|| Error::not_found("change set", id.to_string()))?;
    set.actor_name = Names::of(store).name(conn, &set.actor).await?;
    Ok(set)
}

/// What a change took back.
async fn undoes(conn: &mut Conn, store: &str, set: &str, n: i64) -> Result<Vec<ChangeRef>> {
    const SQL: &str = "SELECT change_set, n FROM undone WHERE store = $1 AND by_set = $2 AND by_n = $3 \
        ORDER BY change_set, n LIMIT 100";
    conn.rows(SQL, args![store, set, n], |r| Ok(ChangeRef { change_set: r.parse(0)?, n: r.int(1)? })).await
}

fn change(r: &Row<'_>, store: StoreId, personal: &Personal) -> Result<Change> {
    let (kind, before, after) = (r.text(1)?, r.opt_json(3)?, r.opt_json(4)?);
    let act = match (&before, &after) {
        (None, _) => "created",
        (_, None) => "deleted",
        _ => "changed",
    };
    let hidden = personal.hides(&kind, store);
    let is_erased = |image: &Option<Box<RawValue>>| image.as_ref().is_some_and(|image| image.get() == ERASED);
    let erased = is_erased(&before) || is_erased(&after);
    let show = |image: Option<Box<RawValue>>| image.filter(|_| hidden.is_none() && !erased);
    Ok(Change {
        n: r.int(0)?,
        id: r.text(2)?,
        act,
        before: show(before),
        after: show(after),
        hidden,
        erased,
        revision: r.int(5)?,
        scopes: r.doc(6)?,
        undone_by: match (r.opt_text(7)?, r.opt_int(8)?) {
            (Some(set), Some(n)) => {
                let corrupt = |e: crate::authz::BadId| Error::Corrupt(e.to_string());
                Some(ChangeRef { change_set: set.parse().map_err(corrupt)?, n })
            }
            _ => None,
        },
        undoes: Vec::new(),
        kind,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn personal_data_is_hidden_from_whoever_holds_no_scope_for_it() {
        let nothing = Personal::default();
        let store = StoreId::new();
        assert_eq!(nothing.hides("order-contact", store), Some(Scope::OrdersPii));
        assert_eq!(nothing.hides("customer-contact", store), Some(Scope::CustomersPii));
        assert_eq!(nothing.hides("order", store), None);
    }
}
