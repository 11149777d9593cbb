//! Stores as a whole: the first start of the host, and what the operator may do with them.
//!
//! INVARIANT: a store and everything it cannot be without come into being in one transaction.

use super::accounts::{Browser, Fresh, Invitation, NewAccount};
use super::tokens::{Draw, FreshToken, Operator, Secret, Setup, TokenKind};
use super::{accounts, audit, authority, host_audit};
use crate::authz::{AccountId, Actor, ScopeSet, StaffId, StoreId, TokenId, record_id};
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::{Kind, text, to_json};
use crate::db::core::page::{Items, Page};
use crate::db::core::time::{now_ms, rfc3339};
use crate::db::house::plans;
use crate::db::shop::settings::locations::Location;
use crate::db::shop::settings::store as store_settings;
use crate::db::shop::settings::store::StoreSettings;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Orders of a store are counted from the number after this one: nobody likes to show that they are new.
const FIRST_ORDER: i64 = 1_000;
/// How long the setup token lives, in milliseconds (ASVS 5.0, 6.4.1: short-lived, used once).
const SETUP_MS: i64 = 15 * 60_000;

/// A store to be made.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewStore {
    /// What it is called: 1 to 80 characters.
    pub name: String,
    /// ISO 4217 code: the currency of every price.
    pub currency: String,
    /// IANA name: what a day is.
    #[serde(default = "utc")]
    pub time_zone: String,
    /// ISO 3166 two-letter code.
    pub country: String,
    /// A level below this makes an `inventory/low` event; 5 if not given.
    #[serde(default = "five")]
    pub low_stock: i64,
    /// What the owner is called: 1 to 80 characters.
    pub owner: String,
}

fn utc() -> String {
    "UTC".to_owned()
}

fn five() -> i64 {
    5
}

/// A store just made.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MadeStore {
    /// The store.
    #[schema(value_type = String)]
    pub store: StoreId,
    /// Its owner.
    #[schema(value_type = String)]
    pub owner: StaffId,
    /// Its one stock location, the default one.
    pub location: String,
    /// The owner's first token. It does not expire; the owner can end it.
    pub owner_token: FreshToken,
}

/// What the first start leaves behind.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FirstStart {
    /// The operator's token. It does not expire; the operator can end it.
    pub operator_token: FreshToken,
    /// The first store.
    #[serde(flatten)]
    pub made: MadeStore,
}

/// A store as the operator sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Store {
    /// Its id.
    #[schema(value_type = String)]
    pub id: StoreId,
    /// What the operator calls it; at first, as it was called when it was made.
    pub name: String,
    /// RFC 3339.
    pub created_at: String,
    /// Why the operator suspended it, if so.
    pub suspended: Option<String>,
    /// The plan it was given; none: the standard one, if there is one.
    pub plan: Option<String>,
    /// From when on it is erased, RFC 3339, if it is being closed.
    pub erased_at: Option<String>,
    /// Whether the operator deleted it, and so can keep it.
    pub deleted: bool,
}

/// How long a store retains its records, in days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// Runs of apps and their host calls: 1 to 3,660.
    pub usage_days: u32,
    /// Changes of store data, 1 to 3,660; what is gone cannot be undone any more.
    pub journal_days: u32,
    /// Events, once every app has been told of them: 1 to 3,660.
    pub events_days: u32,
    /// What apps propose, for somebody to decide on it: 1 to 3,660. Then it lapses.
    #[serde(default = "week")]
    pub hold_days: u32,
}

/// Another retention for some of a store's records, in days. What is not named stays as it is.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetentionChange {
    /// Runs of apps and their host calls: 1 to 3,660.
    pub usage_days: Option<u32>,
    /// Changes of store data, 1 to 3,660; what is gone cannot be undone any more.
    pub journal_days: Option<u32>,
    /// Events, once every app has been told of them: 1 to 3,660.
    pub events_days: Option<u32>,
    /// What apps propose, for somebody to decide on it: 1 to 3,660. Then it lapses.
    pub hold_days: Option<u32>,
}

fn week() -> u32 {
    7
}

impl Default for Retention {
    fn default() -> Retention {
        Retention { usage_days: 90, journal_days: 365, events_days: 30, hold_days: week() }
    }
}

/// Everything of a new store that is decided before its transaction.
struct Plan {
    store: StoreId,
    owner: StaffId,
    location: String,
    settings: StoreSettings,
    owner_name: String,
    /// Its owner's first token; none for an owner who signs in.
    draw: Option<Draw>,
}

impl Plan {
    fn new(new: NewStore) -> Result<Plan> {
        let NewStore { name, currency, time_zone, country, low_stock, owner } = new;
        let settings = StoreSettings { name, currency, time_zone, country, low_stock };
        settings.check()?;
        text("the owner's name", &owner, 1, 80)?;
        Ok(Plan {
            store: StoreId::new(),
            owner: StaffId::new(),
            location: record_id(Kind::Location.prefix()),
            settings,
            owner_name: owner,
            draw: None,
        })
    }

    /// With a first token of the owner.
    fn with_token(self) -> Result<Plan> {
        let draw = Draw::new(TokenKind::Staff, "first token", ScopeSet::owner(), None)?.whole(true);
        Ok(Plan { draw: Some(draw), ..self })
    }

    /// What was made, with the owner's token.
    fn made(&self) -> Result<MadeStore> {
        let draw = self.draw.as_ref().ok_or_else(|| Error::Corrupt("no token drawn".to_owned()))?;
        let (store, owner, location) = (self.store, self.owner, self.location.clone());
        Ok(MadeStore { store, owner, location, owner_token: draw.show() })
    }

    async fn insert(&self, conn: &mut Conn, version: i64, actor: Actor) -> Result<()> {
        const STORE: &str = "INSERT INTO stores (id, name, retention, created_at) VALUES ($1, $2, $3, $4)";
        const COUNTER: &str = "INSERT INTO counters (store, seq) VALUES ($1, 0)";
        const NUMBER: &str = "INSERT INTO numbers (store, orders) VALUES ($1, $2)";
        const RECORD: &str = "INSERT INTO records (store, kind, id, rev, created_at, updated_at, doc) VALUES ($1, $2, $3, 1, $4, $4, $5)";
        const OWNER: &str = "INSERT INTO staff (id, store, name, owner, scopes, active, revision, version, created_at) \
            VALUES ($1, $2, $3, 1, $4, 1, 1, $5, $6)";
        let (store, owner, now) = (self.store.to_string(), self.owner.to_string(), now_ms());
        let retention = to_json(&plans::lowered(conn, Retention::default()).await?)?;
        conn.exec(STORE, args![&store, &self.settings.name, &retention, now]).await?;
        let location = to_json(&Location::new(self.location.clone(), "Main", true, rfc3339(now)))?;
        let settings = to_json(&self.settings)?;
        conn.exec(RECORD, args![&store, Kind::Settings.name(), store_settings::ID, now, &settings]).await?;
        conn.exec(RECORD, args![&store, Kind::Location.name(), &self.location, now, &location]).await?;
        let none = to_json(&ScopeSet::EMPTY)?;
        conn.exec(OWNER, args![&owner, &store, &self.owner_name, &none, version, now]).await?;
        if let Some(draw) = &self.draw {
            draw.insert(conn, Some(self.store), Some(self.owner), None).await?;
        }
        let detail = serde_json::json!({ "name": self.settings.name, "owner": self.owner });
        audit::note(conn, self.store, actor, "stores.create", &store, &detail).await?;
        host_audit::note(conn, actor, "stores.create", &store, &detail).await?;
        conn.exec(NUMBER, args![&store, FIRST_ORDER]).await?;
        conn.exec(COUNTER, args![&store]).await.map(drop)
    }
}

/// What every reading of stores selects.
macro_rules! stores {
    ($tail:literal) => {
        concat!("SELECT id, name, created_at, suspended, plan, erase_at, closing_by FROM stores ", $tail)
    };
}

fn read(r: Row<'_>) -> Result<Store> {
    Ok(Store {
        id: r.parse(0)?,
        name: r.text(1)?,
        created_at: rfc3339(r.int(2)?),
        suspended: r.opt_text(3)?,
        plan: r.opt_text(4)?,
        erased_at: r.opt_int(5)?.map(rfc3339),
        deleted: r.opt_text(6)?.is_some_and(|by| by.starts_with("operator:")),
    })
}

impl Operator {
    /// Makes a store with an owner, whose first token is returned.
    pub async fn create_store(&self, db: &Db, new: NewStore) -> Result<MadeStore> {
        db.write_with(RowsOf::All, (*self, Plan::new(new)?.with_token()?), |conn, (operator, plan)| {
            Box::pin(async move {
                // Before the fence: every change of authority is counted before any other lock is taken.
                let version = authority::next_version(conn).await?;
                authority::fence(conn, operator.basis()).await?;
                plan.insert(conn, version, operator.actor()).await?;
                plan.made()
            })
        })
        .await
    }

    /// Makes a store, and invites its owner to have an account, by a link that is good for 72 hours and once.
    pub async fn create_store_for(&self, db: &Db, new: NewStore, address: &str) -> Result<(StoreId, Invitation)> {
        let change = (*self, Plan::new(new)?, accounts::email(address)?, Secret::link()?);
        db.write_with(RowsOf::All, change, |conn, (operator, plan, email, secret)| {
            Box::pin(async move {
                let version = authority::next_version(conn).await?;
                authority::fence(conn, operator.basis()).await?;
                plan.insert(conn, version, operator.actor()).await?;
                let owner = (plan.store, plan.owner);
                let invited = accounts::link::invite(conn, owner, email, operator.actor(), secret).await?;
                Ok((plan.store, invited))
            })
        })
        .await
    }

    /// One store.
    pub async fn store(&self, db: &Db, store: StoreId) -> Result<Store> {
        const SQL: &str = stores!("WHERE id = $1");
        let id = store.to_string();
        let found = db.reader(RowsOf::All).await?.row(SQL, args![&id], read).await?;
        found.ok_or_else(|| Error::not_found("store", id))
    }

    /// Stores, oldest first.
    pub async fn stores(&self, db: &Db, page: &Page) -> Result<Items<Store>> {
        const SQL: &str = stores!("WHERE id > $1 ORDER BY id LIMIT $2");
        let limit = page.limit()?;
        let after = page.after("stores")?.unwrap_or_default();
        let stores = db.reader(RowsOf::All).await?.rows(SQL, args![after, (limit + 1) as i64], read).await?;
        Ok(Items::cut(stores, limit, "stores", |store| store.id.to_string()))
    }
}

impl Db {
    /// A token for the first start, valid for 15 minutes and once; none if there is an operator already. What other
    /// hosts of the same database have printed stays valid until one of them is used.
    pub async fn setup_token(&self) -> Result<Option<Secret>> {
        const OPERATORS: &str = "SELECT (SELECT COUNT(*) FROM tokens WHERE kind = 'operator') + \
            (SELECT COUNT(*) FROM accounts WHERE operator = 1)";
        const FORGET: &str = "DELETE FROM tokens WHERE kind = 'setup' AND expires_at <= $1";
        let mut draw = Draw::new(TokenKind::Setup, "first start", ScopeSet::EMPTY, None)?;
        draw.expires_at = Some(now_ms() + SETUP_MS);
        self.write_with(RowsOf::All, draw, |conn, draw| {
            Box::pin(async move {
                if conn.row(OPERATORS, args![], |r| r.int(0)).await? != Some(0) {
                    return Ok(None);
                }
                conn.exec(FORGET, args![now_ms()]).await?;
                draw.insert(conn, None, None, None).await?;
                Ok(Some(draw.secret.clone()))
            })
        })
        .await
    }

    /// How long a store retains its records.
    pub async fn retention(&self, store: StoreId) -> Result<Retention> {
        const SQL: &str = "SELECT retention FROM stores WHERE id = $1";
        let found = self.reader(store).await?.row(SQL, args![&store.to_string()], |r| r.doc(0)).await?;
        found.ok_or_else(|| Error::not_found("store", store.to_string()))
    }
}

impl Setup {
    /// Makes the operator's token, the first store and its owner. The setup token ends in the same transaction.
    pub async fn start(&self, db: &Db, new: NewStore) -> Result<FirstStart> {
        let operator = Draw::new(TokenKind::Operator, "first token", ScopeSet::EMPTY, None)?;
        db.write_with(
            RowsOf::All,
            (self.token, operator, Plan::new(new)?.with_token()?),
            |conn, (token, operator, plan)| {
                Box::pin(async move {
                    let version = authority::next_version(conn).await?;
                    end_setup(conn, *token).await?;
                    operator.insert(conn, None, None, None).await?;
                    let first = Actor::Operator(operator.id);
                    let detail = serde_json::json!({ "name": operator.name, "kind": "operator" });
                    host_audit::note(conn, first, "tokens.create", &operator.id.to_string(), &detail).await?;
                    plan.insert(conn, version, first).await?;
                    Ok(FirstStart { operator_token: operator.show(), made: plan.made()? })
                })
            },
        )
        .await
    }

    /// Makes the first store and the account of its owner, who operates the host as well, and signs them in. The setup
    /// token ends in the same transaction.
    pub async fn open(&self, db: &Db, new: NewStore, owner: NewAccount, browser: &Browser) -> Result<(StoreId, Fresh)> {
        const JOIN: &str = "UPDATE staff SET account = $2 WHERE id = $1";
        let change = (self.token, Plan::new(new)?, AccountId::new(), owner, Fresh::draw()?, browser.clone());
        db.write_with(RowsOf::All, change, |conn, (token, plan, account, owner, fresh, browser)| {
            Box::pin(async move {
                let version = authority::next_version(conn).await?;
                end_setup(conn, *token).await?;
                accounts::insert(conn, *account, owner, true).await?;
                plan.insert(conn, version, Actor::Account(*account)).await?;
                conn.exec(JOIN, args![&plan.owner.to_string(), &account.to_string()]).await?;
                let opens = accounts::session::Opens::with_password();
                let opened = accounts::session::open(conn, *account, fresh, browser, opens).await?;
                let none = serde_json::json!({});
                host_audit::note(conn, Actor::Account(*account), "accounts.create", &account.to_string(), &none)
                    .await?;
                Ok((plan.store, opened))
            })
        })
        .await
    }
}

/// Ends the token of a first start, and all like it.
async fn end_setup(conn: &mut Conn, token: TokenId) -> Result<()> {
    // Every one at once, in the order of their ids: of two that are used in the same moment one finds itself ended.
    const LOCK: &str =
        "SELECT id FROM tokens WHERE kind = 'setup' AND revoked_at IS NULL AND expires_at > $1 ORDER BY id";
    const LOCKED: &str =
        "SELECT id FROM tokens WHERE kind = 'setup' AND revoked_at IS NULL AND expires_at > $1 ORDER BY id FOR UPDATE";
    const END: &str = "UPDATE tokens SET revoked_at = $1 WHERE kind = 'setup' AND revoked_at IS NULL";
    let valid = if conn.is_pg() { LOCKED } else { LOCK };
    let valid: Vec<TokenId> = conn.rows(valid, args![now_ms()], |r| r.parse(0)).await?;
    if !valid.contains(&token) {
        return Err(Error::invalid("the setup token was used already, or has expired"));
    }
    conn.exec(END, args![now_ms()]).await.map(drop)
}
