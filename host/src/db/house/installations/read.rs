//! Which apps a store has, what they may do, and who agreed to it: what `apps:view` allows.

use super::State;
use super::terms::{TermsShown, read as read_terms};
use crate::authz::{ConsentId, InstallationId, Permit, Scope, ScopeSet, StoreId, TermsMap, scope::kind::AppsView};
use crate::db::core::caps::Day;
use crate::db::core::caps::time_zone;
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::error::{Error, Result};
use crate::db::core::page::{Items, Page};
use crate::db::core::time::{now_ms, rfc3339};
use crate::db::house::apps::{Action, AppFacts, OutboundHost};
use crate::db::house::breaker;
use crate::db::house::breaker::BreakerShown;
use crate::db::house::deliveries::chain;
use crate::db::house::deliveries::chain::Cut;
use crate::db::house::people::names::Names;
use crate::db::house::people::review;
use crate::db::house::stops;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

/// An installation as shown in lists.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Installation {
    /// Its id.
    #[schema(value_type = String)]
    pub id: InstallationId,
    /// The app's id.
    pub app: String,
    /// What the app is called.
    pub name: String,
    /// The version that runs.
    pub version: String,
    /// SHA-256 of what runs, in hex.
    pub digest: String,
    /// Whether it is this store's own upload: no publisher stands behind the name in its id.
    pub private: bool,
    /// Where it stands.
    pub state: State,
    /// Why it is paused.
    pub state_reason: Option<String>,
    /// Why the operator of the host stopped it, if so: it does not run, whatever `state` says, until the operator lets it.
    pub stopped: Option<String>,
    /// That the operator recalled what runs, if so.
    pub recalled: Option<stops::Recalled>,
    /// That its circuit breaker keeps it from running, or tries it out, if so.
    pub breaker: Option<BreakerShown>,
    /// A version that waits for consent.
    pub pending: Option<String>,
    /// How many of its grants somebody should look at anew: whoever gave them could not give them any more.
    pub review: i64,
    /// Who installed it, for example `staff:stf_…`.
    pub installed_by: String,
    /// What they are called, also once they are gone.
    pub installed_by_name: Option<String>,
    /// RFC 3339.
    pub installed_at: String,
    /// When anything about it last changed, RFC 3339.
    pub updated_at: String,
}

impl Installation {
    /// Its breaker, if that is what keeps it from running: what the operator stopped is stopped whatever the breaker does.
    pub fn paused_by_breaker(&self) -> Option<&BreakerShown> {
        let open = self.breaker.as_ref().filter(|breaker| breaker.state == breaker::State::Open);
        open.filter(|_| self.stopped.as_deref().is_some_and(|why| why.starts_with(breaker::SAID)))
    }
}

/// An installation with all there is to know about its powers.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct InstallationDetail {
    /// What lists show.
    #[serde(flatten)]
    pub installation: Installation,
    /// What it holds.
    pub grants: Vec<Grant>,
    /// What it asks for and does not hold.
    #[schema(value_type = Vec<String>)]
    pub not_granted: ScopeSet,
    /// The topics it listens to; those whose scope it lacks are not delivered.
    #[schema(value_type = Vec<String>)]
    pub topics: Vec<crate::db::core::topic::Topic>,
    /// When it runs by itself.
    pub schedules: Vec<InstalledSchedule>,
    /// Its buttons.
    pub actions: Vec<Action>,
    /// The servers outside the store that it can call.
    pub hosts: Vec<OutboundHost>,
    /// How many events it has not been told of yet.
    pub behind: i64,
    /// How many deliveries wait to be tried again.
    pub waiting: i64,
    /// How many deliveries were given up until somebody decides.
    pub parked: i64,
    /// How much it wrote today, and may.
    pub written_today: crate::db::house::written::WrittenToday,
    /// What it was not told of lately, because it and other apps kept answering each other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cut: Option<Cut>,
}

/// One scope an installation holds.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Grant {
    /// Which.
    #[schema(value_type = String)]
    pub scope: Scope,
    /// What it allows, in plain words.
    pub words: &'static str,
    /// Why the app asked for it, in its developer's words.
    pub reason: String,
    /// Who granted it.
    pub granted_by: String,
    /// What they are called, also once they are gone.
    pub granted_by_name: Option<String>,
    /// RFC 3339.
    pub granted_at: String,
    /// Until when it holds, and within which bounds.
    pub terms: TermsShown,
    /// How far its caps of a day are used up.
    pub used: Vec<crate::db::core::caps::Used>,
    /// Whether it has ended; the app is then denied the scope until it is granted again.
    pub expired: bool,
    /// That somebody should look at it anew, if so: somebody who holds the permission grants it again, or somebody
    /// revokes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub review: Option<Review>,
}

/// That whoever gave a grant could not give it any more.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Review {
    /// Since when, RFC 3339.
    pub since: String,
    /// By when somebody should have decided, RFC 3339: seven days later. From then on the grant is suspended.
    pub due: String,
    /// Whether it is suspended: the app is denied the scope until somebody who holds it grants it again.
    pub suspended: bool,
}

/// A schedule of an installation.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct InstalledSchedule {
    /// Five fields, in the store's time zone.
    pub cron: String,
    /// When it is due next, RFC 3339.
    pub next: String,
}

/// An app's settings.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SettingsNow {
    /// The settings, a JSON object. Where a `writeOnly` field is set it says `********`.
    #[schema(value_type = Object)]
    pub settings: Box<RawValue>,
    /// Goes up by one with every change.
    pub revision: i64,
    /// The JSON Schema they fit, if the app has settings.
    #[schema(value_type = Option<Object>)]
    pub schema: Option<Box<RawValue>>,
}

/// An act of consent, with the exact text that was shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Given {
    /// Its id.
    #[schema(value_type = String)]
    pub id: ConsentId,
    /// Who agreed.
    pub giver: String,
    /// What they are called, also once they are gone.
    pub giver_name: Option<String>,
    /// To what.
    #[schema(value_type = Vec<String>)]
    pub scopes: ScopeSet,
    /// The version they agreed to; none, where it was not yet stored apart from the text.
    pub version: Option<String>,
    /// SHA-256 of the code they agreed to, in hex; none, as above.
    pub digest: Option<String>,
    /// What they read before.
    pub shown: String,
    /// RFC 3339.
    pub at: String,
}

macro_rules! listed {
    ($tail:literal) => {
        concat!(
            "SELECT i.id, i.app, CAST(v.facts ->> 'name' AS TEXT), i.app_version, i.digest, i.state, i.state_reason, \
            i.pending, i.installed_by, i.installed_at, i.updated_at, \
            CAST(CASE WHEN v.published = 0 AND v.space <> '' THEN 1 ELSE 0 END AS BIGINT), i.stopped, \
            (SELECT p.name FROM staff p WHERE p.id = SUBSTR(i.installed_by, 7) AND p.store = i.store), \
            (SELECT COUNT(*) FROM grants g WHERE g.installation = i.id AND g.review_at IS NOT NULL) FROM installations i \
            JOIN app_versions v ON v.space = i.space AND v.app = i.app AND v.version = i.app_version WHERE i.store = $1 ",
            $tail
        )
    };
}

fn installation(r: Row<'_>) -> Result<Installation> {
    let state = r.text(5)?;
    Ok(Installation {
        id: r.parse(0)?,
        app: r.text(1)?,
        name: r.text(2)?,
        version: r.text(3)?,
        digest: r.text(4)?,
        state: State::read(&state).ok_or_else(|| Error::Corrupt(format!("an installation that is `{state}`")))?,
        state_reason: r.opt_text(6)?,
        pending: r.opt_text(7)?,
        review: r.int(14)?,
        installed_by: r.text(8)?,
        installed_by_name: r.opt_text(13)?,
        installed_at: rfc3339(r.int(9)?),
        updated_at: rfc3339(r.int(10)?),
        private: r.int(11)? == 1,
        stopped: r.opt_text(12)?,
        recalled: None,
        breaker: None,
    })
}

/// One installation of a store, gone ones included.
pub(super) async fn one(conn: &mut Conn, store: StoreId, id: InstallationId) -> Result<Installation> {
    const SQL: &str = listed!("AND i.id = $2");
    let found = conn.row(SQL, args![&store.to_string(), &id.to_string()], installation).await?;
    with_recall(conn, store, found.ok_or_else(|| Error::not_found("installation", id.to_string()))?).await
}

/// One, with what was recalled of it, and its breaker.
async fn with_recall(conn: &mut Conn, store: StoreId, one: Installation) -> Result<Installation> {
    let recalled = stops::recalled(conn, store).await?.remove(&one.id);
    let breaker = breaker::shown(conn, store).await?.remove(&one.id);
    Ok(Installation { recalled, breaker, ..one })
}

/// Its settings.
pub(super) async fn settings(conn: &mut Conn, store: StoreId, id: InstallationId) -> Result<SettingsNow> {
    const SQL: &str = "SELECT i.settings, i.settings_rev, v.facts FROM installations i \
        JOIN app_versions v ON v.space = i.space AND v.app = i.app AND v.version = i.app_version \
        WHERE i.store = $1 AND i.id = $2 AND i.state <> 'uninstalled'";
    let read = |r: Row<'_>| {
        let facts: AppFacts = r.doc(2)?;
        let settings = super::settings::shown(&facts, &r.json(0)?)?;
        Ok(SettingsNow { settings, revision: r.int(1)?, schema: facts.settings_schema })
    };
    let found = conn.row(SQL, args![&store.to_string(), &id.to_string()], read).await?;
    found.ok_or_else(|| Error::not_found("installation", id.to_string()))
}

impl Permit<AppsView> {
    /// The store's installations, oldest first. Gone ones only if asked for.
    pub async fn installations(&self, db: &Db, gone: bool, page: &Page) -> Result<Items<Installation>> {
        const SQL: &str =
            listed!("AND i.id > $2 AND (CAST($4 AS BIGINT) = 1 OR i.state <> 'uninstalled') ORDER BY i.id LIMIT $3");
        let limit = page.limit()?;
        let store = self.store().to_string();
        let values = args![&store, page.after("installations")?.unwrap_or_default(), (limit + 1) as i64, gone];
        let mut conn = db.reader(self.store()).await?;
        let mut found = conn.rows(SQL, values, installation).await?;
        let mut recalled = stops::recalled(&mut conn, self.store()).await?;
        let mut breakers = breaker::shown(&mut conn, self.store()).await?;
        for one in &mut found {
            (one.recalled, one.breaker) = (recalled.remove(&one.id), breakers.remove(&one.id));
        }
        Ok(Items::cut(found, limit, "installations", |one| one.id.to_string()))
    }

    /// The installation of an app, if the store has one that is not gone.
    pub async fn installation_of(&self, db: &Db, app: &str) -> Result<Installation> {
        const SQL: &str = listed!("AND i.app = $2 AND i.state <> 'uninstalled'");
        let mut conn = db.reader(self.store()).await?;
        let found = conn.row(SQL, args![&self.store().to_string(), app], installation).await?;
        let found = found.ok_or_else(|| Error::not_found("installation of the app", app))?;
        with_recall(&mut conn, self.store(), found).await
    }

    /// One installation, with what it holds and how far it has come.
    pub async fn installation(&self, db: &Db, id: InstallationId) -> Result<InstallationDetail> {
        let plan = db.bytes_of_plan(self.store()).await?;
        let mut conn = db.reader(self.store()).await?;
        let installation = one(&mut conn, self.store(), id).await?;
        let facts = crate::db::house::apps::installed(&mut conn, id, None).await?.facts;
        let grants = grants(&mut conn, &facts, self.store(), id).await?;
        let held: ScopeSet = grants.iter().map(|grant| grant.scope).collect();
        let (behind, waiting, parked) = backlog(&mut conn, id).await?;
        let day = Day::of(time_zone(&mut conn, self.store()).await?, now_ms());
        let of = (&*installation.app, &day);
        let written_today = crate::db::house::written::today((db, plan), &mut conn, self.store(), of).await?;
        let cut = chain::cut(&mut conn, &id.to_string()).await?;
        Ok(InstallationDetail {
            not_granted: facts.asked().minus(held),
            schedules: schedules(&mut conn, id).await?,
            topics: facts.topics,
            actions: facts.actions,
            hosts: facts.hosts,
            installation,
            grants,
            behind,
            waiting,
            parked,
            written_today,
            cut,
        })
    }

    /// The settings of an installation.
    pub async fn settings(&self, db: &Db, id: InstallationId) -> Result<SettingsNow> {
        settings(&mut *db.reader(self.store()).await?, self.store(), id).await
    }

    /// What people agreed to for an installation, newest first.
    pub async fn consents(&self, db: &Db, id: InstallationId) -> Result<Vec<Given>> {
        const SQL: &str = "SELECT id, giver, scopes, shown, at, version, digest FROM consents WHERE store = $1 AND installation = $2 \
            ORDER BY id DESC LIMIT 100";
        let read = |r: Row<'_>| {
            let scopes: Vec<String> = r.doc(2)?;
            // A scope this version no longer knows is left out here; the text still names it.
            let scopes = scopes.iter().filter_map(|name| name.parse().ok()).collect();
            Ok(Given {
                id: r.parse(0)?,
                giver: r.text(1)?,
                giver_name: None,
                scopes,
                shown: r.text(3)?,
                at: rfc3339(r.int(4)?),
                version: r.opt_text(5)?,
                digest: r.opt_text(6)?,
            })
        };
        let mut conn = db.reader(self.store()).await?;
        one(&mut conn, self.store(), id).await?;
        let mut given = conn.rows(SQL, args![&self.store().to_string(), &id.to_string()], read).await?;
        let mut names = Names::of(self.store());
        for one in &mut given {
            one.giver_name = names.name(&mut conn, &one.giver).await?;
        }
        Ok(given)
    }
}

async fn grants(conn: &mut Conn, facts: &AppFacts, store: StoreId, id: InstallationId) -> Result<Vec<Grant>> {
    const SQL: &str =
        "SELECT scope, granted_by, granted_at, expires_at, caps, held, review_at FROM grants WHERE installation = $1";
    let read = |r: Row<'_>| {
        let (scope, by, at) = (r.text(0)?.parse::<Scope>().ok(), r.text(1)?, rfc3339(r.int(2)?));
        Ok((scope, by, at, r.opt_int(6)?, read_terms(&r, 3)?))
    };
    let found = conn.rows(SQL, args![&id.to_string()], read).await?;
    let terms: TermsMap = found.iter().filter_map(|(scope, .., terms)| Some(((*scope)?, (*terms)?))).collect();
    let day = Day::of(time_zone(conn, store).await?, now_ms());
    let mut used = crate::db::core::caps::used(conn, id, &terms, &day).await?;
    let (mut grants, mut names) = (Vec::new(), Names::of(store));
    for (scope, granted_by, granted_at, review, terms) in found {
        // What this version does not know is worth nothing to the app, so it is not shown as held.
        let (Some(scope), Some(terms)) = (scope, terms) else { continue };
        grants.push(Grant {
            scope,
            words: scope.words(),
            reason: facts.request(scope).map(|request| request.reason.clone()).unwrap_or_default(),
            granted_by_name: names.name(conn, &granted_by).await?,
            granted_by,
            granted_at,
            expired: terms.expired().is_some(),
            review: review.map(|at| Review {
                since: rfc3339(at),
                due: rfc3339(review::due(at)),
                suspended: now_ms() >= review::due(at),
            }),
            terms: TermsShown::new(scope, &terms),
            used: used.remove(&scope).unwrap_or_default(),
        });
    }
    grants.sort_by_key(|grant| grant.scope);
    Ok(grants)
}

async fn schedules(conn: &mut Conn, id: InstallationId) -> Result<Vec<InstalledSchedule>> {
    const SQL: &str = "SELECT cron, next_at FROM schedules WHERE installation = $1 ORDER BY cron";
    let read = |r: Row<'_>| Ok(InstalledSchedule { cron: r.text(0)?, next: rfc3339(r.int(1)?) });
    conn.rows(SQL, args![&id.to_string()], read).await
}

/// Events not told yet, deliveries that wait, deliveries that are parked.
async fn backlog(conn: &mut Conn, id: InstallationId) -> Result<(i64, i64, i64)> {
    const BEHIND: &str =
        "SELECT k.seq - c.seq FROM cursors c JOIN counters k ON k.store = c.store WHERE c.installation = $1";
    const STATES: &str = "SELECT r.state, COUNT(*) FROM retries r JOIN cursors c ON c.installation = r.installation \
        AND (r.state <> 'waiting' OR r.skips = c.skips) WHERE r.installation = $1 GROUP BY r.state";
    let id = id.to_string();
    let behind = conn.row(BEHIND, args![&id], |r| r.int(0)).await?.unwrap_or(0);
    let states = conn.rows(STATES, args![&id], |r| Ok((r.text(0)?, r.int(1)?))).await?;
    let of = |name: &str| states.iter().find(|(state, _)| state == name).map_or(0, |(_, n)| *n);
    Ok((behind, of("waiting"), of("parked")))
}
