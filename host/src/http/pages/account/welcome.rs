//! What somebody reads before they begin to work in a store, or go on after its rules changed: what they may do there and
//! what not, and the shop's own rules.

use super::see;
use super::sign_in::local;
use crate::authz::{Scope, ScopeSet, StoreId};
use crate::db::accounts::SignedIn;
use crate::db::rules::Welcome;
use crate::db::{self, Db};
use crate::http::accounts::Form;
use crate::http::pages::frame::Frame;
use crate::http::pages::show::{Shown, show};
use crate::http::pages::wrong::Wrong;
use crate::http::{At, Problem, Query};
use crate::text::Said;
use askama::Template;
use axum::http::HeaderMap;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "account/welcome.html")]
struct Page {
    frame: Frame,
    action: String,
    welcome: Welcome,
    can: Vec<Scope>,
    cannot: Vec<Scope>,
    next: String,
    wrong: Wrong,
}

/// Where to go on.
#[derive(Debug, Deserialize)]
pub(super) struct Next {
    #[serde(default)]
    next: String,
}

/// What the form holds.
#[derive(Debug, Deserialize)]
pub(super) struct Accepted {
    version: i64,
    #[serde(default)]
    next: String,
}

/// A store by its id, of people who are not let into it yet.
pub(super) fn store(id: &str) -> Result<StoreId, Problem> {
    id.parse().map_err(|_| Problem::not_found(format_args!("store `{id}`")))
}

fn on(store: StoreId, next: &str) -> String {
    match local(next) {
        "/" => format!("/stores/{store}"),
        next => next.to_owned(),
    }
}

async fn shown(
    headers: &HeaderMap,
    who: &SignedIn,
    db: &Db,
    (of, next): (StoreId, String),
    wrong: Option<&Said>,
) -> Shown {
    // Whoever has read all of it, or does not belong there, is told so where they go.
    let Some(welcome) = who.welcome(db, of).await? else { return Ok(see(&on(of, &next))) };
    let (can, cannot) = ScopeSet::staff().iter().partition(|scope| welcome.scopes.contains(*scope));
    let frame = Frame::plain(headers, Some(who));
    let wrong = wrong.map(|why| Wrong::new(frame.words, why)).unwrap_or_default();
    show(&Page { frame, action: format!("/account/welcome/{of}"), welcome, can, cannot, next, wrong })
}

/// The page.
pub(super) async fn page(headers: HeaderMap, who: SignedIn, db: Db, At(of): At, Query(next): Query<Next>) -> Shown {
    shown(&headers, &who, &db, (store(&of)?, next.next), None).await
}

/// Accepts what was read.
pub(super) async fn submit(headers: HeaderMap, who: SignedIn, db: Db, At(of): At, Form(to): Form<Accepted>) -> Shown {
    let of = store(&of)?;
    match who.accept_rules(&db, of, to.version).await {
        Ok(()) => Ok(see(&on(of, &to.next))),
        Err(db::Error::Invalid(why)) => shown(&headers, &who, &db, (of, to.next), Some(&why)).await,
        Err(e) => Err(e.into()),
    }
}
