//! The operator's lists as files: what the page shows, narrowed in the same way, and all of it.
//!
//! INVARIANT: nobody downloads a whole list without having proved lately who they are (T60); what is in it is what the
//! list of the API says to the operator.

use super::{audit as entries, runs as invocations};
use crate::db::accounts::SignedIn;
use crate::db::{Operator, now_ms};
use crate::http::State;
use crate::http::accounts::Form;
use crate::http::export::Lists;
use crate::http::pages::activity::export::file;
use crate::http::pages::show::Shown;
use axum::Extension;
use axum::http::request::Parts;

pub(super) async fn runs(
    _: Operator,
    state: State,
    lists: Extension<Lists>,
    parts: Parts,
    who: SignedIn,
    Form(which): Form<invocations::Which>,
) -> Shown {
    file((state, parts, who), (lists, "/invocations"), which.query(now_ms())?).await
}

pub(super) async fn audit(
    _: Operator,
    state: State,
    lists: Extension<Lists>,
    parts: Parts,
    who: SignedIn,
    Form(which): Form<entries::Which>,
) -> Shown {
    file((state, parts, who), (lists, "/audit"), which.query()).await
}
