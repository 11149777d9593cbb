//! Alerts of a store: what somebody should look at, and by which rules it is found.

mod rows;
mod rules;

pub(super) use rows::{Row, rows};
pub(super) use rules::{RuleRow, Typed, rule_rows};

use crate::authz::scope::kind::{AppsInstall, AppsPause, UsageView};
use crate::authz::{Permit, Principal, Scope};
use crate::db::alerts::AlertFilter;
use crate::db::{self, Db, Page as Asked};
use crate::http::accounts::Form;
use crate::http::extract::handler::{get, post};
use crate::http::pages::account::see;
use crate::http::pages::frame::Frame;
use crate::http::pages::parts::Pager;
use crate::http::pages::show::{Shown, show};
use crate::http::pages::wrong::Wrong;
use crate::http::{At, Query, State};
use crate::text::Said;
use askama::Template;
use axum::Router;
use serde::Deserialize;

/// Every page of this room.
pub(super) fn routes() -> Router<State> {
    Router::new()
        .route("/stores/{store}/alerts", get(page))
        .route("/stores/{store}/alerts/rules", post(set_rule))
        .route("/stores/{store}/alerts/{alert}/acknowledge", post(acknowledge))
        .route("/stores/{store}/alerts/{alert}/snooze", post(snooze))
}

/// So long somebody is left alone with an alert, in hours.
pub(super) const A_DAY: u32 = 24;

#[derive(Template)]
#[template(path = "alerts/page.html")]
struct Page {
    frame: Frame,
    rows: Vec<Row>,
    resolved: bool,
    pager: Pager,
    rules: Vec<RuleRow>,
    may_set: bool,
    wrong: Wrong,
}

/// Which alerts.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    #[serde(default)]
    resolved: String,
    cursor: Option<String>,
}

async fn shown(
    frame: Frame,
    usage: &Permit<UsageView>,
    who: &Principal,
    db: &Db,
    (which, wrong): (Which, Said),
) -> Shown {
    let resolved = !which.resolved.is_empty();
    let filter = AlertFilter { resolved, stores: false };
    let found = usage.alerts(db, filter, &Asked { limit: None, cursor: which.cursor.clone() }).await?;
    let rules = rule_rows(&frame, usage.alert_rules(db).await?);
    let holds = |scope| who.holds(scope).is_ok();
    let (may_set, may_act) = (holds(Scope::AppsInstall), holds(Scope::AppsPause));
    let (path, filters) = (frame.page("alerts"), [("resolved", which.resolved.as_str())]);
    let pager = Pager::new(&path, &filters, which.cursor.as_deref(), found.next_cursor.as_deref());
    let (rows, wrong) = (rows(&frame, found.items, |_| may_act), Wrong::new(frame.words, &wrong));
    show(&Page { frame, rows, resolved, pager, rules, may_set, wrong })
}

/// The page.
pub(super) async fn page(
    frame: Frame,
    usage: Permit<UsageView>,
    who: Principal,
    db: Db,
    Query(which): Query<Which>,
) -> Shown {
    shown(frame, &usage, &who, &db, (which, Said::default())).await
}

/// Says that somebody knows.
pub(super) async fn acknowledge(frame: Frame, pause: Permit<AppsPause>, db: Db, At(alert): At) -> Shown {
    pause.acknowledge_alert(&db, &alert).await?;
    Ok(see(&frame.page("alerts")))
}

/// Leaves people alone with it for a day.
pub(super) async fn snooze(frame: Frame, pause: Permit<AppsPause>, db: Db, At(alert): At) -> Shown {
    pause.snooze_alert(&db, &alert, A_DAY).await?;
    Ok(see(&frame.page("alerts")))
}

/// Sets a rule.
pub(super) async fn set_rule(
    frame: Frame,
    (install, usage): (Permit<AppsInstall>, Permit<UsageView>),
    who: Principal,
    db: Db,
    Form(typed): Form<Typed>,
) -> Shown {
    let (rule, change) = match typed.read(&frame)? {
        Ok(read) => read,
        Err(wrong) => return shown(frame, &usage, &who, &db, (Which::default(), wrong)).await,
    };
    match install.set_alert_rule(&db, rule, change).await {
        Ok(_) => Ok(see(&format!("{}#rules", frame.page("alerts")))),
        Err(db::Error::Invalid(wrong)) => shown(frame, &usage, &who, &db, (Which::default(), wrong)).await,
        Err(e) => Err(e.into()),
    }
}
