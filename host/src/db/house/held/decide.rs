//! Approving, rejecting, and what happens when nobody does either.

use super::{HeldState, decided, one, parcel};
use crate::authz::{
    Actor, Authority, Basis, ChangeSetId, HeldId, InstallationId, Permit, Principal, Proof, Scope, ScopeSet, StaffId,
    StoreId, scope::kind::ChangesApprove,
};
use crate::db::core::caps;
use crate::db::core::caps::{Account, Spend};
use crate::db::core::drafts::along::{Along, Changed};
use crate::db::core::drafts::draft::{Cause, Draft};
use crate::db::core::drafts::once::{Made, Once, Replay};
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::portion;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::time::now_ms;
use crate::db::house::history::sums::add_approved;
use crate::db::house::people::{audit, authority};
use crate::text::words::Words;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

/// So many held change sets are dropped in one transaction: each comes with an entry in the audit log, and gives back what
/// it reserved.
const FEW: i64 = 20;

/// What became of an approved change set.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Approved {
    /// The change set in the journal.
    #[schema(value_type = Option<String>)]
    pub change_set: Option<ChangeSetId>,
    /// How many records and levels changed.
    pub changes: u64,
    /// The caps of today that it went over, in words; only an owner can let that pass.
    pub over: Vec<String>,
}

/// That a draft is one that waited, and who lets it pass.
#[derive(Debug, Clone, Copy)]
pub(in crate::db) struct Approval {
    id: HeldId,
    by: Actor,
    /// Whether an owner let it go over a cap.
    over: bool,
}

impl Along for Approval {
    /// Ends the wait, in the transaction that makes the changes. Whoever comes second is told.
    async fn follow(&mut self, conn: &mut Conn, draft: &Draft, changed: Changed) -> Result<()> {
        match changed.change_set {
            Some(set) => self.end(conn, draft.store(), set, changed.changes).await,
            None => Ok(()),
        }
    }
}

impl Approval {
    async fn end(&self, conn: &mut Conn, store: StoreId, set: ChangeSetId, changes: u64) -> Result<()> {
        const END: &str = "UPDATE held SET state = 'approved', draft = NULL, summed = 1, decided_by = $3, decided_at = $4, \
            change_set = $5 WHERE store = $1 AND id = $2 AND state = 'waiting' RETURNING invocation";
        const RUN: &str = "UPDATE invocations SET change_set = $3, changes = $4 WHERE store = $1 AND id = $2";
        let Approval { id, by, over } = *self;
        let (of, text, set, actor) = (store.to_string(), id.to_string(), set.to_string(), by.to_string());
        let values = args![&of, &text, &actor, now_ms(), &set];
        let run = conn.row(END, values, |r| r.text(0)).await?.ok_or_else(|| decided(id))?;
        conn.exec(RUN, args![&of, &run, &set, changes as i64]).await?;
        add_approved(conn, &of, &run, changes as i64).await?;
        forget(conn, &text).await?;
        let detail = match over {
            true => json!({ "change_set": set, "changes": changes, "over_caps": true }),
            false => json!({ "change_set": set, "changes": changes }),
        };
        audit::note(conn, store, by, "changes.approve", &text, &detail).await?;
        Ok(())
    }
}

async fn forget(conn: &mut Conn, id: &str) -> Result<u64> {
    conn.exec("DELETE FROM held_records WHERE id = $1", args![id]).await
}

impl Permit<ChangesApprove> {
    /// Makes the changes of a held change set, all of them, in the app's name. Whoever approves must hold every scope
    /// they were made with, and so must the app still. `once` is inserted with them. [`Error::Outdated`]: somebody changed
    /// one of the records since.
    pub async fn approve(&self, db: &Db, who: &Principal, id: HeldId, once: Option<Once>) -> Result<Approved> {
        // What is read from here on may be erased before it is committed.
        let erasures = db.0.erasures.of(self.store());
        let (held, parcel) = {
            let mut conn = db.reader(self.store()).await?;
            (one(&mut conn, self.store(), id).await?, parcel(&mut conn, self.store(), id).await?)
        };
        let proof = may_decide(who, &held.scopes)?;
        let installed = db.installed(held.installation).await?;
        let authority = installed.live().get();
        let ends = still_holds(&authority, proof.scopes(), &held.app)?;
        // What waits for a person goes on with the chain it belongs to.
        let (depth, chain) = parcel.chain();
        let cause = Cause { invocation: Some(held.invocation), installation: Some(held.installation), depth, chain };
        let mut draft = Draft::new(db, self.store(), cause).began_at(erasures).only_once(once);
        draft.makes(Made { id: id.to_string(), part: None, replay: Replay::Answer });
        let today = {
            let (of, day) = (self.store().to_string(), draft.day().await?);
            let mut conn = db.reader(self.store()).await?;
            let by = (of.as_str(), held.installation);
            caps::today(&mut conn, by, &authority, parcel.spent(), parcel.prices(), &day).await?
        };
        let over = today.over();
        // The owner holds what nobody else can, and may let more pass than a cap does.
        today.count(&mut draft, who.holds(Scope::StaffManage).is_ok()).await?;
        parcel.unpack(&mut draft)?;
        let actor = Actor::App(held.installation, on_behalf_of(db, self.store(), id).await?);
        let basis = Basis { installation: Some((held.installation, authority.revision)), ..self.basis() };
        draft.approve(actor, basis, ends);
        draft.accept_all(&proof)?;
        let approval = Approval { id, by: self.actor(), over: !over.is_empty() };
        let done = draft.commit_approved(approval).await.map_err(|e| match e {
            Error::Conflict(what) => Error::Outdated { what, id: id.to_string() },
            e => e,
        })?;
        Ok(Approved { change_set: done.change_set, changes: done.changes, over })
    }

    /// Drops a held change set whole, and gives back what it reserved.
    pub async fn reject(&self, db: &Db, who: &Principal, id: HeldId, reason: Option<String>) -> Result<()> {
        if let Some(reason) = &reason {
            crate::db::core::kinds::text("a reason", reason, 1, 500)?;
        }
        let held = one(&mut *db.reader(self.store()).await?, self.store(), id).await?;
        may_drop(who, &held.scopes)?;
        let args = (self.store(), self.actor(), self.basis(), id, reason);
        db.write_with(self.store(), args, |conn, (store, by, basis, id, reason)| {
            Box::pin(async move {
                authority::fence(conn, *basis).await?;
                drop_held(conn, *store, *id, *by, HeldState::Rejected, reason.as_deref()).await.map(|_| ())
            })
        })
        .await
    }
}

impl Db {
    /// Ends the wait of held change sets that nobody decided in time, as of `now` in milliseconds. At most a hundred
    /// at once; says how many.
    pub async fn lapse_held(&self, now: i64) -> Result<u64> {
        const DUE: &str = "SELECT store, id FROM held WHERE state = 'waiting' AND lapses_at <= $1 LIMIT 100";
        let due = self.reader(RowsOf::All).await?.rows(DUE, args![now], |r| Ok((r.parse(0)?, r.parse(1)?))).await?;
        let mut lapsed = 0;
        for (store, id) in due {
            let done = self.write_with(store, (store, id), |conn, (store, id)| {
                Box::pin(
                    async move { drop_held(conn, *store, *id, Actor::Host, HeldState::Lapsed, None).await.map(|_| ()) },
                )
            });
            match done.await {
                Ok(()) => lapsed += 1,
                // Somebody decided at the last moment.
                Err(Error::Invalid(_)) => {}
                Err(e) => return Err(e),
            }
        }
        Ok(lapsed)
    }
}

/// Ends the wait without the changes. Says what made the run.
pub(in crate::db) async fn drop_held(
    conn: &mut Conn,
    store: StoreId,
    id: HeldId,
    by: Actor,
    state: HeldState,
    reason: Option<&str>,
) -> Result<(InstallationId, serde_json::Value)> {
    const END: &str = "UPDATE held SET state = $3, decided_by = $4, decided_at = $5, reason = $6 \
        WHERE store = $1 AND id = $2 AND state = 'waiting' RETURNING installation, spends, origin";
    const EMPTY: &str = "UPDATE held SET draft = NULL WHERE store = $1 AND id = $2";
    let (of, text, actor) = (store.to_string(), id.to_string(), by.to_string());
    let values = args![&of, &text, state.name(), &actor, now_ms(), reason];
    let read =
        |r: crate::db::core::engine::conn::Row<'_>| Ok((r.parse(0)?, r.doc::<Vec<(Account, Spend)>>(1)?, r.doc(2)?));
    let found = conn.row(END, values, read).await?;
    let (installation, spends, origin): (InstallationId, _, _) = found.ok_or_else(|| decided(id))?;
    caps::release(conn, installation, &spends).await?;
    conn.exec(EMPTY, args![&of, &text]).await?;
    forget(conn, &text).await?;
    let act = if state == HeldState::Lapsed { "changes.lapse" } else { "changes.reject" };
    audit::note(conn, store, by, act, &text, &json!({ "reason": reason })).await?;
    Ok((installation, origin))
}

/// Rejects some of what still waits of an app that is gone: nothing of it can be approved any more, and what it reserved
/// is given back. Says how many; none are left once it is none.
pub(in crate::db) async fn reject_some(conn: &mut Conn, store: StoreId, app: InstallationId) -> Result<u64> {
    const WAITING: &str = "SELECT id, bytes FROM held WHERE store = $1 AND installation = $2 AND state = 'waiting' \
        ORDER BY id LIMIT $3";
    let (of, by) = (store.to_string(), app.to_string());
    let waiting = conn.rows(WAITING, args![&of, &by, FEW], |r| Ok((r.parse(0)?, r.int(1)?))).await?;
    let some = portion::cut(waiting, |(_, bytes)| *bytes);
    for (id, _) in &some {
        match drop_held(conn, store, *id, Actor::Host, HeldState::Rejected, Some("the app was uninstalled")).await {
            // Somebody decided at the last moment.
            Ok(_) | Err(Error::Invalid(_)) => {}
            Err(e) => return Err(e),
        }
    }
    Ok(some.len() as u64)
}

/// Whether somebody may let changes pass that were made with these scopes: only with all of them. Nobody can hold one
/// that this version does not know.
fn may_decide(who: &Principal, scopes: &[String]) -> Result<Proof> {
    let read = |name: &String| {
        name.parse::<Scope>().map_err(|_| {
            Error::invalid(format!(
                "these changes were made with `{name}`, a permission that this version of the host does not know; \
                 approve them with the version that made them, or reject them"
            ))
        })
    };
    let scopes = scopes.iter().map(read).collect::<Result<Vec<_>>>()?;
    Ok(who.permit_all(scopes.into_iter().collect())?)
}

/// Whether somebody may drop changes that were made with these scopes: who may let them pass, and an owner where nobody
/// may, because this version does not know one of them.
pub(super) fn may_drop(who: &Principal, scopes: &[String]) -> Result<()> {
    for name in scopes {
        who.holds(name.parse::<Scope>().unwrap_or(Scope::StaffManage))?;
    }
    Ok(())
}

/// Whether an app may still do what it proposed, and until when.
fn still_holds(authority: &Authority, scopes: ScopeSet, app: &str) -> Result<Option<i64>> {
    if !authority.active {
        return Err(Error::invalid(Words::ENGLISH.t("refused-paused-no-approval").with("app", app)));
    }
    let lost = |scope: &Scope| !authority.scopes.contains(*scope) || authority.terms.get(*scope).expired().is_some();
    if let Some(scope) = scopes.iter().find(lost) {
        let text = Words::ENGLISH.t("refused-holds-no-more").with("app", app).with("scope", scope.name());
        return Err(Error::invalid(text));
    }
    Ok(scopes.iter().filter_map(|scope| authority.terms.get(scope).expires_at).min())
}

/// The staff member for whom the app ran.
async fn on_behalf_of(db: &Db, store: StoreId, id: HeldId) -> Result<Option<StaffId>> {
    const SQL: &str = "SELECT actor FROM held WHERE store = $1 AND id = $2";
    let actor = db.reader(store).await?.row(SQL, args![&store.to_string(), &id.to_string()], |r| r.text(0)).await?;
    let Some((_, staff)) = actor.as_deref().and_then(|actor| actor.split_once('+')) else { return Ok(None) };
    staff.parse().map(Some).map_err(|_| Error::Corrupt(format!("a held run for `{staff}`")))
}
