//! Passkeys: making and removing one, showing one, and signing in with one. What the browser says comes in a field of a
//! form like every other; a script of ours puts it there.
//!
//! INVARIANT: what is asked of a browser that nobody is signed in with names no account.

use super::factor::{codes, codes_page};
use super::sign_in::{local, refused};
use super::{enter, safe, see};
use crate::authn::passkey::Party;
use crate::db::accounts::{SignedIn, passkey_name};
use crate::http::accounts::{
    Asks, Form, Here, NotProved, ask, ask_to_make, ask_to_sign_in, browser, compare, made, set_asked, wholly_recent,
};
use crate::http::pages::frame::Frame;
use crate::http::pages::show::{Shown, show};
use crate::http::pages::wrong::Wrong;
use crate::http::{Came, Problem, State};
use askama::Template;
use axum::Extension;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "account/passkey.html")]
struct Page {
    frame: Frame,
    name: String,
    /// What the browser is asked for, as JSON.
    options: String,
}

/// What a passkey is to be called.
#[derive(Deserialize)]
pub(super) struct Named {
    #[serde(default)]
    name: String,
}

/// A passkey that the browser made.
#[derive(Deserialize)]
pub(super) struct Made {
    name: String,
    #[serde(default)]
    credential: String,
}

/// What the browser showed to sign in.
#[derive(Deserialize)]
pub(super) struct Answer {
    #[serde(default)]
    credential: String,
    #[serde(default)]
    next: String,
}

/// Which passkey.
#[derive(Deserialize)]
pub(super) struct Which {
    credential: String,
}

/// Refuses where a browser has no passkeys.
fn named(here: Here) -> Result<Party, Problem> {
    here.0.ok_or_else(|| {
        Problem::invalid(
            "passkeys belong to a name, and this host was reached by an address; open it by its name, over https or as `localhost`",
        )
    })
}

/// What a script tells the browser.
fn options(text: String) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], text).into_response()
}

/// Asks for a passkey of whoever is signed in, wholly or half.
pub(super) async fn prove(who: Option<SignedIn>, here: Here, state: State) -> Shown {
    let who = who.ok_or_else(|| Problem::forbidden("nobody is signed in here any more; sign in"))?;
    Ok(options(ask(&state, &named(here)?, &who).await?))
}

/// Asks for a passkey of anybody.
pub(super) async fn begin(Extension(came): Extension<Came>, here: Here, state: State) -> Shown {
    safe(came)?;
    let (text, sealed) = ask_to_sign_in(&state, &named(here)?)?;
    let mut response = options(text);
    if let Some((name, value)) = set_asked(&sealed) {
        response.headers_mut().append(name, value);
    }
    Ok(response)
}

/// Signs in whoever showed a passkey that does so by itself.
pub(super) async fn sign_in(
    headers: HeaderMap,
    Extension(came): Extension<Came>,
    before: Option<SignedIn>,
    here: Here,
    state: State,
    Form(answer): Form<Answer>,
) -> Shown {
    safe(came)?;
    let (party, asked) = (named(here)?, Asks::stranger(&headers));
    let words = Frame::plain(&headers, None).words;
    let again = |why: NotProved| refused(&headers, Some(&party), &answer.next, Wrong::not_proved(words, &why));
    let Some(asked) = asked else { return again(NotProved::Passkey) };
    let (of, after) = match compare(&state, &party, &answer.credential, asked, came).await {
        Ok((of, after)) if of.alone => (of, after),
        Ok(_) => return again(NotProved::Passkey),
        Err(NotProved::Problem(problem)) => return Err(problem),
        Err(wrong) => return again(wrong),
    };
    let fresh = match state.db.sign_in_by_passkey(of, after, &browser(&headers)).await {
        Ok(Some(fresh)) => fresh,
        Ok(None) => return again(NotProved::Passkey),
        Err(e @ crate::db::Error::Invalid(_)) => return again(e.into()),
        Err(e) => return Err(e.into()),
    };
    if let Some(before) = before {
        before.sign_out(&state.db).await?;
    }
    enter(&state, &headers, local(&answer.next), &fresh).await
}

/// Asks the browser to make one, after a proof of who asks.
pub(super) async fn make(
    headers: HeaderMap,
    who: SignedIn,
    here: Here,
    state: State,
    Form(named_so): Form<Named>,
) -> Shown {
    wholly_recent(&who)?;
    passkey_name(&named_so.name)?;
    let options = ask_to_make(&state, &named(here)?, &who).await?;
    show(&Page { frame: Frame::plain(&headers, Some(&who)), name: named_so.name, options })
}

/// Adds the one that the browser made. If it is the first factor beside the password, the codes to write down come next.
pub(super) async fn add(headers: HeaderMap, who: SignedIn, here: Here, state: State, Form(new): Form<Made>) -> Shown {
    wholly_recent(&who)?;
    let party = named(here)?;
    let Some((passkey, handle)) = made(&state, &party, &who, &new.credential).await? else {
        return Err(Problem::invalid(
            "the passkey was not made as it was asked for, or it took longer than five minutes; begin again under *Your account*",
        ));
    };
    let (codes, hashes) = codes()?;
    let are_new =
        who.add_passkey(&state.db, (&new.name, (party.id(), party.origin()), &handle), passkey, hashes).await?;
    match are_new {
        true => codes_page(&headers, &who, &codes, "/account"),
        false => Ok(see("/account")),
    }
}

/// Removes one of theirs, after a proof of who asks.
pub(super) async fn remove(who: SignedIn, state: State, Form(which): Form<Which>) -> Shown {
    wholly_recent(&who)?;
    who.remove_passkey(&state.db, &which.credential).await?;
    Ok(see("/account"))
}
