//! The address of the host by itself: on to where somebody works, or to the choice of a store.

use super::see;
use super::welcome::store;
use crate::db::Db;
use crate::db::accounts::{Membership, SignedIn};
use crate::db::owners::Offer;
use crate::http::At;
use crate::http::accounts::recent;
use crate::http::pages::frame::{Frame, HOST};
use crate::http::pages::show::{Shown, show};
use askama::Template;
use axum::http::HeaderMap;

#[derive(Template)]
#[template(path = "account/home.html")]
struct Home {
    frame: Frame,
    operates: bool,
    stores: Vec<Membership>,
    offers: Vec<Offer>,
}

/// On to the only store; otherwise the stores to choose from.
pub(super) async fn page(headers: HeaderMap, who: Option<SignedIn>, db: Db) -> Shown {
    let Some(who) = who else { return Ok(see("/sign-in")) };
    if !who.is_whole {
        return Ok(see("/sign-in/code"));
    }
    let (stores, offers) = (who.stores(&db).await?, who.ownership_offers(&db).await?);
    match stores.as_slice() {
        [only] if offers.is_empty() => Ok(see(&format!("/stores/{}", only.store))),
        [] if offers.is_empty() && who.operator().is_some() => Ok(see(HOST)),
        _ => {
            let frame = Frame::plain(&headers, Some(&who));
            show(&Home { frame, operates: who.operator().is_some(), stores, offers })
        }
    }
}

/// Ends looking at a store as somebody else would.
pub(super) async fn see_as_self(who: SignedIn, db: Db) -> Shown {
    who.see_as_self(&db).await?;
    Ok(see("/"))
}

/// Becomes an owner of a store, as was offered.
pub(super) async fn accept(who: SignedIn, db: Db, At(of): At) -> Shown {
    recent(&who)?;
    who.accept_ownership(&db, store(&of)?).await?;
    Ok(see(&format!("/stores/{of}/people")))
}

/// Stays what they are.
pub(super) async fn decline(who: SignedIn, db: Db, At(of): At) -> Shown {
    recent(&who)?;
    who.decline_ownership(&db, store(&of)?).await?;
    Ok(see("/"))
}
