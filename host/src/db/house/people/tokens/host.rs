//! Tokens that belong to no store: the operator's own, and those of publishers. Made by the operator.

use super::{Draw, FreshToken, Operator, Token, TokenKind, days, read};
use crate::authz::{ScopeSet, StoreId, TokenId};
use crate::db::core::engine::conn::{Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::page::{Items, Page};
use crate::db::core::time::{now_ms, rfc3339};
use crate::db::house::people::{authority, host_audit};
use serde::Serialize;
use utoipa::ToSchema;

/// A publisher, with a token of theirs just made.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PublisherToken {
    /// The publisher's name: what the ids of their apps begin with.
    pub publisher: String,
    /// The token.
    #[serde(flatten)]
    pub token: FreshToken,
}

/// A publisher as the operator sees them.
#[derive(Debug, Clone)]
pub struct PublisherShown {
    /// The name: what the ids of their apps begin with.
    pub name: String,
    /// The store that has the name to itself, since an app that it uploaded was published.
    pub store: Option<StoreId>,
    /// Since when there is one of that name, RFC 3339.
    pub created_at: String,
    /// How many apps they have uploaded.
    pub apps: i64,
    /// Their valid tokens, oldest first.
    pub tokens: Vec<Token>,
}

/// So many tokens are shown at most: the operator makes them, and controls how many there are.
const MAX_SHOWN: i64 = 500;

/// 3 to 40 of `a-z`, `0-9` and `-`, so that no two names look alike.
fn check_publisher(name: &str) -> Result<()> {
    let fine = (3..=40).contains(&name.len())
        && name.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'))
        && !name.starts_with('-')
        && !name.ends_with('-');
    if fine {
        Ok(())
    } else {
        Err(Error::invalid("a publisher's name is 3 to 40 of `a-z`, `0-9` and `-`, like `acme`"))
    }
}

impl Operator {
    /// Makes another token for the operator; it lives 1 to 366 days, 90 if not said otherwise.
    pub async fn create_token(&self, db: &Db, name: &str, lives: Option<u32>) -> Result<FreshToken> {
        let draw = Draw::new(TokenKind::Operator, name, ScopeSet::EMPTY, Some(days(lives)?))?;
        db.write_with(RowsOf::All, (*self, draw), |conn, (operator, draw)| {
            Box::pin(async move {
                authority::fence(conn, operator.basis()).await?;
                draw.insert(conn, None, None, None).await?;
                let detail = serde_json::json!({ "name": draw.name, "kind": "operator" });
                host_audit::note(conn, operator.actor(), "tokens.create", &draw.id.to_string(), &detail).await?;
                Ok(draw.show())
            })
        })
        .await
    }

    /// Makes a token for a publisher, and the publisher if the name is new.
    pub async fn create_publisher_token(&self, db: &Db, publisher: &str, lives: Option<u32>) -> Result<PublisherToken> {
        const NAME: &str =
            "INSERT INTO publishers (name, store, created_at) VALUES ($1, NULL, $2) ON CONFLICT DO NOTHING";
        const STORE: &str = "SELECT store FROM publishers WHERE name = $1";
        check_publisher(publisher)?;
        let draw = Draw::new(TokenKind::Publisher, publisher, ScopeSet::EMPTY, Some(days(lives)?))?;
        db.write_with(RowsOf::All, (*self, publisher.to_owned(), draw), |conn, (operator, publisher, draw)| {
            Box::pin(async move {
                authority::fence(conn, operator.basis()).await?;
                let is_new = conn.exec(NAME, args![publisher, now_ms()]).await? == 1;
                let store = conn.row(STORE, args![publisher], |r| r.opt_text(0)).await?;
                if store.flatten().is_some() {
                    return Err(Error::Taken { what: "the publisher", value: publisher.clone() });
                }
                draw.insert(conn, None, None, Some(publisher)).await?;
                if is_new {
                    let none = serde_json::json!({});
                    host_audit::note(conn, operator.actor(), "publishers.create", publisher, &none).await?;
                }
                let detail = serde_json::json!({ "name": publisher, "kind": "publisher" });
                host_audit::note(conn, operator.actor(), "tokens.create", &draw.id.to_string(), &detail).await?;
                Ok(PublisherToken { publisher: publisher.clone(), token: draw.show() })
            })
        })
        .await
    }

    /// The operator's valid tokens, oldest first.
    pub async fn tokens(&self, db: &Db) -> Result<Vec<Token>> {
        const SQL: &str = "SELECT id, name, scopes, created_at, expires_at, used_at, whole FROM tokens \
            WHERE kind = 'operator' AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $1) ORDER BY id LIMIT $2";
        db.reader(RowsOf::All).await?.rows(SQL, args![now_ms(), MAX_SHOWN], read).await
    }

    /// Publishers by name, each with their valid tokens.
    pub async fn publishers(&self, db: &Db, page: &Page) -> Result<Items<PublisherShown>> {
        // `0` comes right after the `/` of an app's id.
        const NAMES: &str = "SELECT p.name, p.store, p.created_at, (SELECT COUNT(DISTINCT v.app) FROM app_versions v \
            WHERE v.space = COALESCE(p.store, '') AND v.app >= p.name || '/' AND v.app < p.name || '0' \
            AND v.deleted_at IS NULL) FROM publishers p WHERE p.name > $1 ORDER BY p.name LIMIT $2";
        const TOKENS: &str = "SELECT id, name, scopes, created_at, expires_at, used_at, whole, publisher FROM tokens \
            WHERE kind = 'publisher' AND publisher >= $1 AND publisher <= $2 AND revoked_at IS NULL \
            AND (expires_at IS NULL OR expires_at > $3) ORDER BY id LIMIT $4";
        let limit = page.limit()?;
        let after = page.after("publishers")?.unwrap_or_default();
        let named = |r: Row<'_>| {
            let store = r.opt_text(1)?.map(|store| store.parse()).transpose();
            let store = store.map_err(|e: crate::authz::BadId| Error::Corrupt(e.to_string()))?;
            let (name, created_at) = (r.text(0)?, rfc3339(r.int(2)?));
            Ok(PublisherShown { name, store, created_at, apps: r.int(3)?, tokens: Vec::new() })
        };
        let mut conn = db.reader(RowsOf::All).await?;
        let found = conn.rows(NAMES, args![after, (limit + 1) as i64], named).await?;
        let mut part = Items::cut(found, limit, "publishers", |one| one.name.clone());
        if let (Some(first), Some(last)) = (part.items.first(), part.items.last()) {
            let values = args![&first.name, &last.name, now_ms(), MAX_SHOWN];
            for (publisher, token) in conn.rows(TOKENS, values, |r| Ok((r.text(7)?, read(r)?))).await? {
                let theirs = part.items.iter_mut().find(|one| one.name == publisher);
                theirs.into_iter().for_each(|one| one.tokens.push(token.clone()));
            }
        }
        Ok(part)
    }

    /// Ends a token of the operator or of a publisher, at once. The last way in of the operator stays: a token, unless an account
    /// operates the host.
    pub async fn revoke_token(&self, db: &Db, token: TokenId) -> Result<()> {
        const OTHERS: &str = "SELECT (SELECT COUNT(*) FROM tokens WHERE kind = 'operator' AND id <> $1 AND revoked_at IS NULL \
            AND (expires_at IS NULL OR expires_at > $2)) \
            + (SELECT COUNT(*) FROM accounts WHERE operator = 1 AND (totp IS NOT NULL OR passkeys > 0))";
        const SQL: &str = "UPDATE tokens SET revoked_at = $2 WHERE id = $1 AND kind IN ('operator', 'publisher') AND revoked_at IS NULL";
        db.write_with(RowsOf::All, (*self, token), |conn, (operator, token)| {
            Box::pin(async move {
                authority::fence(conn, operator.basis()).await?;
                let (id, now) = (token.to_string(), now_ms());
                if conn.exec(SQL, args![&id, now]).await? == 0 {
                    return Err(Error::not_found("token", id));
                }
                // Counted after the change: on PostgreSQL two tokens that end each other would both pass a check before.
                if conn.row(OTHERS, args![&id, now], |r| r.int(0)).await? == Some(0) {
                    return Err(Error::invalid("this is the operator's last token; make another one first"));
                }
                host_audit::note(conn, operator.actor(), "tokens.revoke", &id, &serde_json::json!({})).await
            })
        })
        .await
    }
}
