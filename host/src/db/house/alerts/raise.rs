//! Findings become rows: raised, found again, resolved.
//!
//! INVARIANT: there is one open row for a store, a rule and a subject, whoever looks at once: the database sees to it. Where nothing
//! changes nothing is written.

use super::diff::{Known, REOPENS, Step, steps};
use super::find::Finding;
use super::outbox::Outlet;
use super::rule::{Level, Rule};
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::Result;
use crate::db::core::kinds::to_json;

/// The alerts of a store, or of the host with an empty one, that are open or were lately.
pub(super) async fn known(conn: &mut Conn, store: &str, now: i64) -> Result<Vec<Known>> {
    const SQL: &str = "SELECT id, rule, subject, severity, seen_at, resolved_at FROM alerts WHERE store = $1 \
        AND resolved_at IS NULL UNION ALL SELECT id, rule, subject, severity, seen_at, resolved_at FROM alerts \
        WHERE store = $1 AND resolved_at > $2";
    let read = |r: Row<'_>| {
        let (rule, level) = (r.text(1)?, r.text(3)?);
        let level = Level::read(&level).unwrap_or(Level::Info);
        Ok((r.text(0)?, rule, r.text(2)?, level, r.int(4)?, r.opt_int(5)?))
    };
    let rows = conn.rows(SQL, args![store, now - REOPENS], read).await?;
    // What a newer version of the host found is left to it.
    Ok(rows
        .into_iter()
        .filter_map(|(id, rule, subject, level, seen_at, resolved_at)| {
            Some(Known { id, rule: rule.parse().ok()?, subject, level, seen_at, resolved_at })
        })
        .collect())
}

/// What is written of one store.
struct Written {
    store: String,
    steps: Vec<Step>,
    outlet: Outlet,
    now: i64,
}

/// Brings the alerts of a store, or of the host with an empty one, in line with what was found by these rules; those about one
/// subject alone, if it is named.
pub(super) async fn bring(
    db: &Db,
    (store, subject): (&str, Option<&str>),
    found: Vec<Finding>,
    looked_at: &[Rule],
    (outlet, now): (Outlet, i64),
) -> Result<()> {
    let mut known = known(&mut *db.reader(RowsOf::All).await?, store, now).await?;
    known.retain(|one| subject.is_none_or(|subject| one.subject == subject));
    let steps = steps(&known, found, looked_at, now);
    if steps.is_empty() {
        return Ok(());
    }
    let written = Written { store: store.to_owned(), steps, outlet, now };
    db.write_with(RowsOf::All, written, |conn, written| Box::pin(written.write(conn))).await
}

impl Written {
    async fn write(&self, conn: &mut Conn) -> Result<()> {
        for step in &self.steps {
            match step {
                Step::Raise(finding) => self.raise(conn, finding).await?,
                Step::Reopen(id, finding) => self.again(conn, id, finding, true).await?,
                Step::Again(id, finding) => self.again(conn, id, finding, false).await?,
                Step::Resolve(id) => self.resolve(conn, id).await?,
            }
        }
        Ok(())
    }

    async fn raise(&self, conn: &mut Conn, finding: &Finding) -> Result<()> {
        const SQL: &str = "INSERT INTO alerts (id, store, rule, subject, app, app_version, severity, facts, raised_at, seen_at, \
            times, post_due, post_tries, mail_due, mail_tries) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, 1, $10, 0, $11, 0) \
            ON CONFLICT (store, rule, subject) WHERE resolved_at IS NULL DO NOTHING";
        let Finding { rule, subject, app, version, level, facts } = finding;
        let (id, facts) = (crate::authz::record_id("alr"), to_json(facts)?);
        let mailed = self.outlet.mail && *level > Level::Info;
        let (post, mail) = (self.outlet.webhook.then_some(self.now), mailed.then_some(self.now));
        let values =
            args![&id, &self.store, rule.name(), subject, app, version, level.name(), &facts, self.now, post, mail];
        conn.exec(SQL, values).await.map(drop)
    }

    /// It is there still, or once more: the webhook is told that it is back, and nobody is written to again.
    async fn again(&self, conn: &mut Conn, id: &str, finding: &Finding, back: bool) -> Result<()> {
        const SQL: &str = "UPDATE alerts SET severity = $2, facts = $3, seen_at = $4, app_version = $5, times = times + $6, \
            resolved_at = NULL, post_due = COALESCE(CAST($7 AS BIGINT), post_due), post_tries = 0 WHERE id = $1";
        // Another host may have raised the same meanwhile, and there is one of each.
        const OPEN: &str = "SELECT COUNT(*) FROM alerts WHERE store = $1 AND rule = $2 AND subject = $3 \
            AND resolved_at IS NULL AND id <> $4";
        let Finding { rule, subject, level, version, facts, .. } = finding;
        if back && conn.count(OPEN, args![&self.store, rule.name(), subject, id]).await? > 0 {
            return Ok(());
        }
        let facts = to_json(facts)?;
        let post = (back && self.outlet.webhook).then_some(self.now);
        conn.exec(SQL, args![id, level.name(), &facts, self.now, version, back, post]).await.map(drop)
    }

    async fn resolve(&self, conn: &mut Conn, id: &str) -> Result<()> {
        const SQL: &str = "UPDATE alerts SET resolved_at = $2, post_due = COALESCE(CAST($3 AS BIGINT), post_due), post_tries = 0, \
            mail_due = NULL WHERE id = $1 AND resolved_at IS NULL";
        let post = self.outlet.webhook.then_some(self.now);
        conn.exec(SQL, args![id, self.now, post]).await.map(drop)
    }
}
