//! Signing in: the password, then the second factor; and signing out.
//!
//! INVARIANT: an unknown address and a wrong password are answered alike, after the same work.

use super::{enter, safe, see};
use crate::authn::passkey::Party;
use crate::db::Db;
use crate::db::accounts::SignedIn;
use crate::http::accounts::{Form, Here, NotProved, browser, clear, prove_code};
use crate::http::pages::frame::Frame;
use crate::http::pages::parts::address;
use crate::http::pages::show::{Shown, show};
use crate::http::pages::wrong::Wrong;
use crate::http::{Came, Problem, Query, State};
use askama::Template;
use axum::Extension;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "account/sign_in.html")]
struct Page {
    frame: Frame,
    next: String,
    email: String,
    /// Whether passkeys work where the browser is.
    is_named: bool,
    wrong: Wrong,
}

#[derive(Template)]
#[template(path = "account/code.html")]
struct CodePage {
    frame: Frame,
    next: String,
    is_named: bool,
    wrong: Wrong,
}

/// Where to go on.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Next {
    #[serde(default)]
    next: String,
}

/// What a form of sign-in holds.
#[derive(Deserialize)]
pub(super) struct Typed {
    email: String,
    password: String,
    #[serde(default)]
    next: String,
}

/// What a form of the second step holds.
#[derive(Deserialize)]
pub(super) struct TypedCode {
    code: String,
    #[serde(default)]
    next: String,
}

/// A path of this host, if it is one: whoever made the link controls it.
pub(super) fn local(next: &str) -> &str {
    let fine =
        next.starts_with('/') && !next.starts_with("//") && !next.contains('\\') && !next.chars().any(char::is_control);
    if fine { next } else { "/" }
}

/// The form.
pub(super) async fn page(headers: HeaderMap, who: Option<SignedIn>, here: Here, Query(next): Query<Next>) -> Shown {
    match who {
        Some(who) if who.is_whole => Ok(see(local(&next.next))),
        _ => refused(&headers, here.0.as_ref(), &next.next, Wrong::default()),
    }
}

/// The form once more, with what was wrong.
pub(super) fn refused(headers: &HeaderMap, here: Option<&Party>, next: &str, wrong: Wrong) -> Shown {
    let (frame, next, is_named) = (Frame::plain(headers, None), next.to_owned(), here.is_some());
    show(&Page { frame, next, email: String::new(), is_named, wrong })
}

/// Compares the password.
pub(super) async fn submit(
    headers: HeaderMap,
    Extension(came): Extension<Came>,
    before: Option<SignedIn>,
    here: Here,
    state: State,
    Form(typed): Form<Typed>,
) -> Shown {
    safe(came)?;
    let Typed { email, password, next } = typed;
    let words = Frame::plain(&headers, None).words;
    let again = |email, wrong: Wrong| {
        let (frame, next, is_named) = (Frame::plain(&headers, None), next.clone(), here.0.is_some());
        show(&Page { frame, next, email, is_named, wrong })
    };
    let browser = browser(&headers);
    let device = state.db.knows_device(&browser, &email).await?;
    let attempt = match state.prover.begin(&email, device, came) {
        Ok(attempt) => attempt,
        Err(wait) => return again(email, Wrong::not_proved(words, &NotProved::Wait(wait.seconds))),
    };
    let known = state.db.known(&email).await?;
    let verified = match state.prover.verify(known.password().map(str::to_owned), password.clone()).await {
        Ok(verified) => verified,
        Err(busy) => {
            attempt.not_made();
            return Err(busy);
        }
    };
    if !verified.matches {
        state.db.failed(&known).await?;
        return again(email, words.t("refused-sign-in").to_string().into());
    }
    let renewed = match verified.renew {
        true => Some(state.prover.hash(password).await?),
        false => None,
    };
    let fresh = match state.db.sign_in(&known, renewed, &browser).await {
        Ok(fresh) => fresh,
        Err(crate::db::Error::Invalid(why)) => return again(email, Wrong::new(words, &why)),
        Err(crate::db::Error::Ended) => return again(email, words.t("refused-sign-in").to_string().into()),
        Err(e) => return Err(e.into()),
    };
    attempt.succeeded();
    if let Some(before) = before {
        before.sign_out(&state.db).await?;
    }
    enter(&state, &headers, &address("/sign-in/code", [("next", local(&next))].into_iter()), &fresh).await
}

/// The form of the second step; on, if there is none to do.
pub(super) async fn code_page(
    headers: HeaderMap,
    who: Option<SignedIn>,
    here: Here,
    Query(next): Query<Next>,
) -> Shown {
    match who {
        None => Ok(see("/sign-in")),
        Some(who) if who.is_whole => Ok(see(local(&next.next))),
        Some(who) => {
            let (frame, is_named) = (Frame::plain(&headers, Some(&who)), here.0.is_some());
            show(&CodePage { frame, next: next.next, is_named, wrong: Wrong::default() })
        }
    }
}

/// Compares the code, or the passkey in its place.
pub(super) async fn submit_code(
    headers: HeaderMap,
    Extension(came): Extension<Came>,
    who: Option<SignedIn>,
    here: Here,
    state: State,
    Form(typed): Form<TypedCode>,
) -> Shown {
    let Some(who) = who else { return Ok(see("/sign-in")) };
    if who.is_whole {
        return Ok(see(local(&typed.next)));
    }
    match prove_code(&state, &who, &typed.code, (came, here.0.as_ref()), &browser(&headers)).await {
        Ok(fresh) => enter(&state, &headers, local(&typed.next), &fresh).await,
        Err(NotProved::Problem(problem)) => Err(problem),
        Err(why) => {
            let (frame, is_named) = (Frame::plain(&headers, Some(&who)), here.0.is_some());
            let wrong = Wrong::not_proved(frame.words, &why);
            show(&CodePage { frame, next: typed.next, is_named, wrong })
        }
    }
}

/// Ends the session.
pub(super) async fn sign_out(who: Option<SignedIn>, db: Db) -> Result<Response, Problem> {
    if let Some(who) = who {
        who.sign_out(&db).await?;
    }
    let mut response = see("/sign-in");
    let (name, value) = clear();
    response.headers_mut().append(name, value);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn nobody_is_sent_to_another_site_after_signing_in() {
        assert_eq!(local("/stores/sto_1?a=b"), "/stores/sto_1?a=b");
        for other in ["https://evil.example", "//evil.example", "/\\evil.example", "evil", "", "/a\nb"] {
            assert_eq!(local(other), "/", "{other}");
        }
    }
}
