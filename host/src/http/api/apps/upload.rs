//! Taking a component in. Whoever uploads controls every byte: they go to a file first, so that slow clients hold
//! disk and not memory, and only so many are read at a time.

use crate::authz::{Permit, scope::kind::AppsInstall};
use crate::db::Publisher;
use crate::db::apps::{AppVersion, Uploader};
use crate::http::extract::ask_again;
use crate::http::{Answer, Json, Problem, State};
use crate::runtime::Runtime;
use crate::runtime::component::Inspected;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use futures_util::StreamExt as _;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _};
use tokio::sync::{Semaphore, SemaphorePermit};

/// So many uploads are held in memory, checked and compiled at once; the others wait on disk.
static READING: Semaphore = Semaphore::const_new(2);
/// What every component and module of WebAssembly begins with.
const MAGIC: &[u8; 4] = b"\0asm";

/// Upload a version of an app for this store
///
/// The body is the component that `storehand app build` writes. Only this store can see it. Uploading the same again
/// changes nothing.
#[utoipa::path(post, path = "/stores/{store}/apps", tag = "apps", security(("token" = ["apps:install"])), request_body(content = Vec<u8>, content_type = "application/wasm"), responses((status = 200, body = AppVersion)))]
pub(super) async fn for_store(install: Permit<AppsInstall>, state: State, request: Request) -> Answer<AppVersion> {
    take(Uploader::Store(install), &state, request).await
}

/// Upload a version of one's own app
///
/// Stores can see it once the operator has published it. Uploading the same again changes nothing.
#[utoipa::path(post, path = "/apps", tag = "apps", security(("token" = ["publisher"])), request_body(content = Vec<u8>, content_type = "application/wasm"), responses((status = 200, body = AppVersion)))]
pub(super) async fn by_publisher(publisher: Publisher, state: State, request: Request) -> Answer<AppVersion> {
    take(Uploader::Publisher(publisher), &state, request).await
}

async fn take(uploader: Uploader, state: &State, request: Request) -> Answer<AppVersion> {
    let (bytes, _turn) = received(state, request).await?;
    let (inspected, bytes) = accept(&state.runtime, bytes).await?;
    Ok(Json(state.db.upload(uploader, inspected.upload(bytes)).await?))
}

/// The bytes of an upload, and the turn in which they may be held.
pub(in crate::http::api) async fn received(
    state: &State,
    request: Request,
) -> Result<(Vec<u8>, SemaphorePermit<'static>), Problem> {
    let most = state.limits.upload;
    let (mut parts, body) = request.into_parts();
    refuse_early(&parts.headers, most)?;
    let mut file = to_file(body, most).await?;
    // An upload takes as long as its sender likes.
    ask_again(state, &mut parts).await?;
    let turn = READING.acquire().await.map_err(Problem::internal)?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).await.map_err(Problem::internal)?;
    Ok((bytes, turn))
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
    let detail = format!("an app has at most {most} MiB; `storehand app build` without `--debug` makes a smaller one");
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail)
}

fn not_wasm() -> Problem {
    Problem::invalid("this is not a WebAssembly component; upload the one file that `storehand app build` writes")
}

/// Reads, checks and compiles it where guests run, so that nobody who is served waits behind it.
async fn accept(runtime: &Runtime, bytes: Vec<u8>) -> Result<(Inspected, Vec<u8>), Problem> {
    let on = runtime.clone();
    let accepted = runtime.guests().spawn(async move {
        let inspected = on.accept(&bytes).await;
        (inspected, bytes)
    });
    let (inspected, bytes) = accepted.await.map_err(Problem::internal)?;
    Ok((inspected?, bytes))
}
