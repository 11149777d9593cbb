//! What is refused over a plan, in the transaction that would have done it.
//!
//! INVARIANT: whoever calls these has counted a change of authority before, so that of two at once the second sees the first.

use super::bounds::PlanBounds;
use super::give::of_store;
use crate::authz::StoreId;
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::error::{Error, Result};
use crate::db::house::people::stores::Retention;

/// What a plan allows, in words; and what to do.
fn over(title: &str, allows: &str) -> Error {
    let limit = format!("the plan `{title}` allows {allows}, and the owner can ask for another: `storehand plan ask`");
    Error::Limit { limit, left: "none".to_owned(), renews: None }
}

fn many(n: u32, one: &str, more: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { more })
}

/// Refuses another app where a store has as many as its plan allows.
pub(in crate::db) async fn refuse_app(conn: &mut Conn, store: StoreId) -> Result<()> {
    const SQL: &str = "SELECT COUNT(*) FROM installations WHERE store = $1 AND state <> 'uninstalled'";
    let Some(given) = of_store(conn, store).await? else { return Ok(()) };
    let Some(most) = given.bounds.apps else { return Ok(()) };
    match conn.count(SQL, args![&store.to_string()]).await? >= u64::from(most) {
        true => Err(over(&given.title, &many(most, "app", "apps"))),
        false => Ok(()),
    }
}

/// Refuses another person where a store has as many as its plan allows.
pub(in crate::db) async fn refuse_person(conn: &mut Conn, store: StoreId) -> Result<()> {
    const SQL: &str = "SELECT COUNT(*) FROM staff WHERE store = $1 AND active = 1";
    let Some(given) = of_store(conn, store).await? else { return Ok(()) };
    let Some(most) = given.bounds.people else { return Ok(()) };
    match conn.count(SQL, args![&store.to_string()]).await? >= u64::from(most) {
        true => Err(over(&given.title, &many(most, "person, the owner among them", "people, owners among them"))),
        false => Ok(()),
    }
}

/// Refuses to retain for longer than a plan allows what was retained for less. What was retained as long before stays so.
pub(in crate::db) async fn refuse_retention(
    conn: &mut Conn,
    store: StoreId,
    (before, after): (Retention, Retention),
) -> Result<()> {
    let Some(given) = of_store(conn, store).await? else { return Ok(()) };
    let PlanBounds { usage_days, journal_days, .. } = given.bounds;
    for (what, most, before, after) in [
        ("runs", usage_days, before.usage_days, after.usage_days),
        ("changes", journal_days, before.journal_days, after.journal_days),
    ] {
        if let Some(most) = most.filter(|most| after > *most && after > before) {
            return Err(over(&given.title, &format!("{what} to be retained for {}", many(most, "day", "days"))));
        }
    }
    Ok(())
}

/// How long a new store retains its records: no longer than its plan allows.
pub(in crate::db) async fn lowered(conn: &mut Conn, retention: Retention) -> Result<Retention> {
    const SQL: &str = "SELECT bounds FROM plans WHERE standard = 1";
    let bounds = conn.row(SQL, args![], |r| r.doc::<PlanBounds>(0)).await?.unwrap_or_default();
    Ok(Retention {
        usage_days: retention.usage_days.min(bounds.usage_days.unwrap_or(u32::MAX)),
        journal_days: retention.journal_days.min(bounds.journal_days.unwrap_or(u32::MAX)),
        ..retention
    })
}
