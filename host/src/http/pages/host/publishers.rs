//! Publishers of apps, with the tokens they upload with.

use super::{HostFrame, Part, Which};
use crate::db::tokens::PublisherShown;
use crate::db::{self, Db, Operator, Page as Asked};
use crate::http::Query;
use crate::http::accounts::Form;
use crate::http::pages::account::see;
use crate::http::pages::frame::Frame;
use crate::http::pages::fresh::{USUAL, days, fresh, lives};
use crate::http::pages::parts::Pager;
use crate::http::pages::show::{Shown, show};
use crate::http::pages::wrong::Wrong;
use crate::text::Said;
use askama::Template;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "host/publishers.html")]
struct List {
    frame: Frame,
    publishers: Vec<PublisherShown>,
    pager: Pager,
    lives: Vec<(String, String)>,
    typed: Typed,
    wrong: Wrong,
}

/// What the form of a new token holds.
#[derive(Deserialize)]
pub(super) struct Typed {
    publisher: String,
    #[serde(default)]
    days: String,
}

impl Default for Typed {
    fn default() -> Typed {
        Typed { publisher: String::new(), days: USUAL.to_owned() }
    }
}

async fn shown(frame: Frame, operator: Operator, db: &Db, part: Part, (typed, wrong): (Typed, Said)) -> Shown {
    let found = operator.publishers(db, &Asked { limit: None, cursor: part.cursor.clone() }).await?;
    let path = frame.page("publishers");
    let pager = Pager::new(&path, &[], part.cursor.as_deref(), found.next_cursor.as_deref());
    let lives = lives(&frame);
    let wrong = Wrong::new(frame.words, &wrong);
    show(&List { frame, publishers: found.items, pager, lives, typed, wrong })
}

/// All of them.
pub(super) async fn list(HostFrame(frame): HostFrame, operator: Operator, db: Db, Query(part): Query<Part>) -> Shown {
    shown(frame, operator, &db, part, Default::default()).await
}

/// Makes a token, and the publisher if the name is new.
pub(super) async fn create(HostFrame(frame): HostFrame, operator: Operator, db: Db, Form(typed): Form<Typed>) -> Shown {
    let name = typed.publisher.trim();
    match operator.create_publisher_token(&db, name, days(&typed.days)?).await {
        Ok(made) => {
            let back = frame.page("publishers");
            fresh(frame, &made.publisher, made.token, back)
        }
        Err(e @ (db::Error::Invalid(_) | db::Error::Taken { .. })) => {
            shown(frame, operator, &db, Part { cursor: None }, (typed, e.to_string().into())).await
        }
        Err(e) => Err(e.into()),
    }
}

/// Ends a token of one.
pub(super) async fn revoke(HostFrame(frame): HostFrame, operator: Operator, db: Db, Form(which): Form<Which>) -> Shown {
    operator.revoke_token(&db, which.id()?).await?;
    Ok(see(&frame.page("publishers")))
}
