//! Looking runs up: by the rarest thing that is asked for, with the runs that are not filed by it yet, or one after the
//! other where nothing rare is asked for.
//!
//! INVARIANT: a part of a list looks at `LOOKED_AT` runs at most, however rare what it is asked for, and says where to go on.
//! What was committed before is found.

use super::follow::Place;
use super::invocations::{Invocation, invocation};
use super::journal::Personal;
use super::narrow::{InvocationFilter, Narrow, Texts, matching};
use super::sums::{self, MAX_BEHIND};
use crate::authz::{Permit, StoreId, scope::kind::UsageView};
use crate::db::core::engine::conn::{Conn, Row, Val, args};
use crate::db::core::engine::open::Db;
use crate::db::core::error::Result;
use crate::db::core::page::{Items, Page};
use crate::db::core::time::opt_ms;
use crate::db::house::people::names::Names;

/// So many runs are looked at for one part of a list that is narrowed. Who asks controls how rare it is what they look for.
const LOOKED_AT: usize = 10_000;
/// So many are read at once.
const BATCH: usize = 250;
const LIST: &str = "runs";

impl Permit<UsageView> {
    /// Runs, newest first.
    pub async fn invocations(
        &self,
        db: &Db,
        filter: &InvocationFilter,
        personal: &Personal,
        page: &Page,
    ) -> Result<Items<Invocation>> {
        runs(db, self.store(), filter, personal, page).await
    }
}

/// What is looked for, and for whom.
struct Search<'a> {
    store: StoreId,
    text: String,
    narrow: Narrow,
    personal: &'a Personal,
    limit: usize,
    /// The run that the part before ended with.
    before: Option<String>,
}

/// Runs of a store, newest first.
async fn runs(
    db: &Db,
    store: StoreId,
    filter: &InvocationFilter,
    personal: &Personal,
    page: &Page,
) -> Result<Items<Invocation>> {
    let sees_all = personal.orders.is_some() && personal.customers.is_some();
    let (narrow, limit) = (Narrow::of(filter, sees_all)?, page.limit()?);
    let before = page.after(LIST)?.map(str::to_owned);
    let search = Search { store, text: store.to_string(), narrow, personal, limit, before };
    let texts = Texts::of(filter);
    let found = match filter.term(&texts).map(|term| term.number(&search.text)) {
        Some(term) => {
            search
                .by_term(db, term, (opt_ms(filter.since.as_deref())?.unwrap_or(0), opt_ms(filter.until.as_deref())?))
                .await?
        }
        None => None,
    };
    let (mut runs, end) = match found {
        Some(found) => found,
        None => search.one_by_one(db, filter.text.is_some()).await?,
    };
    runs.sort_by_key(|run| std::cmp::Reverse(run.id));
    runs.dedup_by(|a, b| a.id == b.id);
    let mut part = Items::cut_window(runs, limit, LIST, |one| one.id.to_string(), end);
    let (mut conn, mut names) = (db.reader(store).await?, Names::of(store));
    for run in &mut part.items {
        run.named(&mut conn, &mut names).await?;
    }
    Ok(part)
}

/// Runs, and the last that was looked at if there may be more.
type Found = (Vec<Invocation>, Option<String>);

impl Search<'_> {
    /// Runs that have a term. None, if so many are not filed yet that they have to be looked at one by one.
    async fn by_term(&self, db: &Db, term: i64, made: (i64, Option<i64>)) -> Result<Option<Found>> {
        let mark = sums::mark_of(db).await?;
        let Some(mut runs) = self.not_filed(db, mark).await? else { return Ok(None) };
        let before = self.before.as_ref().and_then(|id| id.parse().ok());
        let Some(mut finding) = sums::found_by(db, term, before, made).await? else { return Ok(Some((runs, None))) };
        let (mut looked_at, mut found) = (0, 0);
        loop {
            let ids = finding.next(db, BATCH).await?;
            let Some(last) = ids.last().cloned() else { return Ok(Some((runs, None))) };
            looked_at += ids.len();
            let of = self.with_ids(db, &ids).await?;
            found += of.len();
            runs.extend(of);
            if found > self.limit || looked_at >= LOOKED_AT {
                // What is not filed yet and began before belongs to a later part.
                runs.retain(|run| run.id.to_string() >= last);
                return Ok(Some((runs, Some(last))));
            }
        }
    }

    /// Runs that match and are not filed yet; none, if there are too many to look at.
    async fn not_filed(&self, db: &Db, mark: Place) -> Result<Option<Vec<Invocation>>> {
        const LITE: &str = matching!(
            "",
            "+store",
            "+id",
            "AND rowid > $19 AND CAST($2 AS BIGINT) >= 0 AND +id < $20 ORDER BY rowid LIMIT $3"
        );
        const PG: &str = matching!("", "store", "id", "AND (tx, n) > ($2, $19) AND id < $20 ORDER BY tx, n LIMIT $3");
        let mut conn = db.reader(self.store).await?;
        if sums::waiting(&mut conn, mark, MAX_BEHIND).await? >= MAX_BEHIND {
            return Ok(None);
        }
        let sql = if conn.is_pg() { PG } else { LITE };
        let before = self.before.as_deref().unwrap_or("inv_~");
        self.rows(&mut conn, sql, args![mark.tx, MAX_BEHIND], args![mark.n, before]).await.map(Some)
    }

    async fn with_ids(&self, db: &Db, ids: &[String]) -> Result<Vec<Invocation>> {
        const LITE: &str = matching!(
            "",
            "store",
            "+id",
            "AND id IN (SELECT value FROM json_each('[\"' || REPLACE($19, ',', '\",\"') || '\"]')) AND $2 = '' ORDER BY id DESC LIMIT $3"
        );
        const PG: &str = matching!(
            "",
            "store",
            "id",
            "AND id = ANY(string_to_array($19, ',')) AND CAST($2 AS TEXT) = '' ORDER BY id DESC LIMIT $3"
        );
        let mut conn = db.reader(self.store).await?;
        let sql = if conn.is_pg() { PG } else { LITE };
        let ids = ids.join(",");
        self.rows(&mut conn, sql, args!["", BATCH as i64], args![&ids]).await
    }

    /// Runs from the newest on. Text is looked for in so many of them at most.
    async fn one_by_one(&self, db: &Db, bounded: bool) -> Result<Found> {
        const SQL: &str = matching!("", "store", "id", "AND id < $2 AND id >= $19 ORDER BY id DESC LIMIT $3");
        const FLOOR: &str =
            "SELECT id FROM invocations WHERE store = $1 AND id < $2 ORDER BY id DESC LIMIT 1 OFFSET $3 - 1";
        let mut conn = db.reader(self.store).await?;
        let before = self.before.as_deref().unwrap_or("inv_~");
        let floor = match bounded {
            true => conn.row(FLOOR, args![&self.text, before, LOOKED_AT as i64], |r| r.text(0)).await?,
            false => None,
        };
        let from = floor.clone().unwrap_or_default();
        let runs = self.rows(&mut conn, SQL, args![before, (self.limit + 1) as i64], args![&from]).await?;
        Ok((runs, floor))
    }

    async fn rows(
        &self,
        conn: &mut Conn,
        sql: &'static str,
        head: &[Val<'_>],
        tail: &[Val<'_>],
    ) -> Result<Vec<Invocation>> {
        let store = [Val::from(&self.text)];
        let narrow = self.narrow.values();
        let values: Vec<Val<'_>> = store.iter().chain(head).chain(&narrow).chain(tail).copied().collect();
        conn.rows(sql, &values, |r: Row<'_>| invocation(&r, self.store, self.personal)).await
    }
}
