//! Asking for an undo: what is chosen is settled, the app is paused, and from then on the host sees it through.

use super::row::{Undo, one};
use super::select::{Selection, What};
use super::work::PAGE;
use crate::authz::scope::kind::{AppsPause, ChangesUndo};
use crate::authz::{
    Actor, Basis, ChangeSetId, InstallationId, InvocationId, Permit, Principal, ScopeSet, StaffId, StoreId, UndoId,
};
use crate::db::core::drafts::once::{Claim, Once, Replay};
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::engine::open::Db;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::{Kind, to_json};
use crate::db::core::time::{now_ms, opt_ms};
use crate::db::house::history::id_at;
use crate::db::house::installations::State;
use crate::db::house::people::authority;
use crate::text::words::Words;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What is to be taken back: exactly one of a change set, a run, an installation and an undo.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UndoOf {
    /// A change set.
    #[schema(value_type = Option<String>)]
    pub change_set: Option<ChangeSetId>,
    /// With `change_set`: one change of it, by its number.
    pub change: Option<i64>,
    /// A run: what it changed.
    #[schema(value_type = Option<String>)]
    pub invocation: Option<InvocationId>,
    /// An installation: everything it changed.
    #[schema(value_type = Option<String>)]
    pub installation: Option<InstallationId>,
    /// With `installation`: at or after this moment, RFC 3339; since it was installed, if not given.
    pub since: Option<String>,
    /// An undo: what it took back comes back.
    #[schema(value_type = Option<String>)]
    pub undo: Option<UndoId>,
    /// Only records of these kinds, for example `order`; all if none are named.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// Leaves the app running; else it is paused, or it might do the same again at once. Pausing needs `apps:pause`.
    #[serde(default)]
    pub keep_running: bool,
}

/// What is chosen, and whose doing it was.
pub(super) struct Chosen {
    pub(super) selection: Selection,
    /// The app that does not hear of it.
    pub(super) app: Option<InstallationId>,
    /// The app that is paused, if it runs and is not to be left running.
    pub(super) pauses: Option<InstallationId>,
}

impl UndoOf {
    /// Finds what is meant, in one store.
    pub(super) async fn choose(&self, conn: &mut Conn, store: StoreId) -> Result<Chosen> {
        let kinds = self.kinds.iter().map(|name| {
            Kind::named(name).ok_or_else(|| Error::invalid(format!("`{name}` is not a kind of record like `order`")))
        });
        let kinds: Vec<Kind> = kinds.collect::<Result<_>>()?;
        if self.change.is_some() && self.change_set.is_none() || self.since.is_some() && self.installation.is_none() {
            return Err(Error::invalid("`change` goes with `change_set`, and `since` with `installation`"));
        }
        let (what, app, pauses) = match (self.change_set, self.invocation, self.installation, self.undo) {
            (Some(set), None, None, None) => self.of_set(conn, store, set).await?,
            (None, Some(run), None, None) => {
                let set = set_of(conn, store, run).await?;
                self.of_set(conn, store, set).await?
            }
            (None, None, Some(app), None) => {
                let active = active(conn, store, app).await?;
                let since = opt_ms(self.since.as_deref())?.map(|ms| id_at(ChangeSetId::PREFIX, ms));
                let until = newest(conn, app).await?;
                let what = What::App { installation: app, since: since.unwrap_or_default(), until };
                (what, Some(app), active.then_some(app))
            }
            (None, None, None, Some(undo)) => {
                let before = one(conn, store, undo).await?;
                if before.undo.state == super::UndoState::Running {
                    return Err(Error::invalid(
                        Words::ENGLISH.t("refused-undo-at-work").with("undo", undo.to_string()),
                    ));
                }
                (made_by(conn, undo).await?, before.app, None)
            }
            _ => {
                return Err(Error::invalid("name one of `change_set`, `invocation`, `installation` and `undo`"));
            }
        };
        let pauses = pauses.filter(|_| !self.keep_running);
        Ok(Chosen { selection: Selection { store, what, kinds }, app, pauses })
    }

    async fn of_set(
        &self,
        conn: &mut Conn,
        store: StoreId,
        set: ChangeSetId,
    ) -> Result<(What, Option<InstallationId>, Option<InstallationId>)> {
        const SQL: &str = "SELECT j.installation, u.app FROM journal j LEFT JOIN undo_sets s ON s.store = j.store AND \
            s.change_set = j.change_set LEFT JOIN undos u ON u.store = s.store AND u.id = s.undo \
            WHERE j.store = $1 AND j.change_set = $2 AND j.n = $3";
        let (of_store, text) = (store.to_string(), set.to_string());
        let values = args![&of_store, &text, self.change.unwrap_or(0)];
        let found = conn.row(SQL, values, |r| Ok((r.opt_text(0)?, r.opt_text(1)?))).await?;
        let (made_by, taken_from) = found.ok_or_else(|| match self.change {
            Some(n) => Error::not_found("change", format!("{text}/{n}")),
            None => Error::not_found("change set", text.clone()),
        })?;
        let made_by: Option<InstallationId> = made_by.map(|id| id.parse()).transpose()?;
        let pauses = match made_by {
            Some(app) if active(conn, store, app).await? => Some(app),
            _ => None,
        };
        let app = made_by.or(taken_from.map(|id| id.parse()).transpose()?);
        Ok((What::Set(set, self.change), app, pauses))
    }
}

/// What sorts right after the newest change set of an app: what it changes later is not chosen.
async fn newest(conn: &mut Conn, app: InstallationId) -> Result<String> {
    const SQL: &str = "SELECT MAX(change_set) FROM journal WHERE installation = $1";
    let found = conn.row(SQL, args![&app.to_string()], |r| r.opt_text(0)).await?.flatten();
    Ok(found.map(|newest| newest + "~").unwrap_or_default())
}

/// What an undo made.
async fn made_by(conn: &mut Conn, undo: UndoId) -> Result<What> {
    const SQL: &str = "SELECT MIN(change_set), MAX(change_set) FROM undo_sets WHERE undo = $1";
    let read = |r: crate::db::core::engine::conn::Row<'_>| Ok((r.opt_text(0)?, r.opt_text(1)?));
    let (since, until) = conn.row(SQL, args![&undo.to_string()], read).await?.unwrap_or_default();
    let until = until.map(|newest| newest + "~").unwrap_or_default();
    Ok(What::Undo { undo, since: since.unwrap_or_default(), until })
}

/// The change set of a run.
async fn set_of(conn: &mut Conn, store: StoreId, run: InvocationId) -> Result<ChangeSetId> {
    const SQL: &str = "SELECT change_set FROM invocations WHERE store = $1 AND id = $2";
    let found = conn.row(SQL, args![&store.to_string(), &run.to_string()], |r| r.opt_text(0)).await?;
    let set = found.ok_or_else(|| Error::not_found("run", run.to_string()))?;
    Ok(set
        .ok_or_else(|| Error::invalid(Words::ENGLISH.t("refused-run-changed-nothing").with("run", run.to_string())))?
        .parse()?)
}

/// Whether an installation of the store runs; one that is gone does not.
async fn active(conn: &mut Conn, store: StoreId, id: InstallationId) -> Result<bool> {
    const SQL: &str = "SELECT state FROM installations WHERE store = $1 AND id = $2";
    let found = conn.row(SQL, args![&store.to_string(), &id.to_string()], |r| r.text(0)).await?;
    let state = found.ok_or_else(|| Error::not_found("installation", id.to_string()))?;
    Ok(state == State::Active.name())
}

/// An undo about to be inserted.
struct New {
    id: UndoId,
    staff: StaffId,
    actor: Actor,
    basis: Basis,
    ceiling: ScopeSet,
    chosen: Chosen,
    pause: Option<(InstallationId, Basis)>,
    claim: Claim,
    total: i64,
}

impl Permit<ChangesUndo> {
    /// Asks for an undo in the name of `who`, and pauses the app unless it is to be left running. A small one, of up to 500
    /// records, is one change set and done when this returns; a larger one goes on by itself, also if the host is
    /// stopped.
    pub async fn start(&self, db: &Db, who: &Principal, of: &UndoOf, once: Option<Once>) -> Result<Undo> {
        let person = || Error::invalid("only a person of the store can take changes back");
        let staff = who.as_staff().filter(|_| who.store() == self.store()).ok_or_else(person)?;
        let mut conn = db.reader(self.store()).await?;
        let chosen = of.choose(&mut conn, self.store()).await?;
        let total = chosen.selection.total(&mut conn).await?;
        drop(conn);
        if matches!(chosen.selection.what, What::Undo { .. }) {
            // What apps and people did is taken back once, and an undo of an undo can go on for ever.
            db.refuse_by_hand(self.store())?;
        }
        let pause = match chosen.pauses {
            Some(app) => Some((app, who.permit::<AppsPause>()?.basis())),
            None => None,
        };
        let (id, store) = (UndoId::new(), self.store());
        let (actor, basis, ceiling) = (self.actor(), self.basis(), who.held());
        let claim = Claim::new(db, store, once);
        let new = New { id, staff, actor, basis, ceiling, chosen, pause, claim, total };
        db.write_then(
            self.store(),
            new,
            |conn, new| Box::pin(insert(conn, new)),
            |db, new, held| {
                if let (Some((app, _)), Some(held)) = (&new.pause, held) {
                    db.publish_installation(*app, held.clone());
                }
            },
        )
        .await?;
        if total <= PAGE as i64 {
            return db.work_undo(store, id).await;
        }
        Ok(one(&mut *db.reader(self.store()).await?, store, id).await?.undo)
    }
}

async fn insert(conn: &mut Conn, new: &New) -> Result<Option<crate::authz::Authority>> {
    const SQL: &str = "INSERT INTO undos (store, id, asked_by, ceiling, change_set, n, installation, since, until, of_undo, \
        kinds, app, state, why, at_set, at_n, total, seen, undone, records, skipped, created_at, updated_at, token) VALUES \
        ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'running', NULL, $13, $14, $15, 0, 0, 0, 0, $16, $16, $17)";
    let Selection { store, what, .. } = &new.chosen.selection;
    let (store_text, id, now) = (store.to_string(), new.id.to_string(), now_ms());
    new.claim.insert(conn, new.id, Replay::Answer).await?;
    let why = format!("its changes are taken back ({id})");
    let held = match new.pause {
        Some((app, basis)) => {
            crate::db::house::installations::pause_within(conn, *store, app, new.actor, basis, &why).await?
        }
        None => None,
    };
    authority::fence(conn, new.basis).await?;
    let (mut set, mut n, mut installation, mut since, mut until, mut undo) = (None, None, None, None, None, None);
    match what {
        What::Set(of, change) => (set, n) = (Some(of.to_string()), *change),
        What::App { installation: of, since: from, .. } => {
            // Once more: if it was paused, its last commit is over now.
            let to = newest(conn, *of).await?;
            (installation, since, until) = (Some(of.to_string()), Some(from.clone()), Some(to));
        }
        What::Undo { undo: of, since: from, until: to } => {
            (undo, since, until) = (Some(of.to_string()), Some(from.clone()), Some(to.clone()));
        }
    }
    let end = until.clone().map_or_else(|| what.end(), |until| (until, 0));
    let (app, kinds) = (new.chosen.app.map(|id| id.to_string()), new.chosen.selection.kinds_text());
    let (staff, ceiling) = (new.staff.to_string(), to_json(&new.ceiling)?);
    let token = new.basis.credential.map(|credential| credential.to_string());
    let row = args![
        &store_text,
        &id,
        &staff,
        &ceiling,
        &set,
        n,
        &installation,
        &since,
        &until,
        &undo,
        &kinds,
        &app,
        &end.0,
        end.1,
        new.total,
        now,
        &token
    ];
    conn.exec(SQL, row).await?;
    Ok(held)
}
