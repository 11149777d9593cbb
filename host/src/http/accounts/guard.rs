//! What every form goes through before its handler: it was sent from a page of ours, in the session that it belongs to,
//! and, where it matters, by somebody who proved lately who they are.
//!
//! INVARIANT: a request that changes something and was not sent by one of our own pages reaches no handler (T50).

use super::mark::{FORM_FIELD, of_session, only_looks};
use super::proof::NotProved;
use super::session::{self, identify};
use super::{browser, cookie, passkey, proof, upload};
use crate::db::accounts::SignedIn;
use crate::http::error::Again;
use crate::http::extract::NeedsProof;
use crate::http::repeat::WAITS;
use crate::http::{Came, Problem, State};
use crate::text::words::Words;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// The field with a password, a code or the answer of a passkey, by which somebody proves anew who they are.
const PROOF_FIELD: &str = "_proof";
/// The field that says that password and second factor are both asked for.
const ALL_FIELD: &str = "_all";
/// So many proofs one form can hold: a password and a second factor.
const MAX_PROOFS: usize = 2;
/// Fields of a form: whoever sends it controls how many. Ours have a few hundred at most.
const MAX_FIELDS: usize = 1_000;

/// Says that whoever asks must prove who they are first, and holds the form, so that nothing of it is lost.
#[derive(Debug, Clone)]
pub(in crate::http) struct Confirm {
    /// Where it was sent.
    pub(in crate::http) action: String,
    /// Its fields, without the guard's own.
    pub(in crate::http) fields: Vec<(String, String)>,
    /// What was wrong with a proof that was given.
    pub(in crate::http) wrong: Option<NotProved>,
    /// What they are asked for.
    pub(in crate::http) asks: Asked,
    /// What the form carries of their session.
    pub(in crate::http) form: String,
}

/// What somebody is asked for who proves anew who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http) enum Asked {
    /// Password or code, whichever they like.
    Any,
    /// Of password and second factor what they did not show lately.
    All {
        /// The password.
        password: bool,
        /// A code.
        code: bool,
    },
}

/// Guards everything that changes something.
pub(in crate::http) async fn guard(
    axum::extract::State(state): axum::extract::State<State>,
    request: Request,
    next: Next,
) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    match carry_out(&state, request, &next).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

async fn carry_out(state: &State, request: Request, next: &Next) -> Result<Response, Problem> {
    let (mut parts, body) = request.into_parts();
    same_origin(&parts)?;
    if upload::is_upload(&parts) {
        let response = upload::carry_out(state, (parts.clone(), body), next).await?;
        return Ok(match response.extensions().get::<NeedsProof>() {
            // The file is chosen anew: no page could hold it meanwhile.
            Some(needs) => confirm(&parts, Vec::new(), None, *needs),
            None => response,
        });
    }
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("application/x-www-form-urlencoded") {
        let detail = "a form is sent as `application/x-www-form-urlencoded`";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_a_form", detail));
    }
    let Ok(body) = to_bytes(body, state.limits.body).await else {
        return Err(Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too_large",
            "the form is too large; send less at once",
        ));
    };
    let fields: Vec<(String, String)> = serde_html_form::from_bytes(&body)
        .map_err(|_| Problem::bad_request("bad_body", "the form cannot be read; open its page again"))?;
    if fields.len() > MAX_FIELDS {
        return Err(Problem::invalid(format!("the form has more than {MAX_FIELDS} fields; send less at once")));
    }
    let (own, fields): (Vec<_>, Vec<_>) =
        fields.into_iter().partition(|(name, _)| matches!(name.as_str(), FORM_FIELD | PROOF_FIELD | ALL_FIELD));
    let field = |name: &str| own.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str());
    // Who is signed in is asked for now: a body takes as long to arrive as its sender likes.
    identify(state, &mut parts).await?;
    let who = parts.extensions.get::<SignedIn>().cloned();
    only_looks(&parts)?;
    if who.is_some() {
        of_session(&parts.headers, field(FORM_FIELD))?;
    }
    let mut renewed = None;
    let needs = if field(ALL_FIELD).is_some() { NeedsProof::All } else { NeedsProof::Any };
    let typed = own.iter().filter(|(name, value)| name == PROOF_FIELD && !value.is_empty()).take(MAX_PROOFS);
    let mut wrong = None;
    for (_, typed) in typed {
        match prove(state, &mut parts, typed).await? {
            Some(Ok(cookie)) => renewed = Some(cookie),
            Some(Err(why)) => {
                wrong = Some(why);
                break;
            }
            None => break,
        }
    }
    let mut response = match wrong {
        Some(wrong) => confirm(&parts, fields, Some(wrong), needs),
        None => {
            let body = serde_html_form::to_string(&fields).map_err(Problem::internal)?;
            let response = attempts(state, &mut parts, Bytes::from(body), next).await?;
            match response.extensions().get::<NeedsProof>().copied() {
                Some(needs) => confirm(&parts, fields, None, needs),
                None => response,
            }
        }
    };
    if let Some((name, value)) = renewed.and_then(|secret| cookie::set(&secret)) {
        response.headers_mut().append(name, value);
    }
    Ok(response)
}

/// Compares a proof of whoever is signed in, and goes on as their new session: what its cookie holds. Nothing, if nobody is
/// signed in wholly.
async fn prove(state: &State, parts: &mut Parts, typed: &str) -> Result<Option<Result<String, NotProved>>, Problem> {
    let Some(who) = parts.extensions.get::<SignedIn>().filter(|who| who.is_whole).cloned() else { return Ok(None) };
    let came = *parts.extensions.get::<Came>().ok_or_else(|| Problem::internal("a request came from nowhere"))?;
    let here = passkey::here(parts);
    match proof::prove(state, &who, typed, (came, here.as_ref()), &browser(&parts.headers)).await {
        Ok(fresh) => {
            let found = state.db.signed_in(fresh.secret.expose(), true).await?.ok_or_else(session::nobody)?;
            session::recognise(state, parts, found).await?;
            // From here on it is the request of the new session, whose forms the answer may hold.
            parts.headers.insert(header::COOKIE, cookie::sent(fresh.secret.expose())?);
            Ok(Some(Ok(fresh.secret.expose().to_owned())))
        }
        Err(wrong) => Ok(Some(Err(wrong))),
    }
}

fn confirm(parts: &Parts, fields: Vec<(String, String)>, wrong: Option<NotProved>, needs: NeedsProof) -> Response {
    let who = parts.extensions.get::<SignedIn>();
    let asks = match (needs, who) {
        (NeedsProof::All, Some(who)) => {
            Asked::All { password: !who.has_shown_password(), code: !who.has_shown_factor() }
        }
        _ => Asked::Any,
    };
    // What is secret in the forms of accounts is typed again; what an app calls `code` is its own.
    let secret = |name: &str| matches!(name, "password" | "again" | "code");
    let of_account = parts.uri.path().starts_with("/account/");
    let fields = fields.into_iter().filter(|(name, _)| !(of_account && secret(name))).collect();
    let action = parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
    let form = cookie::read(&parts.headers).map(cookie::form_value).unwrap_or_default();
    let mut response = StatusCode::FORBIDDEN.into_response();
    response.extensions_mut().insert(Confirm { action, fields, wrong, asks, form });
    response
}

/// Attempts it, as often as somebody else was changing the same.
async fn attempts(state: &State, parts: &mut Parts, body: Bytes, next: &Next) -> Result<Response, Problem> {
    let mut waits = WAITS.into_iter();
    loop {
        let response = next.clone().run(Request::from_parts(parts.clone(), Body::from(body.clone()))).await;
        match waits.next() {
            Some(wait) if response.extensions().get::<Again>().is_some() => tokio::time::sleep(wait).await,
            _ => return Ok(response),
        }
        identify(state, parts).await?;
        only_looks(parts)?;
    }
}

/// Refuses what another site's page sent. Browsers say where a form is from; what says nothing has no cookie of a browser
/// either, or lacks the value of its session.
fn same_origin(parts: &Parts) -> Result<(), Problem> {
    let text = |name: &str| parts.headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let site = text("sec-fetch-site").is_none_or(|site| matches!(site, "same-origin" | "none"));
    let host = own_host(parts).unwrap_or_default();
    let origin = text("origin").is_none_or(|origin| origin.split_once("://").is_some_and(|(_, from)| from == host));
    match site && origin {
        true => Ok(()),
        false => Err(Problem::forbidden(Words::ENGLISH.t("refused-other-site"))),
    }
}

/// What the browser calls this host. Over HTTP/2 it stands in the address.
pub(super) fn own_host(parts: &Parts) -> Option<&str> {
    let said = || parts.headers.get(header::HOST).map(|value| value.to_str().unwrap_or("?"));
    parts.uri.authority().map(|host| host.as_str()).or_else(said)
}
