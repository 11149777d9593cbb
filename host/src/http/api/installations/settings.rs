//! An app's settings, with a revision that guards against overwriting what somebody else has just set.

use super::id;
use crate::authz::{
    Permit, Principal,
    scope::kind::{AppsInstall, AppsView},
};
use crate::db::installations::SettingsNow;
use crate::db::{self, Db};
use crate::http::{At, Json, Problem};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::value::RawValue;

fn tagged(settings: SettingsNow) -> Response {
    ([(header::ETAG, format!("\"{}\"", settings.revision))], Json(settings)).into_response()
}

/// The revision that `If-Match` names; none if any will do.
fn seen(headers: &HeaderMap) -> Result<Option<i64>, Problem> {
    let Some(value) = headers.get(header::IF_MATCH) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(None);
    }
    let revision = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).and_then(|text| text.parse().ok());
    revision.map(Some).ok_or_else(changed)
}

fn changed() -> Problem {
    let detail = "the settings are not those you saw; read them again and take their `etag` as `if-match`";
    Problem::new(StatusCode::PRECONDITION_FAILED, "changed", detail)
}

/// Get an app's settings
///
/// The `etag` is their revision.
#[utoipa::path(get, path = "/stores/{store}/installations/{installation}/settings", tag = "installations", responses((status = 200, body = SettingsNow, headers(("etag" = String, description = "The revision, for `if-match`")))))]
pub(super) async fn get(apps: Permit<AppsView>, db: Db, At(installation): At) -> Result<Response, Problem> {
    Ok(tagged(apps.settings(&db, id(&installation)?).await?))
}

/// Replace an app's settings
///
/// They must fit the app's schema. They steer what the app does with all it holds, so you must hold all of it
/// yourself. With `if-match`, only if nobody changed them meanwhile.
#[utoipa::path(put, path = "/stores/{store}/installations/{installation}/settings", tag = "installations", params(("if-match" = Option<String>, Header, description = "The `etag` you read")), request_body = Object, responses((status = 200, body = SettingsNow, headers(("etag" = String, description = "The revision, for `if-match`"))), (status = 412, description = "Somebody changed them meanwhile", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn put(
    _install: Permit<AppsInstall>,
    who: Principal,
    db: Db,
    At(installation): At,
    headers: HeaderMap,
    Json(settings): Json<Box<RawValue>>,
) -> Result<Response, Problem> {
    let installation = id(&installation)?;
    let install = db.agree_to_configure(&who, installation).await?;
    match install.configure(&db, installation, settings, seen(&headers)?).await {
        Ok(settings) => Ok(tagged(settings)),
        Err(db::Error::Conflict(_)) => Err(changed()),
        Err(e) => Err(e.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn if_match_is_a_revision_in_quotes_or_a_star() {
        let of = |text: &'static str| {
            let headers = HeaderMap::from_iter([(header::IF_MATCH, HeaderValue::from_static(text))]);
            seen(&headers).map_err(|problem| problem.status.as_u16())
        };
        assert_eq!(seen(&HeaderMap::new()).unwrap(), None);
        assert_eq!((of("\"3\""), of("*")), (Ok(Some(3)), Ok(None)));
        for text in ["3", "\"x\"", "W/\"3\"", ""] {
            assert_eq!(of(text), Err(412), "{text}");
        }
    }
}
