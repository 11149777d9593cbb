//! How a draft is held: with its reserve, the step of its delivery and the record of its run.

use crate::authz::{Actor, HeldId, InstallationId, ScopeSet};
use crate::db::core::drafts::along::{Along, Changed};
use crate::db::core::drafts::append::Appended;
use crate::db::core::drafts::commit::Committed;
use crate::db::core::drafts::draft::Draft;
use crate::db::core::drafts::parcel::Parcel;
use crate::db::core::drafts::{commit, erasures};
use crate::db::core::engine::committer::Write;
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::to_json;
use crate::db::core::shares::Party;
use crate::db::core::time::now_ms;
use crate::db::house::completion::Completion;
use crate::db::house::deliveries::deliver::Step;
use crate::db::house::history::usage::Run;
use crate::db::house::people::audit;
use crate::db::house::people::stores::Retention;
use crate::db::house::written::Writing;
use futures_util::future::BoxFuture;
use serde_json::value::RawValue;
use serde_json::{Value, json};

/// So many change sets of an app wait at most, and so many bytes of them; of all apps of a store together.
const OF_APP: (i64, i64) = (200, 16 << 20);
const OF_STORE: (i64, i64) = (1_000, 64 << 20);
/// Counted with each record of what waits: its row among those the app can ask for.
const RECORD_BYTES: usize = 128;
/// A day in milliseconds.
const DAY_MS: i64 = 86_400_000;

/// What waits has changed nothing.
const NOTHING_YET: Changed = Changed { change_set: None, changes: 0 };

struct Hold {
    draft: Draft,
    packed: Packed,
    completion: Completion,
    writing: Option<Writing>,
}

/// A draft made ready to be inserted, before anybody waits for it.
struct Packed {
    draft: Box<RawValue>,
    spends: Box<RawValue>,
    /// The ids of the records it would change.
    touches: Vec<String>,
    scopes: ScopeSet,
    held: ScopeSet,
    changes: usize,
}

impl Packed {
    fn of(draft: &Draft) -> Result<Packed> {
        let parcel = Parcel::pack(draft);
        Ok(Packed {
            draft: to_json(&parcel)?,
            spends: to_json(parcel.spent())?,
            touches: parcel.touches(),
            scopes: draft.touched(),
            held: draft.held_scopes(),
            changes: draft.changes(),
        })
    }

    fn bytes(&self) -> usize {
        let ids: usize = self.touches.iter().map(|id| id.len() + RECORD_BYTES).sum();
        self.draft.get().len() + self.spends.get().len() + ids
    }
}

impl Draft {
    /// Holds everything for a person, or nothing. What was not inserted comes back, as of a commit.
    pub async fn hold(mut self, mut completion: Completion) -> Result<Committed, (Error, Option<Completion>)> {
        let db = self.db().clone();
        let ready = async {
            self.refuse_dry()?;
            let packed = Packed::of(&self)?;
            // What is packed is all that is needed of it.
            self.empty_into_parcel();
            let writing = db.writing_of_run(completion.usage.as_mut(), packed.bytes(), false).await?;
            Ok((packed, writing, self.turn().await?))
        };
        let (packed, writing, _turn) = match ready.await {
            Ok(ready) => ready,
            Err(e) => return Err((e, Some(completion))),
        };
        let held = db.try_write(Hold { draft: self, packed, completion, writing }).await;
        held.map_err(|(e, hold)| (e, hold.map(|hold| hold.completion)))
    }

    /// Whether a change of this app to the record with this id waits for a person.
    pub async fn pending(&mut self, record: &str) -> Result<bool> {
        const SQL: &str = "SELECT COUNT(*) FROM held_records WHERE installation = $1 AND record = $2";
        let Some(id) = self.cause().installation else { return Ok(false) };
        let id = id.to_string();
        Ok(self.reader().await?.count(SQL, args![&id, record]).await? > 0)
    }
}

impl Write for Hold {
    type Out = Committed;

    fn whose(&self) -> RowsOf {
        self.draft.store().into()
    }

    fn apply<'a>(&'a mut self, conn: &'a mut Conn) -> BoxFuture<'a, Result<Committed>> {
        Box::pin(insert(conn, self))
    }

    fn party(&self) -> Option<Party> {
        self.completion.usage.party()
    }

    fn committed(&mut self, _: &Committed) {
        if let Some(writing) = &self.writing {
            writing.remember(self.draft.db());
        }
        if let Some(usage) = &self.completion.usage {
            usage.count();
        }
    }
}

async fn insert(conn: &mut Conn, hold: &mut Hold) -> Result<Committed> {
    let Hold { draft, packed, completion, writing } = hold;
    let (Some(by), Some(usage)) = (draft.cause().installation, &mut completion.usage) else {
        return Err(Error::Corrupt("only what an app's run changes is held".to_owned()));
    };
    draft.insert_key(conn).await?;
    commit::fence(conn, draft).await?;
    completion.step.follow(conn, draft, NOTHING_YET).await?;
    usage.insert_held(conn, draft).await?;
    let origin = origin(completion.step.as_ref(), usage.run());
    if let Some(writing) = writing {
        writing.add(conn, draft.db()).await?;
    }
    room(conn, &draft.store().to_string(), &by.to_string(), packed.bytes() as i64).await?;
    let id = row(conn, (draft, packed), by, &usage.run().app, &usage.invocation().to_string(), &origin).await?;
    draft.key_made(conn, None).await?;
    erasures::fence(conn, draft).await?;
    Ok(Committed { change_set: None, changes: 0, appended: Appended::default(), held: Some(id) })
}

/// Whether there is room for one more that waits. The row that counts what the store's apps wrote today is locked by
/// now, since nothing that waits is small enough to be counted later: so nobody else adds one.
async fn room(conn: &mut Conn, store: &str, by: &str, bytes: i64) -> Result<()> {
    const SQL: &str = "SELECT COUNT(*), CAST(COALESCE(SUM(bytes), 0) AS BIGINT), \
        COUNT(CASE WHEN installation = $2 THEN 1 END), \
        CAST(COALESCE(SUM(CASE WHEN installation = $2 THEN bytes END), 0) AS BIGINT) \
        FROM held WHERE store = $1 AND state = 'waiting'";
    let read = |r: crate::db::core::engine::conn::Row<'_>| Ok(((r.int(0)?, r.int(1)?), (r.int(2)?, r.int(3)?)));
    let (all, mine) = conn.row(SQL, args![store, by], read).await?.unwrap_or_default();
    for (whose, (sets, size), (most, most_bytes)) in [("an app", mine, OF_APP), ("a store", all, OF_STORE)] {
        if sets >= most || size + bytes > most_bytes {
            let limit = format!("{most} change sets of {whose} that wait for a person, of {} MiB", most_bytes >> 20);
            let left = format!("{} of them and {} bytes", (most - sets).max(0), (most_bytes - size).max(0));
            return Err(Error::Limit { limit, left, renews: None });
        }
    }
    Ok(())
}

async fn row(
    conn: &mut Conn,
    (draft, packed): (&Draft, &Packed),
    by: InstallationId,
    app: &str,
    invocation: &str,
    origin: &Value,
) -> Result<HeldId> {
    const SQL: &str = "INSERT INTO held (store, id, installation, app, invocation, actor, origin, scopes, held_scopes, \
        changes, draft, state, made_at, lapses_at, bytes, spends) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, \
        'waiting', $12, $13, $14, $15)";
    const RECORD: &str = "INSERT INTO held_records (installation, record, id) VALUES ($1, $2, $3)";
    const DAYS: &str = "SELECT retention FROM stores WHERE id = $1";
    let (id, actor) = (HeldId::new(), draft.actor().unwrap_or(Actor::App(by, None)));
    let (store, text, of) = (draft.store().to_string(), id.to_string(), by.to_string());
    let retention: Option<Retention> = conn.row(DAYS, args![&store], |r| r.doc(0)).await?;
    let (now, days) = (now_ms(), retention.unwrap_or_default().hold_days);
    let (scopes, held) = (to_json(&packed.scopes)?, to_json(&packed.held)?);
    let (who, origin) = (actor.to_string(), to_json(origin)?);
    let (changes, bytes) = (packed.changes as i64, packed.bytes() as i64);
    let lapses = now + i64::from(days) * DAY_MS;
    let values = args![
        &store,
        &text,
        &of,
        app,
        invocation,
        &who,
        &origin,
        &scopes,
        &held,
        changes,
        &packed.draft,
        now,
        lapses,
        bytes,
        &packed.spends
    ];
    conn.exec(SQL, values).await?;
    for record in &packed.touches {
        conn.exec(RECORD, args![&of, record, &text]).await?;
    }
    let detail = json!({ "app": app, "invocation": invocation, "scopes": packed.held, "changes": packed.changes });
    audit::note(conn, draft.store(), actor, "changes.hold", &text, &detail).await?;
    Ok(id)
}

/// What made the run, so that it can be made again.
fn origin(step: Option<&Step>, run: &Run) -> Value {
    match step {
        // Where the cursor goes may be further: past events that the app is not told.
        Some(Step::Advance { .. } | Step::Done { .. }) => json!({ "event": run.cause }),
        Some(Step::Scheduled { cron, .. }) => json!({ "schedule": cron }),
        _ => json!({ "action": run.record }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authz::{InstallationId, StoreId};

    #[test]
    fn what_is_held_is_made_again_from_its_own_event_however_far_the_cursor_went() {
        let installation = InstallationId::new();
        let run = Run {
            store: StoreId::new(),
            installation,
            app: "examples/order-notes".into(),
            version: "1.0.0".into(),
            trigger: "event",
            topic: None,
            record: Some("ord_1".to_owned()),
            cause: Some(10),
            on_behalf_of: None,
            attempt: 1,
        };
        let step =
            Step::Advance { installation, from: 9, to: 14, code: "c0de".into(), record: Some("ord_1".to_owned()) };
        assert_eq!(origin(Some(&step), &run), json!({ "event": 10 }));
        assert_eq!(origin(Some(&Step::Done { installation, seq: 10, attempt: 1 }), &run), json!({ "event": 10 }));
        assert_eq!(origin(None, &run), json!({ "action": "ord_1" }));
    }
}
