//! Taking a component in. Whoever uploads controls every byte: a place first, then the bytes into a file, so that slow
//! clients hold disk and not memory, then the payer's turn, in which they are read and compiled.
//!
//! INVARIANT: what a client sends ends with the client: its file, its bytes and its compilation.

use crate::authz::{Permit, scope::kind::AppsInstall};
use crate::db::Publisher;
use crate::db::apps::{AppVersion, Uploader};
use crate::http::extract::ask_again;
use crate::http::{Answer, Json, Problem, State};
use crate::runtime::component::inspect;
use crate::runtime::{NotLoaded, Payer, Turn};
use crate::text::words::Words;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use futures_util::StreamExt as _;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _};
use tokio_util::task::AbortOnDropHandle;

/// What every component and module of WebAssembly begins with.
const MAGIC: &[u8; 4] = b"\0asm";

/// Upload a version of an app for this store
///
/// The body is the component that `storehand app build` writes. Only this store can see it. Uploading the same again
/// changes nothing. A store has two uploads on the way at most, and 256 MiB of uploads.
#[utoipa::path(post, path = "/stores/{store}/apps", tag = "apps", request_body(content = Vec<u8>, content_type = "application/wasm"), responses((status = 200, body = AppVersion)))]
pub(super) async fn for_store(install: Permit<AppsInstall>, state: State, request: Request) -> Answer<AppVersion> {
    take(Uploader::Store(Box::new(install)), &state, request).await
}

/// Upload a version of one's own app
///
/// Stores can see it once the operator has published it. Uploading the same again changes nothing.
#[utoipa::path(post, path = "/apps", tag = "apps", request_body(content = Vec<u8>, content_type = "application/wasm"), responses((status = 200, body = AppVersion)))]
pub(super) async fn by_publisher(publisher: Publisher, state: State, request: Request) -> Answer<AppVersion> {
    take(Uploader::Publisher(publisher), &state, request).await
}

/// Takes a component in for whoever uploads it.
pub(in crate::http) async fn take(uploader: Uploader, state: &State, request: Request) -> Answer<AppVersion> {
    let payer = match &uploader {
        Uploader::Store(install) => Payer::Store(install.store()),
        Uploader::Publisher(publisher) => Payer::Publisher(publisher.name().to_owned()),
    };
    let mut received = received(state, payer, request).await?;
    let bytes = std::mem::take(&mut received.bytes);
    let (db, runtime) = (state.db.clone(), state.runtime.clone());
    let work = async move {
        let inspected = inspect(&bytes).map_err(|refused| NotLoaded::from(Box::new(refused)))?;
        let upload = inspected.upload(bytes);
        // What would be refused is not compiled either.
        db.may_upload(&uploader, &upload.app, &upload.version, &upload.facts).await?;
        runtime.accept(&received.turn, &inspected, &upload.bytes).await?;
        let digest = inspected.digest;
        let stored = db.upload(uploader, upload).await;
        if stored.is_err() && !db.has_component(&digest).await? {
            runtime.forget(&digest);
        }
        Ok::<_, Problem>(Json(stored?))
    };
    at_work(state, work).await
}

/// A component that has arrived, and the turn in which it may be held.
pub(in crate::http::api) struct Received {
    pub(in crate::http::api) bytes: Vec<u8>,
    pub(in crate::http::api) turn: Turn,
    _place: crate::runtime::Place,
}

/// The bytes of an upload, in a turn of the payer's.
pub(in crate::http::api) async fn received(state: &State, payer: Payer, request: Request) -> Result<Received, Problem> {
    let most = state.limits.upload;
    let (mut parts, body) = request.into_parts();
    refuse_early(&parts.headers, most)?;
    let place = state.runtime.place(payer)?;
    let mut file = to_file(body, most).await?;
    let turn = place.turn().await.ok_or(crate::db::Error::Closed)?;
    // An upload takes as long as its sender likes, and its turn as long as those before it.
    ask_again(state, &mut parts).await?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).await.map_err(Problem::internal)?;
    Ok(Received { bytes, turn, _place: place })
}

/// Where guests run, so that nobody who is served waits behind it, and no longer than somebody waits for it.
pub(in crate::http::api) async fn at_work<T: Send + 'static>(
    state: &State,
    work: impl Future<Output = Result<T, Problem>> + Send + 'static,
) -> Result<T, Problem> {
    AbortOnDropHandle::new(state.runtime.guests().spawn(work)).await.map_err(Problem::internal)?
}

/// Refuses what its head already shows to be wrong.
fn refuse_early(headers: &HeaderMap, most: usize) -> Result<(), Problem> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if text(header::CONTENT_TYPE) != Some("application/wasm") {
        let detail = "the body must be a component, with `content-type: application/wasm`";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_wasm", detail));
    }
    let length = text(header::CONTENT_LENGTH).and_then(|length| length.parse::<u64>().ok());
    if length.is_some_and(|length| length > most as u64) {
        return Err(too_large(most));
    }
    Ok(())
}

/// The body as a file without a name, from its beginning. Refused at its first bytes if it cannot be a component.
async fn to_file(body: Body, most: usize) -> Result<tokio::fs::File, Problem> {
    let mut file = tokio::fs::File::from_std(tempfile::tempfile().map_err(Problem::internal)?);
    let (mut stream, mut begins, mut size) = (body.into_data_stream(), Vec::new(), 0usize);
    while let Some(part) = stream.next().await {
        let part = part.map_err(|_| Problem::bad_request("bad_body", "the body did not arrive whole"))?;
        size = size.saturating_add(part.len());
        if size > most {
            return Err(too_large(most));
        }
        if begins.len() < MAGIC.len() {
            begins.extend(part.iter().take(MAGIC.len() - begins.len()));
            if !MAGIC.starts_with(&begins) {
                return Err(not_wasm());
            }
        }
        file.write_all(&part).await.map_err(Problem::internal)?;
    }
    if begins != MAGIC {
        return Err(not_wasm());
    }
    file.flush().await.map_err(Problem::internal)?;
    file.rewind().await.map_err(Problem::internal)?;
    Ok(file)
}

fn too_large(most: usize) -> Problem {
    let most = most / 1024 / 1024;
    let detail = Words::ENGLISH.t("refused-app-too-large").with("n", most as i64);
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail)
}

/// The body is no component.
pub(in crate::http::api) fn not_wasm() -> Problem {
    Problem::invalid(Words::ENGLISH.t("refused-no-component"))
}
