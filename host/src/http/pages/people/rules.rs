//! The shop's own rules for its people: read and accepted by everybody who signs in here.

use crate::authz::Permit;
use crate::authz::scope::kind::StaffManage;
use crate::db::{self, Db};
use crate::http::accounts::Form;
use crate::http::pages::account::see;
use crate::http::pages::frame::Frame;
use crate::http::pages::show::{Shown, show};
use crate::http::pages::wrong::Wrong;
use askama::Template;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "people/rules.html")]
struct Page {
    frame: Frame,
    tab: &'static str,
    may_manage: bool,
    version: i64,
    body: String,
    wrong: Wrong,
}

/// Other rules, and the version they take the place of.
#[derive(Deserialize)]
pub(super) struct Changed {
    version: i64,
    #[serde(default)]
    body: String,
}

fn shown(frame: Frame, version: i64, body: String, wrong: Wrong) -> Shown {
    show(&Page { frame, tab: "rules", may_manage: true, version, body, wrong })
}

/// The form.
pub(super) async fn page(frame: Frame, manage: Permit<StaffManage>, db: Db) -> Shown {
    let rules = manage.rules(&db).await?;
    shown(frame, rules.version, rules.body, Wrong::default())
}

/// Sets them.
pub(super) async fn submit(frame: Frame, manage: Permit<StaffManage>, db: Db, Form(to): Form<Changed>) -> Shown {
    match manage.set_rules(&db, to.version, &to.body).await {
        Ok(_) => Ok(see(&frame.page("people/rules"))),
        Err(db::Error::Invalid(why)) => {
            let now = manage.rules(&db).await?.version;
            let wrong = Wrong::new(frame.words, &why);
            shown(frame, now, to.body, wrong)
        }
        Err(e) => Err(e.into()),
    }
}
