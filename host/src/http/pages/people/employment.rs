//! Whether somebody works here at the moment, what they are called, and whether they own the store.

use super::person::{back, id, told};
use crate::authz::scope::kind::{StaffManage, StaffView};
use crate::authz::{Permit, Principal};
use crate::db::Db;
use crate::http::At;
use crate::http::accounts::Form;
use crate::http::pages::frame::Frame;
use crate::http::pages::show::Shown;
use serde::Deserialize;

/// What every form here is told: around what page, with what permits, by whom.
type By = (Permit<StaffManage>, Permit<StaffView>);

/// Another name.
#[derive(Deserialize)]
pub(super) struct Named {
    name: String,
}

/// A last day, as in `2026-12-31`; none, if empty.
#[derive(Deserialize)]
pub(super) struct LastDay {
    #[serde(default)]
    day: String,
}

/// An offer of ownership.
#[derive(Deserialize)]
pub(super) struct Offered {
    #[serde(default)]
    hands_over: String,
}

/// Calls them by another name.
pub(super) async fn rename(
    frame: Frame,
    by: By,
    who: Principal,
    db: Db,
    At(person): At,
    Form(to): Form<Named>,
) -> Shown {
    let done = by.0.rename(&db, id(&person)?, to.name.trim()).await;
    told(frame, (&by.1, &who, &db), &person, done).await
}

/// Lets them do nothing until they are let in again.
pub(super) async fn suspend(frame: Frame, by: By, who: Principal, db: Db, At(person): At) -> Shown {
    let done = by.0.suspend(&db, id(&person)?).await.map(drop);
    told(frame, (&by.1, &who, &db), &person, done).await
}

/// Lets them in again.
pub(super) async fn reinstate(frame: Frame, by: By, who: Principal, db: Db, At(person): At) -> Shown {
    let done = by.0.reinstate(&db, &who, id(&person)?).await;
    told(frame, (&by.1, &who, &db), &person, done).await
}

/// Says which day is their last.
pub(super) async fn last_day(
    frame: Frame,
    by: By,
    who: Principal,
    db: Db,
    At(person): At,
    Form(to): Form<LastDay>,
) -> Shown {
    let day = Some(to.day.trim()).filter(|day| !day.is_empty());
    let done = by.0.set_last_day(&db, &who, id(&person)?, day).await.map(drop);
    told(frame, (&by.1, &who, &db), &person, done).await
}

/// Ends every session of theirs.
pub(super) async fn end_sessions(frame: Frame, manage: Permit<StaffManage>, db: Db, At(person): At) -> Shown {
    manage.end_sessions(&db, id(&person)?).await?;
    back(&frame, &person)
}

/// Offers them ownership.
pub(super) async fn offer(
    frame: Frame,
    by: By,
    who: Principal,
    db: Db,
    At(person): At,
    Form(to): Form<Offered>,
) -> Shown {
    let done = by.0.offer_ownership(&db, id(&person)?, !to.hands_over.is_empty()).await;
    told(frame, (&by.1, &who, &db), &person, done).await
}

/// Takes the offer back.
pub(super) async fn withdraw(frame: Frame, manage: Permit<StaffManage>, db: Db, At(person): At) -> Shown {
    manage.withdraw_ownership(&db, id(&person)?).await?;
    back(&frame, &person)
}

/// Ends their ownership.
pub(super) async fn end_ownership(frame: Frame, by: By, who: Principal, db: Db, At(person): At) -> Shown {
    let staff = id(&person)?;
    let done = by.0.end_ownership(&db, staff).await;
    if done.is_ok() && who.as_staff() == Some(staff) {
        // Whoever ended their own sees less of the store from now on.
        return Ok(crate::http::pages::account::see(&frame.base));
    }
    told(frame, (&by.1, &who, &db), &person, done).await
}
