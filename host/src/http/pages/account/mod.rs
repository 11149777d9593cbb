//! Pages of people themselves: the first start, signing in, links that are good once, and their own account. They belong to
//! no store.
//!
//! INVARIANT: nothing typed into a form is lost when it comes back with what is wrong, but for passwords and codes.

mod confirm;
mod devices;
mod factor;
mod home;
mod links;
mod own;
mod passkeys;
mod setup;
mod sign_in;
mod welcome;

pub(super) use confirm::page as confirm;

use crate::db::accounts::Fresh;
use crate::http::accounts::{SEE_AS_SELF, remember, set};
use crate::http::extract::handler::{get, post};
use crate::http::pages::show::Shown;
use crate::http::pages::words::Words;
use crate::http::pages::wrong::Wrong;
use crate::http::{Came, Problem, State};
use crate::text;
use axum::Router;
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

/// Every page of this room.
pub(super) fn routes() -> Router<State> {
    Router::new()
        .route("/", get(home::page))
        .route("/setup", get(setup::page).post(setup::submit))
        .route("/sign-in", get(sign_in::page).post(sign_in::submit))
        .route("/sign-in/code", get(sign_in::code_page).post(sign_in::submit_code))
        .route("/sign-in/passkey", post(passkeys::sign_in))
        .route("/sign-in/passkey/begin", post(passkeys::begin))
        .route("/passkey", post(passkeys::prove))
        .route("/sign-out", post(sign_in::sign_out))
        .route(SEE_AS_SELF, post(home::see_as_self))
        .route("/link", get(links::page).post(links::submit))
        .route("/account", get(own::page))
        .route("/account/device/{of}", get(devices::waits))
        .route("/account/devices/known", post(devices::known))
        .route("/account/devices/forget", post(devices::forget))
        .route("/account/welcome/{of}", get(welcome::page).post(welcome::submit))
        .route("/account/ownership/{of}/accept", post(home::accept))
        .route("/account/ownership/{of}/decline", post(home::decline))
        .route("/account/preferences", post(own::preferences))
        .route("/account/password", post(own::password))
        .route("/account/second-factor", get(factor::page).post(factor::submit))
        .route("/account/passkeys", post(passkeys::add))
        .route("/account/passkeys/new", post(passkeys::make))
        .route("/account/passkeys/remove", post(passkeys::remove))
        .route("/account/sessions/end", post(own::end_session))
        .route("/account/sessions/end-others", post(own::end_others))
}

/// On to another page, after what was asked for was done.
pub(super) fn see(path: &str) -> Response {
    match HeaderValue::from_str(path) {
        Ok(path) => (StatusCode::SEE_OTHER, [(LOCATION, path)]).into_response(),
        Err(e) => Problem::internal(e).into_response(),
    }
}

/// On to another page, with the cookies of a session that was just opened. Whose it is is told of a device that is new.
async fn enter(state: &State, headers: &HeaderMap, path: &str, fresh: &Fresh) -> Shown {
    if fresh.is_news() {
        devices::announce(state, headers, fresh).await?;
    }
    let mut response = see(path);
    let known = fresh.device_cookie().and_then(|secret| remember(secret.expose()));
    for (name, value) in set(fresh.secret.expose()).into_iter().chain(known) {
        response.headers_mut().append(name, value);
    }
    Ok(response)
}

/// What somebody typed who sets a password, twice, so that a slip does not lock them out.
/// The answer says what is wrong with it, if anything.
async fn new_password(
    state: &State,
    language: Words,
    (typed, again): (&str, &str),
    has_factor: bool,
    words: &[&str],
) -> Result<Option<Wrong>, Problem> {
    if typed != again {
        return Ok(Some(language.t("refused-passwords-differ").to_string().into()));
    }
    let weak = state.prover.strong(typed, has_factor, words).await?;
    Ok(weak.map(|weak| text::weak::weak(language, &weak).into()))
}

/// Signing in needs a way on which nobody listens.
fn safe(came: Came) -> Result<(), Problem> {
    match came.is_safe() {
        true => Ok(()),
        false => Err(Problem::forbidden(Words::ENGLISH.t("refused-plain-http"))),
    }
}
