//! Changing the terms of a grant that is there.
//!
//! INVARIANT: what allows more than before is a consent like the first one, by somebody who holds the scope; what
//! allows no more needs `apps:install` alone. Which of the two it is, is decided on the row under lock.

use super::super::change::{Open, publish};
use super::super::{install, shown};
use super::{TermsChange, TermsShown, caps_row, currency_of, read};
use crate::authz::{Authority, Consent, InstallationId, NoConsent, Permit, Principal, Scope, Terms};
use crate::authz::{TermsMap, scope::kind::AppsInstall};
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::engine::open::Db;
use crate::db::core::error::{Error, Result};
use crate::db::house::apps::{AppVersion, installed};
use crate::db::house::people::audit;
use crate::text::words::Words;
use serde::Serialize;
use utoipa::ToSchema;

/// A grant whose terms were changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Limited {
    /// Which scope.
    #[schema(value_type = String)]
    pub scope: Scope,
    /// Its terms now.
    pub terms: TermsShown,
    /// Whether it allows more than before, so that it was a consent.
    pub widened: bool,
}

struct Change {
    permit: Permit<AppsInstall>,
    /// What the giver could agree to, if they had to.
    consent: Result<Consent, NoConsent>,
    id: InstallationId,
    scope: Scope,
    change: TermsChange,
}

impl Db {
    /// Changes the terms of a grant that is there. Allowing more than before needs what granting it needs.
    pub async fn limit(
        &self,
        giver: &Principal,
        id: InstallationId,
        scope: Scope,
        change: TermsChange,
    ) -> Result<Limited> {
        let permit = giver.permit::<AppsInstall>()?;
        let consent = match self.agree_to_grant(giver, id, scope, &TermsChange::default()).await {
            Ok(consent) => Ok(consent),
            Err(Error::NoConsent(why)) => Err(why),
            Err(e) => return Err(e),
        };
        let change = Change { permit, consent, id, scope, change };
        let kept = self.write_then(
            change.permit.store(),
            change,
            |conn, change| Box::pin(apply(conn, change)),
            |db, change, (_, held)| publish(db, change.id, held),
        );
        Ok(kept.await?.0)
    }
}

async fn apply(conn: &mut Conn, change: &Change) -> Result<(Limited, Authority)> {
    let Change { permit, consent, id, scope, change } = change;
    let open = Open::fenced(conn, permit.store(), *id, permit.basis()).await?;
    let before = of(conn, *id, *scope).await?.ok_or_else(|| Error::not_found("grant", scope.name()))?;
    let after = change.after(*scope, before, currency_of(conn, open.store).await?)?;
    let widened = !after.is_within(&before);
    if widened {
        let consent = consent.as_ref().map_err(|why| *why)?;
        let AppVersion { facts, private, .. } = installed(conn, *id, None).await?;
        let terms: TermsMap = [(*scope, after)].into_iter().collect();
        let what =
            shown::What { words: Words::ENGLISH, app: &open.app, version: &open.version, facts: &facts, private };
        let text = shown::allow(what, consent.scopes(), &terms);
        install::agreed(conn, *id, consent, (&open.version, &facts.digest), &text).await?;
    }
    set(conn, *id, *scope, &after).await?;
    let (was, terms) = (TermsShown::new(*scope, &before), TermsShown::new(*scope, &after));
    let detail = serde_json::json!({
        "app": open.app, "scopes": [*scope], "before": was, "after": terms, "widened": widened,
    });
    audit::note(conn, open.store, permit.actor(), "grants.limit", &id.to_string(), &detail).await?;
    Ok((Limited { scope: *scope, terms, widened }, open.close(conn).await?))
}

/// The terms of a grant, if it is there.
pub(in crate::db::house::installations) async fn of(
    conn: &mut Conn,
    id: InstallationId,
    scope: Scope,
) -> Result<Option<Terms>> {
    const SQL: &str = "SELECT expires_at, caps, held FROM grants WHERE installation = $1 AND scope = $2";
    Ok(conn.row(SQL, args![&id.to_string(), scope.name()], |r| read(&r, 0)).await?.flatten())
}

async fn set(conn: &mut Conn, id: InstallationId, scope: Scope, terms: &Terms) -> Result<()> {
    const SQL: &str = "UPDATE grants SET expires_at = $3, caps = $4, held = $5 WHERE installation = $1 AND scope = $2";
    let caps = caps_row(&terms.caps)?;
    conn.exec(SQL, args![&id.to_string(), scope.name(), terms.expires_at, &caps, terms.held]).await?;
    Ok(())
}
