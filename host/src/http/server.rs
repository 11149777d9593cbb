//! The door to the outside: connections with limits, and an end that loses nothing.
//!
//! INVARIANT: whatever a client does, or leaves undone, it holds its share of [`Limits::connections`] at most, until a
//! timer ends each of them or somebody else needs the place; and health checks are answered all the while.

use super::connection::{self, Doors, Places, Tls};
use super::{State, accounts, api, edge, export, extract, health, pages, reads, repeat};
use crate::config::{Limits, Network};
use axum::extract::{DefaultBodyLimit, MatchedPath};
use axum::http::{Request, StatusCode};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use axum::{Extension, Router};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::TraceLayer;

/// Everything the host serves.
pub fn router(state: State) -> Router {
    let limits = state.limits;
    let guarded = |routes: Router<State>, time: Duration, bytes: usize| {
        routes
            .layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, time))
            .layer(DefaultBodyLimit::max(bytes))
            .layer(from_fn_with_state(state.clone(), export::exported))
            .layer(from_fn_with_state(state.clone(), extract::identified))
    };
    let routes = api::routes().split_for_parts().0.layer(from_fn_with_state(state.clone(), reads::reads));
    let routes = routes.layer(from_fn_with_state(state.clone(), repeat::repeat));
    let routes = guarded(routes.fallback(repeat::nowhere), limits.request, limits.body);
    let uploads = api::uploads().split_for_parts().0.layer(from_fn(repeat::keyless));
    let uploads = guarded(uploads, limits.upload_time, limits.upload);
    let in_words = || from_fn_with_state(state.clone(), pages::in_words);
    // Whoever asks is known before the guard, and by the guard before any page.
    let seen = |routes: Router<State>, time: Duration, bytes: usize| {
        routes
            .layer(in_words())
            .layer(from_fn_with_state(state.clone(), reads::reads))
            .layer(from_fn_with_state(state.clone(), accounts::guard))
            .layer(in_words())
            .layer(from_fn_with_state(state.clone(), accounts::signed_in))
            .layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, time))
            .layer(DefaultBodyLimit::max(bytes))
            .layer(in_words())
    };
    let files = seen(pages::uploads(), limits.upload_time, limits.upload);
    let seen = seen(pages::routes(), limits.request, limits.body).merge(files);
    // The lists of the API, for whoever is signed in and has one written out.
    let lists = api::routes().split_for_parts().0.layer(from_fn_with_state(state.clone(), reads::reads));
    let seen = seen.layer(Extension(export::Lists::new(lists.with_state(state.clone()))));
    let span = |request: &Request<axum::body::Body>| {
        let id = request.headers().get("x-request-id").and_then(|id| id.to_str().ok()).unwrap_or_default();
        // The route alone: a path may hold what a log should not, such as a customer's tag, and so may a query.
        let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str);
        tracing::info_span!("request", method = %request.method(), route, id)
    };
    let layers = ServiceBuilder::new()
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
        // What fails is told where its cause is known.
        .layer(TraceLayer::new_for_http().make_span_with(span).on_failure(()))
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(from_fn(edge::edge))
        .layer(CatchPanicLayer::new());
    Router::new()
        .nest(api::PREFIX, uploads.merge(routes))
        .route(&format!("{}/openapi.json", api::PREFIX), get(super::openapi::served))
        .merge(seen)
        .merge(pages::assets())
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .layer(layers)
        .with_state(state)
}

/// So many connections may wait for the moment in which they are accepted. One that finds no room asks again after a
/// second, which is long for a health check.
const WAITING: u32 = 4_096;

/// Bytes of an answer that wait in the kernel for a client that does not read; twice as many with what the kernel counts
/// on top. Left to itself it takes 4 MiB for each connection, in no share of anybody: two thousand of them are all the
/// memory of a machine, and filling it is all that the machine does meanwhile. Accepted connections inherit this.
const UNREAD: u32 = 128 * 1024;

/// Listens on an address.
pub async fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // A host that starts again takes over from the one before at once.
    socket.set_reuseaddr(true)?;
    socket.set_send_buffer_size(UNREAD)?;
    socket.bind(address)?;
    socket.listen(WAITING)
}

/// Serves until `stop`; then accepts no more, lets requests under way end, and returns at the latest when
/// [`Limits::drain`] has passed. What `proxies` say of whom they ask for is believed.
pub async fn serve(
    listener: TcpListener,
    tls: Option<Tls>,
    router: Router,
    limits: Limits,
    proxies: Arc<[Network]>,
    stop: CancellationToken,
) {
    let places = Places::new(&limits, Arc::clone(&proxies));
    let doors = Doors::new(router, limits, proxies, tls);
    let connections = TaskTracker::new();
    let builder = Arc::new(connection::builder(&limits));
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                let entry = places.enter(peer.ip());
                let (builder, doors, stop) = (Arc::clone(&builder), doors.clone(), stop.clone());
                connections.spawn(async move { connection::serve(stream, entry, &builder, doors, stop).await });
            }
            // Out of file descriptors, most likely: some come back soon.
            Err(cause) => {
                tracing::warn!(%cause, "cannot accept connections");
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
    }
    drop(listener);
    connections.close();
    if tokio::time::timeout(limits.drain, connections.wait()).await.is_err() {
        tracing::warn!(open = connections.len(), "stopped before every connection had ended");
    }
}
