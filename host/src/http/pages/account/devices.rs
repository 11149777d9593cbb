//! The devices that somebody signed in with: they are told of one that is new, and forget one that is not theirs.

use super::see;
use super::sign_in::local;
use super::welcome::store;
use crate::authz::DeviceId;
use crate::db::Db;
use crate::db::accounts::{Browser, Fresh, SignedIn};
use crate::http::accounts::{Form, browser, recent};
use crate::http::pages::frame::Frame;
use crate::http::pages::letters;
use crate::http::pages::show::{Shown, show};
use crate::http::{At, Problem, Query, State};
use askama::Template;
use axum::http::HeaderMap;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "account/device.html")]
struct Page {
    frame: Frame,
    store_name: String,
    browser: Browser,
    next: String,
}

/// Where to go on.
#[derive(Debug, Deserialize)]
pub(super) struct Next {
    #[serde(default)]
    next: String,
}

/// Which device.
#[derive(Deserialize)]
pub(super) struct Which {
    device: String,
}

/// Says that a store waits until somebody confirms this browser.
pub(super) async fn waits(headers: HeaderMap, who: SignedIn, db: Db, At(of): At, Query(next): Query<Next>) -> Shown {
    let of = store(&of)?;
    let stores = who.stores(&db).await?;
    let name = stores.into_iter().find(|one| one.store == of).map(|one| one.name);
    let store_name = name.ok_or_else(|| Problem::not_found(format_args!("store `{of}`")))?;
    let (frame, browser) = (Frame::plain(&headers, Some(&who)), browser(&headers));
    let next = match local(&next.next) {
        "/" => format!("/stores/{of}"),
        next => next.to_owned(),
    };
    show(&Page { frame, store_name, browser, next })
}

/// Says that the devices are theirs that they were told of.
pub(super) async fn known(who: SignedIn, db: Db) -> Shown {
    recent(&who)?;
    who.know_devices(&db).await?;
    Ok(see("/account"))
}

/// Forgets one of their devices, and ends its sessions.
pub(super) async fn forget(who: SignedIn, db: Db, Form(which): Form<Which>) -> Shown {
    recent(&who)?;
    let id: DeviceId = which.device.parse().map_err(|_| Problem::not_found("such device"))?;
    who.forget_device(&db, id).await?;
    Ok(see("/account"))
}

/// Tells somebody by e-mail that their account was signed in to with a device that is new; nobody waits for it.
pub(super) async fn announce(state: &State, headers: &HeaderMap, fresh: &Fresh) -> Result<(), Problem> {
    let Some(who) = state.db.signed_in(fresh.secret.expose(), false).await? else { return Ok(()) };
    let (frame, device) = (Frame::plain(headers, Some(&who)), browser(headers).name);
    letters::new_device(state, &frame, &who, &device);
    Ok(())
}
