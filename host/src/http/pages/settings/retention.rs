//! How long the store's records are retained: seen by who sees runs, decided by its owner.

use super::{Tab, tabs};
use crate::authz::scope::kind::{StaffManage, UsageView};
use crate::authz::{Permit, Principal, Scope};
use crate::db::stores::{Retention, RetentionChange};
use crate::db::{self, Db};
use crate::http::accounts::Form;
use crate::http::pages::account::see;
use crate::http::pages::frame::Frame;
use crate::http::pages::show::{Shown, show};
use crate::http::pages::wrong::Wrong;
use crate::text::Said;
use askama::Template;
use serde::Deserialize;

/// What there is a time for: the name of its field, what it is called, and what its end means.
const RECORDS: [(&str, &str, &str); 4] = [
    ("usage_days", "retention-usage", "retention-usage-means"),
    ("journal_days", "retention-journal", "retention-journal-means"),
    ("events_days", "retention-events", "retention-events-means"),
    ("hold_days", "retention-hold", "retention-hold-means"),
];

#[derive(Template)]
#[template(path = "settings/retention.html")]
struct Page {
    frame: Frame,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    may_set: bool,
    wrong: Wrong,
}

struct Row {
    name: &'static str,
    key: &'static str,
    means: &'static str,
    days: String,
}

/// What the form holds: days, as they were typed.
#[derive(Debug, Deserialize)]
pub(super) struct Typed {
    usage_days: String,
    journal_days: String,
    events_days: String,
    hold_days: String,
}

impl From<Retention> for Typed {
    fn from(now: Retention) -> Typed {
        let [usage_days, journal_days, events_days, hold_days] =
            [now.usage_days, now.journal_days, now.events_days, now.hold_days].map(|days| days.to_string());
        Typed { usage_days, journal_days, events_days, hold_days }
    }
}

impl Typed {
    fn all(&self) -> [&str; 4] {
        [&self.usage_days, &self.journal_days, &self.events_days, &self.hold_days]
    }

    /// What is asked for, if every field is a number.
    fn change(&self, frame: &Frame) -> Result<RetentionChange, String> {
        let mut read = [None; 4];
        for ((to, typed), (_, key, _)) in read.iter_mut().zip(self.all()).zip(RECORDS) {
            let days = typed.trim().parse::<u32>();
            let what = || frame.t(key).to_string();
            *to =
                Some(days.map_err(|_| {
                    frame.t("retention-no-number").with("what", what()).with("typed", typed).to_string()
                })?);
        }
        let [usage_days, journal_days, events_days, hold_days] = read;
        Ok(RetentionChange { usage_days, journal_days, events_days, hold_days })
    }
}

fn shown(frame: Frame, who: &Principal, typed: &Typed, wrong: &Said) -> Shown {
    let row = |(days, (name, key, means)): (&str, _)| Row { name, key, means, days: days.to_owned() };
    let rows = typed.all().into_iter().zip(RECORDS).map(row).collect();
    let (tabs, may_set) = (tabs(&frame, who, "retention"), who.holds(Scope::StaffManage).is_ok());
    let wrong = Wrong::new(frame.words, wrong);
    show(&Page { frame, tabs, rows, may_set, wrong })
}

/// The page.
pub(super) async fn page(frame: Frame, usage: Permit<UsageView>, who: Principal, db: Db) -> Shown {
    let now = usage.retention(&db).await?;
    shown(frame, &who, &now.into(), &Said::default())
}

/// Sets it.
pub(super) async fn submit(
    frame: Frame,
    owner: Permit<StaffManage>,
    who: Principal,
    db: Db,
    Form(typed): Form<Typed>,
) -> Shown {
    let change = match typed.change(&frame) {
        Ok(change) => change,
        Err(wrong) => return shown(frame, &who, &typed, &wrong.into()),
    };
    match owner.set_retention(&db, change).await {
        Ok(_) => Ok(see(&frame.page("settings/retention"))),
        Err(db::Error::Invalid(wrong)) => shown(frame, &who, &typed, &wrong),
        Err(e) => Err(e.into()),
    }
}
