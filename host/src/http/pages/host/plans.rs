//! The plans of the host: what each allows, and which owners ask for another.

use super::{HostFrame, Part};
use crate::db::plans::{NewPlan, PlanChange, PlanRequest, StorePlan};
use crate::db::{self, Db, Operator, Page as Asked};
use crate::http::accounts::Form;
use crate::http::pages::account::see;
use crate::http::pages::frame::Frame;
use crate::http::pages::plans::{Allowed, BoundField, TypedBounds, allowed};
use crate::http::pages::show::{Shown, show};
use crate::http::pages::wrong::Wrong;
use crate::http::{At, Query};
use crate::text::Said;
use askama::Template;
use serde::Deserialize;

/// So many requests are shown; those that were decided on make room for the next.
const REQUESTS: u32 = 100;
/// A host has no more plans.
const PLANS: u32 = 100;

#[derive(Template)]
#[template(path = "host/plans.html")]
struct List {
    frame: Frame,
    plans: Vec<(StorePlan, Vec<Allowed>)>,
    requests: Vec<PlanRequest>,
    name: String,
    title: String,
    fields: Vec<BoundField>,
    standard: bool,
    offered: bool,
    wrong: Wrong,
}

#[derive(Template)]
#[template(path = "host/plan.html")]
struct One {
    frame: Frame,
    plan: StorePlan,
    title: String,
    fields: Vec<BoundField>,
    standard: bool,
    offered: bool,
    wrong: Wrong,
}

/// What the form of a plan holds.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    name: String,
    #[serde(default)]
    title: String,
    #[serde(flatten)]
    bounds: TypedBounds,
    #[serde(default)]
    standard: String,
    #[serde(default)]
    offered: String,
}

impl Default for Typed {
    fn default() -> Typed {
        let none = String::new;
        Typed { name: none(), title: none(), bounds: TypedBounds::default(), standard: none(), offered: "1".to_owned() }
    }
}

/// Every plan there is.
pub(super) async fn all(operator: Operator, db: &Db) -> db::Result<Vec<StorePlan>> {
    Ok(operator.plans(db, &Asked { limit: Some(PLANS), cursor: None }).await?.items)
}

async fn listed(frame: Frame, operator: Operator, db: &Db, (typed, wrong): (Typed, Said)) -> Shown {
    let plans = all(operator, db).await?.into_iter().map(|plan| {
        let allows = allowed(&plan.bounds);
        (plan, allows)
    });
    let plans = plans.collect();
    let requests = operator.plan_requests(db, &Asked { limit: Some(REQUESTS), cursor: None }).await?.items;
    let wrong = Wrong::new(frame.words, &wrong);
    let (fields, standard, offered) = (typed.bounds.fields(), !typed.standard.is_empty(), !typed.offered.is_empty());
    let Typed { name, title, .. } = typed;
    show(&List { frame, plans, requests, name, title, fields, standard, offered, wrong })
}

/// All of them, what owners ask for, and the form of a new one.
pub(super) async fn list(HostFrame(frame): HostFrame, operator: Operator, db: Db, Query(_): Query<Part>) -> Shown {
    listed(frame, operator, &db, Default::default()).await
}

/// Makes one.
pub(super) async fn make(HostFrame(frame): HostFrame, operator: Operator, db: Db, Form(typed): Form<Typed>) -> Shown {
    let bounds = match typed.bounds.read(&frame) {
        Ok(bounds) => bounds,
        Err(wrong) => return listed(frame, operator, &db, (typed, wrong.into())).await,
    };
    let new = NewPlan {
        name: typed.name.trim().to_owned(),
        title: typed.title.trim().to_owned(),
        bounds,
        standard: !typed.standard.is_empty(),
        offered: !typed.offered.is_empty(),
    };
    match operator.make_plan(&db, new).await {
        Ok(_) => Ok(see(&frame.page("plans"))),
        Err(e @ (db::Error::Invalid(_) | db::Error::Taken { .. })) => {
            listed(frame, operator, &db, (typed, e.to_string().into())).await
        }
        Err(e) => Err(e.into()),
    }
}

fn shown(frame: Frame, plan: StorePlan, typed: Typed, wrong: &Said) -> Shown {
    let wrong = Wrong::new(frame.words, wrong);
    let (fields, standard, offered) = (typed.bounds.fields(), !typed.standard.is_empty(), !typed.offered.is_empty());
    show(&One { frame, plan, title: typed.title, fields, standard, offered, wrong })
}

/// A plan as its form shows it.
fn typed(plan: &StorePlan) -> Typed {
    let mark = |is: bool| if is { "1".to_owned() } else { String::new() };
    Typed {
        name: plan.name.clone(),
        title: plan.title.clone(),
        bounds: (&plan.bounds).into(),
        standard: mark(plan.standard),
        offered: mark(plan.offered),
    }
}

/// One, and the form that changes it.
pub(super) async fn one(HostFrame(frame): HostFrame, operator: Operator, db: Db, At(name): At) -> Shown {
    let plan = operator.plan(&db, &name).await?;
    let typed = typed(&plan);
    shown(frame, plan, typed, &Said::default())
}

/// Deletes it, or says what hinders that.
pub(super) async fn delete(HostFrame(frame): HostFrame, operator: Operator, db: Db, At(name): At) -> Shown {
    match operator.delete_plan(&db, &name).await {
        Ok(()) => Ok(see(&frame.page("plans"))),
        Err(db::Error::Invalid(said)) => {
            let plan = operator.plan(&db, &name).await?;
            let typed = typed(&plan);
            shown(frame, plan, typed, &said)
        }
        Err(e) => Err(e.into()),
    }
}

/// Changes it.
pub(super) async fn change(
    HostFrame(frame): HostFrame,
    operator: Operator,
    db: Db,
    At(name): At,
    Form(typed): Form<Typed>,
) -> Shown {
    let plan = operator.plan(&db, &name).await?;
    let bounds = match typed.bounds.read(&frame) {
        Ok(bounds) => bounds,
        Err(wrong) => return shown(frame, plan, typed, &wrong.into()),
    };
    let change = PlanChange {
        title: typed.title.trim().to_owned(),
        bounds,
        standard: !typed.standard.is_empty(),
        offered: !typed.offered.is_empty(),
    };
    match operator.change_plan(&db, &name, change).await {
        Ok(_) => Ok(see(&frame.page("plans"))),
        Err(db::Error::Invalid(said)) => shown(frame, plan, typed, &said),
        Err(e) => Err(e.into()),
    }
}
