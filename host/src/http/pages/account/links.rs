//! Links that are good once: an invitation, a new password, a first sign-in. Opening one changes nothing: programs that
//! look at mail open links, too.

use super::{enter, new_password, safe, see};
use crate::db::accounts::{Link, LinkKind, NewAccount, SignedIn};
use crate::http::accounts::{Form, browser};
use crate::http::pages::frame::Frame;
use crate::http::pages::show::{Shown, show};
use crate::http::pages::words::Words;
use crate::http::pages::wrong::Wrong;
use crate::http::{Came, Problem, Query, State};
use askama::Template;
use axum::Extension;
use axum::http::HeaderMap;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "account/link.html")]
struct Page {
    frame: Frame,
    link: Link,
    secret: String,
    name: String,
    /// Whether whoever asks is signed in with the address it was made for.
    is_theirs: bool,
    wrong: Wrong,
}

/// The secret of a link.
#[derive(Debug, Deserialize)]
pub(super) struct Secret {
    #[serde(default)]
    s: String,
}

/// What the form holds.
#[derive(Deserialize)]
pub(super) struct Typed {
    s: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    again: String,
}

async fn link(state: &State, secret: &str) -> Result<Link, Problem> {
    let gone = Words::ENGLISH.t("refused-link-gone");
    state.db.link(secret).await?.ok_or_else(|| Problem::new(axum::http::StatusCode::NOT_FOUND, "not_found", gone))
}

fn is_theirs(who: Option<&SignedIn>, link: &Link) -> bool {
    who.is_some_and(|who| who.is_whole && who.email == link.email)
}

/// What it is for.
pub(super) async fn page(
    headers: HeaderMap,
    who: Option<SignedIn>,
    state: State,
    Query(given): Query<Secret>,
) -> Shown {
    let link = link(&state, &given.s).await?;
    let is_theirs = is_theirs(who.as_ref(), &link);
    let (frame, name) = (Frame::plain(&headers, who.as_ref()), link.name.clone());
    show(&Page { frame, link, secret: given.s, name, is_theirs, wrong: Wrong::default() })
}

/// Does what it is for.
pub(super) async fn submit(
    headers: HeaderMap,
    Extension(came): Extension<Came>,
    who: Option<SignedIn>,
    state: State,
    Form(typed): Form<Typed>,
) -> Shown {
    safe(came)?;
    let link = link(&state, &typed.s).await?;
    let browser = browser(&headers);
    if link.kind == LinkKind::SignIn {
        let fresh = state.db.sign_in_by_link(&link, &browser).await?;
        return enter(&state, &headers, "/", &fresh).await;
    }
    let is_theirs = is_theirs(who.as_ref(), &link);
    if link.kind == LinkKind::Invite && is_theirs {
        if let Some(who) = &who {
            who.join(&state.db, &link).await?;
        }
        return Ok(see("/"));
    }
    let again = |link: Link, wrong: Wrong| {
        let frame = Frame::plain(&headers, who.as_ref());
        show(&Page { frame, link, secret: typed.s.clone(), name: typed.name.clone(), is_theirs, wrong })
    };
    let store = link.store.clone().unwrap_or_default();
    let language = Frame::plain(&headers, who.as_ref()).words;
    let words = [link.email.as_str(), &link.name, &store];
    if let Some(wrong) = new_password(&state, language, (&typed.password, &typed.again), false, &words).await? {
        return again(link, wrong);
    }
    let hashed = state.prover.hash(typed.password.clone()).await?;
    if link.kind == LinkKind::Reset {
        state.db.reset(&link, hashed).await?;
        return Ok(see("/sign-in"));
    }
    let made = match NewAccount::new(&link.email, &typed.name, hashed, state.prover.keys().fingerprint()) {
        Ok(account) => state.db.accept(&link, account, &browser).await,
        Err(e) => Err(e),
    };
    match made {
        Ok(fresh) => {
            if let Some(before) = &who {
                before.sign_out(&state.db).await?;
            }
            enter(&state, &headers, "/", &fresh).await
        }
        Err(crate::db::Error::Invalid(why)) => again(link, Wrong::new(language, &why)),
        Err(e) => Err(e.into()),
    }
}
