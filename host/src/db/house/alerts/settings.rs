//! How a store, or the operator, set their rules: on or off, and at which threshold.

use super::rule::{Of, Rule, Unit};
use crate::authz::scope::kind::{AppsInstall, UsageView};
use crate::authz::{Actor, Basis, Permit, StoreId};
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::time::now_ms;
use crate::db::house::people::authority::fence;
use crate::db::house::people::tokens::Operator;
use crate::db::house::people::{audit, host_audit};
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;

/// A rule, as it is set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RuleShown {
    /// Which.
    pub rule: Rule,
    /// Whether anything is looked for by it.
    pub enabled: bool,
    /// From where on something is found.
    pub threshold: i64,
    /// What the threshold counts; `none`, where there is nothing to set.
    pub unit: Unit,
    /// The threshold, unless somebody sets another.
    pub default: i64,
    /// The smallest threshold there may be.
    pub least: i64,
    /// The largest.
    pub most: i64,
}

/// What to set of a rule. What is not given stays.
#[derive(Debug, Clone, Copy, Default)]
pub struct RuleChange {
    /// Whether anything is looked for by it.
    pub enabled: Option<bool>,
    /// From where on something is found.
    pub threshold: Option<i64>,
}

/// The rules of a store, or of the host, as they are set; others are as they are by default.
#[derive(Debug, Clone, Default)]
pub(super) struct Rules(HashMap<Rule, (bool, i64)>);

impl Rules {
    /// The threshold of a rule; none, if it is off.
    pub(super) fn threshold(&self, rule: Rule) -> Option<i64> {
        match self.0.get(&rule) {
            Some((enabled, threshold)) => enabled.then_some(*threshold),
            None => Some(rule.default()),
        }
    }

    /// The same with another one set.
    #[cfg(test)]
    pub(super) fn with(mut self, rule: Rule, enabled: bool, threshold: i64) -> Rules {
        self.0.insert(rule, (enabled, threshold));
        self
    }

    fn shown(&self, rule: Rule) -> RuleShown {
        let (enabled, threshold) = self.0.get(&rule).copied().unwrap_or((true, rule.default()));
        let (least, most) = rule.bounds().into_inner();
        RuleShown { rule, enabled, threshold, unit: rule.unit(), default: rule.default(), least, most }
    }

    fn all(&self, of: Of) -> Vec<RuleShown> {
        Rule::ALL.iter().filter(|rule| rule.of() == of).map(|rule| self.shown(*rule)).collect()
    }
}

/// The rules of a store; of the host with an empty one.
pub(super) async fn read(conn: &mut Conn, store: &str) -> Result<Rules> {
    const SQL: &str = "SELECT rule, enabled, threshold FROM alert_rules WHERE store = $1";
    let read = |r: Row<'_>| Ok((r.text(0)?, r.int(1)? == 1, r.int(2)?));
    let rows = conn.rows(SQL, args![store], read).await?;
    // A rule of another version of the host is none of this one's, nor is a threshold that it would not take.
    let known = rows.into_iter().filter_map(|(name, enabled, threshold)| {
        let rule: Rule = name.parse().ok()?;
        rule.bounds().contains(&threshold).then_some((rule, (enabled, threshold)))
    });
    Ok(Rules(known.collect()))
}

/// Whose rule is set, and by whom.
#[derive(Clone, Copy)]
struct Change {
    /// None: the host's.
    store: Option<StoreId>,
    actor: Actor,
    basis: Basis,
    rule: Rule,
    change: RuleChange,
}

async fn write(conn: &mut Conn, Change { store, actor, basis, rule, change }: &Change) -> Result<RuleShown> {
    const SQL: &str = "INSERT INTO alert_rules (store, rule, enabled, threshold, changed_by, changed_at) \
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (store, rule) DO UPDATE SET enabled = excluded.enabled, \
        threshold = excluded.threshold, changed_by = excluded.changed_by, changed_at = excluded.changed_at";
    let of = if store.is_some() { Of::Store } else { Of::Host };
    if rule.of() != of {
        return Err(Error::not_found("alert rule", rule.name()));
    }
    fence(conn, *basis).await?;
    let whose = store.map(|store| store.to_string()).unwrap_or_default();
    let now = read(conn, &whose).await?.shown(*rule);
    let (enabled, threshold) = (change.enabled.unwrap_or(now.enabled), change.threshold.unwrap_or(now.threshold));
    if !rule.bounds().contains(&threshold) {
        return Err(Error::invalid(format!("`threshold` of `{}` is {} to {}", rule.name(), now.least, now.most)));
    }
    conn.exec(SQL, args![&whose, rule.name(), enabled, threshold, &actor.to_string(), now_ms()]).await?;
    let detail = serde_json::json!({ "enabled": enabled, "threshold": threshold });
    match store {
        Some(store) => {
            audit::note(conn, *store, *actor, "alerts.set-rule", rule.name(), &detail).await?;
        }
        None => host_audit::note(conn, *actor, "alerts.set-rule", rule.name(), &detail).await?,
    }
    Ok(RuleShown { enabled, threshold, ..now })
}

async fn set(db: &Db, change: Change) -> Result<RuleShown> {
    db.write_with(RowsOf::All, change, |conn, change| Box::pin(write(conn, change))).await
}

impl Permit<UsageView> {
    /// The store's rules, as they are set.
    pub async fn alert_rules(&self, db: &Db) -> Result<Vec<RuleShown>> {
        let rules = read(&mut *db.reader(self.store()).await?, &self.store().to_string()).await?;
        Ok(rules.all(Of::Store))
    }
}

impl Permit<AppsInstall> {
    /// Sets a rule of the store.
    pub async fn set_alert_rule(&self, db: &Db, rule: Rule, change: RuleChange) -> Result<RuleShown> {
        let (store, actor, basis) = (Some(self.store()), self.actor(), self.basis());
        set(db, Change { store, actor, basis, rule, change }).await
    }
}

impl Operator {
    /// The rules about the host, as they are set.
    pub async fn alert_rules(&self, db: &Db) -> Result<Vec<RuleShown>> {
        Ok(read(&mut *db.reader(RowsOf::All).await?, "").await?.all(Of::Host))
    }

    /// Sets a rule about the host.
    pub async fn set_alert_rule(&self, db: &Db, rule: Rule, change: RuleChange) -> Result<RuleShown> {
        set(db, Change { store: None, actor: self.actor(), basis: self.basis(), rule, change }).await
    }
}
