//! What owners ask for: another plan. The operator accepts or declines, with a word.
//!
//! INVARIANT: one request of a store waits at most. Accepting gives the plan in the same transaction.

use super::give::give;
use super::plan::one;
use crate::authz::scope::kind::PlanChange;
use crate::authz::{Permit, StoreId, record_id};
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::text;
use crate::db::core::page::{Items, Page};
use crate::db::core::time::{now_ms, rfc3339};
use crate::db::house::people::tokens::Operator;
use crate::db::house::people::{audit, authority, host_audit};
use crate::text::words::Words;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Requests of a store that are retained, the one that waits among them.
const MAX_OF_STORE: i64 = 20;

/// Which plan an owner asks for, and why.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanAsked {
    /// The name of a plan that is offered.
    pub plan: String,
    /// For the operator, up to 500 characters.
    #[serde(default)]
    pub note: String,
}

/// What the operator decides, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// The store has the plan from now on.
    Accepted,
    /// It retains the one it has.
    Declined,
}

impl Decision {
    const fn state(self) -> &'static str {
        match self {
            Decision::Accepted => "accepted",
            Decision::Declined => "declined",
        }
    }
}

/// A request for another plan.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PlanRequest {
    /// Its id.
    pub id: String,
    /// Which store asked.
    #[schema(value_type = String)]
    pub store: StoreId,
    /// What the operator calls that store.
    pub store_name: String,
    /// The plan that it has.
    pub has: Option<String>,
    /// The plan that it asked for.
    pub plan: String,
    /// Why, in the owner's words.
    pub note: String,
    /// RFC 3339.
    pub asked_at: String,
    /// `waiting`, `accepted`, `declined` or `withdrawn`.
    pub state: String,
    /// What the operator said to it.
    pub word: Option<String>,
    /// RFC 3339.
    pub decided_at: Option<String>,
}

/// What every reading of requests selects.
macro_rules! requests {
    ($tail:literal) => {
        concat!(
            "SELECT r.id, r.store, s.name, COALESCE(s.plan, (SELECT d.name FROM plans d WHERE d.standard = 1)), r.plan, r.note, \
            r.asked_at, r.state, r.word, r.decided_at FROM plan_requests r JOIN stores s ON s.id = r.store ",
            $tail
        )
    };
}

fn read(r: Row<'_>) -> Result<PlanRequest> {
    Ok(PlanRequest {
        id: r.text(0)?,
        store: r.parse(1)?,
        store_name: r.text(2)?,
        has: r.opt_text(3)?,
        plan: r.text(4)?,
        note: r.text(5)?,
        asked_at: rfc3339(r.int(6)?),
        state: r.text(7)?,
        word: r.opt_text(8)?,
        decided_at: r.opt_int(9)?.map(rfc3339),
    })
}

/// The last request of a store.
pub(super) async fn last(conn: &mut Conn, store: StoreId) -> Result<Option<PlanRequest>> {
    const SQL: &str = requests!("WHERE r.store = $1 ORDER BY r.id DESC LIMIT 1");
    conn.row(SQL, args![&store.to_string()], read).await
}

impl Permit<PlanChange> {
    /// Asks for another plan. What waits already is replaced.
    pub async fn ask(&self, db: &Db, asked: PlanAsked) -> Result<PlanRequest> {
        if asked.note.chars().count() > 500 {
            return Err(Error::invalid(Words::ENGLISH.t("refused-plan-note").with("n", 500i64)));
        }
        db.write_with(self.store(), (self.store(), self.actor(), self.basis(), asked), |conn, what| {
            Box::pin(async move {
                const SQL: &str = "INSERT INTO plan_requests (store, id, plan, note, asked_by, asked_at, state) \
                    VALUES ($1, $2, $3, $4, $5, $6, 'waiting')";
                const OLD: &str = "DELETE FROM plan_requests WHERE store = $1 AND id NOT IN \
                    (SELECT id FROM plan_requests WHERE store = $1 ORDER BY id DESC LIMIT $2)";
                let (store, actor, basis, asked) = what;
                // Before the fence, as whatever gives a plan does: of two at once the second sees the first.
                authority::next_version(conn).await?;
                authority::fence(conn, *basis).await?;
                let unknown = || Error::invalid(Words::ENGLISH.t("refused-no-plan").with("plan", &asked.plan));
                match one(conn, &asked.plan).await {
                    Ok(plan) if plan.offered => {}
                    Ok(_) | Err(Error::NotFound { .. }) => return Err(unknown()),
                    Err(e) => return Err(e),
                }
                withdraw(conn, *store, &actor.to_string()).await?;
                let (of, id, by) = (store.to_string(), record_id("plr"), actor.to_string());
                let values = args![&of, &id, &asked.plan, &asked.note, &by, now_ms()];
                conn.exec(SQL, values).await?;
                conn.exec(OLD, args![&of, MAX_OF_STORE]).await?;
                let detail = serde_json::json!({ "plan": asked.plan });
                audit::note(conn, *store, *actor, "plans.ask", &of, &detail).await?;
                last(conn, *store).await?.ok_or_else(|| Error::not_found("request", id))
            })
        })
        .await
    }

    /// Withdraws what was asked for and waits.
    pub async fn withdraw(&self, db: &Db) -> Result<()> {
        db.write_with(self.store(), (self.store(), self.actor(), self.basis()), |conn, (store, actor, basis)| {
            Box::pin(async move {
                authority::next_version(conn).await?;
                authority::fence(conn, *basis).await?;
                if withdraw(conn, *store, &actor.to_string()).await? == 0 {
                    return Err(Error::invalid(Words::ENGLISH.t("refused-nothing-asked")));
                }
                let none = serde_json::json!({});
                audit::note(conn, *store, *actor, "plans.withdraw", &store.to_string(), &none).await.map(drop)
            })
        })
        .await
    }
}

async fn withdraw(conn: &mut Conn, store: StoreId, by: &str) -> Result<u64> {
    const SQL: &str = "UPDATE plan_requests SET state = 'withdrawn', decided_by = $2, decided_at = $3 \
        WHERE store = $1 AND state = 'waiting'";
    conn.exec(SQL, args![&store.to_string(), by, now_ms()]).await
}

impl Operator {
    /// Requests that wait, oldest first.
    pub async fn plan_requests(&self, db: &Db, page: &Page) -> Result<Items<PlanRequest>> {
        const SQL: &str = requests!("WHERE r.state = 'waiting' AND r.id > $1 ORDER BY r.id LIMIT $2");
        let limit = page.limit()?;
        let after = page.after("plan requests")?.unwrap_or_default();
        let found = db.reader(RowsOf::All).await?.rows(SQL, args![after, (limit + 1) as i64], read).await?;
        Ok(Items::cut(found, limit, "plan requests", |request| request.id.clone()))
    }

    /// The last request of a store, if there ever was one.
    pub async fn plan_request_of(&self, db: &Db, store: StoreId) -> Result<Option<PlanRequest>> {
        last(&mut *db.reader(RowsOf::All).await?, store).await
    }

    /// Decides on what a store asked for. The word, up to 500 characters, is for its owner.
    pub async fn decide_plan(&self, db: &Db, store: StoreId, decision: Decision, word: Option<String>) -> Result<()> {
        if let Some(word) = &word {
            text("a word to the owner", word, 1, 500)?;
        }
        let decided = db.write_then(
            RowsOf::All,
            (*self, store, decision, word),
            |conn, (operator, store, decision, word)| {
                Box::pin(async move {
                    const SQL: &str = "UPDATE plan_requests SET state = $2, word = $3, decided_by = $4, decided_at = $5 \
                        WHERE store = $1 AND state = 'waiting' RETURNING plan";
                    authority::next_version(conn).await?;
                    authority::fence(conn, operator.basis()).await?;
                    let (id, actor) = (store.to_string(), operator.actor());
                    let by = actor.to_string();
                    let values = args![&id, decision.state(), word, &by, now_ms()];
                    let plan = conn.row(SQL, values, |r| r.text(0)).await?;
                    let plan = plan.ok_or_else(|| Error::invalid("this store asks for no plan at the moment"))?;
                    if *decision == Decision::Accepted {
                        give(conn, actor, *store, Some(&plan)).await?;
                    }
                    let act = match decision {
                        Decision::Accepted => "plans.accept",
                        Decision::Declined => "plans.decline",
                    };
                    let detail = serde_json::json!({ "plan": plan, "word": word });
                    audit::note(conn, *store, actor, act, &id, &detail).await?;
                    host_audit::note(conn, actor, act, &id, &detail).await
                })
            },
            |db, (_, store, ..), ()| db.forget_plan_of(*store),
        );
        decided.await
    }
}
