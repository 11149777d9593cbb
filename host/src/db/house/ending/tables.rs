//! Where something of a store stands: every table with rows of its own, how they are found, and how large they may be.
//!
//! INVARIANT: a table that is missing here is found by a test, which looks for a store in every column of the database when it was
//! erased. What finds the rows of a table by rows of another comes before that one.

use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::engine::portion::{ROWS, fits};
use crate::db::core::error::Result;

/// Rows of a store in one table.
pub(super) struct Rows {
    /// The table.
    pub(super) table: &'static str,
    /// The bytes of the first of them, so many at most; on SQLite and on PostgreSQL.
    sizes: [&'static str; 2],
    /// Erases the first of them, as many as are given.
    erase: &'static str,
}

macro_rules! rows {
    ($table:literal ($key:literal) $whose:literal) => {
        rows!(@ $table, $key, $whose, "0", "0")
    };
    ($table:literal ($key:literal) $whose:literal [$($large:literal),+]) => {
        rows!(@ $table, $key, $whose,
            concat!("0" $(, " + COALESCE(OCTET_LENGTH(", $large, "), 0)")+),
            concat!("0" $(, " + COALESCE(pg_column_size(", $large, "), 0)")+))
    };
    (@ $table:literal, $key:literal, $whose:literal, $lite:expr, $pg:expr) => {
        Rows {
            table: $table,
            sizes: [
                concat!("SELECT CAST(", $lite, " AS BIGINT) FROM ", $table, " WHERE ", $whose, " ORDER BY ", $key, " LIMIT $2"),
                concat!("SELECT CAST(", $pg, " AS BIGINT) FROM ", $table, " WHERE ", $whose, " ORDER BY ", $key, " LIMIT $2"),
            ],
            erase: concat!("DELETE FROM ", $table, " WHERE (", $key, ") IN (SELECT ", $key, " FROM ", $table, " WHERE ", $whose,
                " ORDER BY ", $key, " LIMIT $2)"),
        }
    };
}

/// All of them but runs, uploaded apps and the sums of all stores together (`erase`), and the row of the store itself.
pub(super) const TABLES: &[Rows] = &[
    rows!("tokens" ("hash") "store = $1"),
    rows!("links" ("hash") "staff IN (SELECT p.id FROM staff p WHERE p.store = $1)"),
    rows!("confirmed_devices" ("staff, device") "staff IN (SELECT p.id FROM staff p WHERE p.store = $1)"),
    rows!("ownership_offers" ("staff") "store = $1"),
    rows!("answers" ("store, actor, key") "store = $1" ["body"]),
    rows!("schedules" ("installation, cron") "store = $1"),
    rows!("retries" ("installation, seq") "installation IN (SELECT i.id FROM installations i WHERE i.store = $1)"),
    rows!("held_records" ("installation, record, id") "installation IN (SELECT i.id FROM installations i WHERE i.store = $1)"),
    rows!("held" ("store, id") "store = $1" ["draft"]),
    rows!("cursors" ("installation") "store = $1"),
    rows!("leftovers" ("installation") "store = $1"),
    rows!("goes_on" ("stop, installation") "store = $1"),
    rows!("scope_uses" ("installation, scope") "store = $1"),
    rows!("staff_uses" ("staff, scope") "store = $1"),
    rows!("breakers" ("installation") "store = $1"),
    rows!("outbound_days" ("installation") "store = $1"),
    rows!("runs_begun" ("invocation") "store = $1"),
    rows!("alerts" ("id") "store = $1"),
    rows!("alert_rules" ("store, rule") "store = $1"),
    rows!("storage" ("installation, key") "installation IN (SELECT i.id FROM installations i WHERE i.store = $1)" ["value"]),
    rows!("storage_used" ("installation") "installation IN (SELECT i.id FROM installations i WHERE i.store = $1)"),
    rows!("grants" ("installation, scope") "installation IN (SELECT i.id FROM installations i WHERE i.store = $1)"),
    rows!("consents" ("id") "store = $1" ["shown"]),
    rows!("undo_skipped" ("store, undo, kind, id") "store = $1"),
    rows!("undo_sets" ("store, change_set") "store = $1"),
    rows!("undone" ("store, change_set, n") "store = $1"),
    rows!("undos" ("store, id") "store = $1"),
    rows!("journal" ("store, change_set, n") "store = $1" ["before", "after"]),
    rows!("events" ("store, seq") "store = $1" ["payload"]),
    rows!("cuts" ("store, chain, installation") "store = $1"),
    rows!("chains" ("store, id") "store = $1"),
    rows!("spent" ("store, app, scope, cap, period, unit") "store = $1"),
    rows!("written" ("store, app, day") "store = $1"),
    rows!("day_prices" ("store, sku") "store = $1"),
    rows!("records" ("store, kind, id") "store = $1" ["doc"]),
    rows!("tags" ("store, kind, tag, id") "store = $1"),
    rows!("keys" ("store, space, value") "store = $1"),
    rows!("stock" ("store, sku, location") "store = $1"),
    rows!("discount_uses" ("store, discount, customer") "store = $1"),
    rows!("quotes" ("store, cart") "store = $1" ["doc"]),
    rows!("run_sums" ("store, span, at, installation, app, app_version, trigger_kind") "store = $1" ["cpu_times", "wall_times"]),
    rows!("call_sums" ("store, span, at, installation, app, call") "store = $1"),
    rows!("month_sums" ("store, month, installation") "store = $1"),
    rows!("house_rules" ("store, version") "store = $1" ["body"]),
    rows!("roles" ("id") "store = $1"),
    rows!("plan_requests" ("store, id") "store = $1"),
    rows!("stops" ("id") "(store = $1 OR space = $1)"),
    rows!("publishers" ("name") "store = $1"),
    rows!("installations" ("id") "store = $1" ["settings"]),
    rows!("staff" ("id") "store = $1"),
    rows!("audit" ("store, id") "store = $1" ["detail"]),
    rows!("audit_chains" ("chain") "chain = $1"),
    rows!("counters" ("store") "store = $1"),
    rows!("numbers" ("store") "store = $1"),
];

impl Rows {
    /// How many of the first rows make a portion; none, if there is none. Nobody adds any: the store is closed.
    pub(super) async fn portion(&self, conn: &mut Conn, store: &str) -> Result<i64> {
        let [lite, pg] = self.sizes;
        let sql = if conn.is_pg() { pg } else { lite };
        let sizes = conn.rows(sql, args![store, ROWS], |r| r.int(0)).await?;
        Ok(i64::try_from(fits(&sizes, |bytes| *bytes)).unwrap_or(ROWS))
    }

    /// Erases the first rows, so many at most.
    pub(super) async fn erase(&self, conn: &mut Conn, store: &str, many: i64) -> Result<u64> {
        conn.exec(self.erase, args![store, many]).await
    }

    /// Whether there is any row.
    pub(super) async fn is_empty(&self, conn: &mut Conn, store: &str) -> Result<bool> {
        let [lite, pg] = self.sizes;
        let sql = if conn.is_pg() { pg } else { lite };
        Ok(conn.rows(sql, args![store, 1], |_| Ok(())).await?.is_empty())
    }
}
