//! What every answer goes through: no `TRACE`, the headers that keep browsers honest, and problems where something
//! below answered with a bare status.

use super::{Came, Problem, api, pages};
use crate::metrics;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::time::Instant;

/// On every answer (ASVS 5.0, 3.4) that does not say otherwise itself, as pages do of what they load. The API serves no
/// page, so nothing may be loaded or framed.
const HEADERS: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::CACHE_CONTROL, "no-store"),
    (header::REFERRER_POLICY, "no-referrer"),
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    ),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// On answers that come over TLS, ours or that of a proxy of ours: the browser asks for nothing else any more. Over plain
/// HTTP browsers ignore it (RFC 6797, 8.1), and somebody between could have written it.
const STRICT: (HeaderName, &str) = (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");

/// Wraps everything.
pub(super) async fn edge(request: Request, next: Next) -> Response {
    let (route, began) = (route(&request), Instant::now());
    let is_secure = request.extensions().get::<Came>().is_some_and(|came| came.is_secure);
    let response = match *request.method() {
        Method::TRACE | Method::CONNECT => bare(StatusCode::METHOD_NOT_ALLOWED).into_response(),
        _ => {
            let response = next.run(request).await;
            let status = response.status();
            // Pages say in words what went wrong.
            let told = |kind: &HeaderValue| kind == "application/problem+json" || kind == pages::HTML;
            let plain = !response.headers().get(header::CONTENT_TYPE).is_some_and(told);
            if plain && (status.is_client_error() || status.is_server_error()) {
                let allow = response.headers().get(header::ALLOW).cloned();
                let mut response = bare(status).into_response();
                response.headers_mut().extend(allow.map(|allow| (header::ALLOW, allow)));
                response
            } else {
                response
            }
        }
    };
    metrics::request(route, response.status().as_u16(), began.elapsed());
    with_headers(response, is_secure)
}

/// What kind of route is asked.
fn route(request: &Request) -> &'static str {
    match request.extensions().get::<MatchedPath>().map(MatchedPath::as_str) {
        Some("/healthz" | "/readyz") => "health",
        Some(path) if path.starts_with(api::PREFIX) => "api",
        Some(_) => "page",
        None => "none",
    }
}

/// An answer with the headers that every answer has, and those of one that `is_secure`.
pub(super) fn with_headers(mut response: Response, is_secure: bool) -> Response {
    for (name, value) in HEADERS.into_iter().chain(is_secure.then_some(STRICT)) {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// The problem for a status that came without one: from the router, a limit, a timeout or a panic.
pub(super) fn bare(status: StatusCode) -> Problem {
    match status {
        StatusCode::NOT_FOUND => Problem::not_found("such route; `/api/v1/openapi.json` lists them"),
        StatusCode::METHOD_NOT_ALLOWED => {
            Problem::new(status, "method_not_allowed", "this route does not take this method")
        }
        StatusCode::GATEWAY_TIMEOUT => {
            Problem::new(status, "too_slow", "the host did not finish in time; whether it was carried out is not known")
        }
        StatusCode::INTERNAL_SERVER_ERROR => Problem::internal("a panic, or an answer without a cause"),
        _ => Problem::new(status, "refused", "the request was refused"),
    }
}
