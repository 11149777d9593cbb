//! Lists as files, for whoever is signed in: what the page shows, narrowed in the same way, and all of it.
//!
//! INVARIANT: nobody downloads a whole list without having proved lately who they are (T60); what is in it is what the
//! list of the API says to the same person.

use super::{audit as entries, changes as sets, runs as invocations};
use crate::authz::Permit;
use crate::authz::scope::kind::{AuditView, ChangesView, UsageView};
use crate::db::accounts::SignedIn;
use crate::db::now_ms;
use crate::http::accounts::{Form, recent};
use crate::http::export::{Lists, of_session};
use crate::http::pages::show::Shown;
use crate::http::{Problem, State};
use axum::Extension;
use axum::http::request::Parts;

/// What a form asks of a list of the API.
type Query = Vec<(&'static str, String)>;

/// A list of the API as a file for whoever proved lately who they are.
pub(in crate::http::pages) async fn file(
    (state, parts, who): (State, Parts, SignedIn),
    (Extension(lists), path): (Extension<Lists>, &'static str),
    query: Query,
) -> Shown {
    recent(&who)?;
    let query = serde_html_form::to_string(query).map_err(Problem::internal)?;
    Ok(of_session(state, parts, (lists, path, query)).await)
}

pub(super) async fn runs(
    _usage: Permit<UsageView>,
    state: State,
    lists: Extension<Lists>,
    parts: Parts,
    who: SignedIn,
    Form(asked): Form<invocations::Asked>,
) -> Shown {
    let query = asked.filled().query(now_ms())?;
    file((state, parts, who), (lists, "/stores/{store}/invocations"), query).await
}

pub(super) async fn changes(
    _journal: Permit<ChangesView>,
    state: State,
    lists: Extension<Lists>,
    parts: Parts,
    who: SignedIn,
    Form(asked): Form<sets::Asked>,
) -> Shown {
    let query = asked.query(now_ms())?;
    file((state, parts, who), (lists, "/stores/{store}/journal"), query).await
}

pub(super) async fn audit(
    _audit: Permit<AuditView>,
    state: State,
    lists: Extension<Lists>,
    parts: Parts,
    who: SignedIn,
    Form(asked): Form<entries::Asked>,
) -> Shown {
    file((state, parts, who), (lists, "/stores/{store}/audit"), asked.query()).await
}
