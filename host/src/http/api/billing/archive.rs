//! Everything of a store as one file, written as fast as its reader takes it.
//!
//! INVARIANT: one part at a time is in memory. Before each it is asked again who reads, so it ends with their token or session.
//! That it was downloaded is noted when its last line was written: what broke off before closes nothing.

use crate::authz::Permit;
use crate::authz::scope::kind::StoreClose;
use crate::db::Identity;
use crate::http::export::{AGAIN, LONGEST, TRIES, add_line, counted};
use crate::http::extract::{ask_again, principal_of};
use crate::http::streams::Open;
use crate::http::{Problem, Query, State};
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::Deserialize;
use serde_json::json;
use std::time::Instant;
use utoipa::IntoParams;

/// Where to begin.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct From {
    /// Where one that broke off says to go on; everything, if not given.
    after: Option<String>,
}

/// Download everything
///
/// One JSON object on each line; `is` says what it is: the store, its records with personal data, stock, people, apps, months,
/// changes, runs and audit log. The last line is `{"is":"end"}`; without it, it is not all.
#[utoipa::path(post, path = "/stores/{store}/archive", tag = "billing", params(From), responses((status = 200, content_type = "application/x-ndjson", body = String)))]
pub(super) async fn take(
    close: Permit<StoreClose>,
    state: State,
    Query(from): Query<From>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    archive(close, state, parts, from.after).await
}

/// One that is being written.
struct Walk {
    state: State,
    parts: Parts,
    /// Where the next part begins, as the database names it.
    at: Option<String>,
    began: Instant,
    lines: u64,
    _counted: Open,
}

/// The file.
pub(in crate::http) async fn archive(
    close: Permit<StoreClose>,
    state: State,
    parts: Parts,
    at: Option<String>,
) -> Result<Response, Problem> {
    let counted = counted(&state, &parts)?;
    close.archive_begins(&state.db).await?;
    let walk = Walk { state, parts, at, began: Instant::now(), lines: 0, _counted: counted };
    let body = Body::from_stream(stream::unfold(Some(walk), |walk| async { Some(walk?.next().await) }));
    let name = format!("attachment; filename=\"{}.ndjson\"", close.store());
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson"));
    headers.extend(HeaderValue::from_str(&name).ok().map(|name| (header::CONTENT_DISPOSITION, name)));
    Ok(response)
}

impl Walk {
    /// The next part, and the rest if there is one.
    async fn next(mut self) -> (Result<Bytes, std::io::Error>, Option<Walk>) {
        match self.part().await {
            Ok((text, true)) => (Ok(text.into()), Some(self)),
            Ok((text, false)) => (Ok(text.into()), None),
            Err(problem) => {
                let told = json!({ "is": "problem", "problem": problem, "after": self.at });
                (Ok(format!("{told}\n").into()), None)
            }
        }
    }

    /// The text of the next part, and whether another follows.
    async fn part(&mut self) -> Result<(String, bool), Problem> {
        for _ in 0..TRIES {
            if self.state.stop.is_cancelled() {
                return Err(crate::db::Error::Closed.into());
            }
            if self.began.elapsed() > LONGEST {
                let detail = "downloading everything took longer than it may at once; go on from here";
                return Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "export_too_long", detail));
            }
            let close = self.permit().await?;
            let part = match close.archive(&self.state.db, self.at.as_deref()).await {
                Ok(part) => part,
                Err(crate::db::Error::TooManyReads | crate::db::Error::Busy(_)) => {
                    tokio::time::sleep(AGAIN).await;
                    continue;
                }
                Err(e) => return Err(e.into()),
            };
            let mut text = String::new();
            part.lines.iter().for_each(|line| add_line(line, &mut text));
            self.lines += part.lines.len() as u64;
            let goes_on = part.next.is_some();
            if goes_on {
                self.at = part.next;
            } else {
                close.archive_taken(&self.state.db).await?;
                text.push_str(&format!("{}\n", json!({ "is": "end", "lines": self.lines })));
            }
            return Ok((text, goes_on));
        }
        let detail = "the store's share of reading was in use; go on from here later";
        Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", detail))
    }

    /// As whoever asked stands by now.
    async fn permit(&mut self) -> Result<Permit<StoreClose>, Problem> {
        ask_again(&self.state, &mut self.parts).await?;
        let who = self.parts.extensions.get::<Identity>().and_then(principal_of);
        let who = who.ok_or_else(|| Problem::unauthorized("send a token"))?;
        Ok(who.permit::<StoreClose>()?)
    }
}
