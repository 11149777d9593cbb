//! The one place where errors become statuses: problems after RFC 9457.
//!
//! INVARIANT: what went wrong inside the host is logged and never shown.

use crate::authz::{Denied, NoConsent, Scope};
use crate::db;
use crate::runtime::{NoPlace, NotCompiled, NotLoaded};
use crate::text::words::{Text, Words};
use crate::text::{self, Said};
use crate::trial::NotTried;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// What a handler answers with.
pub type Answer<T> = Result<super::Json<T>, Problem>;

/// Why a request was not carried out (`application/problem+json`, RFC 9457).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// `urn:storehand:problem:` and the code.
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    pub kind: Box<str>,
    /// The status in words.
    pub title: &'static str,
    /// The HTTP status.
    #[serde(serialize_with = "as_number")]
    #[schema(value_type = u16)]
    pub status: StatusCode,
    /// What went wrong, and what would help.
    pub detail: String,
    /// For programs: does not change between versions.
    pub code: &'static str,
    /// The permission that was missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub scope: Option<Scope>,
    /// What would lift the denial.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
    /// Everything that is wrong with an app that was refused, with its place in `app.toml`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<Object>>)]
    pub problems: Option<Box<Vec<crate::runtime::refused::Problem>>>,
    /// Whether doing the same again may end otherwise.
    #[serde(skip)]
    pub(super) again: bool,
    /// What it was, so that a page can say it in the language of whoever reads.
    #[serde(skip)]
    pub(super) told: Option<Box<Told>>,
}

/// What `detail` says in English, before it was said.
#[derive(Debug, Clone)]
pub(super) enum Told {
    /// A permission was missing.
    Denied(Denied),
    /// Nobody could agree like this.
    NoConsent(NoConsent),
    /// A sentence that has a key.
    Said(Text<'static>),
}

fn as_number<S: serde::Serializer>(status: &StatusCode, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_u16(status.as_u16())
}

/// Marks a response whose request may be carried out again.
#[derive(Debug, Clone, Copy)]
pub(super) struct Again;

/// Marks a response whose request read for longer than it may where others are served.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cut;

/// A text says what was wrong with what somebody sent, and may quote it; it gives no large part of it back.
fn bounded(mut detail: String) -> String {
    /// Longer than the longest list of permissions.
    const LONGEST: usize = 4_000;
    if let Some((end, _)) = detail.char_indices().nth(LONGEST) {
        detail.truncate(end);
        detail.push('…');
    }
    detail
}

impl Problem {
    /// A problem. `detail` is lower case, without a full stop, and says what would help.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<Said>) -> Problem {
        let said = detail.into();
        Problem {
            kind: format!("urn:storehand:problem:{code}").into(),
            title: status.canonical_reason().unwrap_or("Problem"),
            status,
            detail: bounded(said.to_string()),
            code,
            scope: None,
            remedy: None,
            problems: None,
            again: false,
            told: said.text().map(|text| Box::new(Told::Said(text))),
        }
    }

    /// No such thing, or none that the asker may know of.
    pub fn not_found(what: impl std::fmt::Display) -> Problem {
        Problem::new(StatusCode::NOT_FOUND, "not_found", format!("no {what}"))
    }

    /// Nobody was recognised.
    pub fn unauthorized(detail: impl Into<Said>) -> Problem {
        Problem::new(StatusCode::UNAUTHORIZED, "unauthorized", detail)
    }

    /// Somebody was recognised whose kind of token is not for this.
    pub fn forbidden(detail: impl Into<Said>) -> Problem {
        Problem::new(StatusCode::FORBIDDEN, "forbidden", detail)
    }

    /// The request cannot be read.
    pub fn bad_request(code: &'static str, detail: impl Into<Said>) -> Problem {
        Problem::new(StatusCode::BAD_REQUEST, code, detail)
    }

    /// The request can be read and is not acceptable.
    pub fn invalid(detail: impl Into<Said>) -> Problem {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", detail)
    }

    /// What the host stands on is not there: its cause is not shown. Whoever watches it tells the log once; here, where
    /// strangers decide how often, only those who look closely are told.
    fn unavailable(code: &'static str, detail: &str, cause: impl std::fmt::Display) -> Problem {
        tracing::debug!(%cause, "a request failed for want of what the host stands on");
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, code, detail)
    }

    /// A fault of the host: logged here, not shown.
    pub fn internal(cause: impl std::fmt::Display) -> Problem {
        tracing::error!(%cause, "a request failed inside the host");
        let detail = "the host could not carry this out; the operator finds the cause in its log";
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail)
    }
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Problem {
        Problem {
            scope: Some(denied.scope),
            remedy: Some(text::denied::remedy(Words::ENGLISH, &denied, None)),
            told: Some(Box::new(Told::Denied(denied))),
            ..Problem::new(StatusCode::FORBIDDEN, "denied", text::denied::denied(Words::ENGLISH, &denied))
        }
    }
}

impl From<NoConsent> for Problem {
    fn from(error: NoConsent) -> Problem {
        let (refused, told) = (text::consent::refused(Words::ENGLISH, &error), Some(Box::new(Told::NoConsent(error))));
        match error {
            NoConsent::Denied(denied) => denied.into(),
            NoConsent::NotAPerson => Problem { told, ..Problem::forbidden(refused) },
            NoConsent::NotAsked(scope) | NoConsent::Required(scope) => Problem {
                scope: Some(scope),
                told,
                ..Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "consent", refused)
            },
        }
    }
}

impl From<db::Error> for Problem {
    fn from(error: db::Error) -> Problem {
        use db::Error as E;
        let detail = error.to_string();
        let again = error.is_transient() || matches!(error, E::Repeated(_));
        match error {
            E::Denied(denied) => denied.into(),
            E::NoConsent(error) => error.into(),
            E::NotFound { .. } => Problem::new(StatusCode::NOT_FOUND, "not_found", detail),
            E::Invalid(said) => Problem::invalid(said),
            E::Limit { .. } => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "limit", detail),
            E::Cut(_) => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "cut", detail),
            E::Taken { .. } | E::InCatalogue { .. } => Problem::new(StatusCode::CONFLICT, "taken", detail),
            E::NotAgreed(_) => Problem::new(StatusCode::CONFLICT, "not_agreed", detail),
            E::Outdated { .. } => Problem::new(StatusCode::CONFLICT, "outdated", detail),
            E::Superseded => Problem::new(StatusCode::CONFLICT, "superseded", detail),
            E::Conflict(_) | E::Stale | E::Repeated(_) => {
                Problem { again, ..Problem::new(StatusCode::CONFLICT, "conflict", format!("{detail}; try again")) }
            }
            E::Ended => Problem::unauthorized(detail),
            E::Suspended(reason) => {
                let suspended = Words::ENGLISH.t("refused-store-suspended").with("reason", reason);
                Problem::new(StatusCode::FORBIDDEN, "store_suspended", suspended)
            }
            E::Closing(at) => {
                let closing = Words::ENGLISH.t("refused-store-closing").with("at", at);
                Problem::new(StatusCode::FORBIDDEN, "store_closing", closing)
            }
            E::Busy(db::Whose::Host) => Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", detail),
            E::Busy(db::Whose::Store | db::Whose::App | db::Whose::Plan) => {
                Problem::new(StatusCode::TOO_MANY_REQUESTS, "share", detail)
            }
            E::NoCursor => Problem::bad_request("bad_cursor", detail),
            E::TooLong => Problem::new(StatusCode::SERVICE_UNAVAILABLE, "too_long", detail),
            E::TooManyReads => Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_reads", detail),
            E::Closed => Problem::new(StatusCode::SERVICE_UNAVAILABLE, "stopping", detail),
            E::Lite(_) | E::Pg(_) | E::Corrupt(_) if again => {
                let detail = "somebody else was changing the same; try again";
                Problem { again, ..Problem::new(StatusCode::CONFLICT, "conflict", detail) }
            }
            E::Lite(_) | E::Pg(_) if error.is_refused_by_disk() => Problem::unavailable(
                "disk",
                "the host cannot write: its disk is full, read-only or broken; nothing was changed, and the operator has to mend it",
                detail,
            ),
            E::Pg(_) if error.is_silent() => Problem::unavailable(
                "database",
                "the database does not answer; try again soon, and if that lasts, the operator finds the cause in the host's log",
                detail,
            ),
            E::Lite(_) | E::Pg(_) | E::Corrupt(_) => Problem::internal(detail),
        }
    }
}

impl From<NoPlace> for Problem {
    fn from(error: NoPlace) -> Problem {
        let (status, code) = match error {
            NoPlace::Full => (StatusCode::TOO_MANY_REQUESTS, "uploads_full"),
            NoPlace::Locked { .. } => (StatusCode::TOO_MANY_REQUESTS, "uploads_locked"),
            NoPlace::Busy => (StatusCode::SERVICE_UNAVAILABLE, "busy"),
        };
        Problem::new(status, code, error.to_string())
    }
}

impl From<NotTried> for Problem {
    fn from(error: NotTried) -> Problem {
        match error {
            NotTried::Db(error) => error.into(),
            NotTried::NotLoaded(error) => error.into(),
        }
    }
}

impl From<NotLoaded> for Problem {
    fn from(error: NotLoaded) -> Problem {
        match error {
            NotLoaded::Refused(refused) => {
                let detail = refused.report();
                let problems = Some(Box::new(refused.problems));
                Problem { problems, ..Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "refused", detail) }
            }
            NotLoaded::NotCompiled(NotCompiled::Worker(cause)) => Problem::internal(cause),
            NotLoaded::NotCompiled(error @ NotCompiled::Late) => {
                Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", error.to_string())
            }
            NotLoaded::NotCompiled(error) => {
                Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "not_compiled", error.to_string())
            }
            NotLoaded::Engine(_) => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "refused", error.to_string()),
            NotLoaded::Db(error) => error.into(),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (self.status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        match self.status {
            StatusCode::UNAUTHORIZED => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"storehand\""));
            }
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
            }
            _ => {}
        }
        if self.code == "too_long" {
            response.extensions_mut().insert(Cut);
        }
        match self.code {
            super::extract::NEEDS_PROOF => {
                response.extensions_mut().insert(super::extract::NeedsProof::Any);
            }
            super::extract::NEEDS_WHOLE_PROOF => {
                response.extensions_mut().insert(super::extract::NeedsProof::All);
            }
            _ => {}
        }
        if self.again {
            response.extensions_mut().insert(Again);
        }
        // For pages, which say the same in words.
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authz::Why;

    fn status(error: db::Error) -> (u16, &'static str) {
        let problem = Problem::from(error);
        (problem.status.as_u16(), problem.code)
    }

    #[test]
    fn every_error_has_its_status() {
        assert_eq!(status(db::Error::not_found("order", "ord_1")), (404, "not_found"));
        assert_eq!(status(db::Error::invalid("no")), (422, "invalid"));
        assert_eq!(status(db::Error::Stale), (409, "conflict"));
        assert_eq!(status(db::Error::Taken { what: "the sku", value: "a".to_owned() }), (409, "taken"));
        assert_eq!(status(db::Error::Busy(db::Whose::Host)), (503, "busy"));
        assert_eq!(status(db::Error::Busy(db::Whose::Store)), (429, "share"));
        assert_eq!(status(db::Error::Ended), (401, "unauthorized"));
        let denied = Denied { scope: Scope::OrdersRefund, why: Why::NotHeld };
        assert_eq!(status(db::Error::Denied(denied)), (403, "denied"));
    }

    #[test]
    fn a_denial_names_the_scope_and_the_remedy() {
        let problem = Problem::from(Denied { scope: Scope::OrdersRefund, why: Why::TokenLacks });
        let json = serde_json::to_value(&problem).unwrap();
        assert_eq!(json["scope"], "orders:refund");
        assert_eq!(json["status"], 403);
        assert_eq!(json["type"], "urn:storehand:problem:denied");
        assert!(json["remedy"].as_str().unwrap().contains("orders:refund"));
    }

    #[test]
    fn what_went_wrong_inside_is_not_shown() {
        let problem = Problem::from(db::Error::Corrupt("row 7 of `secrets`".to_owned()));
        assert_eq!(problem.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!problem.detail.contains("secrets"));
    }

    #[test]
    fn only_what_may_end_otherwise_is_marked_to_be_done_again() {
        let again = |error: db::Error| Problem::from(error).into_response().extensions().get::<Again>().is_some();
        assert!(again(db::Error::Stale) && again(db::Error::Conflict("order".to_owned())));
        assert!(!again(db::Error::invalid("no")) && !again(db::Error::Superseded));
    }
}
