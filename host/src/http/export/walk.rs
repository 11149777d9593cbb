//! A list read part after part, as fast as its reader takes it.
//!
//! INVARIANT: one part at a time is in memory, and the next is read when the one before has been taken. Before each of
//! them it is asked again who reads, so an export ends with its token or session, and what fails in the middle shows.

use super::columns::List;
use super::format::Format;
use super::{csv, lines};
use crate::db::Identity;
use crate::db::accounts::SignedIn;
use crate::http::accounts::Known;
use crate::http::error::Problem;
use crate::http::extract::{ask_again, principal_of};
use crate::http::state::State;
use crate::http::streams::Open;
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::convert::Infallible;
use std::time::{Duration, Instant};
use tower::ServiceExt as _;

/// Items of one part: as many as a list gives at once.
const PART: u64 = 100;
/// An export ends after so long; the connection it takes is somebody else's then.
pub(in crate::http) const LONGEST: Duration = Duration::from_secs(900);
/// How often a part is asked for that finds the store's or the host's share taken, and how long after each time.
pub(in crate::http) const TRIES: usize = 20;
pub(in crate::http) const AGAIN: Duration = Duration::from_millis(500);
/// After so many bytes, others have a turn on the thread.
const TURN: usize = 64 * 1024;

/// The routes of the API without the question who asks, for those of whom it is known. Cheap to clone.
#[derive(Clone)]
pub(in crate::http) struct Lists(Router);

impl Lists {
    /// Of these routes.
    pub(in crate::http) fn new(routes: Router) -> Lists {
        Lists(routes)
    }
}

/// The fields of a query.
type Fields = Vec<(String, String)>;

/// Where the parts come from.
pub(super) enum Read {
    /// The route that was asked, with whatever stands behind this one.
    Route(Next),
    /// A list of the API: its path with `{store}` in it, and what narrows it.
    List(Lists, &'static str, String),
}

/// An export that goes on.
pub(super) struct Walk {
    state: State,
    /// Whoever asked, and for what.
    parts: Parts,
    read: Read,
    list: &'static List,
    format: Format,
    /// What narrows the list: its query without what says where a part begins and ends.
    filter: Fields,
    /// How many items are still to come, if whoever asked said how many.
    left: Option<u64>,
    /// Where the next part begins.
    cursor: Option<String>,
    began: Instant,
    /// Its place among those that are written out.
    _counted: Open,
}

/// A part of a list, as its route answers.
#[derive(Deserialize)]
struct Part<'a> {
    #[serde(borrow)]
    items: Vec<&'a RawValue>,
    #[serde(default)]
    next_cursor: Option<String>,
}

/// The last line of a list that does not go on, and where another export could.
#[derive(Serialize)]
struct NotWhole {
    problem: Problem,
    next_cursor: Option<String>,
}

impl Walk {
    /// The answer: whatever the route says if it does not answer with a list, and else all of it.
    pub(super) async fn begin(state: State, parts: Parts, read: Read, list: &'static List, format: Format) -> Response {
        let counted = match counted(&state, &parts) {
            Ok(counted) => counted,
            Err(problem) => return problem.into_response(),
        };
        let query = match &read {
            Read::Route(_) => parts.uri.query().unwrap_or_default(),
            Read::List(_, _, query) => query,
        };
        let (filter, limit, cursor) = match split(query, list.in_parts) {
            Ok(split) => split,
            Err(problem) => return problem.into_response(),
        };
        let left = match limit.as_deref().map(str::parse) {
            None => None,
            Some(Ok(n)) if n > 0 => Some(n),
            Some(_) => {
                return Problem::bad_request("bad_query", "`limit` is a number of items, 1 or more").into_response();
            }
        };
        let mut walk =
            Walk { state, parts, read, list, format, filter, left, cursor, began: Instant::now(), _counted: counted };
        let mut text = String::new();
        if format == Format::Csv {
            csv::header(&list.columns, &mut text);
        }
        let answer = walk.ask().await;
        if answer.status() != StatusCode::OK {
            return answer;
        }
        walk.notice();
        let more = match walk.write(answer, &mut text).await {
            Ok(more) => more,
            Err(problem) => return problem.into_response(),
        };
        let first = stream::iter([Ok(Bytes::from(text))]);
        let rest = stream::unfold(more.then_some(walk), |walk| async { Some(walk?.next().await) });
        let mut response = Body::from_stream(stream::StreamExt::chain(first, rest)).into_response();
        let file = format!("attachment; filename=\"{}.{}\"", list.name, format.ending());
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, format.kind());
        headers.extend(HeaderValue::from_str(&file).ok().map(|file| (header::CONTENT_DISPOSITION, file)));
        response
    }

    /// Has it noted who takes the list: of a store in its audit log, of the operator in the host's own.
    fn notice(&self) {
        let (db, list, format) = (&self.state.db, &self.list.name, self.format.ending());
        match self.parts.extensions.get::<Identity>() {
            Some(Identity::Operator(operator)) => db.notice_host_export(operator, list, format),
            identity => {
                if let Some(who) = identity.and_then(principal_of) {
                    db.notice_export(&who, list, format);
                }
            }
        }
    }

    /// The next part, and the rest if there is one.
    async fn next(mut self) -> (Result<Bytes, std::io::Error>, Option<Walk>) {
        let mut text = String::new();
        match self.part(&mut text).await {
            Ok(more) => (Ok(text.into()), more.then_some(self)),
            Err(problem) => match self.format {
                // The connection breaks off, which every client takes for a failure.
                Format::Csv => (Err(std::io::Error::other(problem.detail)), None),
                Format::Ndjson => {
                    let told = NotWhole { problem, next_cursor: self.cursor };
                    lines::add(&serde_json::to_string(&told).unwrap_or_default(), &mut text);
                    (Ok(text.into()), None)
                }
            },
        }
    }

    /// Writes the next part; whether there is another.
    async fn part(&mut self, text: &mut String) -> Result<bool, Problem> {
        for _ in 0..TRIES {
            if self.state.stop.is_cancelled() {
                return Err(crate::db::Error::Closed.into());
            }
            if self.began.elapsed() > LONGEST {
                let detail = "writing this list out took longer than it may; narrow the filter, or go on from here";
                return Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "export_too_long", detail));
            }
            ask_again(&self.state, &mut self.parts).await?;
            let answer = self.ask().await;
            match answer.status() {
                StatusCode::OK => return self.write(answer, text).await,
                StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => tokio::time::sleep(AGAIN).await,
                status => {
                    let problem = answer.extensions().get::<Problem>().cloned();
                    return Err(problem.unwrap_or_else(|| crate::http::edge::bare(status)));
                }
            }
        }
        Err(Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "busy",
            "the store's share of reading was in use; go on from here later",
        ))
    }

    /// Asks the route for the next part.
    async fn ask(&self) -> Response {
        let time = self.state.limits.request;
        let answer = async {
            match (&self.read, self.request()) {
                (_, Err(problem)) => problem.into_response(),
                (Read::Route(next), Ok(request)) => next.clone().run(request).await,
                (Read::List(lists, ..), Ok(request)) => {
                    let Ok(response): Result<_, Infallible> = lists.0.clone().oneshot(request).await;
                    response
                }
            }
        };
        let late = |_| crate::http::edge::bare(StatusCode::GATEWAY_TIMEOUT).into_response();
        tokio::time::timeout(time, answer).await.unwrap_or_else(late)
    }

    fn request(&self) -> Result<Request, Problem> {
        let mut parts = match &self.read {
            Read::Route(_) => self.parts.clone(),
            Read::List(..) => inner(&self.parts),
        };
        let path = match &self.read {
            Read::Route(_) => self.parts.uri.path().to_owned(),
            Read::List(_, path, _) => {
                let identity = self.parts.extensions.get::<Identity>().and_then(principal_of);
                path.replace("{store}", &identity.map(|who| who.store().to_string()).unwrap_or_default())
            }
        };
        let mut query = self.filter.clone();
        if self.list.in_parts {
            query.push(("limit".to_owned(), self.left.unwrap_or(PART).min(PART).to_string()));
            query.extend(self.cursor.clone().map(|cursor| ("cursor".to_owned(), cursor)));
        }
        let query = serde_html_form::to_string(query).map_err(Problem::internal)?;
        let whole = PathAndQuery::try_from(format!("{path}?{query}"));
        parts.uri = whole.map(Uri::from).map_err(Problem::internal)?;
        Ok(Request::from_parts(parts, Body::empty()))
    }

    /// Writes an answer of the route; whether another part follows.
    async fn write(&mut self, answer: Response, text: &mut String) -> Result<bool, Problem> {
        let body = to_bytes(answer.into_body(), usize::MAX).await.map_err(Problem::internal)?;
        let part: Part<'_> = serde_json::from_slice(&body).map_err(Problem::internal)?;
        let mut turn = text.len();
        for item in &part.items {
            match self.format {
                Format::Ndjson => lines::add(item.get(), text),
                Format::Csv => {
                    let item = serde_json::from_str(item.get()).map_err(Problem::internal)?;
                    csv::add(&item, &self.list.columns, text);
                }
            }
            if text.len() > turn + TURN {
                turn = text.len();
                tokio::task::yield_now().await;
            }
        }
        self.left = self.left.map(|left| left.saturating_sub(part.items.len() as u64));
        self.cursor = part.next_cursor;
        Ok(self.cursor.is_some() && self.left != Some(0))
    }
}

/// A place among the lists that are written out, for whoever asks.
pub(in crate::http) fn counted(state: &State, parts: &Parts) -> Result<Open, Problem> {
    let identity = parts.extensions.get::<Identity>();
    if let Some(who) = identity.and_then(principal_of) {
        let credential = who.credential().map(|credential| credential.to_string()).unwrap_or_default();
        return state.exports.open(&credential, &who.actor().to_string(), &who.store().to_string());
    }
    let actor = match identity {
        Some(Identity::Operator(operator)) => operator.actor().to_string(),
        Some(Identity::Publisher(publisher)) => publisher.actor().to_string(),
        _ => String::new(),
    };
    state.exports.open(&actor, &actor, "host")
}

/// What a request of a session holds besides its address: who it is of, and nothing of the page it was sent from.
fn inner(parts: &Parts) -> Parts {
    let (mut inner, ()) = Request::new(()).into_parts();
    inner.extensions.insert(Known);
    let who = parts.extensions.get::<SignedIn>().cloned();
    who.map(|who| inner.extensions.insert(who));
    parts.extensions.get::<Identity>().cloned().map(|identity| inner.extensions.insert(identity));
    inner
}

/// A query without what says where a list begins and ends, and that. What is there twice is left for the route to refuse.
fn split(query: &str, in_parts: bool) -> Result<(Fields, Option<String>, Option<String>), Problem> {
    let fields: Fields = serde_html_form::from_str(query)
        .map_err(|_| Problem::bad_request("bad_query", "the query cannot be read; write it in UTF-8"))?;
    let (mut filter, mut limit, mut cursor) = (Fields::new(), None, None);
    for (name, value) in fields {
        match name.as_str() {
            "limit" if in_parts && limit.is_none() => limit = Some(value),
            "cursor" if in_parts && cursor.is_none() => cursor = Some(value),
            _ => filter.push((name, value)),
        }
    }
    Ok((filter, limit, cursor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_where_a_list_begins_is_not_what_narrows_it() {
        let (filter, limit, cursor) = split("app=a%2Fb&limit=7&cursor=x.1&denied=true", true).unwrap();
        let narrowed = [("app", "a/b"), ("denied", "true")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!((filter, limit.as_deref(), cursor.as_deref()), (narrowed.to_vec(), Some("7"), Some("x.1")));
        assert_eq!(split("limit=1&limit=2", true).unwrap().0.len(), 1, "the second is refused by the route");
        assert_eq!(split("limit=1", false).unwrap().0.len(), 1, "a list that has no parts knows no limit");
        assert_eq!(split("", true).unwrap(), (Vec::new(), None, None));
    }
}
