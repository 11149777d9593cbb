//! Another version in the place of the one that runs.
//!
//! INVARIANT: a version that asks for more, listens to more, or runs or shows more than the old one waits until
//! somebody has agreed to it; the old one keeps running. What a version no longer asks for is taken from it at once.

use super::change::{Open, publish};
use super::{install, settings, shown};
use crate::authz::{
    Actor, Authority, Basis, Consent, InstallationId, Permit, Scope, ScopeSet, StoreId, scope::kind::AppsInstall,
};
use crate::db::Db;
use crate::db::apps::{Added, AppFacts, AppVersion, visible};
use crate::db::engine::conn::{Conn, args};
use crate::db::error::{Error, Result};
use crate::db::people::audit;
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
    pub shown: Option<String>,
}

/// With what authority.
#[derive(Debug)]
pub enum Agreement {
    /// Without agreeing to anything more.
    Nothing(Permit<AppsInstall>),
    /// With consent to more; its scopes are granted in addition to those held.
    More(Consent),
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
    /// Every scope the app now holds.
    #[schema(value_type = Vec<String>)]
    pub scopes: ScopeSet,
}

impl Agreement {
    fn permit(&self) -> &Permit<AppsInstall> {
        match self {
            Agreement::Nothing(permit) => permit,
            Agreement::More(consent) => consent.permit(),
        }
    }

    /// Who agreed, with what authority, in which store.
    fn giver(&self) -> (StoreId, Actor, Basis) {
        let permit = self.permit();
        (permit.store(), permit.actor(), permit.basis())
    }

    /// Goes to another version, or notes that it waits for consent.
    pub async fn upgrade(self, db: &Db, what: Upgrade) -> Result<Upgraded> {
        let done = db.write_then(
            (self, what),
            |conn, (by, what)| Box::pin(keep(conn, by, what)),
            |db, (_, what), (_, held)| {
                publish(db, what.installation, held);
                db.wake();
            },
        );
        Ok(done.await?.0)
    }
}

async fn keep(conn: &mut Conn, by: &Agreement, what: &Upgrade) -> Result<(Upgraded, Authority)> {
    let (store, actor, basis) = by.giver();
    let open = Open::fenced(conn, store, what.installation, basis).await?;
    let old = open.facts(conn).await?;
    let AppVersion { app, version, facts: new, .. } = visible(conn, store, &open.app, Some(&what.version)).await?;
    if new.world != old.world {
        let text = format!("`{app}` {version} is called in another way than {}; install it anew", open.version);
        return Err(Error::invalid(text));
    }
    let held = crate::db::people::authority::authority_of(conn, open.id).await?.scopes;
    let adds = new.adds(&old, held);
    let subject = open.id.to_string();
    let chosen = match by {
        Agreement::Nothing(_) if !adds.is_empty() => return wait(conn, &open, actor, version, adds).await,
        Agreement::Nothing(_) => ScopeSet::EMPTY,
        Agreement::More(consent) => consent.scopes(),
    };
    let after: ScopeSet = held.and(new.asked()).iter().chain(chosen.iter()).collect();
    install::covers(&new, &app, after)?;
    if let Agreement::More(consent) = by {
        let text = shown::upgrade(&app, &version, &new, &adds, chosen, consent.terms());
        install::same_text(what.shown.as_deref(), &text)?;
        install::grant(conn, open.id, consent, chosen).await?;
        install::agreed(conn, open.id, consent, &text).await?;
    }
    drop_grants(conn, &open, held.minus(new.asked())).await?;
    switch(conn, &open, &version, &new, what.settings.as_deref()).await?;
    let detail = serde_json::json!({ "app": app, "from": open.version, "to": version, "digest": new.digest, "adds": adds, "scopes": after });
    audit::note(conn, store, actor, "apps.upgrade", &subject, &detail).await?;
    let now = open.close(conn).await?;
    triggers(conn, &open, &old, &new).await?;
    Ok((Upgraded { version, pending: None, adds, scopes: now.scopes }, now))
}

/// Notes the version as waiting. The old one is not disturbed.
async fn wait(
    conn: &mut Conn,
    open: &Open,
    actor: Actor,
    version: String,
    adds: Added,
) -> Result<(Upgraded, Authority)> {
    const SQL: &str = "UPDATE installations SET pending = $2 WHERE id = $1";
    let id = open.id.to_string();
    let held = crate::db::people::authority::authority_of(conn, open.id).await?;
    if open.pending.as_deref() != Some(&version) {
        conn.exec(SQL, args![&id, &version]).await?;
        let detail = serde_json::json!({ "app": open.app, "from": open.version, "to": version, "adds": adds });
        audit::note(conn, open.store, actor, "apps.upgrade-waits", &id, &detail).await?;
    }
    Ok((Upgraded { version: open.version.clone(), pending: Some(version), adds, scopes: held.scopes }, held))
}

async fn drop_grants(conn: &mut Conn, open: &Open, gone: ScopeSet) -> Result<()> {
    const SQL: &str = "DELETE FROM grants WHERE installation = $1 AND scope = $2";
    for scope in gone.iter() {
        conn.exec(SQL, args![&open.id.to_string(), Scope::name(scope)]).await?;
    }
    Ok(())
}

/// Points the installation at the other version. Its settings must fit it.
async fn switch(conn: &mut Conn, open: &Open, version: &str, new: &AppFacts, given: Option<&RawValue>) -> Result<()> {
    const NOW: &str = "SELECT settings FROM installations WHERE id = $1";
    const SQL: &str = "UPDATE installations SET app_version = $2, digest = $3, pending = NULL, settings = $4, \
        settings_rev = settings_rev + $5 WHERE id = $1";
    let id = open.id.to_string();
    let kept = conn.row(NOW, args![&id], |r| r.json(0)).await?;
    let fitting = settings::fit(new, given.or(kept.as_deref())).map_err(|e| match e {
        Error::Invalid(why) if given.is_none() => {
            Error::invalid(format!("the settings of now do not suit {version}; give new ones with the upgrade: {why}"))
        }
        e => e,
    })?;
    conn.exec(SQL, args![&id, version, &new.digest, &fitting, i64::from(given.is_some())]).await?;
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
