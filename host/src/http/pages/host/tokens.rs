//! The operator's own tokens, for machines.

use super::{HostFrame, Which};
use crate::db::tokens::Token;
use crate::db::{self, Db, Operator};
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
#[template(path = "host/tokens.html")]
struct List {
    frame: Frame,
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

async fn shown(frame: Frame, operator: Operator, db: &Db, (typed, wrong): (Typed, Said)) -> Shown {
    let (tokens, lives) = (operator.tokens(db).await?, lives(&frame));
    let wrong = Wrong::new(frame.words, &wrong);
    show(&List { frame, tokens, lives, typed, wrong })
}

/// All of them.
pub(super) async fn list(HostFrame(frame): HostFrame, operator: Operator, db: Db) -> Shown {
    shown(frame, operator, &db, Default::default()).await
}

/// Makes one.
pub(super) async fn create(HostFrame(frame): HostFrame, operator: Operator, db: Db, Form(typed): Form<Typed>) -> Shown {
    match operator.create_token(&db, typed.name.trim(), days(&typed.days)?).await {
        Ok(token) => {
            let back = frame.page("tokens");
            fresh(frame, typed.name.trim(), token, back)
        }
        Err(db::Error::Invalid(why)) => shown(frame, operator, &db, (typed, why)).await,
        Err(e) => Err(e.into()),
    }
}

/// Ends one.
pub(super) async fn revoke(HostFrame(frame): HostFrame, operator: Operator, db: Db, Form(which): Form<Which>) -> Shown {
    match operator.revoke_token(&db, which.id()?).await {
        Ok(()) => Ok(see(&frame.page("tokens"))),
        Err(db::Error::Invalid(why)) => shown(frame, operator, &db, (Typed::default(), why)).await,
        Err(e) => Err(e.into()),
    }
}
