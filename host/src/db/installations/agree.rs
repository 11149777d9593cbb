//! From what somebody chose to the consent for it: what the app asks for is read here, so that no caller can ask for
//! it in another way.

use super::terms::{self, TermsChange, TermsChanges};
use crate::authz::{Consent, InstallationId, Permit, Principal, Scope, ScopeSet, TermsMap, scope::kind::AppsInstall};
use crate::db::Db;
use crate::db::apps::{AppFacts, kept, visible};
use crate::db::error::{Error, Result};
use crate::db::people::authority::authority_of;

impl Db {
    /// Consent to install an app with these scopes on these terms, and the version it is for: the one uploaded last,
    /// if none is named. Fails on the first scope the giver does not hold.
    pub async fn agree_to_install(
        &self,
        giver: &Principal,
        app: &str,
        version: Option<&str>,
        chosen: ScopeSet,
        terms: &TermsChanges,
    ) -> Result<(Consent, String)> {
        let permit = giver.permit::<AppsInstall>()?;
        let found = visible(&mut *self.reader().await?, permit.store(), app, version).await?;
        let consent = giver.consent(&found.facts.requests, chosen)?;
        let currency = terms::currency_of(&mut *self.reader().await?, permit.store()).await?;
        Ok((consent.on(terms::fresh(chosen.iter(), terms, currency)?), found.version))
    }

    /// Consent to one more scope for an installed app. The terms of a grant that is there and has not ended stay,
    /// but for what is changed of them.
    pub async fn agree_to_grant(
        &self,
        giver: &Principal,
        id: InstallationId,
        scope: Scope,
        change: &TermsChange,
    ) -> Result<Consent> {
        let permit = giver.permit::<AppsInstall>()?;
        let facts = self.asked_by(&permit, id).await?;
        let only = ScopeSet::EMPTY.with(scope);
        let consent = giver.consent(&facts.requests_for(only), only)?;
        let mut conn = self.reader().await?;
        let currency = terms::currency_of(&mut conn, permit.store()).await?;
        let held = terms::of(&mut conn, id, scope).await?.filter(|held| held.expired().is_none());
        let terms = match held {
            Some(held) => TermsMap::from_iter([(scope, change.after(scope, held, currency)?)]),
            None => terms::fresh([scope].into_iter(), &[(scope, change.clone())].into(), currency)?,
        };
        Ok(consent.on(terms))
    }

    /// Consent to go to another version with these scopes in addition to those the app holds.
    pub async fn agree_to_upgrade(
        &self,
        giver: &Principal,
        id: InstallationId,
        version: &str,
        chosen: ScopeSet,
        terms: &TermsChanges,
    ) -> Result<Consent> {
        let permit = giver.permit::<AppsInstall>()?;
        let row = self.own(&permit, id).await?;
        let mut conn = self.reader().await?;
        let new = visible(&mut conn, permit.store(), &row.app, Some(version)).await?.facts;
        let held = authority_of(&mut conn, id).await?.scopes;
        let consent = giver.consent(&new.requests_for(new.asked().minus(held)), chosen)?;
        let currency = terms::currency_of(&mut conn, permit.store()).await?;
        Ok(consent.on(terms::fresh(chosen.iter(), terms, currency)?))
    }

    async fn asked_by(&self, permit: &Permit<AppsInstall>, id: InstallationId) -> Result<AppFacts> {
        let row = self.own(permit, id).await?;
        Ok(kept(&mut *self.reader().await?, &row.app, &row.version).await?.facts)
    }

    /// An installation of the permit's store that is not gone.
    async fn own(&self, permit: &Permit<AppsInstall>, id: InstallationId) -> Result<super::Installation> {
        let found = super::read::one(&mut *self.reader().await?, permit.store(), id).await?;
        match found.state {
            super::State::Uninstalled => Err(Error::not_found("installation", id.to_string())),
            _ => Ok(found),
        }
    }
}
