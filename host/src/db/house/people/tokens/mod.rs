//! Tokens: what is stored of them, whom they stand for, and who may make and revoke which.

mod host;
mod identity;
mod own;
mod recover;
mod storefront;
mod text;

pub use host::{PublisherShown, PublisherToken};
pub use identity::{Identity, Operator, Publisher, Refused, Setup, Shown};
pub use own::{NarrowToken, NewToken};
pub use recover::{Recovered, RecoveredAccount, RecoveredOperator};
pub(in crate::db) use text::hash;
pub use text::{Secret, well_formed};

use crate::authz::{Scope, ScopeSet, StaffId, StoreId, TokenId};
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::to_json;
use crate::db::core::time::{now_ms, rfc3339};
use serde::Serialize;
use utoipa::ToSchema;

/// A day, in milliseconds.
const DAY_MS: i64 = 86_400_000;
/// How long a token lives if nothing was said, in days.
const DAYS: u32 = 90;
/// How long a token may live, in days.
const MAX_DAYS: u32 = 366;

/// Whom a token stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// Whoever starts the host for the first time.
    Setup,
    /// The operator of the host.
    Operator,
    /// A person of a store.
    Staff,
    /// The shop's own front.
    Storefront,
    /// A publisher of apps.
    Publisher,
}

impl TokenKind {
    pub(in crate::db) const fn name(self) -> &'static str {
        match self {
            TokenKind::Setup => "setup",
            TokenKind::Operator => "operator",
            TokenKind::Staff => "staff",
            TokenKind::Storefront => "storefront",
            TokenKind::Publisher => "publisher",
        }
    }
}

/// A token as shown in lists, without its text.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Token {
    /// Its id.
    #[schema(value_type = String)]
    pub id: TokenId,
    /// What it is for, in words.
    pub name: String,
    /// What it can be used for at most; if it is not there, all that its person holds at each moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<String>>)]
    pub scopes: Option<Vec<Scope>>,
    /// RFC 3339.
    pub created_at: String,
    /// From when on it is refused, RFC 3339; never if there is none.
    pub expires_at: Option<String>,
    /// When it was last used, RFC 3339, to the hour.
    pub used_at: Option<String>,
}

/// A token just made. The only time its text is shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FreshToken {
    /// Its id.
    #[schema(value_type = String)]
    pub id: TokenId,
    /// Its text: store it safely, it is not shown again.
    pub token: Secret,
    /// From when on it is refused, RFC 3339; never if there is none.
    pub expires_at: Option<String>,
}

/// A token about to be inserted.
#[derive(Debug)]
pub(super) struct Draw {
    pub(in crate::db) id: TokenId,
    pub(super) secret: Secret,
    pub(in crate::db) kind: TokenKind,
    pub(in crate::db) name: String,
    pub(in crate::db) scopes: ScopeSet,
    /// Whether it holds all its person holds, at each moment; `scopes` is what that was when it was made.
    pub(in crate::db) whole: bool,
    pub(in crate::db) expires_at: Option<i64>,
}

impl Draw {
    /// Draws a token. `days` of `None` is one that does not expire.
    pub(in crate::db) fn new(kind: TokenKind, name: &str, scopes: ScopeSet, days: Option<u32>) -> Result<Draw> {
        crate::db::core::kinds::text("a token's name", name, 1, 80)?;
        let expires_at = days.map(|days| now_ms() + i64::from(days) * DAY_MS);
        let prefix = if kind == TokenKind::Setup { text::SETUP_PREFIX } else { text::PREFIX };
        let secret = Secret::random(prefix)?;
        Ok(Draw { id: TokenId::new(), secret, kind, name: name.to_owned(), scopes, whole: false, expires_at })
    }

    /// The same, not limited to its scopes if `whole`: it holds all its person holds, at each moment.
    pub(in crate::db) fn whole(self, whole: bool) -> Draw {
        Draw { whole, ..self }
    }

    /// Inserts its row, which has no more of its text than a hash.
    pub(in crate::db) async fn insert(
        &self,
        conn: &mut Conn,
        store: Option<StoreId>,
        staff: Option<StaffId>,
        publisher: Option<&str>,
    ) -> Result<()> {
        const SQL: &str = "INSERT INTO tokens (hash, id, kind, store, staff, publisher, name, scopes, created_at, expires_at, whole) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
        let (store, staff) = (store.map(|id| id.to_string()), staff.map(|id| id.to_string()));
        let (hash, id, scopes) = (self.secret.hash(), self.id.to_string(), to_json(&self.scopes)?);
        let row = args![
            &hash,
            &id,
            self.kind.name(),
            &store,
            &staff,
            publisher,
            &self.name,
            &scopes,
            now_ms(),
            self.expires_at,
            i64::from(self.whole)
        ];
        conn.exec(SQL, row).await?;
        Ok(())
    }

    /// What its maker gets to see.
    pub(in crate::db) fn show(&self) -> FreshToken {
        FreshToken { id: self.id, token: self.secret.clone(), expires_at: self.expires_at.map(rfc3339) }
    }
}

pub(super) use own::narrower;

/// So many valid tokens a person has at most, and so many the shop's front: whoever makes them controls how many there
/// are to be ended at once when the person goes.
const MAX_VALID: i64 = 100;

/// Refuses one more than there may be of a person, or of the shop's front.
async fn room(conn: &mut Conn, kind: TokenKind, store: StoreId, staff: Option<StaffId>) -> Result<()> {
    const SQL: &str = "SELECT COUNT(*) FROM tokens WHERE store = $1 AND kind = $2 AND revoked_at IS NULL \
        AND (staff = $3 OR CAST($3 AS TEXT) IS NULL) AND (expires_at IS NULL OR expires_at > $4)";
    let (store, staff) = (store.to_string(), staff.map(|id| id.to_string()));
    match conn.count(SQL, args![&store, kind.name(), &staff, now_ms()]).await? >= MAX_VALID.unsigned_abs() {
        true => Err(Error::invalid(format!("{MAX_VALID} tokens are valid already; end one that is not needed first"))),
        false => Ok(()),
    }
}

/// How many days a token lives, checked.
pub(super) fn days(asked: Option<u32>) -> Result<u32> {
    match asked.unwrap_or(DAYS) {
        days @ 1..=MAX_DAYS => Ok(days),
        days => Err(Error::invalid(format!("a token lives 1 to {MAX_DAYS} days; {days} were asked for"))),
    }
}

/// Reads what every list of tokens selects: id, name, scopes, created_at, expires_at, used_at, whole.
fn read(r: Row<'_>) -> Result<Token> {
    let scopes: Vec<String> = r.doc(2)?;
    Ok(Token {
        id: r.parse(0)?,
        name: r.text(1)?,
        // A scope this version no longer knows allows nothing.
        scopes: (r.int(6)? == 0).then(|| scopes.iter().filter_map(|name| name.parse().ok()).collect()),
        created_at: rfc3339(r.int(3)?),
        expires_at: r.opt_int(4)?.map(rfc3339),
        used_at: r.opt_int(5)?.map(rfc3339),
    })
}

/// How soon a token ends that is said to end soon, in days.
const SOON_DAYS: i64 = 14;

/// Whether a token that ends then ends soon, as of `now`; both in milliseconds.
pub(super) fn ends_soon(expires_at: Option<i64>, now: i64) -> bool {
    expires_at.is_some_and(|at| at - now < SOON_DAYS * DAY_MS)
}

/// Revokes every token of a person.
pub(super) async fn revoke_all(conn: &mut Conn, staff: StaffId) -> Result<u64> {
    const SQL: &str = "UPDATE tokens SET revoked_at = $2 WHERE staff = $1 AND revoked_at IS NULL";
    conn.exec(SQL, args![&staff.to_string(), now_ms()]).await
}
