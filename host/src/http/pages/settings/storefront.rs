//! Tokens of the shop's own front: for its owner.

use super::{Tab, Which, tabs};
use crate::authz::scope::kind::StaffManage;
use crate::authz::{Permit, Principal};
use crate::db::tokens::Token;
use crate::db::{self, Db};
use crate::http::accounts::Form;
use crate::http::pages::account::see;
use crate::http::pages::frame::Frame;
use crate::http::pages::fresh::{USUAL, days, fresh, lives};
use crate::http::pages::show::{Shown, show};
use crate::http::pages::wrong::Wrong;
use crate::text::Said;
use askama::Template;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "settings/storefront.html")]
struct Page {
    frame: Frame,
    tabs: Vec<Tab>,
    tokens: Vec<Token>,
    lives: Vec<(String, String)>,
    typed: Typed,
    wrong: Wrong,
}

/// What the form of a new token holds.
#[derive(Deserialize)]
pub(super) struct Typed {
    name: String,
    #[serde(default)]
    days: String,
}

impl Default for Typed {
    fn default() -> Typed {
        Typed { name: String::new(), days: USUAL.to_owned() }
    }
}

async fn shown(
    frame: Frame,
    staff: &Permit<StaffManage>,
    who: &Principal,
    db: &Db,
    (typed, wrong): (Typed, Said),
) -> Shown {
    let (tabs, lives) = (tabs(&frame, who, "storefront"), lives(&frame));
    let wrong = Wrong::new(frame.words, &wrong);
    show(&Page { tokens: staff.storefront_tokens(db).await?, tabs, lives, typed, wrong, frame })
}

/// The tokens, and the form of another one.
pub(super) async fn page(frame: Frame, staff: Permit<StaffManage>, who: Principal, db: Db) -> Shown {
    shown(frame, &staff, &who, &db, Default::default()).await
}

/// Makes one, and shows it.
pub(super) async fn create(
    frame: Frame,
    staff: Permit<StaffManage>,
    who: Principal,
    db: Db,
    Form(typed): Form<Typed>,
) -> Shown {
    match staff.create_storefront_token(&db, typed.name.trim(), days(&typed.days)?).await {
        Ok(token) => {
            let back = frame.page("settings/storefront");
            fresh(frame, typed.name.trim(), token, back)
        }
        Err(db::Error::Invalid(wrong)) => shown(frame, &staff, &who, &db, (typed, wrong)).await,
        Err(e) => Err(e.into()),
    }
}

/// Ends one.
pub(super) async fn revoke(frame: Frame, staff: Permit<StaffManage>, db: Db, Form(which): Form<Which>) -> Shown {
    staff.revoke_storefront_token(&db, which.id()?).await?;
    Ok(see(&frame.page("settings/storefront")))
}
