//! Granting and revoking single scopes of an installed app. A revoke holds from the very next host call on, and for
//! every commit.

use super::change::{Open, publish};
use super::{install, shown, terms};
use crate::authz::{Authority, Consent, InstallationId, NoConsent, Permit, Scope, ScopeSet, scope::kind::AppsInstall};
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::engine::open::Db;
use crate::db::core::error::{Error, Result};
use crate::db::house::apps::{AppVersion, installed};
use crate::db::house::people::audit;
use crate::text::words::Words;

impl Consent {
    /// Grants an installed app what was agreed to, of what its version asks for. Returns all it now holds.
    pub async fn allow(self, db: &Db, id: InstallationId) -> Result<ScopeSet> {
        let kept = db.write_then(
            self.store(),
            (self, id),
            |conn, (consent, id)| Box::pin(allow(conn, consent, *id)),
            |db, (_, id), held| {
                publish(db, *id, held);
            },
        );
        Ok(kept.await?.scopes)
    }
}

async fn allow(conn: &mut Conn, consent: &Consent, id: InstallationId) -> Result<Authority> {
    let open = Open::fenced(conn, consent.store(), id, consent.permit().basis()).await?;
    let AppVersion { facts, private, .. } = installed(conn, id, None).await?;
    install::same_code(consent, &facts)?;
    if let Some(scope) = consent.scopes().minus(facts.asked()).iter().next() {
        return Err(NoConsent::NotAsked(scope).into());
    }
    let what = shown::What { words: Words::ENGLISH, app: &open.app, version: &open.version, facts: &facts, private };
    let text = shown::allow(what, consent.scopes(), consent.terms());
    install::grant(conn, id, consent, consent.scopes()).await?;
    install::agreed(conn, id, consent, (&open.version, &facts.digest), &text).await?;
    let terms = terms::noted(consent.terms());
    let detail = serde_json::json!({ "app": open.app, "scopes": consent.scopes(), "terms": terms });
    let actor = consent.permit().actor();
    audit::note(conn, open.store, actor, "grants.allow", &id.to_string(), &detail).await?;
    open.close(conn).await
}

impl Permit<AppsInstall> {
    /// Takes a scope away, a required one too: the app then meets a denial. Returns what it still holds.
    pub async fn revoke(&self, db: &Db, id: InstallationId, scope: Scope) -> Result<ScopeSet> {
        let args = (self.store(), self.actor(), self.basis(), id, scope);
        let kept = db.write_then(
            self.store(),
            args,
            |conn, args| Box::pin(revoke(conn, args)),
            |db, args, held| publish(db, args.3, held),
        );
        Ok(kept.await?.scopes)
    }
}

type Revoke = (crate::authz::StoreId, crate::authz::Actor, crate::authz::Basis, InstallationId, Scope);

async fn revoke(conn: &mut Conn, (store, actor, basis, id, scope): &Revoke) -> Result<Authority> {
    const SQL: &str = "DELETE FROM grants WHERE installation = $1 AND scope = $2";
    let open = Open::fenced(conn, *store, *id, *basis).await?;
    if conn.exec(SQL, args![&id.to_string(), scope.name()]).await? == 0 {
        return Err(Error::not_found("grant", scope.name()));
    }
    let detail = serde_json::json!({ "app": open.app, "scopes": [scope] });
    audit::note(conn, *store, *actor, "grants.revoke", &id.to_string(), &detail).await?;
    open.close(conn).await
}
