//! Change sets that wait for a person: what a run would change under a held grant, stored until somebody with the same
//! permissions approves it whole, rejects it whole, or nobody does in time.
//!
//! INVARIANT: a held change set changed nothing but the caps it reserves. It ends once: approved, rejected or lapsed,
//! and gives back what it reserved unless it is approved.

mod decide;
mod hold;
mod rerun;

pub use decide::Approved;
pub(in crate::db) use decide::{Approval, drop_held, reject_some};
pub use rerun::Rerun;

use super::history::Personal;
use super::people::names::Names;
use crate::authz::{HeldId, InstallationId, InvocationId, Permit, Scope, StoreId, scope::kind::ChangesApprove};
use crate::db::core::caps;
use crate::db::core::caps::time_zone;
use crate::db::core::caps::{Account, Day, PriceStep, Reserved, Spend};
use crate::db::core::drafts::parcel::{PackedLevel, PackedRecord, Parcel};
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::to_json;
use crate::db::core::kinds::{Kind, from_json};
use crate::db::core::page::{Items, Page};
use crate::db::core::time::{now_ms, rfc3339};
use crate::text::words::Words;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

/// Where a held change set stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HeldState {
    /// For a person.
    Waiting,
    /// Its changes were made.
    Approved,
    /// A person said no.
    Rejected,
    /// Nobody said anything in time.
    Lapsed,
}

impl HeldState {
    /// As written in rows.
    pub const fn name(self) -> &'static str {
        match self {
            HeldState::Waiting => "waiting",
            HeldState::Approved => "approved",
            HeldState::Rejected => "rejected",
            HeldState::Lapsed => "lapsed",
        }
    }

    pub(in crate::db) fn read(text: &str) -> Result<HeldState> {
        let all = [HeldState::Waiting, HeldState::Approved, HeldState::Rejected, HeldState::Lapsed];
        let found = all.into_iter().find(|state| state.name() == text);
        found.ok_or_else(|| Error::Corrupt(format!("a held change set that is `{text}`")))
    }
}

/// A change set that waits, or waited, for a person.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Held {
    /// Its id.
    #[schema(value_type = String)]
    pub id: HeldId,
    /// The app that proposes it.
    pub app: String,
    /// Its installation.
    #[schema(value_type = String)]
    pub installation: InstallationId,
    /// The run that proposed it.
    #[schema(value_type = String)]
    pub invocation: InvocationId,
    /// Where it stands.
    pub state: HeldState,
    /// The held permissions for which it waits.
    pub held: Vec<String>,
    /// All permissions it was made with: who approves needs every one of them.
    pub scopes: Vec<String>,
    /// How many records and levels it would change.
    pub changes: i64,
    /// RFC 3339.
    pub made_at: String,
    /// When it lapses if nobody decides, RFC 3339.
    pub lapses_at: String,
    /// Who decided, for example `staff:stf_…`; `host` where nobody did in time.
    pub decided_by: Option<String>,
    /// What they are called, also once they are gone.
    pub decided_by_name: Option<String>,
    /// When, RFC 3339.
    pub decided_at: Option<String>,
    /// Why it was rejected, in the words of whoever did.
    pub reason: Option<String>,
    /// The change set in the journal, once it is approved.
    pub change_set: Option<String>,
    /// The caps of today that approving it would go over, in words: only an owner can let that pass. Told of one alone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub over: Vec<String>,
    /// What it reserves of caps as long as it waits. Told of one alone.
    #[serde(skip)]
    pub reserves: Vec<Reserved>,
}

/// One record as it is and as it would be.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HeldChange {
    /// Its place in the change set.
    pub n: i64,
    /// The kind of record.
    pub kind: String,
    /// The record's id.
    pub id: String,
    /// `create`, `change` or `delete`.
    pub act: &'static str,
    /// The record as the app saw it; nothing if it would be made, or is hidden.
    #[schema(value_type = Option<Object>)]
    pub before: Option<Box<RawValue>>,
    /// The record as it would be; nothing if it would be deleted, or is hidden.
    #[schema(value_type = Option<Object>)]
    pub after: Option<Box<RawValue>>,
    /// The scope that before and after need, if they are hidden for lack of it.
    #[schema(value_type = Option<String>)]
    pub hidden: Option<Scope>,
    /// Whether somebody has changed the record since, so that the change set cannot be approved as it is.
    pub stale: bool,
}

macro_rules! listed {
    ($tail:literal) => {
        concat!(
            "SELECT id, app, installation, invocation, state, held_scopes, scopes, changes, made_at, lapses_at, \
            decided_by, decided_at, reason, change_set FROM held WHERE store = $1 ",
            $tail
        )
    };
}

fn held(r: Row<'_>) -> Result<Held> {
    Ok(Held {
        id: r.parse(0)?,
        app: r.text(1)?,
        installation: r.parse(2)?,
        invocation: r.parse(3)?,
        state: HeldState::read(&r.text(4)?)?,
        held: r.doc(5)?,
        scopes: r.doc(6)?,
        changes: r.int(7)?,
        made_at: rfc3339(r.int(8)?),
        lapses_at: rfc3339(r.int(9)?),
        decided_by: r.opt_text(10)?,
        decided_by_name: None,
        decided_at: r.opt_int(11)?.map(rfc3339),
        reason: r.opt_text(12)?,
        change_set: r.opt_text(13)?,
        over: Vec::new(),
        reserves: Vec::new(),
    })
}

async fn one(conn: &mut Conn, store: StoreId, id: HeldId) -> Result<Held> {
    const SQL: &str = listed!("AND id = $2");
    let found = conn.row(SQL, args![&store.to_string(), &id.to_string()], held).await?;
    let mut one = found.ok_or_else(|| Error::not_found("held change set", id.to_string()))?;
    one.named(conn, &mut Names::of(store)).await?;
    Ok(one)
}

impl Held {
    /// Adds what the person is called who decided.
    async fn named(&mut self, conn: &mut Conn, names: &mut Names) -> Result<()> {
        if let Some(by) = &self.decided_by {
            self.decided_by_name = names.name(conn, by).await?;
        }
        Ok(())
    }
}

/// Which one a run has proposed, if it has.
pub(in crate::db) async fn of_run(conn: &mut Conn, store: StoreId, run: InvocationId) -> Result<Option<HeldId>> {
    const SQL: &str = "SELECT id FROM held WHERE store = $1 AND invocation = $2";
    conn.row(SQL, args![&store.to_string(), &run.to_string()], |r| r.parse(0)).await
}

/// The draft of one that still waits.
async fn parcel(conn: &mut Conn, store: StoreId, id: HeldId) -> Result<Parcel> {
    const SQL: &str = "SELECT draft FROM held WHERE store = $1 AND id = $2 AND state = 'waiting'";
    let found = conn.row(SQL, args![&store.to_string(), &id.to_string()], |r| r.doc(0)).await?;
    found.ok_or_else(|| decided(id))
}

fn decided(id: HeldId) -> Error {
    Error::invalid(Words::ENGLISH.t("refused-waits-no-more").with("id", id.to_string()))
}

impl Permit<ChangesApprove> {
    /// Held change sets, newest first; those that still wait, unless others are asked for.
    pub async fn held(&self, db: &Db, state: Option<HeldState>, page: &Page) -> Result<Items<Held>> {
        const SQL: &str = listed!("AND state = $2 AND id < $3 ORDER BY id DESC LIMIT $4");
        let limit = page.limit()?;
        let before = page.after("held")?.unwrap_or("hld_~");
        let state = state.unwrap_or(HeldState::Waiting).name();
        let store = self.store().to_string();
        let values = args![&store, state, before, (limit + 1) as i64];
        let mut conn = db.reader(self.store()).await?;
        let (mut found, mut names) = (conn.rows(SQL, values, held).await?, Names::of(self.store()));
        for one in &mut found {
            one.named(&mut conn, &mut names).await?;
        }
        Ok(Items::cut(found, limit, "held", |one| one.id.to_string()))
    }

    /// One held change set.
    pub async fn held_set(&self, db: &Db, id: HeldId) -> Result<Held> {
        const COUNTED: &str =
            "SELECT spends, draft -> 'prices' FROM held WHERE store = $1 AND id = $2 AND state = 'waiting'";
        let mut conn = db.reader(self.store()).await?;
        let (mut held, store) = (one(&mut conn, self.store(), id).await?, self.store().to_string());
        let read = |r: Row<'_>| Ok((r.doc(0)?, r.opt_json(1)?));
        if let Some((spends, prices)) = conn.row(COUNTED, args![&store, &id.to_string()], read).await? {
            let spends: Vec<(Account, Spend)> = spends;
            held.reserves = spends.iter().filter_map(|(on, spend)| Reserved::of(on, spend)).collect();
            let prices: Option<Vec<(String, PriceStep)>> = prices.map(|json| from_json(&json)).transpose()?;
            let (by, authority) =
                ((store.as_str(), held.installation), db.installed(held.installation).await?.live().get());
            let day = Day::of(time_zone(&mut conn, self.store()).await?, now_ms());
            let prices = prices.unwrap_or_default();
            held.over = caps::today(&mut conn, by, &authority, &spends, &prices, &day).await?.over();
        }
        Ok(held)
    }

    /// What a held change set would change, in order; nothing, once it is decided.
    pub async fn held_changes(
        &self,
        db: &Db,
        id: HeldId,
        personal: &Personal,
        page: &Page,
    ) -> Result<Items<HeldChange>> {
        let limit = page.limit()?;
        let after = page.after("held changes")?.map_or(Ok(-1i64), |at| at.parse().map_err(|_| Error::NoCursor))?;
        let mut conn = db.reader(self.store()).await?;
        let state = one(&mut conn, self.store(), id).await?.state;
        let all = match state {
            HeldState::Waiting => changes(parcel(&mut conn, self.store(), id).await?, &mut conn, self.store()).await?,
            _ => Vec::new(),
        };
        let wanted = all.into_iter().filter(|change| change.n > after).take(limit + 1);
        let show = |mut change: HeldChange| {
            change.hidden = personal.hides(&change.kind, self.store());
            if change.hidden.is_some() {
                (change.before, change.after) = (None, None);
            }
            change
        };
        Ok(Items::cut(wanted.map(show).collect(), limit, "held changes", |change| change.n.to_string()))
    }
}

/// Each record as it was seen and as it would be, and whether it is still as it was seen.
async fn changes(parcel: Parcel, conn: &mut Conn, store: StoreId) -> Result<Vec<HeldChange>> {
    const REV: &str = "SELECT rev FROM records WHERE store = $1 AND kind = $2 AND id = $3";
    const LEVEL: &str = "SELECT available FROM stock WHERE store = $1 AND sku = $2 AND location = $3";
    let (store, mut all) = (store.to_string(), Vec::new());
    let (records, levels) = parcel.into_parts();
    for PackedRecord { kind, id, rev, before, after, .. } in records {
        let now = conn.row(REV, args![&store, &kind, &id], |r| r.int(0)).await?;
        let act = match (&before, &after) {
            (None, _) => "create",
            (_, None) => "delete",
            _ => "change",
        };
        let n = all.len() as i64;
        all.push(HeldChange { n, kind, id, act, before, after, hidden: None, stale: now != rev });
    }
    for PackedLevel { sku, location, delta, expect, .. } in levels {
        let now = conn.row(LEVEL, args![&store, &sku, &location], |r| r.int(0)).await?.unwrap_or(0);
        let image = |available: i64| to_json(&serde_json::json!({ "available": available }));
        all.push(HeldChange {
            n: all.len() as i64,
            kind: Kind::Stock.name().to_owned(),
            id: format!("{sku}@{location}"),
            act: "change",
            before: Some(image(now)?),
            after: Some(image(now + delta)?),
            hidden: None,
            stale: expect.is_some_and(|expect| expect != now),
        });
    }
    Ok(all)
}
