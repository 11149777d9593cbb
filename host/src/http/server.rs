//! The door to the outside: connections with limits, and an end that loses nothing.
//!
//! INVARIANT: whatever a client does, or leaves undone, it holds one connection of [`Limits::connections`] at most
//! until a timer ends it.

use super::{State, api, edge, extract, health, repeat};
use crate::config::Limits;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{Request, StatusCode};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
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
            .layer(from_fn_with_state(state.clone(), extract::identified))
    };
    let routes = api::routes().split_for_parts().0.layer(from_fn_with_state(state.clone(), repeat::repeat));
    let routes = guarded(routes.fallback(repeat::nowhere), limits.request, limits.body);
    let uploads = api::uploads().split_for_parts().0.layer(from_fn(repeat::keyless));
    let uploads = guarded(uploads, limits.upload_time, limits.upload);
    let span = |request: &Request<axum::body::Body>| {
        let id = request.headers().get("x-request-id").and_then(|id| id.to_str().ok()).unwrap_or_default();
        // The path alone: a query may hold what a log should not.
        tracing::info_span!("request", method = %request.method(), path = request.uri().path(), id)
    };
    let layers = ServiceBuilder::new()
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
        .layer(TraceLayer::new_for_http().make_span_with(span))
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(from_fn(edge::edge))
        .layer(CatchPanicLayer::new());
    Router::new()
        .nest(api::PREFIX, uploads.merge(routes))
        .route(&format!("{}/openapi.json", api::PREFIX), get(super::openapi::served))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .layer(layers)
        .with_state(state)
}

/// Serves until `stop`; then accepts no more, lets requests under way end, and returns at the latest when
/// [`Limits::drain`] has passed.
pub async fn serve(listener: TcpListener, router: Router, limits: Limits, stop: CancellationToken) {
    let places = Arc::new(Semaphore::new(limits.connections));
    let connections = TaskTracker::new();
    let builder = Arc::new(builder(&limits));
    loop {
        let next = async {
            // A place first: who finds none waits outside, where it costs nothing.
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            () = stop.cancelled() => break,
            next = next => next,
        };
        match accepted {
            Ok((stream, _)) => {
                let (builder, router, stop) = (Arc::clone(&builder), router.clone(), stop.clone());
                connections.spawn(async move {
                    let _place = place;
                    connection(stream, &builder, router, limits.head, stop).await;
                });
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

/// Waits until somebody asks this process to end.
pub async fn stopped() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}

fn builder(limits: &Limits) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_headers(limits.headers)
        .max_buf_size(limits.buffer);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(limits.streams)
        .max_header_list_size(limits.header_list)
        .max_pending_accept_reset_streams(limits.resets)
        .keep_alive_interval(limits.keep_alive)
        .keep_alive_timeout(Duration::from_secs(10));
    builder
}

/// What an HTTP/2 connection begins with (RFC 9113, 3.4).
const PREFACE: &[u8; 24] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Whether the client speaks HTTP/2. The builder could tell, too, but waits for the first bytes without a timer.
async fn speaks_http2(stream: &TcpStream) -> std::io::Result<bool> {
    let mut first = [0u8; PREFACE.len()];
    loop {
        let n = stream.peek(&mut first).await?;
        let seen = first.get(..n).unwrap_or_default();
        if n == 0 || n == PREFACE.len() || !PREFACE.starts_with(seen) {
            return Ok(seen == PREFACE);
        }
        // Bytes already seen count as ready, so waiting for more takes a pause.
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

async fn connection(
    stream: TcpStream,
    builder: &Builder<TokioExecutor>,
    router: Router,
    head: Duration,
    stop: CancellationToken,
) {
    let _ = stream.set_nodelay(true);
    let first = tokio::select! {
        () = stop.cancelled() => return,
        first = tokio::time::timeout(head, speaks_http2(&stream)) => first,
    };
    let builder = match first {
        Ok(Ok(true)) => builder.clone().http2_only(),
        Ok(Ok(false)) => builder.clone().http1_only(),
        Ok(Err(_)) | Err(_) => return,
    };
    let connection = builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(router)).into_owned();
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(cause) = ended {
        tracing::debug!(%cause, "a connection broke");
    }
}
