//! The mark of a form: the value of the session that it was drawn in. And who sends none at all.

use super::cookie;
use crate::db::accounts::SignedIn;
use crate::http::Problem;
use crate::text::words::Words;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use subtle::ConstantTimeEq;

/// The field of a form with the value of its session.
pub(super) const FORM_FIELD: &str = "_form";
/// Longer than any of those values, in bytes.
pub(super) const MAX_MARK: usize = 200;
/// What ends looking as somebody else would, and is all that can be sent meanwhile.
pub(in crate::http) const SEE_AS_SELF: &str = "/see-as-self";

/// Refuses what somebody sends who looks at a store as somebody else would.
pub(super) fn only_looks(parts: &Parts) -> Result<(), Problem> {
    let looks = parts.extensions.get::<SignedIn>().is_some_and(|who| who.seeing.is_some());
    match looks && !matches!(parts.uri.path(), SEE_AS_SELF | "/sign-out") {
        true => Err(Problem::forbidden(Words::ENGLISH.t("refused-only-looks"))),
        false => Ok(()),
    }
}

/// Refuses a form that does not belong to the session it is sent in.
pub(super) fn of_session(headers: &HeaderMap, given: Option<&str>) -> Result<(), Problem> {
    let expected = cookie::read(headers).map(cookie::form_value).unwrap_or_default();
    match bool::from(given.unwrap_or_default().as_bytes().ct_eq(expected.as_bytes())) {
        true => Ok(()),
        false => Err(Problem::forbidden(Words::ENGLISH.t("refused-other-session"))),
    }
}
