//! Alerts about the host, for its operator, who also sees those of stores: figures and names of apps, and nothing of a store's data.

use super::{AlertShown, RuleToSet, Snoozing};
use crate::db::alerts::{AlertFilter, RuleShown};
use crate::db::{Db, Items, Operator, Page};
use crate::http::{Answer, At, Json, Query};
use serde::Deserialize;
use utoipa::IntoParams;

/// Which alerts.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct WhichOfHost {
    /// Those that are resolved, too.
    #[serde(default)]
    resolved: bool,
    /// Those of stores, too.
    #[serde(default)]
    stores: bool,
    /// 1 to 100; 50 if not given.
    limit: Option<u32>,
    /// `next_cursor` of the part before.
    cursor: Option<String>,
}

/// List alerts about the host
///
/// And those of stores, if asked for. Newest first.
#[utoipa::path(get, path = "/alerts", tag = "operator", params(WhichOfHost), responses((status = 200, body = Items<AlertShown>)))]
pub(super) async fn list(operator: Operator, db: Db, Query(which): Query<WhichOfHost>) -> Answer<Items<AlertShown>> {
    let page = Page { limit: which.limit, cursor: which.cursor };
    let filter = AlertFilter { resolved: which.resolved, stores: which.stores };
    Ok(Json(operator.alerts(&db, filter, &page).await?.map(AlertShown::from)))
}

/// Acknowledge an alert about the host
///
/// Says that somebody knows of it. Those of stores are for their people to acknowledge.
#[utoipa::path(post, path = "/alerts/{alert}/acknowledge", tag = "operator", responses((status = 200, body = AlertShown)))]
pub(super) async fn acknowledge(operator: Operator, db: Db, At(alert): At) -> Answer<AlertShown> {
    Ok(Json(operator.acknowledge_alert(&db, &alert).await?.into()))
}

/// Snooze an alert about the host
///
/// Nobody is bothered with it for so many hours. It stays open until its cause is gone.
#[utoipa::path(post, path = "/alerts/{alert}/snooze", tag = "operator", responses((status = 200, body = AlertShown)))]
pub(super) async fn snooze(
    operator: Operator,
    db: Db,
    At(alert): At,
    Json(snoozing): Json<Snoozing>,
) -> Answer<AlertShown> {
    Ok(Json(operator.snooze_alert(&db, &alert, snoozing.hours).await?.into()))
}

/// List alert rules about the host
///
/// What is looked for, and from which threshold on.
#[utoipa::path(get, path = "/alert-rules", tag = "operator", responses((status = 200, body = Items<RuleShown>)))]
pub(super) async fn rules(operator: Operator, db: Db) -> Answer<Items<RuleShown>> {
    Ok(Json(Items { items: operator.alert_rules(&db).await?, next_cursor: None }))
}

/// Set an alert rule about the host
///
/// On or off, and at which threshold. What is not given stays.
#[utoipa::path(patch, path = "/alert-rules", tag = "operator", responses((status = 200, body = RuleShown)))]
pub(super) async fn set_rule(operator: Operator, db: Db, Json(set): Json<RuleToSet>) -> Answer<RuleShown> {
    let (rule, change) = set.change();
    Ok(Json(operator.set_alert_rule(&db, rule, change).await?))
}
