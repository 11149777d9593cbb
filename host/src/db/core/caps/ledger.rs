//! The ledger: what was spent on each account, guarded by conditions in the database itself.
//!
//! INVARIANT: `amount`, which is below zero where a stock level was moved down, never passes the bound it was spent under, whoever else spends at the same time. Accounts are
//! locked in their order, after authority and before records.

use super::counted::{Account, Spend};
use crate::authz::{Cap, Caps, InstallationId, Scope};
use crate::db::core::drafts::draft::Draft;
use crate::db::core::drafts::staged::Origin;
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::time::{now_ms, rfc3339};
use crate::text::words::Words;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// How far a cap of a day is used up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Used {
    /// Which cap: `sum_per_day` or `per_day`.
    pub cap: &'static str,
    /// How much was used today, in words: `12.00 EUR`, `3 times`.
    pub used: String,
    /// How much is left today, in words.
    pub left: String,
    /// When the next day begins, RFC 3339.
    pub renews_at: String,
    /// Of which cap, how much of it was used, and how much is left.
    #[serde(skip)]
    pub(super) counted: (Caps, Cap, [i64; 2]),
}

impl Used {
    /// How much was used, as it is counted: minor units of money, or times.
    pub(in crate::db) fn spent(&self) -> i64 {
        let [spent, _] = self.counted.2;
        spent
    }

    /// How much may be used, likewise.
    pub(in crate::db) fn bound(&self) -> i64 {
        let (caps, cap, _) = &self.counted;
        caps.get(*cap).and_then(|bound| i64::try_from(bound).ok()).unwrap_or(i64::MAX)
    }

    /// How much was used, and how much is left, in a language.
    pub fn in_words(&self, words: Words) -> [String; 2] {
        let (caps, cap, both) = &self.counted;
        both.map(|n| super::words::amount_in(words, caps, *cap, n))
    }
}

/// Spends, or is a conflict: somebody else has spent what this draft counted on.
pub(in crate::db) async fn write(conn: &mut Conn, draft: &Draft) -> Result<()> {
    if let Some((by, _)) = draft.basis().installation {
        for (account, spend) in &draft.counted.spends {
            add(conn, by, account, *spend).await.map_err(|e| match draft.origin() {
                // An approval is not made again, so it is told what stops it.
                Origin::Approved if e.is_transient() => super::today::used_up(account, draft.counted.day.as_ref()),
                _ => e,
            })?;
        }
    }
    super::prices::write(conn, draft).await
}

async fn add(conn: &mut Conn, by: InstallationId, account: &Account, spend: Spend) -> Result<()> {
    const SQL: &str = "INSERT INTO spent (store, app, scope, cap, period, unit, amount, at) \
        SELECT store, app, CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS TEXT), CAST($5 AS TEXT), CAST($6 AS BIGINT), \
        CAST($7 AS BIGINT) FROM installations WHERE id = $1 ON CONFLICT (store, app, scope, cap, period, unit) \
        DO UPDATE SET amount = spent.amount + excluded.amount WHERE ABS(spent.amount + excluded.amount) <= $8";
    let Account { scope, cap, period, unit } = account;
    let by = by.to_string();
    let row = args![&by, scope.name(), cap, period, unit, spend.amount, now_ms(), spend.bound];
    // The first of an account has nobody to compare with but the bound.
    match spend.amount.abs() <= spend.bound && conn.exec(SQL, row).await? == 1 {
        true => Ok(()),
        false => Err(Error::Conflict(format!("what is left of `{scope}`"))),
    }
}

/// Gives back what was reserved and will not be spent.
pub(in crate::db) async fn release(conn: &mut Conn, by: InstallationId, spends: &[(Account, Spend)]) -> Result<()> {
    const SQL: &str = "UPDATE spent SET amount = amount - $6 WHERE (store, app) IN (SELECT store, app FROM installations \
        WHERE id = $1) AND scope = $2 AND cap = $3 AND period = $4 AND unit = $5";
    for (Account { scope, cap, period, unit }, spend) in spends {
        conn.exec(SQL, args![&by.to_string(), scope.name(), cap, period, unit, spend.amount]).await?;
    }
    Ok(())
}

/// Spends in a transaction of its own.
pub(super) async fn charge(db: &Db, by: InstallationId, account: Account, spend: Spend) -> Result<()> {
    db.write_with(RowsOf::All, (by, account, spend), |conn, (by, account, spend)| {
        Box::pin(add(conn, *by, account, *spend))
    })
    .await
}

/// What was spent on an account so far.
pub(super) async fn spent(conn: &mut Conn, by: InstallationId, account: &Account) -> Result<i64> {
    const SQL: &str = "SELECT s.amount FROM installations i JOIN spent s ON s.store = i.store AND s.app = i.app \
        WHERE i.id = $1 AND s.scope = $2 AND s.cap = $3 AND s.period = $4 AND s.unit = $5";
    let Account { scope, cap, period, unit } = account;
    let by = by.to_string();
    let values = args![&by, scope.name(), cap, period, unit];
    Ok(conn.row(SQL, values, |r| r.int(0)).await?.unwrap_or(0))
}

/// How far the caps of a day are used up, of every scope of an installation that has one.
pub(in crate::db) async fn used(
    conn: &mut Conn,
    by: InstallationId,
    terms: &crate::authz::TermsMap,
    day: &super::Day,
) -> Result<BTreeMap<Scope, Vec<Used>>> {
    const SQL: &str = "SELECT s.scope, s.cap, s.unit, s.amount FROM installations i JOIN spent s ON s.store = i.store \
        AND s.app = i.app WHERE i.id = $1 AND s.period = $2";
    let read = |r: Row<'_>| Ok((r.text(0)?, r.text(1)?, r.text(2)?, r.int(3)?));
    let rows = conn.rows(SQL, args![&by.to_string(), &day.name], read).await?;
    let mut all = BTreeMap::new();
    for scope in terms.limited().iter() {
        let caps = terms.get(scope).caps;
        let of_day = caps.iter().filter(|(cap, _)| matches!(cap, Cap::SumPerDay | Cap::PerDay));
        let of_day = of_day.map(|(cap, bound)| {
            let unit = if cap.is_money() { caps.currency().unwrap_or_default() } else { "" };
            let mine = rows.iter().find(|(s, c, u, _)| s == scope.name() && c == cap.name() && u == unit);
            let spent = mine.map_or(0, |(.., amount)| *amount);
            let left = i64::try_from(bound).unwrap_or(i64::MAX).saturating_sub(spent).max(0);
            let say = |n| super::words::amount(&caps, cap, n);
            let counted = (caps, cap, [spent, left]);
            Used { cap: cap.name(), used: say(spent), left: say(left), renews_at: rfc3339(day.ends), counted }
        });
        all.insert(scope, of_day.collect());
    }
    Ok(all)
}

impl Db {
    /// Forgets what was spent and written on days that ended long before `now`, in milliseconds. Sums of orders stay, because
    /// orders do. At most 500 rows at once; says how many.
    pub async fn forget_spends(&self, now: i64) -> Result<u64> {
        const SQL: &str = "DELETE FROM spent WHERE (store, app, scope, cap, period, unit) IN (SELECT store, app, \
            scope, cap, period, unit FROM spent WHERE at < $1 AND cap <> 'sum_per_order' LIMIT 500)";
        const KEPT_MS: i64 = 90 * super::spend::DAY_MS;
        const WRITTEN: &str = "DELETE FROM written WHERE (store, app, day) IN \
            (SELECT store, app, day FROM written WHERE at < $1 LIMIT 500)";
        self.write_with(RowsOf::All, now - KEPT_MS, |conn, before| {
            Box::pin(async move {
                conn.exec(WRITTEN, args![*before]).await?;
                conn.exec(SQL, args![*before]).await
            })
        })
        .await
    }
}
