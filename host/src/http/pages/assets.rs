//! What pages load: the style sheet and the scripts, inside the binary.
//!
//! INVARIANT: an address holds a hash of what is served there, so what a browser has cached is never out of date.
//!
//! The largest is held compressed as well. Pages themselves are not compressed: they hold what their forms carry and what
//! strangers typed, and how well both compress together would tell of the one to whoever chooses the other.

use crate::http::{Problem, State};
use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

struct Asset {
    /// Where it is served.
    address: String,
    kind: &'static str,
    bytes: &'static [u8],
    /// The same as gzip has it.
    gzip: Option<&'static [u8]>,
}

static ASSETS: LazyLock<[Asset; 3]> = LazyLock::new(|| {
    [
        asset("admin", "css", "text/css; charset=utf-8", include_bytes!("../../../assets/admin.css")),
        asset("admin", "js", "text/javascript; charset=utf-8", include_bytes!("../../../assets/admin.js")),
        Asset {
            gzip: Some(include_bytes!("../../../assets/htmx.min.js.gz")),
            ..asset("htmx", "js", "text/javascript; charset=utf-8", include_bytes!("../../../assets/htmx.min.js"))
        },
    ]
});

fn asset(name: &str, ext: &str, kind: &'static str, bytes: &'static [u8]) -> Asset {
    let hash = hex::encode(Sha256::digest(bytes));
    Asset { address: format!("/assets/{name}-{}.{ext}", hash.get(..16).unwrap_or_default()), kind, bytes, gzip: None }
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
async fn serve(headers: HeaderMap, Path(name): Path<String>) -> Response {
    let found = ASSETS.iter().find(|asset| asset.address.strip_prefix("/assets/") == Some(&name));
    let Some(asset) = found else { return Problem::not_found("such file").into_response() };
    let cached = HeaderValue::from_static("public, max-age=31536000, immutable");
    let kind = HeaderValue::from_static(asset.kind);
    let fixed = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, cached)];
    match asset.gzip {
        Some(gzip) => {
            let vary = (header::VARY, HeaderValue::from_static("accept-encoding"));
            match takes_gzip(&headers) {
                true => {
                    (fixed, [vary, (header::CONTENT_ENCODING, HeaderValue::from_static("gzip"))], gzip).into_response()
                }
                false => (fixed, [vary], asset.bytes).into_response(),
            }
        }
        None => (fixed, asset.bytes).into_response(),
    }
}

/// Whether a browser takes gzip; one that ranks it at nothing does not.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|one| {
        let (name, rank) = one.split_once(';').unwrap_or((one, ""));
        let is_nothing =
            rank.trim().strip_prefix("q=").is_some_and(|q| q.trim().parse::<f32>().is_ok_and(|q| q <= 0.0));
        name.trim().eq_ignore_ascii_case("gzip") && !is_nothing
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_sent_to_whoever_takes_it() {
        let takes = |line: &str| takes_gzip(&HeaderMap::from_iter([(header::ACCEPT_ENCODING, line.parse().unwrap())]));
        assert!(takes("gzip, deflate, br") && takes("br;q=1.0, GZIP;q=0.5"));
        assert!(!takes("identity") && !takes("gzip;q=0") && !takes("br") && !takes_gzip(&HeaderMap::new()));
    }
}
