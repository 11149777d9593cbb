//! Lists for machines and spreadsheets: any list of the API as CSV or NDJSON, whole, as it is read.
//!
//! In reading order: `format` (what somebody asks for), `columns` (which lists there are, and what their columns are, read
//! from the description of the API), `walk` (part after part), `csv` and `lines` (how a part is written).
//!
//! INVARIANT: a list says nothing here that its own route does not say to the same person at the same moment: each part is
//! an answer of that route, asked for anew by whoever the token or the session stands for by then.

mod columns;
mod csv;
mod format;
mod lines;
mod walk;

pub(super) use lines::add as add_line;
pub(super) use walk::{AGAIN, LONGEST, Lists, TRIES, counted};

use super::error::Problem;
use super::openapi;
use super::state::State;
use super::streams::Streams;
use axum::body::Body;
use axum::extract::{MatchedPath, Request};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use format::Format;
use walk::{Read, Walk};

/// Lists that one token, one person and one store may have written out at once: each takes a connection and reads on.
const SHARES: [usize; 3] = [2, 4, 8];

/// The lists that are being written out, by whose they are.
pub(super) fn shares() -> Streams {
    Streams::of("exports", SHARES)
}

/// Stands before every route of the API, behind the question who asks.
pub(super) async fn exported(
    axum::extract::State(state): axum::extract::State<State>,
    request: Request,
    next: Next,
) -> Response {
    let Some(format) = Format::asked(request.headers()).filter(|_| *request.method() == Method::GET) else {
        return next.run(request).await;
    };
    let (parts, _) = request.into_parts();
    let path = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let Some(list) = columns::list(path) else {
        // What is nowhere is told as such.
        if !openapi::has(path, &Method::GET) {
            return next.run(Request::from_parts(parts, Body::empty())).await;
        }
        let detail = "this route answers with no list; ask for `application/json`";
        return Problem::new(StatusCode::NOT_ACCEPTABLE, "not_acceptable", detail).into_response();
    };
    Walk::begin(state, parts, Read::Route(next), list, format).await
}

/// A list of the API as CSV for whoever is signed in, at the place it has there and with that query.
pub(super) async fn of_session(
    state: State,
    parts: axum::http::request::Parts,
    (lists, path, query): (Lists, &'static str, String),
) -> Response {
    let matched = format!("{}{path}", super::api::PREFIX);
    match columns::list(&matched) {
        Some(list) => Walk::begin(state, parts, Read::List(lists, path, query), list, Format::Csv).await,
        None => Problem::internal(format_args!("no list is at `{matched}`")).into_response(),
    }
}
