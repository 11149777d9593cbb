//! How a draft is kept to wait: with its reserve, the step of its delivery and the record of its run.

use super::parcel::Parcel;
use crate::authz::{Actor, HeldId, InstallationId, ScopeSet};
use crate::db::Step;
use crate::db::drafts::commit::{self, Committed, Completion};
use crate::db::drafts::draft::Draft;
use crate::db::engine::committer::Write;
use crate::db::engine::conn::{Conn, args};
use crate::db::error::{Error, Result};
use crate::db::history::usage::Run;
use crate::db::people::audit;
use crate::db::people::stores::Retention;
use crate::db::records::doc::to_json;
use crate::db::time::now_ms;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};

/// A day in milliseconds.
const DAY_MS: i64 = 86_400_000;

struct Hold {
    draft: Draft,
    completion: Completion,
}

impl Draft {
    /// The scopes, of what it changes, whose grants are held: it then waits for a person.
    pub fn held_scopes(&self) -> ScopeSet {
        self.held.and(self.touched())
    }

    /// The scopes of all that it changes.
    fn touched(&self) -> ScopeSet {
        let records = self.records.values().map(|staged| staged.scopes);
        let levels = self.levels.values().map(|level| level.scopes);
        let dropped = self.dropped_skus.iter().map(|(_, scopes)| *scopes);
        records.chain(levels).chain(dropped).flat_map(|scopes| scopes.iter().collect::<Vec<_>>()).collect()
    }

    /// Keeps everything to wait for a person, or nothing. What was not kept comes back, as of a commit.
    pub async fn hold(self, completion: Completion) -> Result<Committed, (Error, Option<Completion>)> {
        let db = self.db.clone();
        let kept = db.try_write(Hold { draft: self, completion }).await;
        kept.map_err(|(e, hold)| (e, hold.map(|hold| hold.completion)))
    }

    /// Whether a change of this app to the record with this id waits for a person.
    pub async fn pending(&mut self, record: &str) -> Result<bool> {
        const SQL: &str = "SELECT COUNT(*) FROM held_records WHERE installation = $1 AND record = $2";
        let Some(id) = self.cause.installation else { return Ok(false) };
        let id = id.to_string();
        Ok(self.reader().await?.count(SQL, args![&id, record]).await? > 0)
    }
}

impl Write for Hold {
    type Out = Committed;

    fn apply<'a>(&'a mut self, conn: &'a mut Conn) -> BoxFuture<'a, Result<Committed>> {
        Box::pin(keep(conn, &self.draft, &mut self.completion))
    }
}

async fn keep(conn: &mut Conn, draft: &Draft, completion: &mut Completion) -> Result<Committed> {
    draft.refuse_dry()?;
    let (Some(by), Some(usage)) = (draft.cause.installation, &mut completion.usage) else {
        return Err(Error::Corrupt("only what an app's run changes is held".to_owned()));
    };
    commit::fence(conn, draft).await?;
    if let Some(step) = &completion.step {
        step.keep(conn).await?;
    }
    (usage.changes, usage.change_set) = (0, None);
    usage.keep(conn).await?;
    let origin = origin(completion.step.as_ref(), usage.run());
    let id = row(conn, draft, by, &usage.run().app, &usage.invocation().to_string(), &origin).await?;
    Ok(Committed { change_set: None, changes: 0, events: 0, held: Some(id) })
}

async fn row(
    conn: &mut Conn,
    draft: &Draft,
    by: InstallationId,
    app: &str,
    invocation: &str,
    origin: &Value,
) -> Result<HeldId> {
    const SQL: &str = "INSERT INTO held (store, id, installation, app, invocation, actor, origin, scopes, held_scopes, \
        changes, draft, state, made_at, lapses_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'waiting', $12, $13)";
    const RECORD: &str = "INSERT INTO held_records (installation, record, id) VALUES ($1, $2, $3)";
    const DAYS: &str = "SELECT retention FROM stores WHERE id = $1";
    let (id, parcel, actor) = (HeldId::new(), Parcel::pack(draft), draft.actor.unwrap_or(Actor::App(by, None)));
    let (store, text, of) = (draft.store.to_string(), id.to_string(), by.to_string());
    let retention: Option<Retention> = conn.row(DAYS, args![&store], |r| r.doc(0)).await?;
    let (now, days) = (now_ms(), retention.unwrap_or_default().hold_days);
    let (scopes, held) = (to_json(&draft.touched())?, to_json(&draft.held_scopes())?);
    let (who, origin, packed) = (actor.to_string(), to_json(origin)?, to_json(&parcel)?);
    let changes = draft.changes() as i64;
    let lapses = now + i64::from(days) * DAY_MS;
    let values =
        args![&store, &text, &of, app, invocation, &who, &origin, &scopes, &held, changes, &packed, now, lapses,];
    conn.exec(SQL, values).await?;
    for record in parcel.touches() {
        conn.exec(RECORD, args![&of, &record, &text]).await?;
    }
    let detail =
        json!({ "app": app, "invocation": invocation, "scopes": draft.held_scopes(), "changes": draft.changes() });
    audit::note(conn, draft.store, actor, "changes.hold", &text, &detail).await?;
    Ok(id)
}

/// What made the run, so that it can be made again.
fn origin(step: Option<&Step>, run: &Run) -> Value {
    match step {
        Some(Step::Advance { to: seq, .. } | Step::Done { seq, .. }) => json!({ "event": seq }),
        Some(Step::Scheduled { cron, .. }) => json!({ "schedule": cron }),
        _ => json!({ "action": run.record }),
    }
}
