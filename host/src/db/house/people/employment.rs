//! Whether somebody works in a store at the moment: suspended for a while, or until a day; and what they are called.
//!
//! INVARIANT: whoever is suspended, or whose last day is over, holds nothing: none of their requests is let in, and no
//! commit that rests on them goes through, by the clock, whenever that is written down.

use super::accounts::session;
use super::review::PutUpForReview;
use super::staff::{Change, Staff, all_held, changeable, may_give, publish, scopes_of};
use super::{authority, review};
use crate::authz::scope::kind::StaffManage;
use crate::authz::{Actor, Authority, InstallationId, Permit, Principal, ScopeSet, StaffId, StoreId};
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::text;
use crate::db::core::time::{now_ms, parse_ms, rfc3339};
use crate::db::house::people::audit;
use crate::text::words::Words;
use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// The last day of somebody is at most so far away, in milliseconds: five years. Further than that, none is meant.
const MAX_AHEAD_MS: i64 = 5 * 366 * 86_400_000;

/// What they hold then, whose apps hold less for it, and what is to be looked at anew.
type Told = (Authority, Vec<(InstallationId, Authority)>, Option<PutUpForReview>);

/// After a change of who works: what apps hold by this person's grants is looked at anew, or not any more.
async fn told(conn: &mut Conn, change: &Change, held: ScopeSet, version: i64) -> Result<Told> {
    let (review, holders) = review::of_giver(conn, (change.store, change.staff), held, version).await?;
    Ok((authority::authority_of_staff(conn, change.staff).await?, holders, review))
}

fn scopes(person: &Staff) -> ScopeSet {
    person.scopes.iter().copied().collect()
}

/// When a day that somebody typed, as in `2026-12-31`, ends in a time zone, in milliseconds.
fn end_of(typed: &str, zone: TimeZone) -> Result<i64> {
    let unreadable = || Error::invalid(Words::ENGLISH.t("refused-no-day").with("text", typed));
    let day: Date = typed.trim().parse().map_err(|_| unreadable())?;
    let next = day.checked_add(1.day()).and_then(|next| next.to_zoned(zone));
    next.map(|next| next.timestamp().as_millisecond()).map_err(|_| unreadable())
}

impl Permit<StaffManage> {
    /// Lets somebody do nothing in the store until they are let in again. Their tokens and their account stay; what they
    /// granted apps is put up for review.
    pub async fn suspend(&self, db: &Db, staff: StaffId) -> Result<Option<PutUpForReview>> {
        const SQL: &str = "UPDATE staff SET suspended_at = $2, revision = revision + 1, version = $3 WHERE id = $1";
        let write = db.write_then(
            self.store(),
            Change::new(self, staff),
            |conn, change| {
                Box::pin(async move {
                    let version = authority::next_version(conn).await?;
                    authority::fence(conn, change.basis).await?;
                    let person = changeable(conn, change.store, change.staff).await?;
                    if person.suspended_at.is_some() {
                        return Err(Error::invalid(
                            Words::ENGLISH.t("refused-suspended-already").with("name", &person.name),
                        ));
                    }
                    conn.exec(SQL, args![&change.staff.to_string(), now_ms(), version]).await?;
                    let told = told(conn, change, ScopeSet::EMPTY, version).await?;
                    let detail = serde_json::json!({ "name": person.name, "review": scopes_of(told.2.as_ref()) });
                    change.note(conn, "staff.suspend", &detail).await?;
                    Ok(told)
                })
            },
            |db, change, (authority, holders, _)| publish(db, change.staff, authority, holders),
        );
        Ok(write.await?.2)
    }

    /// Lets somebody in again who was suspended, with what they held. A last day that is over is forgotten.
    pub async fn reinstate(&self, db: &Db, giver: &Principal, staff: StaffId) -> Result<()> {
        const SQL: &str = "UPDATE staff SET suspended_at = NULL, \
            ends_at = CASE WHEN ends_at > $2 THEN ends_at ELSE NULL END, revision = revision + 1, version = $3 WHERE id = $1";
        let change = Change { scopes: giver.held(), ..Change::new(self, staff) };
        may_give(self, giver, ScopeSet::EMPTY)?;
        let write = db.write_then(
            self.store(),
            change,
            |conn, change| {
                Box::pin(async move {
                    let version = authority::next_version(conn).await?;
                    authority::fence(conn, change.basis).await?;
                    let person = changeable(conn, change.store, change.staff).await?;
                    all_held(&person, change.scopes)?;
                    conn.exec(SQL, args![&change.staff.to_string(), now_ms(), version]).await?;
                    let told = told(conn, change, scopes(&person), version).await?;
                    change.note(conn, "staff.reinstate", &serde_json::json!({ "name": person.name })).await?;
                    Ok(told)
                })
            },
            |db, change, (authority, holders, _)| publish(db, change.staff, authority, holders),
        );
        write.await.map(drop)
    }

    /// Says from when on somebody does not work here any more, in milliseconds; never, if not said. It must be ahead.
    /// Whoever lets them work longer than before gives them that time anew, and holds all that they hold.
    pub async fn set_end(&self, db: &Db, giver: &Principal, staff: StaffId, ends_at: Option<i64>) -> Result<()> {
        const SQL: &str = "UPDATE staff SET ends_at = $2, revision = revision + 1, version = $3 WHERE id = $1";
        let now = now_ms();
        if ends_at.is_some_and(|at| at <= now || at > now.saturating_add(MAX_AHEAD_MS)) {
            return Err(Error::invalid(Words::ENGLISH.t("refused-last-day")));
        }
        may_give(self, giver, ScopeSet::EMPTY)?;
        let change = Change { scopes: giver.held(), ..Change::new(self, staff) };
        let write = db.write_then(
            self.store(),
            (change, ends_at),
            |conn, (change, ends_at)| {
                Box::pin(async move {
                    let version = authority::next_version(conn).await?;
                    authority::fence(conn, change.basis).await?;
                    let person = changeable(conn, change.store, change.staff).await?;
                    let before = person.ends_at.as_deref().and_then(|at| parse_ms(at).ok());
                    let is_longer = before.is_some_and(|before| ends_at.is_none_or(|at| at > before));
                    if is_longer {
                        all_held(&person, change.scopes)?;
                    }
                    conn.exec(SQL, args![&change.staff.to_string(), *ends_at, version]).await?;
                    let detail = serde_json::json!({ "name": person.name, "ends": ends_at.map(rfc3339) });
                    change.note(conn, "staff.end_date", &detail).await?;
                    authority::authority_of_staff(conn, change.staff).await
                })
            },
            |db, (change, _), authority| publish(db, change.staff, authority, &[]),
        );
        write.await.map(drop)
    }

    /// Says which day is somebody's last, as in `2026-12-31`: when it is over where the store is, they hold nothing. None,
    /// if not said. From when on they hold nothing, RFC 3339.
    pub async fn set_last_day(
        &self,
        db: &Db,
        giver: &Principal,
        staff: StaffId,
        day: Option<&str>,
    ) -> Result<Option<String>> {
        let ends_at = match day {
            Some(typed) => Some(end_of(typed, db.time_zone(self.store()).await?)?),
            None => None,
        };
        self.set_end(db, giver, staff, ends_at).await?;
        Ok(ends_at.map(rfc3339))
    }

    /// Calls somebody by another name in this store: 1 to 80 characters. An owner too.
    pub async fn rename(&self, db: &Db, staff: StaffId, name: &str) -> Result<()> {
        const SQL: &str = "UPDATE staff SET name = $3 WHERE id = $1 AND store = $2 AND active = 1";
        const BEFORE: &str = "SELECT name FROM staff WHERE id = $1 AND store = $2 AND active = 1";
        text("a person's name", name, 1, 80)?;
        let change = Change { name: name.to_owned(), ..Change::new(self, staff) };
        db.write_with(self.store(), change, |conn, change| {
            Box::pin(async move {
                authority::fence(conn, change.basis).await?;
                let (id, store) = (change.staff.to_string(), change.store.to_string());
                let before = conn.row(BEFORE, args![&id, &store], |r| r.text(0)).await?;
                let before = before.ok_or_else(|| Error::not_found("staff member", id.clone()))?;
                conn.exec(SQL, args![&id, &store, &change.name]).await?;
                let detail = serde_json::json!({ "before": before, "after": change.name });
                change.note(conn, "staff.rename", &detail).await
            })
        })
        .await
    }

    /// Ends every session of a person of the store; how many there were. Not of an owner, nor of somebody who works in
    /// another store or operates the host as well: whoever manages people here could keep them out there.
    pub async fn end_sessions(&self, db: &Db, staff: StaffId) -> Result<u64> {
        const FOUND: &str = "SELECT p.owner + COALESCE(a.operator, 0) + (SELECT COUNT(*) FROM staff o \
            WHERE o.account = p.account AND o.id <> p.id AND o.active = 1) FROM staff p \
            LEFT JOIN accounts a ON a.id = p.account WHERE p.id = $1 AND p.store = $2 AND p.active = 1";
        db.write_with(RowsOf::All, Change::new(self, staff), |conn, change| {
            Box::pin(async move {
                authority::fence(conn, change.basis).await?;
                let (id, store) = (change.staff.to_string(), change.store.to_string());
                match conn.row(FOUND, args![&id, &store], |r| r.int(0)).await? {
                    None => return Err(Error::not_found("staff member", id)),
                    Some(0) => {}
                    Some(_) => return Err(Error::invalid(Words::ENGLISH.t("refused-signs-out-elsewhere"))),
                }
                let ended = session::end_of_staff(conn, change.staff).await?;
                change.note(conn, "staff.end_sessions", &serde_json::json!({ "ended": ended })).await?;
                Ok(ended)
            })
        })
        .await
    }
}

impl Db {
    /// Writes down whose last day is over, `now` in milliseconds, and puts what they granted apps up for review. At most a
    /// hundred at once; says how many.
    pub async fn end_employments(&self, now: i64) -> Result<u64> {
        const DUE: &str = "SELECT store, id FROM staff WHERE ends_at <= $1 AND active = 1 AND suspended_at IS NULL \
            ORDER BY ends_at LIMIT 100";
        let read = |r: crate::db::core::engine::conn::Row<'_>| Ok((r.parse::<StoreId>(0)?, r.parse::<StaffId>(1)?));
        let mut ended = 0;
        for (store, staff) in self.reader(RowsOf::All).await?.rows(DUE, args![now], read).await? {
            let write = self.write_then(
                store,
                (store, staff, now),
                |conn, (store, staff, now)| Box::pin(end(conn, *store, *staff, *now)),
                |db, (_, staff, _), told| {
                    if let Some((authority, holders, _)) = told {
                        publish(db, *staff, authority, holders);
                    }
                },
            );
            ended += u64::from(write.await?.is_some());
        }
        Ok(ended)
    }
}

/// Once, whichever host is first, and not if somebody decided otherwise meanwhile.
async fn end(conn: &mut Conn, store: StoreId, staff: StaffId, now: i64) -> Result<Option<Told>> {
    const SQL: &str = "UPDATE staff SET suspended_at = ends_at, revision = revision + 1, version = $3 WHERE id = $1 \
        AND ends_at <= $2 AND active = 1 AND suspended_at IS NULL";
    let version = authority::next_version(conn).await?;
    if conn.exec(SQL, args![&staff.to_string(), now, version]).await? == 0 {
        return Ok(None);
    }
    let (review, holders) = review::of_giver(conn, (store, staff), ScopeSet::EMPTY, version).await?;
    let detail = serde_json::json!({ "review": scopes_of(review.as_ref()) });
    audit::note(conn, store, Actor::Host, "staff.end", &staff.to_string(), &detail).await?;
    Ok(Some((authority::authority_of_staff(conn, staff).await?, holders, review)))
}
