//! A person's own tokens: what `tokens:manage` allows.
//!
//! INVARIANT: a token can never do more than the one it was made with, which can never do more than the person.

use super::{Draw, FreshToken, Token, TokenKind, days, read};
use crate::authz::{Basis, Permit, Principal, ScopeSet, StaffId, StoreId, TokenId, scope::kind::TokensManage};
use crate::db::Db;
use crate::db::engine::conn::args;
use crate::db::error::{Error, Result};
use crate::db::people::staff::may_give;
use crate::db::people::{audit, authority};
use crate::db::time::now_ms;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A token to be made.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// What it is for, in words: 1 to 80 characters.
    pub name: String,
    /// What it can be used for at most: nothing its maker does not hold.
    #[schema(value_type = Vec<String>)]
    pub scopes: ScopeSet,
    /// How many days it lives: 1 to 366; 90 if not given.
    #[serde(default)]
    pub days: Option<u32>,
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
        const SQL: &str = "SELECT id, name, scopes, created_at, expires_at, used_at FROM tokens WHERE store = $1 \
            AND staff = $2 AND kind = 'staff' AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $3) ORDER BY id";
        let (store, staff) = (self.store().to_string(), self.person()?.to_string());
        db.reader().await?.rows(SQL, args![&store, &staff, now_ms()], read).await
    }

    /// Makes a token that can do at most what `maker` can at this moment.
    pub async fn create(&self, db: &Db, maker: &Principal, new: NewToken) -> Result<FreshToken> {
        let staff = may_give(self, maker, new.scopes)?;
        let draw = Draw::new(TokenKind::Staff, &new.name, new.scopes, Some(days(new.days)?))?;
        let make = Make { store: self.store(), staff, basis: self.basis(), draw };
        db.write_with(make, |conn, make| {
            Box::pin(async move {
                authority::fence(conn, make.basis).await?;
                make.draw.keep(conn, Some(make.store), Some(make.staff), None).await?;
                let (id, actor) = (make.draw.id.to_string(), crate::authz::Actor::Staff(make.staff));
                let detail = serde_json::json!({ "name": make.draw.name, "scopes": make.draw.scopes });
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
        db.write_with((self.store(), self.person()?, self.basis(), token), |conn, (store, staff, basis, token)| {
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
        })
        .await
    }

    /// Whose tokens. Only people have tokens of their own: the scope is not for apps.
    fn person(&self) -> Result<StaffId> {
        let staff = self.basis().staff.map(|(staff, _)| staff);
        staff.ok_or_else(|| Error::invalid("only a person of the store has tokens of their own"))
    }
}
