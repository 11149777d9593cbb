//! A person's own tokens: what `tokens:manage` allows.
//!
//! INVARIANT: a token can never do more than the one it was made with, which can never do more than the person.

use super::{Draw, FreshToken, Token, TokenKind, days, read};
use crate::authz::scope::kind::TokensManage;
use crate::authz::{AuditId, Basis, Permit, Principal, Scope, ScopeSet, StaffId, StoreId, TokenId};
use crate::db::core::drafts::once::{Claim, Once, Replay};
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::error::{Error, Result};
use crate::db::core::time::now_ms;
use crate::db::house::people::staff::may_give;
use crate::db::house::people::{audit, authority};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A token to be made.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// What it is for, in words: 1 to 80 characters.
    pub name: String,
    /// What it can be used for at most: nothing its maker does not hold. Not given: all that the token in use can do;
    /// if that is all its person holds, then also what they are given later.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>)]
    pub scopes: Option<ScopeSet>,
    /// How many days it lives: 1 to 366; 90 if not given.
    #[serde(default)]
    pub days: Option<u32>,
}

/// A token that was limited to less than its person holds.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NarrowToken {
    /// Its id.
    #[schema(value_type = String)]
    pub id: TokenId,
    /// What it is for, in words.
    pub name: String,
    /// What its person holds and it cannot be used for.
    #[schema(value_type = Vec<String>)]
    pub lacks: ScopeSet,
}

/// A person's valid tokens that lack something of `scopes`.
pub(in crate::db::house::people) async fn narrower(
    conn: &mut Conn,
    staff: StaffId,
    scopes: ScopeSet,
) -> Result<Vec<NarrowToken>> {
    const SQL: &str = "SELECT id, name, scopes FROM tokens WHERE staff = $1 AND kind = 'staff' AND whole = 0 \
        AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2) ORDER BY id";
    let read = |r: Row<'_>| Ok((r.parse(0)?, r.text(1)?, known(&r.doc::<Vec<String>>(2)?)));
    let tokens: Vec<(TokenId, String, ScopeSet)> = conn.rows(SQL, args![&staff.to_string(), now_ms()], read).await?;
    let narrow = |(id, name, holds)| NarrowToken { id, name, lacks: scopes.minus(holds) };
    Ok(tokens.into_iter().map(narrow).filter(|token| !token.lacks.is_empty()).collect())
}

/// Entries of the audit log that are read to say why a token lacks a permission.
const LOOKED_THROUGH: i64 = 1_000;

impl Db {
    /// Whether a person was given `scope` after this token of theirs was made, as far as the audit log goes back: then
    /// the token is older than the permission, otherwise it was limited. One read of what happened since, of
    /// the newest [`LOOKED_THROUGH`] entries of the log at most: a refusal must not cost more than what it refuses.
    pub async fn is_older(&self, store: StoreId, staff: StaffId, token: TokenId, scope: Scope) -> Result<bool> {
        const SQL: &str = "SELECT detail FROM (SELECT id, act, subject, detail FROM audit WHERE store = $1 AND id > $2 \
            ORDER BY id DESC LIMIT $4) newest WHERE act = 'staff.scopes' AND subject = $3 ORDER BY id DESC LIMIT 50";
        // Ids sort by the time they were made, whatever they begin with.
        let made = token.to_string().replacen(TokenId::PREFIX, AuditId::PREFIX, 1);
        let read = |r: Row<'_>| r.doc::<Gained>(0);
        let values = (store.to_string(), staff.to_string());
        let values = args![&values.0, &made, &values.1, LOOKED_THROUGH];
        let changes = self.reader(store).await?.rows(SQL, values, read).await?;
        let holds = |names: &[String]| names.iter().any(|name| name == scope.name());
        Ok(changes.iter().any(|change| holds(&change.after) && !holds(&change.before)))
    }
}

/// What a person held before and after a change of it, as the audit log has it.
#[derive(Deserialize)]
struct Gained {
    before: Vec<String>,
    after: Vec<String>,
}

/// A scope this version no longer knows allows nothing.
fn known(names: &[String]) -> ScopeSet {
    names.iter().filter_map(|name| name.parse().ok()).collect()
}

struct Make {
    store: StoreId,
    staff: StaffId,
    basis: Basis,
    draw: Draw,
}

impl Permit<TokensManage> {
    /// The person's valid tokens, oldest first.
    pub async fn list(&self, db: &Db) -> Result<Vec<Token>> {
        const SQL: &str = "SELECT id, name, scopes, created_at, expires_at, used_at, whole FROM tokens WHERE store = $1 \
            AND staff = $2 AND kind = 'staff' AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $3) ORDER BY id";
        let (store, staff) = (self.store().to_string(), self.person()?.to_string());
        db.reader(self.store()).await?.rows(SQL, args![&store, &staff, now_ms()], read).await
    }

    /// Makes a token that can do at most what `maker` can at this moment. `once` is inserted with it.
    pub async fn create(&self, db: &Db, maker: &Principal, new: NewToken, once: Option<Once>) -> Result<FreshToken> {
        let scopes = new.scopes.unwrap_or_else(|| maker.held());
        let staff = may_give(self, maker, scopes)?;
        let draw = Draw::new(TokenKind::Staff, &new.name, scopes, Some(days(new.days)?))?;
        let draw = draw.whole(new.scopes.is_none() && maker.is_whole());
        let make = Make { store: self.store(), staff, basis: self.basis(), draw };
        let claim = Claim::new(db, self.store(), once);
        db.write_with(self.store(), (make, claim), |conn, (make, claim)| {
            Box::pin(async move {
                claim.insert(conn, make.draw.id, Replay::Never).await?;
                authority::fence(conn, make.basis).await?;
                super::room(conn, TokenKind::Staff, make.store, Some(make.staff)).await?;
                make.draw.insert(conn, Some(make.store), Some(make.staff), None).await?;
                let (id, actor) = (make.draw.id.to_string(), crate::authz::Actor::Staff(make.staff));
                let detail = serde_json::json!({
                    "name": make.draw.name, "scopes": make.draw.scopes, "all": make.draw.whole,
                });
                audit::note(conn, make.store, actor, "tokens.create", &id, &detail).await?;
                Ok(make.draw.show())
            })
        })
        .await
    }

    /// Ends a token of one's own, at once.
    pub async fn revoke(&self, db: &Db, token: TokenId) -> Result<()> {
        const SQL: &str =
            "UPDATE tokens SET revoked_at = $4 WHERE id = $1 AND store = $2 AND staff = $3 AND revoked_at IS NULL";
        db.write_with(
            self.store(),
            (self.store(), self.person()?, self.basis(), token),
            |conn, (store, staff, basis, token)| {
                Box::pin(async move {
                    authority::fence(conn, *basis).await?;
                    let (id, owner) = (token.to_string(), staff.to_string());
                    if conn.exec(SQL, args![&id, &store.to_string(), &owner, now_ms()]).await? == 0 {
                        return Err(Error::not_found("token", id));
                    }
                    let actor = crate::authz::Actor::Staff(*staff);
                    audit::note(conn, *store, actor, "tokens.revoke", &id, &serde_json::json!({})).await?;
                    Ok(())
                })
            },
        )
        .await
    }

    /// Whose tokens. Only people have tokens of their own: the scope is not for apps.
    fn person(&self) -> Result<StaffId> {
        let staff = self.basis().staff.map(|(staff, _)| staff);
        staff.ok_or_else(|| Error::invalid("only a person of the store has tokens of their own"))
    }
}
