//! `/metrics`: figures of this host for Prometheus, at an address of their own.
//!
//! INVARIANT: whoever reaches it reads figures and nothing else: no name of a store, an app, a person or a record. It takes
//! [`CONNECTIONS`] at most, so that nobody who reaches it is in the way of those who are served.

use crate::config::Limits;
use crate::db::Db;
use crate::metrics::text::{KIND, Text};
use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;

/// Connections at once; a quarter of them from one address.
const CONNECTIONS: usize = 16;
/// Longer than the database gives a brief read.
const LONGEST: Duration = Duration::from_secs(5);

/// What one client of it can take.
pub fn limits() -> Limits {
    Limits { connections: CONNECTIONS, ..Limits::default() }
}

/// What is served there.
pub fn figures(db: Db) -> Router {
    Router::new()
        .route("/metrics", get(read))
        .layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, LONGEST))
        .layer(DefaultBodyLimit::max(0))
        .layer(CatchPanicLayer::new())
        .with_state(db)
}

async fn read(State(db): State<Db>) -> impl IntoResponse {
    let mut text = Text::counted();
    let load = db.load();
    text.gauge("storehand_slots", "Places for runs.", load.slots);
    text.gauge("storehand_slots_taken", "Those that are taken.", load.slots_taken);
    let waiting = [("runs", load.runs_waiting), ("writes", load.writes_waiting)];
    let waiting = waiting.map(|(queue, n)| (queue, n as u64));
    text.gauges("storehand_queue", "What waits in this process.", "queue", waiting);
    // What the database does not say is left out: that it does not answer is a figure by itself.
    let (asked, sizes, filed, alerts, ahead) = db
        .read_briefly(async {
            let (sizes, filed) = (db.bytes().await, db.filed().await);
            (db.answers(), sizes, filed, db.open_alerts().await, db.audit_ahead().await)
        })
        .await;
    text.gauge("storehand_database_up", "Whether the database answered when it was last asked.", u8::from(asked));
    if let Ok((waiting, parked)) = filed {
        let filed = [("waiting", waiting), ("parked", parked)];
        text.gauges("storehand_deliveries", "Filed deliveries, ten thousand of each at most.", "state", filed);
    }
    if let Ok(alerts) = alerts {
        text.gauges("storehand_alerts_open", "Alerts that are open, ten thousand of each at most.", "severity", alerts);
    }
    if let Ok((host, stores)) = ahead {
        let entries = [("host", host.entries), ("stores", stores.entries)];
        let help = "Entries of audit logs that no checkpoint covers yet.";
        text.gauges("storehand_audit_uncovered_entries", help, "log", entries);
        let seconds = [("host", host.seconds), ("stores", stores.seconds)];
        let help = "How long the oldest of them has been there.";
        text.gauges("storehand_audit_uncovered_seconds", help, "log", seconds);
    }
    if let Ok((bytes, ahead)) = sizes {
        text.gauge("storehand_database_bytes", "Size of the database.", bytes);
        if let Some(ahead) = ahead {
            text.gauge("storehand_database_wal_bytes", "Size of what is written ahead of it.", ahead);
        }
    }
    process(&mut text);
    ([(header::CONTENT_TYPE, KIND), (header::CACHE_CONTROL, "no-store")], text.end())
}

/// What every program of Prometheus calls so, as far as the system says it.
fn process(text: &mut Text) {
    if let Ok(files) = std::fs::read_dir("/proc/self/fd") {
        text.gauge("process_open_fds", "Open file descriptors.", files.count());
    }
    let memory = std::fs::read_to_string("/proc/self/statm").ok();
    if let Some(pages) = memory.as_deref().and_then(|line| line.split(' ').nth(1)?.parse::<u64>().ok()) {
        let bytes = pages.saturating_mul(rustix::param::page_size() as u64);
        text.gauge("process_resident_memory_bytes", "Resident memory.", bytes);
    }
    let version = [(env!("CARGO_PKG_VERSION"), 1)];
    text.gauges("storehand_build_info", "The version of this host.", "version", version);
}
