//! An undo as it is stored.

use super::record::chain::Spot;
use super::select::{Selection, What};
use crate::authz::{Credential, InstallationId, ScopeSet, StaffId, StoreId, UndoId};
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::error::{Error, Result};
use crate::db::core::time::rfc3339;
use serde::Serialize;
use utoipa::ToSchema;

/// Where an undo stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UndoState {
    /// It is at work; the host goes on with it by itself, also after a restart.
    Running,
    /// It looked at everything.
    Done,
    /// It ended early: whoever asked for it may not do it any more.
    Stopped,
}

impl UndoState {
    fn read(text: &str) -> Option<UndoState> {
        match text {
            "running" => Some(UndoState::Running),
            "done" => Some(UndoState::Done),
            "stopped" => Some(UndoState::Stopped),
            _ => None,
        }
    }
}

/// An undo, and how far it has come.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Undo {
    /// Its id.
    #[schema(value_type = String)]
    pub id: UndoId,
    /// Who asked for it, for example `staff:stf_…`.
    pub actor: String,
    /// What they are called, also once they are gone.
    pub actor_name: Option<String>,
    /// The change set that is taken back, if it is one.
    pub change_set: Option<String>,
    /// The one change of it, if it is one.
    pub change: Option<i64>,
    /// The installation all of whose changes are taken back, if so.
    pub installation: Option<String>,
    /// The undo that is taken back, if it is one.
    pub of_undo: Option<String>,
    /// The kinds of record it is limited to; all if none are named.
    pub kinds: Vec<String>,
    /// Where it stands.
    pub state: UndoState,
    /// Why it was stopped.
    pub why: Option<String>,
    /// How many changes were chosen, whether in force or not.
    pub total: i64,
    /// How many of them were looked at so far.
    pub seen: i64,
    /// How many changes were taken back.
    pub undone: i64,
    /// How many records were written for it.
    pub records: i64,
    /// How many records were left as they are; `…/skipped` lists them.
    pub skipped: i64,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339.
    pub updated_at: String,
}

/// Everything stored of an undo.
#[derive(Debug, Clone)]
pub(super) struct Stored {
    pub(super) undo: Undo,
    pub(super) asked_by: StaffId,
    pub(super) ceiling: ScopeSet,
    /// The token or session it was asked for with; none for those asked for before these were noted.
    pub(super) credential: Option<Credential>,
    pub(super) selection: Selection,
    /// Whether it chooses kinds of record that this version does not know.
    pub(super) unknown: bool,
    pub(super) app: Option<InstallationId>,
    pub(super) at: Spot,
}

macro_rules! columns {
    () => {
        "id, asked_by, ceiling, change_set, n, installation, since, until, of_undo, kinds, app, state, why, at_set, at_n, \
         total, seen, undone, records, skipped, created_at, updated_at, store, token, \
         (SELECT p.name FROM staff p WHERE p.id = undos.asked_by)"
    };
}
pub(super) use columns;

fn id<T: std::str::FromStr>(text: Option<&str>) -> Result<Option<T>> {
    let read = |text: &str| text.parse().map_err(|_| Error::Corrupt(format!("an undo of `{text}`")));
    text.map(read).transpose()
}

pub(super) fn read(r: &Row<'_>) -> Result<Stored> {
    let (asked_by, ceiling): (StaffId, Vec<String>) = (r.parse(1)?, r.doc(2)?);
    let (set, n, installation, of_undo) = (r.opt_text(3)?, r.opt_int(4)?, r.opt_text(5)?, r.opt_text(8)?);
    let kinds = Selection::read_kinds(r.opt_text(9)?.as_deref());
    // Nothing is chosen by kinds that this version does not know, and its worker stops it.
    let unknown = kinds.is_none();
    let kinds = kinds.unwrap_or_default();
    let what = match (id(set.as_deref())?, id(installation.as_deref())?, id(of_undo.as_deref())?) {
        (Some(set), None, None) => What::Set(set, n),
        (None, Some(installation), None) => What::App {
            installation,
            since: r.opt_text(6)?.unwrap_or_default(),
            until: r.opt_text(7)?.unwrap_or_default(),
        },
        (None, None, Some(undo)) => {
            What::Undo { undo, since: r.opt_text(6)?.unwrap_or_default(), until: r.opt_text(7)?.unwrap_or_default() }
        }
        _ => return Err(Error::Corrupt("an undo of nothing".to_owned())),
    };
    let state = r.text(11)?;
    let undo = Undo {
        id: r.parse(0)?,
        actor: format!("staff:{asked_by}"),
        actor_name: r.opt_text(24)?,
        change_set: set,
        change: n,
        installation,
        of_undo,
        kinds: kinds.iter().map(|kind| kind.name().to_owned()).collect(),
        state: UndoState::read(&state).ok_or_else(|| Error::Corrupt(format!("an undo that is `{state}`")))?,
        why: r.opt_text(12)?,
        total: r.int(15)?,
        seen: r.int(16)?,
        undone: r.int(17)?,
        records: r.int(18)?,
        skipped: r.int(19)?,
        created_at: rfc3339(r.int(20)?),
        updated_at: rfc3339(r.int(21)?),
    };
    Ok(Stored {
        undo,
        asked_by,
        ceiling: ceiling.iter().filter_map(|name| name.parse().ok()).collect(),
        selection: Selection { store: r.parse(22)?, what, kinds },
        unknown,
        app: id(r.opt_text(10)?.as_deref())?,
        at: (r.text(13)?, r.int(14)?),
        credential: id(r.opt_text(23)?.as_deref())?,
    })
}

/// One undo of a store.
pub(super) async fn one(conn: &mut Conn, store: StoreId, id: UndoId) -> Result<Stored> {
    const SQL: &str = concat!("SELECT ", columns!(), " FROM undos WHERE store = $1 AND id = $2");
    let found = conn.row(SQL, args![&store.to_string(), &id.to_string()], |r| read(&r)).await?;
    found.ok_or_else(|| Error::not_found("undo", id.to_string()))
}
