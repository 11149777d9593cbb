//! Installing: the consent, its text, the grants and everything an app needs to run, in one transaction.

use super::change::publish;
use super::read::Installation;
use super::{read, sealed, settings, shown, terms};
use crate::authz::{Authority, Consent, ConsentId, InstallationId, Scope, ScopeSet};
use crate::db::core::caps::time_zone;
use crate::db::core::drafts::once::{Claim, Once, Replay};
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::engine::open::Db;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::to_json;
use crate::db::core::time::now_ms;
use crate::db::house::apps::{AppFacts, AppVersion, World, note_use, visible};
use crate::db::house::deliveries::schedule::next_due;
use crate::db::house::people::audit;
use crate::db::house::people::authority::{authority_of, fence, next_version};
use crate::db::house::{plans, stops};
use crate::text::consent::Read;
use crate::text::words::Words;
use serde_json::value::RawValue;

/// What is to be installed.
#[derive(Debug, Clone)]
pub struct Install {
    /// The app's id.
    pub app: String,
    /// The version.
    pub version: String,
    /// Its settings; `{}` if not given.
    pub settings: Option<Box<RawValue>>,
    /// The text the giver was shown. If it is given and is not what the consent means, the install is refused.
    pub shown: Option<Read>,
}

/// An installation about to be made.
struct Making {
    consent: Consent,
    id: InstallationId,
    app: String,
    version: String,
    space: String,
    facts: AppFacts,
    settings: Box<RawValue>,
    shown: String,
    claim: Claim,
}

impl Consent {
    /// Installs an app with the scopes agreed to. Refuses a second installation of the same app, a consent that
    /// does not cover what the app cannot do without, and settings that do not fit. `once` is inserted with it.
    pub async fn install(self, db: &Db, what: Install, once: Option<Once>) -> Result<Installation> {
        let claim = Claim::new(db, self.store(), once);
        let Install { app, version, settings, shown } = what;
        let found = visible(&mut *db.reader(self.store()).await?, self.store(), &app, Some(&version)).await?;
        let AppVersion { facts, space, private, .. } = found;
        same_code(&self, &facts)?;
        covers(&facts, &app, self.scopes())?;
        let id = InstallationId::new();
        let settings = sealed::seal(db, id, &facts, settings::fit(&facts, settings.as_deref(), None)?)?;
        settings::all_due(&facts)?;
        let what =
            shown::What { words: language(shown.as_ref()), app: &app, version: &version, facts: &facts, private };
        let text = shown::install(what, self.scopes(), self.terms());
        same_text(shown.as_ref(), &text)?;
        let making = Making { consent: self, id, app, version, space, facts, settings, shown: text, claim };
        let made = db.write_then(
            making.consent.store(),
            making,
            |conn, making| Box::pin(insert(conn, making)),
            |db, making, (_, authority)| {
                publish(db, making.id, authority);
                // What happened while it was being installed was looked for before it was there.
                db.wake(making.consent.store());
            },
        );
        Ok(made.await?.0)
    }
}

/// Whether what was agreed to is asked for and enough.
pub(super) fn covers(facts: &AppFacts, app: &str, scopes: ScopeSet) -> Result<()> {
    use crate::authz::NoConsent;
    if let Some(scope) = scopes.minus(facts.asked()).iter().next() {
        return Err(NoConsent::NotAsked(scope).into());
    }
    if let Some(scope) = facts.required().minus(scopes).iter().next() {
        return Err(NoConsent::Required(scope).into());
    }
    if facts.world == World::Checkout && !scopes.contains(Scope::CheckoutDiscount) {
        return Err(Error::invalid(Words::ENGLISH.t("consent-checkout-alone").with("app", app)));
    }
    Ok(())
}

/// A consent is for the code that was looked at, and for no other.
pub(super) fn same_code(consent: &Consent, facts: &AppFacts) -> Result<()> {
    match consent.code().is_none_or(|code| code == facts.digest) {
        true => Ok(()),
        false => Err(other_code()),
    }
}

fn other_code() -> Error {
    Error::invalid(Words::ENGLISH.t("consent-other-code"))
}

/// In which language the giver read it.
pub(super) fn language(read: Option<&Read>) -> Words {
    Words(read.map(|read| read.language).unwrap_or_default())
}

/// Whether the giver read what they agree to, word for word in the language in which they read it.
pub(super) fn same_text(read: Option<&Read>, text: &str) -> Result<()> {
    if read.is_some_and(|read| read.text.trim_end() != text.trim_end()) {
        return Err(Error::invalid(Words::ENGLISH.t("consent-other-text")));
    }
    Ok(())
}

async fn insert(conn: &mut Conn, making: &Making) -> Result<(Installation, Authority)> {
    const USED: &str = "INSERT INTO storage_used (installation, keys, bytes) VALUES ($1, 0, 0) ON CONFLICT DO NOTHING";
    let Making { consent, id, app, version, facts, .. } = making;
    making.claim.insert(conn, id, Replay::Answer).await?;
    let place = next_version(conn).await?;
    plans::refuse_app(conn, consent.store()).await?;
    row(conn, making, place).await.map_err(|e| match e.is_unique() {
        true => Error::invalid(Words::ENGLISH.t("consent-installed-already").with("app", app)),
        false => e,
    })?;
    fence(conn, consent.permit().basis()).await?;
    // A version that was withdrawn meanwhile cannot be installed.
    let now = visible(conn, consent.store(), app, Some(version)).await?;
    stops::refuse(conn, &now.space, app, version).await?;
    if now.space != making.space || now.facts.digest != facts.digest {
        return Err(other_code());
    }
    note_use(conn, &now.space, app, version).await?;
    grant(conn, *id, consent, consent.scopes()).await?;
    agreed(conn, *id, consent, (version, &facts.digest), &making.shown).await?;
    schedule(conn, *id, consent.store(), &facts.schedules).await?;
    let detail = serde_json::json!({ "app": app, "version": version, "digest": facts.digest, "scopes": consent.scopes(),
        "terms": terms::noted(consent.terms()) });
    let actor = consent.permit().actor();
    audit::note(conn, consent.store(), actor, "apps.install", &id.to_string(), &detail).await?;
    conn.exec(USED, args![&id.to_string()]).await?;
    if facts.world == World::App {
        listen(conn, *id, consent.store()).await?;
    }
    let authority = authority_of(conn, *id).await?;
    Ok((read::one(conn, consent.store(), *id).await?, authority))
}

async fn row(conn: &mut Conn, making: &Making, place: i64) -> Result<u64> {
    const SQL: &str = "INSERT INTO installations (id, store, app, app_version, digest, state, revision, version, settings, \
        settings_rev, installed_by, installed_at, updated_at, space) \
        VALUES ($1, $2, $3, $4, $5, 'active', 1, $9, $6, 1, $7, $8, $8, $10)";
    let Making { consent, id, app, version, space, facts, settings, .. } = making;
    let (id, store, by) = (id.to_string(), consent.store().to_string(), consent.permit().actor().to_string());
    conn.exec(SQL, args![&id, &store, app, version, &facts.digest, settings, &by, now_ms(), place, space]).await
}

/// Adds grants in the giver's name. One that is there already on the same terms stays as it is, unless somebody
/// should look at it anew: then whoever agrees to it now is its giver.
pub(super) async fn grant(conn: &mut Conn, id: InstallationId, consent: &Consent, scopes: ScopeSet) -> Result<()> {
    const SQL: &str = "INSERT INTO grants (installation, scope, granted_by, granted_at, expires_at, caps, held) \
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (installation, scope) DO UPDATE SET \
        granted_by = excluded.granted_by, granted_at = excluded.granted_at, expires_at = excluded.expires_at, \
        caps = excluded.caps, held = excluded.held, review_at = NULL, suspended_at = NULL";
    const REVIEW: &str = "SELECT COUNT(*) FROM grants WHERE installation = $1 AND scope = $2 AND review_at IS NOT NULL";
    let (text, giver) = (id.to_string(), consent.giver().to_string());
    for scope in scopes.iter() {
        let new = consent.terms().get(scope);
        let anew = conn.count(REVIEW, args![&text, scope.name()]).await? > 0;
        if anew || terms::of(conn, id, scope).await? != Some(new) {
            let caps = terms::caps_row(&new.caps)?;
            conn.exec(SQL, args![&text, scope.name(), &giver, now_ms(), new.expires_at, &caps, new.held]).await?;
        }
    }
    Ok(())
}

/// Inserts the act of consent with the exact text, and the version and code it was for.
pub(super) async fn agreed(
    conn: &mut Conn,
    id: InstallationId,
    consent: &Consent,
    (version, digest): (&str, &str),
    shown: &str,
) -> Result<()> {
    const SQL: &str = "INSERT INTO consents (id, store, installation, giver, shown, scopes, at, version, digest) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let ids = (ConsentId::new().to_string(), consent.store().to_string(), id.to_string(), consent.giver().to_string());
    let scopes = to_json(&consent.scopes())?;
    conn.exec(SQL, args![&ids.0, &ids.1, &ids.2, &ids.3, shown, &scopes, now_ms(), version, digest]).await?;
    Ok(())
}

/// Adds schedules, each due at its next moment from now. One that is there already stays as it is.
pub(super) async fn schedule(
    conn: &mut Conn,
    id: InstallationId,
    store: crate::authz::StoreId,
    crons: &[String],
) -> Result<()> {
    const SQL: &str = "INSERT INTO schedules (installation, cron, store, next_at, attempt) VALUES ($1, $2, $3, $4, 0) \
        ON CONFLICT (installation, cron) DO NOTHING";
    let zone = time_zone(conn, store).await?;
    for cron in crons {
        let due = next_due(cron, &zone, now_ms())?;
        conn.exec(SQL, args![&id.to_string(), cron, &store.to_string(), due]).await?;
    }
    Ok(())
}

/// Makes the cursor, at now: what happened before the app was there is none of its business.
pub(super) async fn listen(conn: &mut Conn, id: InstallationId, store: crate::authz::StoreId) -> Result<()> {
    const SQL: &str = "INSERT INTO cursors (installation, store, seq, lease_until) \
        SELECT $1, store, seq, 0 FROM counters WHERE store = $2 ON CONFLICT (installation) DO NOTHING";
    conn.exec(SQL, args![&id.to_string(), &store.to_string()]).await?;
    Ok(())
}
