//! What handlers share.

use super::accounts::Prover;
use super::health::Health;
use super::repeat::Left;
use super::streams::Streams;
use crate::config::Limits;
use crate::db::Db;
use crate::mail::Mailer;
use crate::runtime::Runtime;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use std::convert::Infallible;
use tokio_util::sync::CancellationToken;

/// What handlers share. Cheap to clone; take it, or only the [`Db`], as an argument.
#[derive(Debug, Clone)]
pub struct State {
    /// The database.
    pub db: Db,
    /// What runs apps.
    pub runtime: Runtime,
    /// What one client can take.
    pub limits: Limits,
    /// Cancelled when the host is stopped: what streams for long ends then.
    pub stop: CancellationToken,
    /// What compares the passwords and codes of those who sign in.
    pub(super) prover: Prover,
    /// What sends e-mail, if anything does.
    pub(super) mailer: Option<Mailer>,
    /// Whether the host is well.
    pub(super) health: Health,
    /// Streams that are open.
    pub(super) streams: Streams,
    /// Lists that are being written out.
    pub(super) exports: Streams,
    /// Requests that go on without their client.
    pub(super) left: Left,
}

impl State {
    /// With nothing under way yet.
    pub fn new(
        db: Db,
        runtime: Runtime,
        limits: Limits,
        health: Health,
        prover: Prover,
        mailer: Option<Mailer>,
        stop: CancellationToken,
    ) -> State {
        State {
            db,
            runtime,
            limits,
            stop,
            health,
            prover,
            mailer,
            streams: Streams::default(),
            exports: super::export::shares(),
            left: Left::default(),
        }
    }
}

impl FromRequestParts<State> for State {
    type Rejection = Infallible;
    async fn from_request_parts(_: &mut Parts, state: &State) -> Result<State, Infallible> {
        Ok(state.clone())
    }
}

impl FromRequestParts<State> for Db {
    type Rejection = Infallible;
    async fn from_request_parts(_: &mut Parts, state: &State) -> Result<Db, Infallible> {
        Ok(state.db.clone())
    }
}

impl FromRequestParts<State> for Runtime {
    type Rejection = Infallible;
    async fn from_request_parts(_: &mut Parts, state: &State) -> Result<Runtime, Infallible> {
        Ok(state.runtime.clone())
    }
}
