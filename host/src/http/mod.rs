//! Serves people: the API under `/api/v1`, the pages of the web admin, and whether the host is well. The only room that
//! knows status codes.
//!
//! In reading order: [`api`] (what there is), [`extract`] (who asks, and what for), [`error`] (the one place where
//! errors become statuses), `pages` (the web admin, over the same functions as the API), `edge`, [`server`] and `connection` (what a
//! stranger may take from the host).
//!
//! INVARIANT: the signature is the policy. A handler that touches store data takes the `Permit` for it; the extractor
//! gives one only to whom it belongs, and only for the store in the path.

mod accounts;
pub mod api;
mod connection;
mod edge;
pub mod error;
mod export;
pub mod extract;
mod figures;
mod follow;
mod health;
mod openapi;
mod pages;
mod reads;
mod repeat;
mod routes;
pub mod server;
mod state;
mod streams;

pub use accounts::Prover;
pub use connection::{Came, NoTls, Tls};
pub use error::{Answer, Problem};
use extract::routes;
pub use extract::{At, IdempotencyKey, InPath, Json, Query, Reading, principal};
pub use figures::{figures, limits as figures_limits};
pub use health::Health;
pub use openapi::document;
pub use server::{listen, router, serve};
pub use state::State;
