//! The alerts of a store, and its rules.

use super::{AlertShown, RuleToSet, Snoozing};
use crate::authz::Permit;
use crate::authz::scope::kind::{AppsInstall, AppsPause, UsageView};
use crate::db::alerts::{AlertFilter, RuleShown};
use crate::db::{Db, Items, Page};
use crate::http::{Answer, At, Json, Query};
use serde::Deserialize;
use utoipa::IntoParams;

/// Which alerts.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// Those that are resolved, too.
    #[serde(default)]
    resolved: bool,
    /// 1 to 100; 50 if not given.
    limit: Option<u32>,
    /// `next_cursor` of the part before.
    cursor: Option<String>,
}

/// List alerts
///
/// What somebody should look at, newest first: one for each cause. It is resolved by itself once the cause is gone.
#[utoipa::path(get, path = "/stores/{store}/alerts", tag = "alerts", params(Which), responses((status = 200, body = Items<AlertShown>)))]
pub(super) async fn list(usage: Permit<UsageView>, db: Db, Query(which): Query<Which>) -> Answer<Items<AlertShown>> {
    let page = Page { limit: which.limit, cursor: which.cursor };
    let filter = AlertFilter { resolved: which.resolved, stores: false };
    Ok(Json(usage.alerts(&db, filter, &page).await?.map(AlertShown::from)))
}

/// Acknowledge an alert
///
/// Says that somebody knows of it. It stays open until its cause is gone.
#[utoipa::path(post, path = "/stores/{store}/alerts/{alert}/acknowledge", tag = "alerts", responses((status = 200, body = AlertShown)))]
pub(super) async fn acknowledge(pause: Permit<AppsPause>, db: Db, At(alert): At) -> Answer<AlertShown> {
    Ok(Json(pause.acknowledge_alert(&db, &alert).await?.into()))
}

/// Snooze an alert
///
/// Nobody is bothered with it for so many hours. It stays open until its cause is gone.
#[utoipa::path(post, path = "/stores/{store}/alerts/{alert}/snooze", tag = "alerts", responses((status = 200, body = AlertShown)))]
pub(super) async fn snooze(
    pause: Permit<AppsPause>,
    db: Db,
    At(alert): At,
    Json(snoozing): Json<Snoozing>,
) -> Answer<AlertShown> {
    Ok(Json(pause.snooze_alert(&db, &alert, snoozing.hours).await?.into()))
}

/// List alert rules
///
/// What is looked for, and from which threshold on.
#[utoipa::path(get, path = "/stores/{store}/alert-rules", tag = "alerts", responses((status = 200, body = Items<RuleShown>)))]
pub(super) async fn rules(usage: Permit<UsageView>, db: Db) -> Answer<Items<RuleShown>> {
    Ok(Json(Items { items: usage.alert_rules(&db).await?, next_cursor: None }))
}

/// Set an alert rule
///
/// On or off, and at which threshold. What is not given stays.
#[utoipa::path(patch, path = "/stores/{store}/alert-rules", tag = "alerts", responses((status = 200, body = RuleShown)))]
pub(super) async fn set_rule(install: Permit<AppsInstall>, db: Db, Json(set): Json<RuleToSet>) -> Answer<RuleShown> {
    let (rule, change) = set.change();
    Ok(Json(install.set_alert_rule(&db, rule, change).await?))
}
