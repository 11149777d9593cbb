//! From a template to an answer, and from a problem to a page that says it in words.
//!
//! INVARIANT: whatever a page route answers is HTML with the policy of pages, also when it is refused or fails; but for
//! what a script of ours asked for, and was given.

use super::account;
use super::frame::Frame;
use super::host;
use super::parts::address;
use super::wrong::Wrong;
use crate::http::accounts::{Confirm, Known, Needs, here};
use crate::http::{Problem, State, edge};
use askama::Template;
use axum::extract::FromRequestParts as _;
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// What pages are.
pub(in crate::http) const HTML: &str = "text/html; charset=utf-8";

/// What a page may load: its own style sheet and scripts, and nothing that stands in the page itself.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
    connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'";

/// What a page's handler answers with.
pub(super) type Shown = Result<Response, Problem>;

/// A page.
pub(super) fn show(page: &impl Template) -> Shown {
    let text = page.render().map_err(Problem::internal)?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(HTML)),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        // Without one a browser says of no form where it is from, and the guard could not tell.
        (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    ];
    Ok((headers, text).into_response())
}

/// Stands before every page: what is refused, or fails, is said on a page like all others.
pub(in crate::http) async fn in_words(
    axum::extract::State(state): axum::extract::State<State>,
    request: Request,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
    let mut asked = parts.clone();
    let response = next.run(Request::from_parts(parts, body)).await;
    let status = response.status();
    if let Some(confirm) = response.extensions().get::<Confirm>().cloned() {
        return asks_to_confirm(&asked, confirm, response);
    }
    if status == StatusCode::UNAUTHORIZED
        && asked.method.is_safe()
        && let Some(elsewhere) = elsewhere(&asked)
    {
        return elsewhere;
    }
    let told = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == HTML);
    if told || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let problem = response.extensions().get::<Problem>().cloned().unwrap_or_else(|| edge::bare(status));
    // Whoever may not even know of the store gets the words alone.
    let of_store = asked.uri.path().starts_with("/stores/");
    let around = if of_store { Frame::from_request_parts(&mut asked, &state).await.ok() } else { None };
    let frame = match around {
        Some(frame) => frame,
        None => host::around(&asked).unwrap_or_else(|| Frame::of(&asked)),
    };
    let Ok(page) = show(&Refused::new(frame, problem)) else { return response };
    // Status, headers and marks of the answer stay; what it says is told anew.
    let (mut kept, _) = response.into_parts();
    let (shown, body) = page.into_parts();
    kept.headers.remove(header::CONTENT_LENGTH);
    kept.headers.extend(shown.headers);
    kept.extensions.remove::<Problem>();
    Response::from_parts(kept, body)
}

/// Where somebody goes who is not signed in, or has something to do before they are let in; from a page that they may see then.
fn elsewhere(asked: &Parts) -> Option<Response> {
    let path = asked.uri.path_and_query().map_or("/", |path| path.as_str());
    let with_next = |to: &str| address(to, [("next", path)].into_iter());
    // The layer further out does not know who is signed in, and leaves it to the one further in.
    let known = asked.extensions.get::<Known>().is_some();
    let to = match asked.extensions.get::<Needs>() {
        Some(Needs::Factor) => with_next("/account/second-factor"),
        Some(Needs::Device(store)) => with_next(&format!("/account/device/{store}")),
        Some(Needs::Welcome(store)) => with_next(&format!("/account/welcome/{store}")),
        None if known => with_next("/sign-in"),
        None => return None,
    };
    let to = HeaderValue::from_str(&to).ok()?;
    Some((StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response())
}

/// Asks for a proof first. What the guard set, such as a cookie, stays.
fn asks_to_confirm(asked: &Parts, confirm: Confirm, response: Response) -> Response {
    // Somebody who showed one of two things has another session by now, whose form this is.
    let frame = Frame { csrf: confirm.form.clone(), ..Frame::of(asked) };
    let Ok(page) = account::confirm(frame, confirm, here(asked).is_some()) else { return response };
    let (mut kept, _) = response.into_parts();
    let (shown, body) = page.into_parts();
    kept.headers.remove(header::CONTENT_LENGTH);
    kept.headers.extend(shown.headers);
    kept.extensions.remove::<Confirm>();
    Response::from_parts(kept, body)
}

/// A page that says what went wrong.
#[derive(Template)]
#[template(path = "problem.html")]
struct Refused {
    frame: Frame,
    title: &'static str,
    wrong: Wrong,
    remedy: Option<String>,
}

impl Refused {
    fn new(frame: Frame, problem: Problem) -> Refused {
        let title = match problem.status {
            StatusCode::UNAUTHORIZED => "problem-unauthorized",
            StatusCode::FORBIDDEN => "problem-forbidden",
            StatusCode::NOT_FOUND => "problem-not-found",
            StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => "problem-bad-request",
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => "problem-busy",
            _ => "problem-failed",
        };
        let (wrong, remedy) = Wrong::of(frame.words, &problem);
        Refused { frame, title, wrong, remedy }
    }
}
