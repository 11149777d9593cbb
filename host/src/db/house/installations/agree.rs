//! From what somebody chose to the consent for it: what the app asks for is read here, so that no caller can ask for
//! it in another way.

use super::terms::{self, TermsChange, TermsChanges};
use super::upgrade::{Agreement, lacks};
use crate::authz::{Consent, InstallationId, Permit, Principal, Scope, ScopeSet, TermsMap, scope::kind::AppsInstall};
use crate::db::core::engine::open::Db;
use crate::db::core::error::{Error, Result};
use crate::db::house::apps;
use crate::db::house::apps::{AppFacts, visible};
use crate::db::house::people::authority::authority_of;

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
        let found = visible(&mut *self.reader(permit.store()).await?, permit.store(), app, version).await?;
        let consent = giver.consent(&found.facts.requests, chosen)?.to(&found.facts.digest);
        let currency = terms::currency_of(&mut *self.reader(permit.store()).await?, permit.store()).await?;
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
        let consent = giver.consent(&facts.requests_for(only), only)?.to(&facts.digest);
        let mut conn = self.reader(permit.store()).await?;
        let currency = terms::currency_of(&mut conn, permit.store()).await?;
        let held = terms::of(&mut conn, id, scope).await?.filter(|held| held.expired().is_none());
        let terms = match held {
            Some(held) => TermsMap::from_iter([(scope, change.after(scope, held, currency)?)]),
            None => terms::fresh([scope].into_iter(), &[(scope, change.clone())].into(), currency)?,
        };
        Ok(consent.on(terms))
    }

    /// Consent to go to another version. Other code is another app, so it is a consent to everything the installation
    /// will hold: what it has, and with `chosen` what is granted in addition. Without `chosen` nobody agrees to what
    /// the version adds, and without all that it has nobody can agree: then it waits for somebody who does.
    pub async fn agree_to_upgrade(
        &self,
        giver: &Principal,
        id: InstallationId,
        version: &str,
        chosen: Option<ScopeSet>,
        terms: &TermsChanges,
    ) -> Result<Agreement> {
        let permit = giver.permit::<AppsInstall>()?;
        let row = self.own(&permit, id).await?;
        let mut conn = self.reader(permit.store()).await?;
        let new = visible(&mut conn, permit.store(), &row.app, Some(version)).await?.facts;
        let old = apps::installed(&mut conn, id, None).await?.facts;
        let held = authority_of(&mut conn, id).await?.scopes;
        let keeps = held.and(new.asked());
        let lacks = lacks(giver.held(), held, new.asked());
        let adds = chosen.unwrap_or(ScopeSet::EMPTY).minus(held);
        // Nobody grants what they do not hold or what is not asked for, whatever else is missing.
        if chosen.is_some() {
            giver.consent(&new.requests_for(new.asked().minus(held)), adds).map(drop)?;
        }
        if !lacks.is_empty() || (chosen.is_none() && !new.adds(&old, held).is_empty()) {
            return Ok(Agreement::Waits { permit, lacks });
        }
        let consent = giver.consent(&new.requests, keeps.iter().chain(adds.iter()).collect())?.to(&new.digest);
        let currency = terms::currency_of(&mut conn, permit.store()).await?;
        let consent = consent.on(terms::fresh(adds.iter(), terms, currency)?);
        Ok(Agreement::Agreed { consent, adds })
    }

    /// Leave to change an app's settings: they steer what it does with everything it holds, so whoever changes them
    /// holds all of it. Fails on the first scope they do not hold.
    pub async fn agree_to_configure(&self, who: &Principal, id: InstallationId) -> Result<Permit<AppsInstall>> {
        let permit = who.permit::<AppsInstall>()?;
        self.own(&permit, id).await?;
        for scope in authority_of(&mut *self.reader(permit.store()).await?, id).await?.scopes.iter() {
            who.holds(scope)?;
        }
        Ok(permit)
    }

    async fn asked_by(&self, permit: &Permit<AppsInstall>, id: InstallationId) -> Result<AppFacts> {
        let row = self.own(permit, id).await?;
        Ok(apps::installed(&mut *self.reader(permit.store()).await?, row.id, None).await?.facts)
    }

    /// An installation of the permit's store that is not gone.
    async fn own(&self, permit: &Permit<AppsInstall>, id: InstallationId) -> Result<super::Installation> {
        let found = super::read::one(&mut *self.reader(permit.store()).await?, permit.store(), id).await?;
        match found.state {
            super::State::Uninstalled => Err(Error::not_found("installation", id.to_string())),
            _ => Ok(found),
        }
    }
}
