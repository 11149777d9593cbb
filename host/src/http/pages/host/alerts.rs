//! Alerts about the host, those of stores beside them, and the circuit breaker.

use super::HostFrame;
use crate::db::alerts::AlertFilter;
use crate::db::breaker::{BreakerChange, Mode};
use crate::db::{self, Db, Operator, Page as Asked};
use crate::http::accounts::Form;
use crate::http::pages::account::see;
use crate::http::pages::alerts::{A_DAY, Row, RuleRow, Typed, rows, rule_rows};
use crate::http::pages::frame::Frame;
use crate::http::pages::parts::Pager;
use crate::http::pages::show::{Shown, show};
use crate::http::pages::wrong::Wrong;
use crate::http::{At, Query};
use crate::text::Said;
use askama::Template;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "host/alerts.html")]
struct Page {
    frame: Frame,
    rows: Vec<Row>,
    resolved: bool,
    stores: bool,
    pager: Pager,
    rules: Vec<RuleRow>,
    may_set: bool,
    /// What it does with apps, and with versions.
    apps: String,
    versions: String,
    modes: Vec<(String, String)>,
    numbers: [(&'static str, &'static str, i64); 5],
    wrong: Wrong,
}

/// Which alerts.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    #[serde(default)]
    resolved: String,
    #[serde(default)]
    stores: String,
    cursor: Option<String>,
}

async fn shown(frame: Frame, operator: Operator, db: &Db, (which, wrong): (Which, Said)) -> Shown {
    let (resolved, stores) = (!which.resolved.is_empty(), !which.stores.is_empty());
    let asked = Asked { limit: None, cursor: which.cursor.clone() };
    let found = operator.alerts(db, AlertFilter { resolved, stores }, &asked).await?;
    let rules = rule_rows(&frame, operator.alert_rules(db).await?);
    let breaker = operator.breaker(db).await?;
    let (path, filters) = (frame.page("alerts"), [("resolved", &*which.resolved), ("stores", &*which.stores)]);
    let pager = Pager::new(&path, &filters, which.cursor.as_deref(), found.next_cursor.as_deref());
    let mode = |(mode, key): (Mode, &'static str)| (mode.name().to_owned(), frame.t(key).to_string());
    let modes = [(Mode::Off, "breaker-off"), (Mode::Report, "breaker-report"), (Mode::Act, "breaker-act")];
    let modes = modes.into_iter().map(mode).collect();
    let numbers = [
        ("runs", "breaker-runs", breaker.runs),
        ("percent", "breaker-percent", breaker.percent),
        ("minutes", "breaker-minutes", breaker.minutes),
        ("cooldown", "breaker-cooldown", breaker.cooldown),
        ("trials", "breaker-trials", breaker.trials),
    ];
    let [apps, versions] = [breaker.apps, breaker.versions].map(|mode| mode.name().to_owned());
    let rows = rows(&frame, found.items, |alert| alert.store.is_none());
    let wrong = Wrong::new(frame.words, &wrong);
    show(&Page { frame, rows, resolved, stores, pager, rules, may_set: true, apps, versions, modes, numbers, wrong })
}

/// The page.
pub(super) async fn page(HostFrame(frame): HostFrame, operator: Operator, db: Db, Query(which): Query<Which>) -> Shown {
    shown(frame, operator, &db, (which, Said::default())).await
}

/// Says that somebody knows.
pub(super) async fn acknowledge(HostFrame(frame): HostFrame, operator: Operator, db: Db, At(alert): At) -> Shown {
    operator.acknowledge_alert(&db, &alert).await?;
    Ok(see(&frame.page("alerts")))
}

/// Leaves people alone with it for a day.
pub(super) async fn snooze(HostFrame(frame): HostFrame, operator: Operator, db: Db, At(alert): At) -> Shown {
    operator.snooze_alert(&db, &alert, A_DAY).await?;
    Ok(see(&frame.page("alerts")))
}

/// Sets a rule.
pub(super) async fn set_rule(
    HostFrame(frame): HostFrame,
    operator: Operator,
    db: Db,
    Form(typed): Form<Typed>,
) -> Shown {
    let (rule, change) = match typed.read(&frame)? {
        Ok(read) => read,
        Err(wrong) => return shown(frame, operator, &db, (Which::default(), wrong)).await,
    };
    match operator.set_alert_rule(&db, rule, change).await {
        Ok(_) => Ok(see(&format!("{}#rules", frame.page("alerts")))),
        Err(db::Error::Invalid(wrong)) => shown(frame, operator, &db, (Which::default(), wrong)).await,
        Err(e) => Err(e.into()),
    }
}

/// What the form of the breaker holds: numbers, as they were typed.
#[derive(Debug, Deserialize)]
pub(super) struct Breaker {
    apps: Mode,
    versions: Mode,
    runs: String,
    percent: String,
    minutes: String,
    cooldown: String,
    trials: String,
}

impl Breaker {
    fn change(&self, frame: &Frame) -> Result<BreakerChange, Said> {
        let number = |typed: &str| {
            let read = typed.trim().parse::<i64>();
            read.map(Some).map_err(|_| Said::from(frame.t("alerts-no-number").with("typed", typed).to_string()))
        };
        Ok(BreakerChange {
            apps: Some(self.apps),
            versions: Some(self.versions),
            runs: number(&self.runs)?,
            percent: number(&self.percent)?,
            minutes: number(&self.minutes)?,
            cooldown: number(&self.cooldown)?,
            trials: number(&self.trials)?,
        })
    }
}

/// Sets the breaker.
pub(super) async fn set_breaker(
    HostFrame(frame): HostFrame,
    operator: Operator,
    db: Db,
    Form(typed): Form<Breaker>,
) -> Shown {
    let change = match typed.change(&frame) {
        Ok(change) => change,
        Err(wrong) => return shown(frame, operator, &db, (Which::default(), wrong)).await,
    };
    match operator.set_breaker(&db, change).await {
        Ok(_) => Ok(see(&format!("{}#breaker", frame.page("alerts")))),
        Err(db::Error::Invalid(wrong)) => shown(frame, operator, &db, (Which::default(), wrong)).await,
        Err(e) => Err(e.into()),
    }
}
