//! The plan of the store, what was used of it, and the statement of a month: for its owner.

use super::{Tab, tabs};
use crate::authz::scope::kind::{BillingView, PlanChange};
use crate::authz::{Permit, Principal};
use crate::db::accounts::SignedIn;
use crate::db::plans::{PlanAsked, PlanNow, StatementLine};
use crate::db::{self, Db, Page as Part};
use crate::http::accounts::{Form, recent};
use crate::http::export::{Lists, of_session};
use crate::http::pages::account::see;
use crate::http::pages::frame::Frame;
use crate::http::pages::plans::{Allowed, allowed};
use crate::http::pages::show::{Shown, show};
use crate::http::pages::wrong::Wrong;
use crate::http::{Problem, Query, State};
use crate::text::Said;
use askama::Template;
use axum::Extension;
use axum::http::request::Parts;
use serde::Deserialize;

/// Lines of a statement that are shown; the file has all of them.
const SHOWN: u32 = 100;

#[derive(Template)]
#[template(path = "settings/plan.html")]
struct Page {
    frame: Frame,
    tabs: Vec<Tab>,
    now: PlanNow,
    used: Vec<Used>,
    allowed: Vec<Allowed>,
    offers: Vec<(String, String)>,
    month: String,
    lines: Vec<StatementLine>,
    more: bool,
    typed: Typed,
    wrong: Wrong,
}

/// What was used of a bound.
struct Used {
    key: &'static str,
    n: i64,
    most: Option<i64>,
}

impl Used {
    fn is_used_up(&self) -> bool {
        self.most.is_some_and(|most| self.n >= most)
    }
}

/// Which month.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    month: Option<String>,
}

/// What is asked for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Typed {
    plan: String,
    #[serde(default)]
    note: String,
}

/// What a form holds that writes a statement into a file.
#[derive(Debug, Deserialize)]
pub(super) struct Month {
    month: String,
}

async fn shown(
    frame: Frame,
    billing: &Permit<BillingView>,
    who: &Principal,
    db: &Db,
    (month, typed, wrong): (Option<String>, Typed, Said),
) -> Shown {
    let now = billing.plan(db).await?;
    let part = Part { limit: Some(SHOWN), cursor: None };
    let found = billing.statement(db, month.as_deref(), &part).await?;
    let used = |key, n, most| Used { key, n, most };
    let used = vec![
        used("plan-runs", now.used.runs, now.bounds.runs),
        used("plan-checkout-runs", now.used.checkout_runs, None),
        used("plan-cpu", now.used.cpu_seconds, now.bounds.cpu_seconds),
        used("nav-apps", now.used.apps, now.bounds.apps.map(i64::from)),
        used("nav-people", now.used.people, now.bounds.people.map(i64::from)),
    ];
    let offers = now.offered.iter().filter(|plan| Some(&plan.name) != now.plan.as_ref());
    let offers = offers.map(|plan| (plan.name.clone(), plan.title.clone())).collect();
    let wrong = Wrong::new(frame.words, &wrong);
    show(&Page {
        tabs: tabs(&frame, who, "plan"),
        month: month.unwrap_or_else(|| now.used.month.clone()),
        allowed: allowed(&now.bounds),
        more: found.next_cursor.is_some(),
        lines: found.items,
        frame,
        now,
        used,
        offers,
        typed,
        wrong,
    })
}

/// The page.
pub(super) async fn page(
    frame: Frame,
    billing: Permit<BillingView>,
    who: Principal,
    db: Db,
    Query(which): Query<Which>,
) -> Shown {
    shown(frame, &billing, &who, &db, (which.month, Typed::default(), Said::default())).await
}

/// Asks for another plan.
pub(super) async fn ask(
    frame: Frame,
    plan: Permit<PlanChange>,
    billing: Permit<BillingView>,
    who: Principal,
    db: Db,
    Form(typed): Form<Typed>,
) -> Shown {
    let asked = PlanAsked { plan: typed.plan.clone(), note: typed.note.trim().to_owned() };
    match plan.ask(&db, asked).await {
        Ok(_) => Ok(see(&frame.page("settings/plan"))),
        Err(db::Error::Invalid(said)) => shown(frame, &billing, &who, &db, (None, typed, said)).await,
        Err(e) => Err(e.into()),
    }
}

/// Withdraws what was asked for.
pub(super) async fn withdraw(frame: Frame, plan: Permit<PlanChange>, db: Db) -> Shown {
    plan.withdraw(&db).await?;
    Ok(see(&frame.page("settings/plan")))
}

/// The statement of a month as a file.
pub(super) async fn export(
    _billing: Permit<BillingView>,
    state: State,
    Extension(lists): Extension<Lists>,
    parts: Parts,
    who: SignedIn,
    Form(month): Form<Month>,
) -> Shown {
    recent(&who)?;
    let query = serde_html_form::to_string([("month", month.month)]).map_err(Problem::internal)?;
    Ok(of_session(state, parts, (lists, "/stores/{store}/statement", query)).await)
}
