//! What pages load: the style sheet and the scripts, inside the binary.
//!
//! INVARIANT: an address holds a hash of what is served there, so what a browser has cached is never out of date.

use crate::http::{Problem, State};
use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

struct Asset {
    /// Where it is served.
    address: String,
    kind: &'static str,
    bytes: &'static [u8],
}

static ASSETS: LazyLock<[Asset; 3]> = LazyLock::new(|| {
    [
        asset("admin", "css", "text/css; charset=utf-8", include_bytes!("../../../assets/admin.css")),
        asset("admin", "js", "text/javascript; charset=utf-8", include_bytes!("../../../assets/admin.js")),
        asset("htmx", "js", "text/javascript; charset=utf-8", include_bytes!("../../../assets/htmx.min.js")),
    ]
});

fn asset(name: &str, ext: &str, kind: &'static str, bytes: &'static [u8]) -> Asset {
    let hash = hex::encode(Sha256::digest(bytes));
    Asset { address: format!("/assets/{name}-{}.{ext}", hash.get(..16).unwrap_or_default()), kind, bytes }
}

/// The addresses of what every page loads.
#[derive(Debug, Clone, Copy)]
pub(super) struct Assets {
    /// The style sheet.
    pub(super) style: &'static str,
    /// What makes pages live.
    pub(super) script: &'static str,
    /// What swaps parts of pages.
    pub(super) htmx: &'static str,
}

impl Assets {
    pub(super) fn get() -> Assets {
        let [style, script, htmx] = &*ASSETS;
        Assets { style: &style.address, script: &script.address, htmx: &htmx.address }
    }
}

pub(in crate::http) fn routes() -> Router<State> {
    Router::new().route("/assets/{name}", get(serve))
}

/// Anybody may load them: they are the same for everybody.
async fn serve(Path(name): Path<String>) -> Response {
    let found = ASSETS.iter().find(|asset| asset.address.strip_prefix("/assets/") == Some(&name));
    let Some(asset) = found else { return Problem::not_found("such file").into_response() };
    let cached = HeaderValue::from_static("public, max-age=31536000, immutable");
    let kind = HeaderValue::from_static(asset.kind);
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, cached)], asset.bytes).into_response()
}
