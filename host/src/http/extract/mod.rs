//! From a request to what a handler takes: who asks ([`identity`]), what for (the path and the query), and with what
//! (the body); and what of it a route takes (`signature`). Everything here is controlled by whoever sent the request.

mod draft;
pub(super) mod handler;
mod identity;
mod json;
mod mistake;
mod path;
mod query;
pub(super) mod signature;
mod strict;

pub use draft::{IdempotencyKey, Reading};
pub use identity::principal;
pub(super) use identity::{
    NEEDS_PROOF, NEEDS_WHOLE_PROOF, NeedsProof, ask_again, identified, needs_proof, needs_whole_proof, principal_of,
};
pub use json::Json;
pub(super) use json::too_large;
pub use path::{At, InPath};
pub use query::Query;
pub(super) use signature::routes;
