//! People who do not come, or whose time is over, and tokens that nobody uses.

use super::{MOST, Moments};
use crate::authz::{Scope, StaffId, StoreId, TokenId};
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::Result;
use crate::db::core::time::rfc3339;
use crate::db::house::history::DAY_MS;
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;

/// Why somebody should be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PersonFinding {
    /// They never signed in and never used a token of the store.
    NeverSeen,
    /// They have done neither for as many days as count.
    NotSeen,
    /// Their last day is over.
    LastDayOver,
    /// They are suspended.
    Suspended,
    /// They come, and hold permissions that they do not use.
    Unused,
}

/// A permission that a person holds and does not use.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UnusedByPerson {
    /// Which.
    #[schema(value_type = String)]
    pub scope: Scope,
    /// On which day they last used it, `2026-11-30`, in UTC; never, as far as is known, if there is none.
    pub last_used: Option<String>,
    /// Whether use was noted for as many days as count; else they may have used it before.
    pub certain: bool,
}

/// A person of whom there is something to decide.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReviewedPerson {
    /// Who.
    #[schema(value_type = String)]
    pub staff: StaffId,
    /// What they are called.
    pub name: String,
    /// Whether they own the store.
    pub owner: bool,
    /// When they were last seen, RFC 3339: signing in, or with a token.
    pub last_seen: Option<String>,
    /// Why.
    pub why: Vec<PersonFinding>,
    /// What they hold and do not use, of those who come; nothing of owners, who hold everything.
    pub unused: Vec<UnusedByPerson>,
}

/// A token that nobody uses.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReviewedToken {
    /// Which.
    #[schema(value_type = String)]
    pub token: TokenId,
    /// What it is for, in words.
    pub name: String,
    /// Whose it is; none, if it is of the shop's front.
    #[schema(value_type = Option<String>)]
    pub staff: Option<StaffId>,
    /// What they are called.
    pub staff_name: Option<String>,
    /// RFC 3339.
    pub created_at: String,
    /// When it was last used, RFC 3339; never, if there is none.
    pub used_at: Option<String>,
}

/// Looks at the people of a store: how many, those with something to decide, and whether there are more.
pub(super) async fn review(db: &Db, store: StoreId, at: Moments) -> Result<(usize, Vec<ReviewedPerson>, bool)> {
    const SQL: &str = "SELECT p.id, p.name, p.owner, p.suspended_at, p.ends_at, a.signed_in_at, \
        (SELECT MAX(t.used_at) FROM tokens t WHERE t.store = p.store AND t.staff = p.id), p.created_at, p.scopes \
        FROM staff p LEFT JOIN accounts a ON a.id = p.account WHERE p.store = $1 AND p.active = 1 ORDER BY p.id LIMIT $2";
    // Accounts belong to no store.
    let mut conn = db.reader(RowsOf::All).await?;
    let used = used(&mut conn, store).await?;
    let read = |r: Row<'_>| {
        let (suspended, ends, made) = (r.opt_int(3)?.is_some(), r.opt_int(4)?, r.int(7)?);
        let seen = r.opt_int(5)?.max(r.opt_int(6)?);
        let over = ends.is_some_and(|ends| ends <= at.now);
        let mut why = Vec::new();
        match seen {
            None => why.push(PersonFinding::NeverSeen),
            Some(seen) if seen <= at.cutoff && made <= at.cutoff => why.push(PersonFinding::NotSeen),
            Some(_) => {}
        }
        why.extend(over.then_some(PersonFinding::LastDayOver));
        why.extend((suspended && !over).then_some(PersonFinding::Suspended));
        let (staff, owner, last_seen) = (r.parse(0)?, r.int(2)? == 1, seen.map(rfc3339));
        let held: Vec<String> = r.doc(8)?;
        // Of whoever does not come, or is to go, all of it is.
        let unused = match why.is_empty() && !owner && made <= at.cutoff {
            true => unused(&used, staff, &held, at),
            false => Vec::new(),
        };
        why.extend((!unused.is_empty()).then_some(PersonFinding::Unused));
        Ok(ReviewedPerson { staff, name: r.text(1)?, owner, last_seen, why, unused })
    };
    let all = conn.rows(SQL, args![&store.to_string(), MOST + 1], read).await?;
    let (looked_at, more) = (all.len(), all.len() as i64 > MOST);
    Ok((looked_at, all.into_iter().filter(|person| !person.why.is_empty()).collect(), more))
}

/// The day on which people of a store last used each permission, counted from 1970.
type Used = HashMap<(StaffId, Scope), i64>;

async fn used(conn: &mut Conn, store: StoreId) -> Result<Used> {
    const SQL: &str = "SELECT staff, scope, last_day FROM staff_uses WHERE store = $1 LIMIT $2";
    // Of each person a row for each permission at most.
    let most = MOST * Scope::ALL.len() as i64;
    let read = |r: Row<'_>| Ok((r.parse(0)?, r.text(1)?.parse::<Scope>().ok(), r.int(2)?));
    let rows = conn.rows(SQL, args![&store.to_string(), most], read).await?;
    Ok(rows.into_iter().filter_map(|(staff, scope, day)| Some(((staff, scope?), day))).collect())
}

/// What a person holds and has not used for as many days as count.
fn unused(used: &Used, staff: StaffId, held: &[String], at: Moments) -> Vec<UnusedByPerson> {
    let Some(since) = at.people_watched else { return Vec::new() };
    let scopes = held.iter().filter_map(|name| name.parse::<Scope>().ok());
    let found = scopes.filter_map(|scope| {
        let day = used.get(&(staff, scope)).copied();
        let is_unused = day.is_none_or(|day| (day + 1) * DAY_MS <= at.cutoff);
        let last_used = day.map(|day| rfc3339(day * DAY_MS).chars().take(10).collect());
        is_unused.then_some(UnusedByPerson { scope, last_used, certain: since <= at.cutoff })
    });
    found.collect()
}

/// Valid tokens of a store that were never used, or not for as many days as count; the oldest first.
pub(super) async fn tokens(conn: &mut Conn, store: StoreId, at: Moments) -> Result<Vec<ReviewedToken>> {
    const SQL: &str = "SELECT t.id, t.name, t.staff, p.name, t.created_at, t.used_at FROM tokens t \
        LEFT JOIN staff p ON p.id = t.staff AND p.store = t.store WHERE t.store = $1 AND t.revoked_at IS NULL \
        AND t.kind IN ('staff', 'storefront') AND (t.expires_at IS NULL OR t.expires_at > $2) \
        AND (t.used_at IS NULL OR t.used_at <= $3) ORDER BY t.id LIMIT $4";
    let read = |r: Row<'_>| {
        Ok(ReviewedToken {
            token: r.parse(0)?,
            name: r.text(1)?,
            staff: r.opt_text(2)?.map(|id| id.parse()).transpose()?,
            staff_name: r.opt_text(3)?,
            created_at: rfc3339(r.int(4)?),
            used_at: r.opt_int(5)?.map(rfc3339),
        })
    };
    conn.rows(SQL, args![&store.to_string(), at.now, at.cutoff, MOST], read).await
}
