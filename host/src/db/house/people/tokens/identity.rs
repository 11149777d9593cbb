//! From a token's text to whom it stands for.
//!
//! INVARIANT: the proofs [`Operator`], [`Publisher`] and [`Setup`], and the [`Authenticated`] of a person, are made in
//! [`Db::authenticate`], or of a session in `accounts::member`, and nowhere else.

use super::{ends_soon, text};
use crate::authz::{self, AccountId, Actor, Authenticated, Basis, Credential, Principal, ScopeSet, SessionId, TokenId};
use crate::db::core::engine::conn::{Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::time::{now_ms, rfc3339};

/// How exactly the last use of a token is known, in milliseconds: a write at every request would be paid by all.
const USED_EVERY: i64 = 3_600_000;

/// Proof that the operator of the host is asking.
#[derive(Debug, Clone, Copy)]
pub struct Operator {
    actor: Actor,
    credential: Credential,
}

/// Proof that a publisher of apps is asking.
#[derive(Debug, Clone)]
pub struct Publisher {
    pub(in crate::db) name: String,
    pub(in crate::db) token: TokenId,
}

impl Publisher {
    /// Its name: what ids of its apps begin with.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The identity written into records.
    pub fn actor(&self) -> Actor {
        Actor::Publisher(self.token)
    }

    /// What an act of theirs rests on.
    pub(in crate::db) fn basis(&self) -> Basis {
        Basis::of(self.token)
    }
}

impl Operator {
    /// The identity written into records.
    pub fn actor(&self) -> Actor {
        self.actor
    }

    /// What an act of theirs rests on.
    pub(in crate::db) fn basis(&self) -> Basis {
        Basis::of(self.credential)
    }

    /// By a token that was verified.
    pub(in crate::db) fn by(token: TokenId) -> Operator {
        Operator { actor: Actor::Operator(token), credential: token.into() }
    }

    /// By the session of an account that operates this host.
    pub(in crate::db::house::people) fn signed_in(account: AccountId, session: SessionId) -> Operator {
        Operator { actor: Actor::Account(account), credential: session.into() }
    }
}

/// Proof that whoever started the host for the first time is asking.
#[derive(Debug, Clone, Copy)]
pub struct Setup {
    pub(in crate::db) token: TokenId,
}

/// Whom a valid token stands for.
#[derive(Debug, Clone)]
pub enum Identity {
    /// A person of a store, as far as the token allows.
    Staff(Authenticated),
    /// The operator of the host.
    Operator(Operator),
    /// The shop's own front.
    Storefront(Principal),
    /// A publisher of apps.
    Publisher(Publisher),
    /// Whoever starts the host for the first time.
    Setup(Setup),
}

struct Found {
    id: TokenId,
    kind: String,
    store: Option<String>,
    staff: Option<String>,
    publisher: Option<String>,
    scopes: ScopeSet,
    used_at: Option<i64>,
    name: String,
    expires_at: Option<i64>,
    suspended: Option<String>,
    /// From when on its store is erased, if it is being closed.
    erase_at: Option<i64>,
    /// Whether it is an owner's.
    owner: bool,
}

/// A valid token as its bearer may know it.
#[derive(Debug, Clone)]
pub struct Shown {
    /// Its id.
    pub id: TokenId,
    /// What it is for, in words.
    pub name: String,
    /// From when on it is refused, RFC 3339; never if there is none.
    pub expires_at: Option<String>,
    /// Whether that is so soon that somebody should make another one.
    pub ends_soon: bool,
}

/// Why a token stands for nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// No such token was ever made here.
    Unknown,
    /// It was revoked at this moment, RFC 3339.
    Revoked(String),
    /// It ended at this moment, RFC 3339.
    Ended(String),
    /// Its holder was removed.
    HolderRemoved,
}

fn read(r: Row<'_>) -> Result<Found> {
    let scopes: Vec<String> = r.doc(5)?;
    Ok(Found {
        id: r.parse(0)?,
        kind: r.text(1)?,
        store: r.opt_text(2)?,
        staff: r.opt_text(3)?,
        publisher: r.opt_text(4)?,
        // What is not limited is limited by its person alone.
        scopes: match r.int(7)? {
            0 => scopes.iter().filter_map(|name| name.parse().ok()).collect(),
            _ => ScopeSet::owner(),
        },
        used_at: r.opt_int(6)?,
        name: r.text(8)?,
        expires_at: r.opt_int(9)?,
        suspended: r.opt_text(10)?,
        erase_at: r.opt_int(11)?,
        owner: r.opt_int(12)? == Some(1),
    })
}

fn id<T: std::str::FromStr>(text: Option<&str>, token: TokenId) -> Result<T> {
    text.and_then(|text| text.parse().ok()).ok_or_else(|| Error::Corrupt(format!("token `{token}` names nobody")))
}

impl Db {
    /// Whom a token stands for; nobody, if it is mistyped, unknown, expired, revoked, or its holder was removed. In a store
    /// that is suspended it is [`Error::Suspended`], in one that is being closed, but for its owners, [`Error::Closing`].
    pub async fn authenticate(&self, token: &str) -> Result<Option<Identity>> {
        Ok(self.identify(token).await?.map(|(identity, _)| identity))
    }

    /// [`Db::authenticate`], with what its bearer may know of the token.
    pub async fn identify(&self, token: &str) -> Result<Option<(Identity, Shown)>> {
        const SQL: &str = "SELECT id, kind, store, staff, publisher, scopes, used_at, whole, name, expires_at, \
            (SELECT s.suspended FROM stores s WHERE s.id = tokens.store), \
            (SELECT s.erase_at FROM stores s WHERE s.id = tokens.store), \
            (SELECT p.owner FROM staff p WHERE p.id = tokens.staff) FROM tokens WHERE hash = $1 \
            AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)";
        if !text::well_formed(token) {
            return Ok(None);
        }
        let (hash, now) = (text::hash(token), now_ms());
        let found = self.reader(RowsOf::All).await?.row(SQL, args![&hash, now], read).await?;
        let Some(found) = found else { return Ok(None) };
        if let Some(reason) = found.suspended {
            return Err(Error::Suspended(reason));
        }
        match found.erase_at {
            Some(at) if at <= now => return Ok(None),
            Some(at) if !found.owner => return Err(Error::Closing(rfc3339(at))),
            _ => {}
        }
        let token = found.id;
        let expires_at = found.expires_at.map(rfc3339);
        // That of a first start is meant to end.
        let soon = found.kind != "setup" && ends_soon(found.expires_at, now);
        let shown = Shown { id: token, name: found.name, expires_at, ends_soon: soon };
        if found.used_at.is_none_or(|used| now - used > USED_EVERY) {
            // What cannot be noted locks nobody out: a full disk can still be read.
            if let Err(error) = self.used(hash).await {
                error.tell("cannot note that a token was used");
            }
            if let Some(at) = shown.expires_at.as_ref().filter(|_| shown.ends_soon) {
                tracing::warn!(%token, kind = found.kind, at, "a token in use ends soon; its holder should make another one");
            }
        }
        let identity = match found.kind.as_str() {
            "staff" => {
                let live = self.live_staff(id(found.staff.as_deref(), token)?).await?;
                if !live.get().is_active() {
                    return Ok(None);
                }
                let (store, staff) = (id(found.store.as_deref(), token)?, id(found.staff.as_deref(), token)?);
                Identity::Staff(Authenticated::verified(
                    self.mint(),
                    store,
                    staff,
                    live,
                    found.scopes,
                    Some(token.into()),
                ))
            }
            "operator" => Identity::Operator(Operator::by(token)),
            "storefront" => {
                let store = id(found.store.as_deref(), token)?;
                Identity::Storefront(authz::storefront(self.mint(), store, token))
            }
            "publisher" => {
                let name = found.publisher.ok_or_else(|| Error::Corrupt(format!("token `{token}` names nobody")))?;
                Identity::Publisher(Publisher { name, token })
            }
            "setup" => Identity::Setup(Setup { token }),
            kind => return Err(Error::Corrupt(format!("token `{token}` is of an unknown kind `{kind}`"))),
        };
        Ok(Some((identity, shown)))
    }

    /// Why a token stands for nobody, for whoever holds it. One look-up by its hash, whichever it is.
    pub async fn why_refused(&self, token: &str) -> Result<Refused> {
        const SQL: &str = "SELECT revoked_at, expires_at FROM tokens WHERE hash = $1";
        let read = |r: Row<'_>| Ok((r.opt_int(0)?, r.opt_int(1)?));
        let found = self.reader(RowsOf::All).await?.row(SQL, args![&text::hash(token)], read).await?;
        Ok(match found {
            None => Refused::Unknown,
            Some((Some(at), _)) => Refused::Revoked(rfc3339(at)),
            Some((None, Some(at))) if at <= now_ms() => Refused::Ended(rfc3339(at)),
            Some(_) => Refused::HolderRemoved,
        })
    }

    /// Notes that a token was used.
    async fn used(&self, hash: String) -> Result<()> {
        const SQL: &str = "UPDATE tokens SET used_at = $2 WHERE hash = $1";
        self.write_with(RowsOf::All, hash, |conn, hash| {
            Box::pin(async move { conn.exec(SQL, args![hash, now_ms()]).await.map(|_| ()) })
        })
        .await
    }
}
