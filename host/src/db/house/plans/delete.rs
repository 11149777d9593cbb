//! Deleting a plan that nobody has, and that nobody asks for.
//!
//! INVARIANT: no store has a plan that is not there. Giving a plan and deleting one both count a change of authority first, so
//! that of two at once the second sees the first.

use super::plan::{StorePlan, one};
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::house::people::tokens::Operator;
use crate::db::house::people::{authority, host_audit};
use crate::text::words::Words;

impl Operator {
    /// Deletes a plan. Refused while a store has it or asks for it, and while it is the standard one.
    pub async fn delete_plan(&self, db: &Db, name: &str) -> Result<()> {
        let deleted = db.write_then(
            RowsOf::All,
            (*self, name.to_owned()),
            |conn, (operator, name)| {
                Box::pin(async move {
                    const SQL: &str = "DELETE FROM plans WHERE name = $1";
                    authority::next_version(conn).await?;
                    authority::fence(conn, operator.basis()).await?;
                    let plan = one(conn, name).await?;
                    refuse_used(conn, &plan).await?;
                    conn.exec(SQL, args![name]).await?;
                    let detail = serde_json::json!({ "title": plan.title, "bounds": plan.bounds });
                    host_audit::note(conn, operator.actor(), "plans.delete", name, &detail).await
                })
            },
            |db, _, ()| db.forget_plans(),
        );
        deleted.await
    }
}

async fn refuse_used(conn: &mut Conn, plan: &StorePlan) -> Result<()> {
    const ASKED: &str = "SELECT COUNT(*) FROM plan_requests WHERE plan = $1 AND state = 'waiting'";
    let refused =
        |key: &'static str, n: i64| Error::invalid(Words::ENGLISH.t(key).with("plan", plan.name.clone()).with("n", n));
    if plan.standard {
        return Err(refused("refused-plan-standard", 0));
    }
    if plan.stores > 0 {
        return Err(refused("refused-plan-given", plan.stores));
    }
    match conn.count(ASKED, args![&plan.name]).await? {
        0 => Ok(()),
        n => Err(refused("refused-plan-asked", i64::try_from(n).unwrap_or(i64::MAX))),
    }
}
