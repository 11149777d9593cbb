//! An app of one's own: its file is uploaded, and leads on to what it asks for.

use crate::authz::{Permit, scope::kind::AppsInstall};
use crate::db::apps::Uploader;
use crate::http::api::take;
use crate::http::pages::account::see;
use crate::http::pages::frame::Frame;
use crate::http::pages::parts::address;
use crate::http::pages::show::{Shown, show};
use crate::http::pages::wrong::Wrong;
use crate::http::{Json, State};
use askama::Template;
use axum::extract::Request;
use axum::http::header;

#[derive(Template)]
#[template(path = "apps/upload.html")]
struct Page {
    frame: Frame,
    /// Largest file, in MiB.
    most: i64,
    wrong: Option<Wrong>,
}

fn shown(frame: Frame, state: &State, wrong: Option<Wrong>) -> Shown {
    show(&Page { frame, most: (state.limits.upload / 1024 / 1024) as i64, wrong })
}

/// The form.
pub(super) async fn page(frame: Frame, _: Permit<AppsInstall>, state: State) -> Shown {
    shown(frame, &state, None)
}

/// Takes the file in. A form without one leads to its page: whoever has to prove first who they are comes by that, since no
/// page could hold a file meanwhile.
pub(super) async fn submit(frame: Frame, install: Permit<AppsInstall>, state: State, request: Request) -> Shown {
    let base = frame.base.clone();
    if request.headers().get(header::CONTENT_TYPE).is_none_or(|kind| kind != "application/wasm") {
        return Ok(see(&format!("{base}/apps/upload")));
    }
    match take(Uploader::Store(Box::new(install)), &state, request).await {
        Ok(Json(made)) => {
            let which = [("app", made.app.as_str()), ("version", made.version.as_str())];
            Ok(see(&address(&format!("{base}/apps/install"), which.into_iter())))
        }
        Err(problem) if problem.status.is_client_error() => {
            let (wrong, _) = Wrong::of(frame.words, &problem);
            let mut response = shown(frame, &state, Some(wrong))?;
            *response.status_mut() = problem.status;
            Ok(response)
        }
        Err(problem) => Err(problem),
    }
}
