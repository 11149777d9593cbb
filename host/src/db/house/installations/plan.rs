//! What an install or an upgrade would mean, before anybody agrees to it. Nothing is written.

use super::shown;
use super::terms::{self, TermsChanges, TermsShown};
use crate::authz::scope::{
    Class,
    kind::{AppsInstall, AppsView},
};
use crate::authz::{Authority, InstallationId, NoConsent, Permit, Principal, Request, Scope, ScopeSet, TermsMap};
use crate::db::core::caps::time_zone;
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::engine::open::Db;
use crate::db::core::error::Result;
use crate::db::core::time::{now_ms, rfc3339};
use crate::db::core::topic::Topic;
use crate::db::house::apps::{
    Action, Added, AppFacts, AppVersion, OutboundHost, Removed, Uploader, World, installed, visible,
};
use crate::db::house::deliveries::schedule::next_due;
use crate::db::house::people::authority::authority_of;
use crate::text::consent;
use crate::text::words::Words;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

/// What would be granted, and why that is refused if it is.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Plan {
    /// The app's id.
    pub app: String,
    /// The version that would run.
    pub version: String,
    /// What the app is called.
    pub name: String,
    /// What it does, in one line.
    pub summary: String,
    /// How it is called.
    pub world: World,
    /// SHA-256 of what would run, in hex.
    pub digest: String,
    /// Its size in bytes.
    pub size: u64,
    /// Why it cannot be done like this; nothing, if it can.
    pub refused: Option<String>,
    /// The scopes the app asks for.
    pub scopes: Vec<PlannedScope>,
    /// What it will not be able to do.
    pub cannot: Vec<NotGiven>,
    /// The topics it listens to.
    pub topics: Vec<PlannedTopic>,
    /// When it would run by itself.
    pub schedules: Vec<PlannedSchedule>,
    /// The buttons it would add.
    pub actions: Vec<Action>,
    /// The servers outside the store that it could call.
    pub hosts: Vec<OutboundHost>,
    /// The installation whose version would be replaced, if the app is installed already.
    #[schema(value_type = Option<String>)]
    pub upgrade_of: Option<InstallationId>,
    /// What the version has that the installed one has not.
    pub adds: Option<Added>,
    /// What the installed one has that the version has not: what would be taken away.
    pub removes: Option<Removed>,
    /// Whether it is this store's own upload: no publisher stands behind the name in its id.
    pub private: bool,
    /// The JSON Schema of its settings, if it has settings.
    #[schema(value_type = Option<Object>)]
    pub settings_schema: Option<Box<RawValue>>,
    /// The text to read before agreeing, as it will be stored with the consent.
    pub shown: String,
}

/// One scope the app asks for.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PlannedScope {
    /// Which.
    #[schema(value_type = String)]
    pub scope: Scope,
    /// What it allows, in plain words.
    pub words: &'static str,
    /// The permission group it belongs to.
    pub group: &'static str,
    /// What kind of act it is: read, write, personal, money, irreversible.
    #[schema(value_type = Vec<String>)]
    pub classes: &'static [Class],
    /// Why the app asks for it, in its developer's words.
    pub reason: String,
    /// Whether the app cannot do without it.
    pub required: bool,
    /// Whether it would be granted now.
    pub chosen: bool,
    /// Whether the app holds it already.
    pub granted: bool,
    /// On which terms it would be granted; none, if it would not be.
    pub terms: Option<TermsShown>,
    /// Whether you hold it; nobody can grant what they do not hold.
    pub held: bool,
}

/// Something the app will not be able to do.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NotGiven {
    /// The scope it lacks.
    #[schema(value_type = String)]
    pub scope: Scope,
    /// What the scope would allow.
    pub words: &'static str,
}

/// A topic the app listens to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PlannedTopic {
    /// Which.
    #[schema(value_type = String)]
    pub topic: Topic,
    /// The scope its payload needs.
    #[schema(value_type = String)]
    pub scope: Scope,
    /// Whether it would be delivered: not, as long as that scope is not granted.
    pub delivered: bool,
}

/// When the app would run by itself.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PlannedSchedule {
    /// Five fields, in the store's time zone.
    pub cron: String,
    /// When it would be due first, RFC 3339; never, if there is none.
    pub next: Option<String>,
}

/// The app as it is installed already.
struct Before {
    id: InstallationId,
    facts: AppFacts,
    held: Authority,
}

impl Db {
    /// What installing a version, or upgrading to it, would mean, if this principal chose these scopes on these
    /// terms: of an upgrade, those to grant in addition. Not chosen: whatever is required, and what else they hold.
    pub async fn plan(
        &self,
        principal: &Principal,
        app: &str,
        version: Option<&str>,
        chosen: Option<ScopeSet>,
        terms: &TermsChanges,
    ) -> Result<Plan> {
        self.plan_in(Words::ENGLISH, principal, app, version, (chosen, terms)).await
    }

    /// The same, with what somebody reads in their language: what is refused, and the text to agree to. Whoever agrees to
    /// that says in which language they read it.
    pub async fn plan_in(
        &self,
        words: Words,
        principal: &Principal,
        app: &str,
        version: Option<&str>,
        chosen: (Option<ScopeSet>, &TermsChanges),
    ) -> Result<Plan> {
        let permit = principal.permit::<AppsView>()?;
        let version = visible(&mut *self.reader(permit.store()).await?, permit.store(), app, version).await?;
        self.plan_of(words, principal, &permit, version, chosen).await
    }

    /// The same of a version that nobody uploaded, as far as its own words go.
    pub async fn plan_unseen(
        &self,
        principal: &Principal,
        (app, version, facts): (String, String, AppFacts),
        chosen: Option<ScopeSet>,
        terms: &TermsChanges,
    ) -> Result<Plan> {
        let permit = principal.permit::<AppsView>()?;
        let refused = match principal.permit::<AppsInstall>() {
            Ok(install) => self.may_upload(&Uploader::Store(Box::new(install)), &app, &version, &facts).await.err(),
            Err(_) => None,
        };
        let (store, uploaded_at) = (permit.store(), rfc3339(now_ms()));
        let space = store.to_string();
        let version =
            AppVersion { app, version, published: false, store: Some(store), private: true, uploaded_at, facts, space };
        let plan = self.plan_of(Words::ENGLISH, principal, &permit, version, (chosen, terms)).await?;
        match refused {
            Some(why) if why.is_internal() => Err(why),
            Some(why) => Ok(Plan { refused: Some(why.to_string()), ..plan }),
            None => Ok(plan),
        }
    }

    async fn plan_of(
        &self,
        words: Words,
        principal: &Principal,
        permit: &Permit<AppsView>,
        version: AppVersion,
        (chosen, terms): (Option<ScopeSet>, &TermsChanges),
    ) -> Result<Plan> {
        let mut conn = self.reader(permit.store()).await?;
        let before = before(&mut conn, &permit.store().to_string(), &version.app).await?;
        let zone = time_zone(&mut conn, permit.store()).await?;
        let next = |cron: &String| next_due(cron, &zone, now_ms()).ok().map(rfc3339);
        let schedules = version.facts.schedules.iter();
        let schedules = schedules.map(|cron| PlannedSchedule { cron: cron.clone(), next: next(cron) }).collect();
        let granted = before.as_ref().map_or(ScopeSet::EMPTY, |before| before.held.scopes);
        let requests = version.facts.requests_for(version.facts.asked().minus(granted));
        let chosen = chosen.unwrap_or_else(|| by_default(&requests, principal.held()));
        let currency = terms::currency_of(&mut conn, permit.store()).await?;
        let terms = terms::fresh(chosen.iter(), terms, currency)?;
        Ok(plan((words, principal), version, before, (chosen, terms), schedules))
    }
}

async fn before(conn: &mut Conn, store: &str, app: &str) -> Result<Option<Before>> {
    const SQL: &str = "SELECT id FROM installations WHERE store = $1 AND app = $2 AND state <> 'uninstalled'";
    let found = conn.row(SQL, args![store, app], |r| r.parse::<InstallationId>(0)).await?;
    let Some(id) = found else { return Ok(None) };
    Ok(Some(Before { id, facts: installed(conn, id, None).await?.facts, held: authority_of(conn, id).await? }))
}

fn plan(
    (language, principal): (Words, &Principal),
    version: AppVersion,
    before: Option<Before>,
    (chosen, terms): (ScopeSet, TermsMap),
    schedules: Vec<PlannedSchedule>,
) -> Plan {
    let AppVersion { app, version, facts, private, .. } = version;
    let held = principal.held();
    let granted = before.as_ref().map_or(ScopeSet::EMPTY, |before| before.held.scopes);
    let chosen = chosen.minus(granted);
    let after = chosen.iter().chain(granted.and(facts.asked()).iter()).collect::<ScopeSet>();
    let refused = principal.consent(&facts.requests, after).err().map(|why| words(language, &why, held, granted));
    let adds = before.as_ref().map(|before| facts.adds(&before.facts, granted));
    let removes = before.as_ref().map(|before| facts.removes(&before.facts, granted));
    let what = shown::What { words: language, app: &app, version: &version, facts: &facts, private };
    let shown = match (&before, &adds, &removes) {
        (Some(before), Some(adds), Some(removes)) => {
            let retains = (after.minus(chosen), &before.held.terms);
            shown::upgrade(what, &shown::Change { adds, removes, retains, chosen: (chosen, &terms) })
        }
        _ => shown::install(what, chosen, &terms),
    };
    let scopes = facts.requests.iter().map(|request| PlannedScope {
        scope: request.scope,
        words: request.scope.words(),
        group: request.scope.group(),
        classes: request.scope.classes(),
        reason: request.reason.clone(),
        required: request.required,
        chosen: chosen.contains(request.scope),
        granted: granted.contains(request.scope),
        terms: chosen.contains(request.scope).then(|| TermsShown::new(request.scope, &terms.get(request.scope))),
        held: held.contains(request.scope),
    });
    let topics = facts.topics.iter();
    let topics = topics.map(|topic| PlannedTopic {
        topic: *topic,
        scope: topic.scope(),
        delivered: after.contains(topic.scope()),
    });
    let cannot = Scope::ALL.iter().filter(|scope| scope.for_apps() && !after.contains(**scope));
    Plan {
        refused,
        scopes: scopes.collect(),
        topics: topics.collect(),
        cannot: cannot.map(|scope| NotGiven { scope: *scope, words: scope.words() }).collect(),
        schedules,
        upgrade_of: before.map(|before| before.id),
        adds,
        removes,
        private,
        shown,
        app,
        version,
        name: facts.name,
        summary: facts.summary,
        world: facts.world,
        digest: facts.digest,
        size: facts.size,
        actions: facts.actions,
        hosts: facts.hosts,
        settings_schema: facts.settings_schema,
    }
}

/// Whatever is required, and of the rest what the giver holds.
pub(super) fn by_default(requests: &[Request], held: ScopeSet) -> ScopeSet {
    requests.iter().filter(|request| request.required || held.contains(request.scope)).map(|r| r.scope).collect()
}

/// Why a consent would be refused.
fn words(language: Words, why: &NoConsent, held: ScopeSet, granted: ScopeSet) -> String {
    match why {
        NoConsent::Denied(denied) if held.contains(denied.scope) => consent::refused(language, why),
        NoConsent::Denied(denied) if granted.contains(denied.scope) => consent::waits(language, denied.scope),
        NoConsent::Denied(denied) => consent::not_theirs(language, denied),
        why => consent::refused(language, why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_default_the_required_ones_and_those_held_are_chosen() {
        let asked = [(Scope::OrdersView, true), (Scope::OrdersEdit, false), (Scope::OrdersCancel, false)];
        let facts = crate::db::house::apps::facts_for_tests(&asked, &[], &[]);
        let held = ScopeSet::EMPTY.with(Scope::OrdersEdit);
        let chosen = by_default(&facts.requests, held);
        assert_eq!(chosen, ScopeSet::EMPTY.with(Scope::OrdersView).with(Scope::OrdersEdit));
    }
}
