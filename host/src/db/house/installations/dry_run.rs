//! What may be run dry, with which grants, and by whom.
//!
//! INVARIANT: a dry run is never the way to read more. With grants that were not given yet it takes `apps:install` and
//! a consent, which fails on the first scope the asker does not hold; with the grants an installation has it takes
//! `apps:run` and `apps:view`. Either way the app acts for the asker, so at each call it holds what both hold.

use super::terms::{self, TermsChange, TermsChanges, TermsShown};
use super::{GivenSettings, InstallationRow, State, settings};
use crate::authz::scope::kind::{AppsInstall, AppsRun, AppsView};
use crate::authz::{
    Actor, Authority, Basis, InstallationId, Installed, Live, Mint, Permit, Principal, Scope, ScopeSet, StoreId,
    TermsMap,
};
use crate::db::core::drafts::carried::Carried;
use crate::db::core::engine::conn::args;
use crate::db::core::engine::open::Db;
use crate::db::core::error::{Error, Result};
use crate::db::core::money::Currency;
use crate::db::house::apps::{AppFacts, visible};
use crate::db::house::people::{audit, authority};
use crate::db::house::{apps, stops};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::sync::Arc;

/// An app to be tried with grants that nobody has given.
#[derive(Debug, Clone)]
pub struct Tried {
    /// The app's id.
    pub app: String,
    /// The version; the one uploaded last if not named.
    pub version: Option<String>,
    /// The grants to try it with; those it cannot do without, and of an installed app those it has, if not given.
    pub scopes: Option<ScopeSet>,
    /// The terms to try them on, by scope; those they have, or would be given on.
    pub terms: TermsChanges,
    /// Its settings; those of its installation, or `{}`, if not given.
    pub settings: Option<Box<RawValue>>,
}

/// What is about to be run dry.
#[derive(Debug, Clone)]
pub struct DryRun {
    /// The app with the grants in question. Without an installation, and with other grants than it has, an authority
    /// that nobody else knows.
    pub installed: Installed,
    /// The installation whose storage is copied, if the app is installed.
    pub installation: Option<InstallationId>,
    /// The app's id.
    pub app: Arc<str>,
    /// The version.
    pub version: Arc<str>,
    /// SHA-256 of its component, in hex.
    pub digest: Arc<str>,
    /// Its settings, a JSON object.
    pub settings: Box<RawValue>,
    /// What it is and asks for.
    pub facts: Arc<AppFacts>,
    /// The grants it is tried with.
    pub scopes: ScopeSet,
    /// Who asked.
    actor: Actor,
    /// What asking rested on.
    basis: Basis,
}

/// An authority that holds for one dry run, active whatever the installation is: nothing of it is ever committed.
fn hypothetical(mint: &Mint, scopes: ScopeSet, terms: TermsMap) -> Arc<Live> {
    Live::new(
        mint,
        Authority { active: true, stopped: false, closing: false, scopes, revision: 0, terms, ends_at: None },
    )
}

/// The terms grants would have: those they have and have not ended, or those of a new grant, changed as asked for.
fn terms_of(chosen: ScopeSet, held: Option<&Authority>, asked: &TermsChanges, currency: Currency) -> Result<TermsMap> {
    let has = |scope: &Scope| {
        held.is_some_and(|held| held.scopes.contains(*scope) && held.terms.get(*scope).lapsed().is_none())
    };
    let (old, new): (Vec<Scope>, Vec<Scope>) = chosen.iter().partition(has);
    let asked_of_new = asked.iter().filter(|(scope, _)| !old.contains(scope));
    let asked_of_new = asked_of_new.map(|(scope, of)| (*scope, of.clone())).collect();
    let fresh = terms::fresh(new.iter().copied(), &asked_of_new, currency)?;
    let none = TermsChange::default();
    let kept = old.into_iter().map(|scope| {
        let before = held.map(|held| held.terms.get(scope)).unwrap_or_default();
        Ok((scope, asked.get(&scope).unwrap_or(&none).after(scope, before, currency)?))
    });
    let kept: Vec<_> = kept.collect::<Result<_>>()?;
    Ok(new.into_iter().map(|scope| (scope, fresh.get(scope))).chain(kept).collect())
}

impl Db {
    /// An app of the giver's store with grants the giver could give. Fails on the first they do not hold.
    pub async fn agree_to_dry_run(&self, giver: &Principal, tried: Tried) -> Result<DryRun> {
        let permit = giver.permit::<AppsInstall>()?;
        let found =
            visible(&mut *self.reader(permit.store()).await?, permit.store(), &tried.app, tried.version.as_deref())
                .await?;
        stops::refuse(&mut *self.reader(permit.store()).await?, &found.space, &found.app, &found.version).await?;
        self.agree_to_try(giver, found.version, found.facts, tried).await
    }

    /// The same of a component that nobody uploaded, which says this of itself.
    pub async fn agree_to_try(
        &self,
        giver: &Principal,
        version: String,
        facts: AppFacts,
        tried: Tried,
    ) -> Result<DryRun> {
        let permit = giver.permit::<AppsInstall>()?;
        let Tried { app, scopes, terms, settings, .. } = tried;
        let before = self.installation_of(permit.store(), &app).await?;
        let held = match &before {
            Some(row) => Some(self.installed(row.id).await?.live().get()),
            None => None,
        };
        let has = held.as_ref().map_or(ScopeSet::EMPTY, |held| held.scopes.and(facts.asked()));
        let chosen = scopes.unwrap_or_else(|| has.iter().chain(facts.required().iter()).collect());
        // Of an app that is there already any part of its grants can be tried; a new one needs what it requires.
        let consent = match &before {
            Some(_) => giver.consent(&facts.requests_for(chosen), chosen)?,
            None => giver.consent(&facts.requests, chosen)?,
        };
        let currency = terms::currency_of(&mut *self.reader(permit.store()).await?, permit.store()).await?;
        let consent = consent.on(terms_of(chosen, held.as_ref(), &terms, currency)?);
        let settings = match (settings.as_deref(), &before) {
            // As they are, in the version they were checked against.
            (None, Some(row)) if *row.digest == *facts.digest => row.settings.clone(),
            (None, Some(row)) => {
                settings::fit_stored(&facts, (&row.facts, &settings::shown(&row.facts, &row.settings)?))?
            }
            // Secrets that are left out are those of the app itself, and of no other component.
            (given, Some(row)) if *row.digest == *facts.digest => {
                settings::fit(&facts, given, Some((&row.facts, &row.settings)))?
            }
            (given, _) => settings::fit(&facts, given, None)?,
        };
        let id = before.as_ref().map(|row| row.id);
        Ok(DryRun {
            installed: Installed::new(
                self.mint(),
                consent.store(),
                id.unwrap_or_else(InstallationId::new),
                hypothetical(self.mint(), consent.scopes(), consent.terms().clone()),
            ),
            installation: id,
            app: app.into(),
            version: version.into(),
            digest: facts.digest.as_str().into(),
            settings,
            facts: Arc::new(facts),
            scopes: consent.scopes(),
            actor: consent.permit().actor(),
            basis: consent.permit().basis(),
        })
    }

    async fn installation_of(&self, store: StoreId, app: &str) -> Result<Option<Arc<InstallationRow>>> {
        const SQL: &str = "SELECT id FROM installations WHERE store = $1 AND app = $2 AND state <> 'uninstalled'";
        let found = self.reader(store).await?.row(SQL, args![&store.to_string(), app], |r| r.parse(0)).await?;
        match found {
            Some(id) => self.installation(id).await.map(Some),
            None => Ok(None),
        }
    }
}

impl Permit<AppsInstall> {
    /// What is installed, and what it holds, at another version of the same app: one that this store can install.
    pub async fn at_version(&self, db: &Db, now: DryRun, version: &str) -> Result<DryRun> {
        let mut conn = db.reader(self.store()).await?;
        let found = visible(&mut conn, self.store(), &now.app, Some(version)).await?;
        stops::refuse(&mut conn, &found.space, &found.app, &found.version).await?;
        now.with(found.version, found.facts)
    }
}

impl Permit<AppsRun> {
    /// An installation with the grants it has. What is revoked meanwhile is gone from the next call on; a paused app
    /// is tried as if it were not.
    pub async fn dry_run(&self, _seen: &Permit<AppsView>, db: &Db, id: InstallationId) -> Result<DryRun> {
        let row = db.installation(id).await?;
        if row.store != self.store() || row.state == State::Uninstalled {
            return Err(Error::not_found("installation", id.to_string()));
        }
        if let Some(reason) = &row.stopped {
            return Err(Error::invalid(format!("`{}` is stopped on this host: {reason}", row.app)));
        }
        let mut installed = db.installed(id).await?;
        let held = installed.live().get();
        if !held.active {
            let live = hypothetical(db.mint(), held.scopes, held.terms.clone());
            installed = Installed::new(db.mint(), row.store, id, live);
        }
        Ok(DryRun {
            installed,
            installation: Some(id),
            app: Arc::clone(&row.app),
            version: Arc::clone(&row.version),
            digest: Arc::clone(&row.digest),
            settings: row.settings.clone(),
            facts: Arc::clone(&row.facts),
            scopes: held.scopes,
            actor: self.actor(),
            basis: self.basis(),
        })
    }
}

impl DryRun {
    /// Its settings as the app is given them.
    ///
    /// # Errors
    /// They are not JSON.
    pub fn given(&self) -> Result<GivenSettings> {
        settings::given_to_app(&self.facts, &self.settings)
    }

    /// The terms of the grants, of those that have any: shown in a dry run, and spent by none.
    pub fn terms(&self) -> BTreeMap<Scope, TermsShown> {
        terms::noted(&self.installed.live().get().terms)
    }

    /// The same with the version that is stored under this number: one that ran here, whoever can see it now.
    pub async fn at(self, db: &Db, version: &str) -> Result<DryRun> {
        let Some(id) = self.installation else { return Err(Error::not_found("app version", version)) };
        let mut conn = db.reader(self.installed.store()).await?;
        let kept = apps::installed(&mut conn, id, Some(version)).await?;
        stops::refuse(&mut conn, &kept.space, &kept.app, &kept.version).await?;
        self.with(kept.version, kept.facts)
    }

    /// The same with another version of the app, its component named by the facts.
    /// Secrets among the settings are masked for it: they were entrusted to the one that is installed.
    pub fn with(self, version: String, facts: AppFacts) -> Result<DryRun> {
        let settings = match *self.digest == *facts.digest {
            true => self.settings,
            false => settings::shown(&self.facts, &self.settings)?,
        };
        let digest = facts.digest.as_str().into();
        Ok(DryRun { version: version.into(), digest, settings, facts: Arc::new(facts), ..self })
    }

    /// Writes the entry of the audit log, the one row a dry run leaves, and says what its first run
    /// finds: a copy of the app's storage, and nothing spent but what really is. No dry run
    /// begins that is not written down; `detail` says what it is of.
    pub async fn begin(&self, db: &Db, detail: serde_json::Value) -> Result<Carried> {
        let subject = self.installation.map_or_else(|| self.app.to_string(), |id| id.to_string());
        let entry = Entry { store: self.installed.store(), actor: self.actor, basis: self.basis, subject, detail };
        db.write_with(self.installed.store(), entry, |conn, entry| {
            Box::pin(async move {
                let Entry { store, actor, basis, subject, detail } = entry;
                authority::fence(conn, *basis).await?;
                audit::note(conn, *store, *actor, "apps.dry-run", subject, detail).await
            })
        })
        .await?;
        match self.installation {
            Some(id) => db.carried(id).await,
            None => Ok(Carried::default()),
        }
    }
}

struct Entry {
    store: StoreId,
    actor: Actor,
    basis: Basis,
    subject: String,
    detail: serde_json::Value,
}
