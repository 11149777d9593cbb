//! Which store has which plan: the one it was given, or else the standard one, or none.

use super::bounds::PlanBounds;
use super::plan::one;
use crate::authz::{Actor, StoreId};
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::house::people::tokens::Operator;
use crate::db::house::people::{audit, authority, host_audit};

/// A plan as it bounds a store.
#[derive(Debug, Clone)]
pub(super) struct Given {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) bounds: PlanBounds,
}

/// The plan of a store, if it has one.
pub(super) async fn of_store(conn: &mut Conn, store: StoreId) -> Result<Option<Given>> {
    const SQL: &str = "SELECT p.name, p.title, p.bounds FROM stores s JOIN plans p \
        ON p.name = COALESCE(s.plan, (SELECT d.name FROM plans d WHERE d.standard = 1)) WHERE s.id = $1";
    let read = |r: crate::db::core::engine::conn::Row<'_>| {
        Ok(Given { name: r.text(0)?, title: r.text(1)?, bounds: r.doc(2)? })
    };
    conn.row(SQL, args![&store.to_string()], read).await
}

impl Operator {
    /// Gives a store a plan; none: the standard one, if there is one. It holds from now on.
    pub async fn give_plan(&self, db: &Db, store: StoreId, plan: Option<String>) -> Result<()> {
        let given = db.write_then(
            RowsOf::All,
            (*self, store, plan),
            |conn, (operator, store, plan)| {
                Box::pin(async move {
                    authority::next_version(conn).await?;
                    authority::fence(conn, operator.basis()).await?;
                    give(conn, operator.actor(), *store, plan.as_deref()).await
                })
            },
            |db, (_, store, _), ()| db.forget_plan_of(*store),
        );
        given.await
    }
}

/// Gives it, in a transaction that has counted the change of authority.
pub(super) async fn give(conn: &mut Conn, actor: Actor, store: StoreId, plan: Option<&str>) -> Result<()> {
    const SQL: &str = "UPDATE stores SET plan = $2 WHERE id = $1";
    let id = store.to_string();
    let before = of_store(conn, store).await?.map(|given| given.name);
    if let Some(name) = plan {
        one(conn, name).await?;
    }
    if conn.exec(SQL, args![&id, plan]).await? == 0 {
        return Err(Error::not_found("store", id));
    }
    let detail = serde_json::json!({ "before": before, "after": plan });
    audit::note(conn, store, actor, "plans.give", &id, &detail).await?;
    host_audit::note(conn, actor, "plans.give", &id, &detail).await
}
