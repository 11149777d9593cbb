//! When nobody is left who could make a token: whoever can write to the database makes one there.
//!
//! INVARIANT: no request leads here. Whoever holds the database holds all that is in it, so it is the proof.

use super::{Draw, FreshToken, Secret, TokenKind, days};
use crate::authz::{Actor, ScopeSet, StaffId, StoreId};
use crate::db::core::engine::conn::args;
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::time::{now_ms, rfc3339};
use crate::db::house::people::accounts::link;
use crate::db::house::people::{audit, host_audit};
use serde::Serialize;

/// A token of the owner made on the host.
#[derive(Debug, Clone, Serialize)]
pub struct Recovered {
    /// The store.
    pub store: StoreId,
    /// What it was called when it was made.
    pub store_name: String,
    /// Its owner.
    pub owner: StaffId,
    /// What they are called.
    pub owner_name: String,
    /// The token.
    #[serde(flatten)]
    pub token: FreshToken,
    /// The path of a link to a new password and second factor, if the owner has an account: good once and for ten minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// A token of the operator made on the host.
#[derive(Debug, Clone, Serialize)]
pub struct RecoveredOperator {
    /// The token.
    #[serde(flatten)]
    pub token: FreshToken,
    /// For each account that operates the host, the path of a link to a new password and second factor: good once and for
    /// ten minutes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<RecoveredAccount>,
}

/// A way back into an account.
#[derive(Debug, Clone, Serialize)]
pub struct RecoveredAccount {
    /// The address it signs in with.
    pub email: String,
    /// The path of the link.
    pub link: String,
}

fn path(secret: &Secret) -> String {
    format!("/link?s={}", secret.expose())
}

impl Db {
    /// Makes a token for an owner of a store: given by the store's id, or its name if no other is called so, where it has
    /// one owner; by the owner's id where it has several. It can do all they may and lives 1 to 366 days, 90 if not said otherwise. Their other tokens stay.
    pub async fn recover_owner(&self, store: &str, lives: Option<u32>) -> Result<Recovered> {
        const FIND: &str = "SELECT t.id, t.name, p.id, p.name FROM stores t JOIN staff p ON p.store = t.id \
            AND p.owner = 1 AND p.active = 1 WHERE t.id = $1 OR t.name = $1 OR p.id = $1 ORDER BY t.id, p.id LIMIT 20";
        let read = |r: crate::db::core::engine::conn::Row<'_>| Ok((r.parse(0)?, r.text(1)?, r.parse(2)?, r.text(3)?));
        let found = self.reader(RowsOf::All).await?.rows(FIND, args![store], read).await?;
        let (id, store_name, owner, owner_name): (StoreId, String, StaffId, String) = match found.as_slice() {
            [one] => one.clone(),
            [] => return Err(Error::not_found("store", store)),
            [first, rest @ ..] if rest.iter().all(|other| other.0 == first.0) => {
                let owners = found.iter().map(|(_, _, id, name)| format!("`{id}` ({name})")).collect::<Vec<_>>();
                let owners = owners.join(", ");
                return Err(Error::invalid(format!(
                    "this store has several owners; give the id of one of them: {owners}"
                )));
            }
            _ => return Err(Error::invalid(format!("several stores are called `{store}`; give the id"))),
        };
        let draw = Draw::new(TokenKind::Staff, "recovered on the host", ScopeSet::owner(), Some(days(lives)?))?;
        let draw = draw.whole(true);
        let change = (id, owner, draw, Secret::link()?);
        let made = self.write_with(id, change, |conn, (store, owner, draw, secret)| {
            Box::pin(async move {
                const ACCOUNT: &str = "SELECT account FROM staff WHERE id = $1";
                draw.insert(conn, Some(*store), Some(*owner), None).await?;
                let detail = serde_json::json!({ "token": draw.id, "ends": draw.expires_at.map(rfc3339) });
                audit::note(conn, *store, Actor::Host, "tokens.recover", &owner.to_string(), &detail).await?;
                let account = conn.row(ACCOUNT, args![&owner.to_string()], |r| r.opt_text(0)).await?.flatten();
                let account = account.and_then(|id| id.parse().ok());
                if let Some(account) = account {
                    link::recover(conn, account, secret).await?;
                }
                Ok((draw.show(), account.map(|_| path(secret))))
            })
        });
        let (token, link) = made.await?;
        Ok(Recovered { store: id, store_name, owner, owner_name, token, link })
    }

    /// Makes a token for the operator of the host; it lives 1 to 366 days, 90 if not said otherwise. The others stay.
    /// Every store finds it in its audit log: whoever runs the host decides which apps it can install.
    pub async fn recover_operator(&self, lives: Option<u32>) -> Result<RecoveredOperator> {
        const ACCOUNTS: &str = "SELECT id, email FROM accounts WHERE operator = 1 ORDER BY id";
        const STORES: &str = "SELECT id FROM stores ORDER BY id";
        let draw = Draw::new(TokenKind::Operator, "recovered on the host", ScopeSet::EMPTY, Some(days(lives)?))?;
        self.write_with(RowsOf::All, draw, |conn, draw| {
            Box::pin(async move {
                let stores: Vec<StoreId> = conn.rows(STORES, args![], |r| r.parse(0)).await?;
                if stores.is_empty() {
                    return Err(Error::invalid("this host was not set up yet; `storehand serve` says how"));
                }
                draw.insert(conn, None, None, None).await?;
                let detail = serde_json::json!({ "ends": draw.expires_at.map(rfc3339) });
                for store in stores {
                    audit::note(conn, store, Actor::Host, "operator.recover", &draw.id.to_string(), &detail).await?;
                }
                host_audit::note(conn, Actor::Host, "operator.recover", &draw.id.to_string(), &detail).await?;
                let mut links = Vec::new();
                let accounts = conn.rows(ACCOUNTS, args![], |r| Ok((r.parse(0)?, r.text(1)?))).await?;
                for (account, email) in accounts {
                    let secret = Secret::link()?;
                    link::recover(conn, account, &secret).await?;
                    links.push(RecoveredAccount { email, link: path(&secret) });
                }
                Ok(RecoveredOperator { token: draw.show(), links })
            })
        })
        .await
    }

    /// How many ways in an operator has now: valid tokens, and accounts.
    pub async fn operator_ways(&self) -> Result<u64> {
        const SQL: &str = "SELECT (SELECT COUNT(*) FROM tokens WHERE kind = 'operator' AND revoked_at IS NULL \
            AND (expires_at IS NULL OR expires_at > $1)) + (SELECT COUNT(*) FROM accounts WHERE operator = 1)";
        self.reader(RowsOf::All).await?.count(SQL, args![now_ms()]).await
    }
}
