//! Another version in the place of the one that runs.
//!
//! INVARIANT: other code is another app: it runs only after somebody has agreed to everything it will hold, who holds all
//! of it at that moment. Until then it waits, and the old version keeps running. What a version no longer asks for is
//! taken from it at once. An older version is other code like any.

use super::change::{Open, publish};
use super::{install, read, sealed, settings, shown};
use crate::authz::{
    Actor, Authority, Basis, Consent, InstallationId, Permit, Scope, ScopeSet, StoreId, scope::kind::AppsInstall,
};
use crate::db::core::drafts::once::{Claim, Once, Replay};
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::engine::open::Db;
use crate::db::core::error::{Error, Result};
use crate::db::house::apps::{Added, AppFacts, AppVersion, Removed, installed, note_use, visible};
use crate::db::house::people::audit;
use crate::db::house::people::authority::authority_of;
use crate::db::house::stops;
use crate::text::Said;
use crate::text::consent::Read;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

/// The version to go to.
#[derive(Debug, Clone)]
pub struct Upgrade {
    /// Which installation.
    pub installation: InstallationId,
    /// The version; an older one is as good as a newer one.
    pub version: String,
    /// New settings, where the old ones do not fit the version.
    pub settings: Option<Box<RawValue>>,
    /// The text the giver was shown. If it is given and is not what the consent means, the upgrade is refused.
    pub shown: Option<Read>,
}

/// Whether somebody agreed.
#[derive(Debug)]
pub enum Agreement {
    /// Nobody did: there is more to agree to than was agreed to, or the asker lacks something of what the app has.
    Waits {
        /// The asker's permit to install.
        permit: Permit<AppsInstall>,
        /// What the app has and the asker does not hold.
        lacks: ScopeSet,
    },
    /// Somebody did, to everything the app will hold.
    Agreed {
        /// What they agreed to, and for which code.
        consent: Consent,
        /// What of it is granted anew.
        adds: ScopeSet,
    },
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Upgraded {
    /// The version that runs now.
    pub version: String,
    /// The version that waits for consent, if it is another.
    pub pending: Option<String>,
    /// What it has that the old one had not: what to agree to, if it waits.
    pub adds: Added,
    /// What the old one had and it has not: what is taken away.
    pub removes: Removed,
    /// What you would have to hold yourself to agree: what the app has and you lack.
    #[schema(value_type = Vec<String>)]
    pub lacks: ScopeSet,
    /// Every scope the app now holds.
    #[schema(value_type = Vec<String>)]
    pub scopes: ScopeSet,
}

/// What somebody who holds `giver` lacks, to agree to code that asks for `asked` in an app that holds `held`: everything
/// the app has is agreed to anew.
pub(in crate::db) fn lacks(giver: ScopeSet, held: ScopeSet, asked: ScopeSet) -> ScopeSet {
    held.and(asked).minus(giver)
}

impl Agreement {
    /// Who asked, with what authority, in which store.
    fn giver(&self) -> (StoreId, Actor, Basis) {
        let permit = match self {
            Agreement::Waits { permit, .. } => permit,
            Agreement::Agreed { consent, .. } => consent.permit(),
        };
        (permit.store(), permit.actor(), permit.basis())
    }

    /// Goes to another version, or notes that it waits for consent. `once` is inserted with either.
    pub async fn upgrade(self, db: &Db, what: Upgrade, once: Option<Once>) -> Result<Upgraded> {
        let claim = Claim::new(db, self.giver().0, once);
        let fitted = self.fitted(db, &what).await?;
        let done = db.write_then(
            self.giver().0,
            (self, what, fitted, claim),
            |conn, (by, what, fitted, claim)| Box::pin(commit(conn, (by, what), fitted, claim)),
            |db, (by, what, ..), (_, held)| {
                publish(db, what.installation, held);
                db.wake(by.giver().0);
            },
        );
        Ok(done.await?.0)
    }

    /// The settings for the version to go to, checked before anything is locked.
    async fn fitted(&self, db: &Db, what: &Upgrade) -> Result<Fitted> {
        let (store, id) = (self.giver().0, what.installation);
        let mut conn = db.reader(store).await?;
        let app = read::one(&mut conn, store, id).await?.app;
        let old = installed(&mut conn, id, None).await?.facts;
        let new = visible(&mut conn, store, &app, Some(&what.version)).await?.facts;
        let (against, before) = settings::seen(&mut conn, id).await?;
        let before = sealed::open(db, id, &old, &before)?;
        settings::all_due(&new)?;
        let settings = match what.settings.as_deref() {
            Some(given) => settings::fit(&new, Some(given), Some((&old, &before))),
            None => settings::fit_stored(&new, (&old, &before)),
        };
        let settings = match settings {
            Ok(settings) => Ok(sealed::seal(db, id, &new, settings)?),
            Err(Error::Invalid(why)) if what.settings.is_none() => Err(Said::from(format!(
                "the current settings do not fit version {}; pass new ones with the upgrade: {why}",
                what.version
            ))),
            Err(Error::Invalid(why)) => Err(why),
            Err(e) => return Err(e),
        };
        Ok(Fitted { against, digest: new.digest, settings })
    }
}

/// Settings that were checked against a version, or why they do not suit it, which matters once it takes over.
struct Fitted {
    against: settings::Seen,
    digest: String,
    settings: Result<Box<RawValue>, Said>,
}

async fn commit(
    conn: &mut Conn,
    (by, what): (&Agreement, &Upgrade),
    fitted: &Fitted,
    claim: &Claim,
) -> Result<(Upgraded, Authority)> {
    claim.insert(conn, what.installation, Replay::Answer).await?;
    let (store, actor, basis) = by.giver();
    let open = Open::fenced(conn, store, what.installation, basis).await?;
    let old = open.facts(conn).await?;
    let found = visible(conn, store, &open.app, Some(&what.version)).await?;
    let AppVersion { app, version, facts: new, private, space, .. } = found;
    stops::refuse(conn, &space, &app, &version).await?;
    if new.world != old.world {
        let text = format!("`{app}` {version} is called in another way than {}; install it anew", open.version);
        return Err(Error::invalid(text));
    }
    let before = authority_of(conn, open.id).await?;
    let (adds, removes) = (new.adds(&old, before.scopes), new.removes(&old, before.scopes));
    let keeps = before.scopes.and(new.asked());
    let (consent, chosen) = match by {
        Agreement::Waits { lacks, .. } => {
            return wait(conn, &open, actor, (version, new), (adds, removes, *lacks), before).await;
        }
        Agreement::Agreed { consent, adds } => (consent, *adds),
    };
    let after: ScopeSet = keeps.iter().chain(chosen.iter()).collect();
    // Something was granted since they agreed, which they may not hold.
    if !after.minus(consent.scopes()).is_empty() {
        return Err(Error::Stale);
    }
    install::same_code(consent, &new)?;
    install::covers(&new, &app, after)?;
    let change = shown::Change {
        adds: &adds,
        removes: &removes,
        retains: (keeps.minus(chosen), &before.terms),
        chosen: (chosen, consent.terms()),
    };
    let words = install::language(what.shown.as_ref());
    let text = shown::upgrade(shown::What { words, app: &app, version: &version, facts: &new, private }, &change);
    install::same_text(what.shown.as_ref(), &text)?;
    install::grant(conn, open.id, consent, chosen).await?;
    install::agreed(conn, open.id, consent, (&version, &new.digest), &text).await?;
    drop_grants(conn, &open, removes.scopes).await?;
    switch(conn, &open, (&space, &version), &new, (fitted, what.settings.is_some())).await?;
    stops::mark(conn, &open.id.to_string()).await?;
    let detail = serde_json::json!({ "app": app, "from": open.version, "to": version, "digest": new.digest, "adds": adds,
        "removes": removes, "scopes": after });
    audit::note(conn, store, actor, "apps.upgrade", &open.id.to_string(), &detail).await?;
    let now = open.close(conn).await?;
    triggers(conn, &open, &old, &new).await?;
    let lacks = ScopeSet::EMPTY;
    Ok((Upgraded { version, pending: None, adds, removes, lacks, scopes: now.scopes }, now))
}

/// Notes the version as waiting. The old one is not disturbed.
async fn wait(
    conn: &mut Conn,
    open: &Open,
    actor: Actor,
    (version, new): (String, AppFacts),
    (adds, removes, lacks): (Added, Removed, ScopeSet),
    held: Authority,
) -> Result<(Upgraded, Authority)> {
    const SQL: &str = "UPDATE installations SET pending = $2 WHERE id = $1";
    let id = open.id.to_string();
    // What runs already waits for nobody.
    let runs = new.digest == open.facts(conn).await?.digest;
    if !runs && open.pending.as_deref() != Some(&version) {
        conn.exec(SQL, args![&id, &version]).await?;
        let detail = serde_json::json!({ "app": open.app, "from": open.version, "to": version, "digest": new.digest,
            "adds": adds, "removes": removes, "lacks": lacks });
        audit::note(conn, open.store, actor, "apps.upgrade-waits", &id, &detail).await?;
    }
    let (pending, scopes) = ((!runs).then_some(version), held.scopes);
    Ok((Upgraded { version: open.version.clone(), pending, adds, removes, lacks, scopes }, held))
}

async fn drop_grants(conn: &mut Conn, open: &Open, gone: ScopeSet) -> Result<()> {
    const SQL: &str = "DELETE FROM grants WHERE installation = $1 AND scope = $2";
    for scope in gone.iter() {
        conn.exec(SQL, args![&open.id.to_string(), Scope::name(scope)]).await?;
    }
    Ok(())
}

/// Points the installation at the other version, with the settings that were checked against it.
async fn switch(
    conn: &mut Conn,
    open: &Open,
    (space, version): (&str, &str),
    new: &AppFacts,
    (fitted, given): (&Fitted, bool),
) -> Result<()> {
    const SQL: &str = "UPDATE installations SET app_version = $2, digest = $3, pending = NULL, settings = $4, \
        settings_rev = settings_rev + $5 WHERE id = $1";
    settings::still(conn, open.id, &fitted.against).await?;
    if new.digest != fitted.digest {
        return Err(Error::Stale);
    }
    note_use(conn, space, &open.app, version).await?;
    let settings = fitted.settings.as_ref().map_err(|why| Error::invalid(why.clone()))?;
    conn.exec(SQL, args![&open.id.to_string(), version, &new.digest, settings, i64::from(given)]).await?;
    Ok(())
}

/// Brings the schedules in line with the version. The cursor stays: which topics are told is asked at each event.
async fn triggers(conn: &mut Conn, open: &Open, old: &AppFacts, new: &AppFacts) -> Result<()> {
    const UNSCHEDULE: &str = "DELETE FROM schedules WHERE installation = $1 AND cron = $2";
    let id = open.id.to_string();
    for gone in old.schedules.iter().filter(|cron| !new.schedules.contains(cron)) {
        conn.exec(UNSCHEDULE, args![&id, gone]).await?;
    }
    install::schedule(conn, open.id, open.store, &new.schedules).await
}
