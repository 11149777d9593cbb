//! Tokens of the shop's own front. They are made by whoever decides who belongs to the store: `staff:manage`, which
//! only an owner holds, because such a token records paid orders.

use super::{Draw, FreshToken, Token, TokenKind, days, read};
use crate::authz::{Actor, Basis, Permit, ScopeSet, StoreId, TokenId, scope::kind::StaffManage};
use crate::db::core::engine::conn::args;
use crate::db::core::engine::open::Db;
use crate::db::core::error::{Error, Result};
use crate::db::core::time::now_ms;
use crate::db::house::people::{audit, authority};

struct Make {
    store: StoreId,
    actor: Actor,
    basis: Basis,
    draw: Draw,
}

impl Permit<StaffManage> {
    /// Valid tokens of the shop's front, oldest first.
    pub async fn storefront_tokens(&self, db: &Db) -> Result<Vec<Token>> {
        const SQL: &str = "SELECT id, name, scopes, created_at, expires_at, used_at, whole FROM tokens WHERE store = $1 \
            AND kind = 'storefront' AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2) ORDER BY id";
        db.reader(self.store()).await?.rows(SQL, args![&self.store().to_string(), now_ms()], read).await
    }

    /// Makes a token for the shop's front; it lives 1 to 366 days, 90 if not said otherwise.
    pub async fn create_storefront_token(&self, db: &Db, name: &str, lives: Option<u32>) -> Result<FreshToken> {
        let draw = Draw::new(TokenKind::Storefront, name, ScopeSet::storefront(), Some(days(lives)?))?;
        let make = Make { store: self.store(), actor: self.actor(), basis: self.basis(), draw };
        db.write_with(self.store(), make, |conn, make| {
            Box::pin(async move {
                authority::fence(conn, make.basis).await?;
                super::room(conn, TokenKind::Storefront, make.store, None).await?;
                make.draw.insert(conn, Some(make.store), None, None).await?;
                let detail = serde_json::json!({ "name": make.draw.name, "kind": "storefront" });
                let id = make.draw.id.to_string();
                audit::note(conn, make.store, make.actor, "tokens.create", &id, &detail).await?;
                Ok(make.draw.show())
            })
        })
        .await
    }

    /// Ends a token of the shop's front, at once.
    pub async fn revoke_storefront_token(&self, db: &Db, token: TokenId) -> Result<()> {
        const SQL: &str = "UPDATE tokens SET revoked_at = $3 WHERE id = $1 AND store = $2 AND kind = 'storefront' AND revoked_at IS NULL";
        let args = (self.store(), self.actor(), self.basis(), token);
        db.write_with(self.store(), args, |conn, (store, actor, basis, token)| {
            Box::pin(async move {
                authority::fence(conn, *basis).await?;
                let id = token.to_string();
                if conn.exec(SQL, args![&id, &store.to_string(), now_ms()]).await? == 0 {
                    return Err(Error::not_found("token", id));
                }
                audit::note(conn, *store, *actor, "tokens.revoke", &id, &serde_json::json!({})).await?;
                Ok(())
            })
        })
        .await
    }
}
