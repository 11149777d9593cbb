//! Whether the host runs (`/healthz`), and whether it should be sent requests (`/readyz`). Public, and silent about
//! everything else.

use super::{Problem, State};
use axum::http::StatusCode;
use std::time::Duration;

/// Longer than this, and the database does not answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// The process runs.
pub(super) async fn healthz() -> &'static str {
    "ok"
}

/// The database answers, and the host is not about to stop.
pub(super) async fn readyz(state: State) -> Result<&'static str, Problem> {
    let not = |code, detail: &str| Problem::new(StatusCode::SERVICE_UNAVAILABLE, code, detail);
    if state.stop.is_cancelled() {
        return Err(not("stopping", "the host is shutting down"));
    }
    match tokio::time::timeout(PATIENCE, state.db.ping()).await {
        Ok(Ok(())) => Ok("ready"),
        Ok(Err(cause)) => {
            tracing::error!(%cause, "the database does not answer");
            Err(not("database", "the database does not answer"))
        }
        Err(_) => Err(not("database", "the database does not answer in time")),
    }
}
