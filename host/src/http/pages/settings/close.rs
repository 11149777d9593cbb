//! The end of the store: downloading everything, closing it, and keeping it after all. For its owner.
//!
//! INVARIANT: each of the three asks for a recent proof of who somebody is (`store:close`).

use super::{Tab, tabs};
use crate::authz::scope::kind::StoreClose;
use crate::authz::{Permit, Principal};
use crate::db::ending::Closing;
use crate::db::{self, Db};
use crate::http::State;
use crate::http::accounts::Form;
use crate::http::api::billing::archive::archive;
use crate::http::pages::account::see;
use crate::http::pages::frame::Frame;
use crate::http::pages::show::{Shown, show};
use crate::http::pages::wrong::Wrong;
use crate::text::Said;
use askama::Template;
use axum::http::request::Parts;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "settings/close.html")]
struct Page {
    frame: Frame,
    tabs: Vec<Tab>,
    closing: Closing,
    name: String,
    wrong: Wrong,
}

/// What is typed to close it.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Typed {
    name: String,
}

/// A form that holds nothing.
#[derive(Debug, Deserialize)]
pub(super) struct Nothing {}

async fn shown(
    frame: Frame,
    close: &Permit<StoreClose>,
    who: &Principal,
    db: &Db,
    (name, wrong): (String, Said),
) -> Shown {
    let (tabs, closing) = (tabs(&frame, who, "close"), close.closing(db).await?);
    let wrong = Wrong::new(frame.words, &wrong);
    show(&Page { frame, tabs, closing, name, wrong })
}

/// The page.
pub(super) async fn page(frame: Frame, close: Permit<StoreClose>, who: Principal, db: Db) -> Shown {
    shown(frame, &close, &who, &db, Default::default()).await
}

/// Everything, as a file.
pub(super) async fn take(close: Permit<StoreClose>, state: State, parts: Parts, Form(_): Form<Nothing>) -> Shown {
    archive(close, state, parts, None).await
}

/// Closes it.
pub(super) async fn submit(
    frame: Frame,
    close: Permit<StoreClose>,
    who: Principal,
    db: Db,
    Form(typed): Form<Typed>,
) -> Shown {
    match close.close(&db, &typed.name).await {
        Ok(_) => Ok(see(&frame.page("settings/close"))),
        Err(db::Error::Invalid(said)) => shown(frame, &close, &who, &db, (typed.name, said)).await,
        Err(e) => Err(e.into()),
    }
}

/// Keeps it.
pub(super) async fn reopen(frame: Frame, close: Permit<StoreClose>, who: Principal, db: Db) -> Shown {
    match close.reopen(&db).await {
        Ok(()) => Ok(see(&frame.page("settings/close"))),
        Err(db::Error::Invalid(said)) => shown(frame, &close, &who, &db, (String::new(), said)).await,
        Err(e) => Err(e.into()),
    }
}
