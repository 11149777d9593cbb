//! The consent: what an app asks for, why, on which terms, what it could not do, and what it would have done.
//!
//! INVARIANT: what stands on the page is what is recorded. Whoever changes a choice and agrees at once gets the page again
//! with what that means, and agrees to that.

use super::choices::{Choices, field};
use super::form::{Drawn, Kind};
use super::given::Settings;
use crate::authz::scope::Class;
use crate::authz::scope::kind::{AppsInstall, AppsView, CustomersPii, OrdersPii};
use crate::authz::{Cap, InstallationId, Permit, Principal, Scope, ScopeSet};
use crate::db::history::Personal;
use crate::db::installations::{Install, Plan, PlannedScope, TermsChanges, Tried, Upgrade};
use crate::db::{self, Db};
use crate::http::accounts::Form;
use crate::http::pages::account::see;
use crate::http::pages::frame::Frame;
use crate::http::pages::show::{Shown, show};
use crate::http::pages::words::Words;
use crate::http::pages::wrong::Wrong;
use crate::http::{At, Problem, Query, State};
use crate::text::consent::Read;
use crate::trial::{DryRunReport, dry_run};
use askama::Template;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "apps/consent.html")]
struct Page {
    frame: Frame,
    plan: Plan,
    groups: Vec<Group>,
    action: String,
    currency: String,
    report: Option<DryRunReport>,
    wrong: Option<Wrong>,
    may_install: bool,
    fields: Vec<Drawn>,
    /// Whether somebody has to fill in any of them, or has to look at one again.
    settings_open: bool,
    revision: i64,
}

/// Permissions that weigh the same.
struct Group {
    key: &'static str,
    rows: Vec<Row>,
}

/// One permission of the form.
struct Row {
    asked: PlannedScope,
    marks: Vec<(&'static str, &'static str)>,
    caps: Vec<Bound>,
    can_be_held: bool,
    held: bool,
    ends: String,
}

/// One cap of the form.
struct Bound {
    key: &'static str,
    name: &'static str,
    value: String,
    money: bool,
}

/// Which app.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    app: String,
    version: Option<String>,
}

/// What stands before the field of a cap.
const fn key(cap: Cap) -> &'static str {
    match cap {
        Cap::SumPerDay => "cap-sum-per-day",
        Cap::SumPerOrder => "cap-sum-per-order",
        Cap::PerDay => "cap-per-day",
        Cap::PerRun => "cap-per-run",
        Cap::MaxChange => "cap-max-change",
        Cap::MaxDelta => "cap-max-delta",
        Cap::MaxOff => "cap-max-off",
        Cap::Window => "cap-window",
    }
}

/// What the caps of a grant are, as fields hold them.
fn caps_of(asked: &PlannedScope) -> Vec<Bound> {
    let Some(terms) = &asked.terms else { return Vec::new() };
    let value = |name| match terms.caps.get(name) {
        Some(serde_json::Value::Object(money)) => {
            money.get("amount").and_then(|a| a.as_str()).unwrap_or_default().to_owned()
        }
        Some(number) => number.to_string(),
        None => String::new(),
    };
    asked
        .scope
        .caps()
        .iter()
        .map(|cap| Bound { key: key(*cap), name: cap.name(), value: value(cap.name()), money: cap.is_money() })
        .collect()
}

fn groups(plan: &Plan) -> Vec<Group> {
    let weighs = |asked: &PlannedScope| {
        let has = |class| asked.classes.contains(&class);
        match has(Class::Write) {
            false => "consent-sees",
            true if has(Class::Money) || has(Class::Irreversible) => "consent-spends",
            true => "consent-changes",
        }
    };
    let row = |asked: &PlannedScope| {
        let marks = [
            (Class::Personal, "see", "mark-personal"),
            (Class::Money, "bad", "mark-money"),
            (Class::Irreversible, "warn", "mark-irreversible"),
        ];
        let marks =
            marks.iter().filter(|(class, ..)| asked.classes.contains(class)).map(|(_, tone, key)| (*tone, *key));
        let terms = asked.terms.as_ref();
        Row {
            marks: marks.collect(),
            caps: caps_of(asked),
            can_be_held: asked.terms.is_some() && asked.scope.can_be_held(),
            held: terms.is_some_and(|terms| terms.held),
            ends: terms.and_then(|terms| terms.expires_at.clone()).unwrap_or_default(),
            asked: asked.clone(),
        }
    };
    let of = |key| Group {
        key,
        rows: plan.scopes.iter().filter(|asked| !asked.granted && weighs(asked) == key).map(row).collect(),
    };
    let all = ["consent-sees", "consent-changes", "consent-spends"].map(of);
    all.into_iter().filter(|group| !group.rows.is_empty()).collect()
}

/// What of a page does not depend on the choices.
struct About {
    frame: Frame,
    action: String,
    may_install: bool,
    form: Settings,
}

fn shown(about: About, plan: Plan, report: Option<DryRunReport>, wrong: Option<Wrong>) -> Shown {
    let About { frame, action, may_install, form } = about;
    let currency = frame.around.as_ref().map(|around| around.currency.clone()).unwrap_or_default();
    let groups = groups(&plan);
    let settings_open = form.is_open();
    let (fields, revision) = (form.fields, form.revision);
    show(&Page { frame, plan, groups, action, currency, report, wrong, may_install, fields, settings_open, revision })
}

fn about(frame: Frame, who: &Principal, path: &str, form: Settings) -> About {
    let action = format!("{}/apps/{path}", frame.base);
    About { frame, action, may_install: who.holds(Scope::AppsInstall).is_ok(), form }
}

/// What an app cannot do without; what it can stays an open choice.
async fn required(db: &Db, who: &Principal, app: &str, version: Option<&str>) -> Result<ScopeSet, Problem> {
    let plan = db.plan(who, app, version, Some(ScopeSet::EMPTY), &TermsChanges::new()).await?;
    Ok(plan.scopes.iter().filter(|asked| asked.required).map(|asked| asked.scope).collect())
}

/// Before an install.
pub(super) async fn page(
    frame: Frame,
    _: Permit<AppsView>,
    who: Principal,
    db: Db,
    Query(which): Query<Which>,
) -> Shown {
    let version = which.version.as_deref();
    let chosen = required(&db, &who, &which.app, version).await?;
    let plan = db.plan_in(frame.words, &who, &which.app, version, (Some(chosen), &TermsChanges::new())).await?;
    match plan.upgrade_of {
        Some(installation) => Ok(see(&format!("{}/apps/{installation}/upgrade?version={}", frame.base, plan.version))),
        None => {
            let form = Settings::of(frame.words, &plan, None, None)?;
            shown(about(frame, &who, "install", form), plan, None, None)
        }
    }
}

/// Installs, or tries, or shows what the choices mean.
pub(super) async fn submit(
    frame: Frame,
    _: Permit<AppsInstall>,
    who: Principal,
    personal: (Option<Permit<OrdersPii>>, Option<Permit<CustomersPii>>),
    state: State,
    Form(fields): Form<Vec<(String, String)>>,
) -> Shown {
    let (app, version) = (field(&fields, "app").to_owned(), field(&fields, "version").to_owned());
    let choices = Choices::read(&fields)?;
    let (db, words) = (&state.db, frame.words);
    let plan = db.plan_in(words, &who, &app, Some(&version), (Some(choices.scopes), &choices.terms)).await?;
    let base = frame.base.clone();
    let form = Settings::of(words, &plan, None, Some(&fields))?;
    let (settings, unfit) = (form.given.clone(), form.wrong(words));
    let about = about(frame, &who, "install", form);
    if choices.act == "try" && unfit.is_none() {
        let tried = Tried { app, version: Some(version), scopes: Some(choices.scopes), terms: choices.terms, settings };
        return tried_out(about, plan, &state, &who, tried, personal).await;
    }
    if choices.act == "look" || (choices.shown.is_none() && unfit.is_none()) {
        return shown(about, plan, None, None);
    }
    if unfit.is_some() {
        return shown(about, plan, None, unfit);
    }
    if choices.act != "install" || !same(choices.shown.as_deref(), &plan) {
        return shown(about, plan, None, Some(words.t("consent-changed").to_string().into()));
    }
    let (consent, version) = db.agree_to_install(&who, &app, Some(&version), choices.scopes, &choices.terms).await?;
    let what = Install { app, version, settings, shown: read(words, choices.shown) };
    match consent.install(db, what, None).await {
        Ok(made) => Ok(see(&format!("{base}/apps/{}", made.id))),
        Err(db::Error::Invalid(why)) => shown(about, plan, None, Some(Wrong::new(words, &why))),
        Err(e) => Err(e.into()),
    }
}

/// What stood on the page, in its language. Browsers send other ends of lines.
fn read(words: Words, text: Option<String>) -> Option<Read> {
    text.map(|text| Read { language: words.0, text: text.replace("\r\n", "\n") })
}

/// Whether the text that stood on the page is what the choices mean. Browsers send other ends of lines.
fn same(text: Option<&str>, plan: &Plan) -> bool {
    text.is_some_and(|text| text.replace("\r\n", "\n").trim_end() == plan.shown.trim_end())
}

async fn tried_out(
    about: About,
    plan: Plan,
    state: &State,
    who: &Principal,
    tried: Tried,
    (orders, customers): (Option<Permit<OrdersPii>>, Option<Permit<CustomersPii>>),
) -> Shown {
    let report = match state.db.agree_to_dry_run(who, tried).await {
        Ok(dry) => dry_run(&state.db, &state.runtime, who, dry, None, Personal { orders, customers }, None).await,
        Err(e) => Err(e.into()),
    };
    match report.map_err(Problem::from) {
        Ok(report) => shown(about, plan, Some(report), None),
        Err(problem) => {
            let (wrong, _) = Wrong::of(about.frame.words, &problem);
            shown(about, plan, None, Some(wrong))
        }
    }
}

/// The app of an installation, and the version to upgrade to: the one that waits, if none is named.
async fn of(db: &Db, apps: &Permit<AppsView>, id: InstallationId, version: &str) -> Result<(String, String), Problem> {
    let detail = apps.installation(db, id).await?.installation;
    let pending = detail.pending.clone().filter(|_| version.is_empty());
    let version = pending.or_else(|| Some(version.to_owned()).filter(|version| !version.is_empty()));
    let version = version.ok_or_else(|| Problem::not_found("version that waits; open the app's page again"))?;
    Ok((detail.app, version))
}

/// Which version.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct To {
    #[serde(default)]
    version: String,
}

fn id(text: &str) -> Result<InstallationId, Problem> {
    text.parse().map_err(|_| Problem::not_found(format_args!("installed app `{text}`")))
}

/// Before an upgrade: only what changes.
pub(super) async fn upgrade_page(
    frame: Frame,
    apps: Permit<AppsView>,
    who: Principal,
    db: Db,
    At(installation): At,
    Query(to): Query<To>,
) -> Shown {
    let (app, version) = of(&db, &apps, id(&installation)?, &to.version).await?;
    let chosen = required(&db, &who, &app, Some(&version)).await?;
    let plan = db.plan_in(frame.words, &who, &app, Some(&version), (Some(chosen), &TermsChanges::new())).await?;
    let now = apps.settings(&db, id(&installation)?).await?;
    let form = Settings::of(frame.words, &plan, Some(&now), None)?;
    shown(about(frame, &who, &format!("{installation}/upgrade"), form), plan, None, None)
}

/// Upgrades, or tries, or shows what the choices mean.
pub(super) async fn submit_upgrade(
    frame: Frame,
    (_, apps): (Permit<AppsInstall>, Permit<AppsView>),
    who: Principal,
    personal: (Option<Permit<OrdersPii>>, Option<Permit<CustomersPii>>),
    state: State,
    At(installation): At,
    Form(fields): Form<Vec<(String, String)>>,
) -> Shown {
    let (db, installed, words) = (&state.db, id(&installation)?, frame.words);
    let (app, version) = of(db, &apps, installed, field(&fields, "version")).await?;
    let choices = Choices::read(&fields)?;
    let plan = db.plan_in(words, &who, &app, Some(&version), (Some(choices.scopes), &choices.terms)).await?;
    let base = frame.base.clone();
    let now = apps.settings(db, installed).await?;
    let form = Settings::of(words, &plan, Some(&now), Some(&fields))?;
    let (settings, unfit) = (form.given.clone(), form.wrong(words));
    let about = about(frame, &who, &format!("{installation}/upgrade"), form);
    if choices.act == "look" {
        return shown(about, plan, None, None);
    }
    if unfit.is_some() {
        return shown(about, plan, None, unfit);
    }
    if choices.act == "try" {
        let tried = Tried { app, version: Some(version), scopes: None, terms: TermsChanges::new(), settings };
        return tried_out(about, plan, &state, &who, tried, personal).await;
    }
    if choices.act != "install" || !same(choices.shown.as_deref(), &plan) {
        return shown(about, plan, None, Some(words.t("consent-changed").to_string().into()));
    }
    let shown_text = read(words, choices.shown);
    let agreement = db.agree_to_upgrade(&who, installed, &version, Some(choices.scopes), &choices.terms).await?;
    let what = Upgrade { installation: installed, version, settings, shown: shown_text };
    match agreement.upgrade(db, what, None).await {
        Ok(_) => Ok(see(&format!("{base}/apps/{installation}"))),
        Err(db::Error::Invalid(why)) => shown(about, plan, None, Some(Wrong::new(words, &why))),
        Err(e) => Err(e.into()),
    }
}
