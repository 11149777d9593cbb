//! Another version of an installed app.

use super::id;
use crate::authz::{Permit, Principal, ScopeSet, scope::kind::AppsInstall};
use crate::db::Db;
use crate::db::installations::{TermsChanges, Upgrade, Upgraded};
use crate::http::{Answer, At, IdempotencyKey, Json};
use crate::text::consent::Read;
use serde::Deserialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

/// Which version, with what.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ToUpgrade {
    /// The version; it may be older than the installed one.
    version: String,
    /// What to grant in addition to what the app holds. If it is given, `[]` too, you agree to everything the
    /// version adds; if not, a version that adds something waits.
    #[schema(value_type = Option<Vec<String>>)]
    scopes: Option<ScopeSet>,
    /// On which terms `scopes` are granted, by scope.
    #[serde(default)]
    #[schema(value_type = Object)]
    terms: TermsChanges,
    /// New settings, if the current ones do not fit the version.
    #[schema(value_type = Option<Object>)]
    settings: Option<Box<RawValue>>,
    /// The plan's `shown`, as you read it. If it is given, nothing else can be agreed to than what you read.
    shown: Option<String>,
}

/// Upgrade an app
///
/// Other code is another app: whoever puts it in the place of the old one agrees to everything the app will hold, and
/// holds all of it. A version that asks for nothing more then runs at once, and loses what it no longer asks for. One that
/// asks for more waits until somebody agrees by sending `scopes`, and one whose permissions you lack (`lacks`) for somebody
/// who holds them; the old one keeps running meanwhile.
#[utoipa::path(post, path = "/stores/{store}/installations/{installation}/upgrade", tag = "installations", responses((status = 200, body = Upgraded)))]
pub(super) async fn upgrade(
    _install: Permit<AppsInstall>,
    who: Principal,
    db: Db,
    IdempotencyKey(once): IdempotencyKey,
    At(installation): At,
    Json(to): Json<ToUpgrade>,
) -> Answer<Upgraded> {
    let ToUpgrade { version, scopes, terms, settings, shown } = to;
    let installation = id(&installation)?;
    let agreement = db.agree_to_upgrade(&who, installation, &version, scopes, &terms).await?;
    Ok(Json(
        agreement
            .upgrade(&db, Upgrade { installation, version, settings, shown: shown.map(Read::english) }, once)
            .await?,
    ))
}
