//! What apps may do and do not: permissions that are not used, that were asked for without need, that end soon or wait for
//! a decision, and caps that are wider than what was ever spent.

use super::{MOST, Moments};
use crate::authz::{Cap, InstallationId, Scope, StoreId, Terms};
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::error::Result;
use crate::db::core::money::{Money, currency};
use crate::db::core::time::rfc3339;
use crate::db::house::apps::AppFacts;
use crate::db::house::history::DAY_MS;
use crate::db::house::installations::read_terms;
use crate::db::house::people::review;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A grant that ends within so many days is shown.
const ENDING_DAYS: i64 = 14;
/// What was spent on so many days counts, the longest that it is retained.
const SPENT_DAYS: i64 = 90;

/// An app of which there is something to decide.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReviewedApp {
    /// The installation.
    #[schema(value_type = String)]
    pub installation: InstallationId,
    /// The app's id.
    pub app: String,
    /// What it is called.
    pub name: String,
    /// The version that runs.
    pub version: String,
    /// RFC 3339.
    pub installed_at: String,
    /// What it holds and does not use.
    pub unused: Vec<UnusedGrant>,
    /// What it cannot be installed without and has not used since it was granted, all of which was noted.
    #[schema(value_type = Vec<String>)]
    pub over_asks: Vec<Scope>,
    /// What ends within 14 days.
    pub ending: Vec<EndingSoon>,
    /// What whoever gave it could not give any more.
    pub under_review: Vec<UnderReview>,
    /// Caps that would still be enough for one and a half times what was ever spent in a day.
    pub tighter: Vec<TighterCap>,
}

/// A permission that an app holds and does not use.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UnusedGrant {
    /// Which.
    #[schema(value_type = String)]
    pub scope: Scope,
    /// RFC 3339.
    pub granted_at: String,
    /// On which day it was last used, `2026-11-30`, in UTC; never, as far as is known, if there is none.
    pub last_used: Option<String>,
    /// Whether the app cannot be installed without it.
    pub required: bool,
    /// Whether use was noted for the whole of that time; else it may have been used before.
    pub certain: bool,
}

/// A permission that ends soon.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EndingSoon {
    /// Which.
    #[schema(value_type = String)]
    pub scope: Scope,
    /// RFC 3339.
    pub expires_at: String,
}

/// A permission whose giver lost it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UnderReview {
    /// Which.
    #[schema(value_type = String)]
    pub scope: Scope,
    /// By when somebody should decide, RFC 3339.
    pub due: String,
    /// Whether it is suspended since.
    pub suspended: bool,
}

/// A cap that could be tighter.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TighterCap {
    /// Of which permission.
    #[schema(value_type = String)]
    pub scope: Scope,
    /// The cap: `per_day` or `sum_per_day`.
    pub cap: &'static str,
    /// The bound as it is: times, or an amount like `50.00`.
    pub bound: String,
    /// The most that was spent on one of 90 days.
    pub most_spent: String,
    /// One and a half times that, rounded up.
    pub proposed: String,
    /// The currency, if it is money.
    pub currency: Option<String>,
}

/// An installation, with what it cannot do without.
struct Installed {
    found: ReviewedApp,
    facts: AppFacts,
}

/// Looks at the grants of all apps of a store: how many apps, those with something to decide, and whether there is more.
pub(super) async fn review(conn: &mut Conn, store: StoreId, at: Moments) -> Result<(usize, Vec<ReviewedApp>, bool)> {
    const GRANTS: &str = "SELECT g.installation, g.scope, g.granted_at, g.review_at, u.last_day, g.expires_at, g.caps, g.held \
        FROM installations i JOIN grants g ON g.installation = i.id \
        LEFT JOIN scope_uses u ON u.installation = g.installation AND u.scope = g.scope \
        WHERE i.store = $1 AND i.state <> 'uninstalled' ORDER BY g.installation, g.scope LIMIT $2";
    let text = store.to_string();
    let mut apps = installed(conn, &text).await?;
    let spent = spent(conn, &text, at.now - SPENT_DAYS * DAY_MS).await?;
    let read = |r: Row<'_>| {
        let of: (String, String) = (r.text(0)?, r.text(1)?);
        Ok((of, r.int(2)?, r.opt_int(3)?, r.opt_int(4)?, read_terms(&r, 5)?))
    };
    let grants = conn.rows(GRANTS, args![&text, MOST + 1], read).await?;
    let more = grants.len() as i64 > MOST || apps.len() as i64 > MOST;
    for ((id, scope), granted_at, review_at, last_day, terms) in grants {
        // What this version does not know is worth nothing to the app.
        let (Ok(scope), Some(app), Some(terms)) = (scope.parse::<Scope>(), apps.get_mut(&id), terms) else { continue };
        app.look(scope, (granted_at, last_day), at);
        if terms.expires_at.is_some_and(|ends| ends > at.now && ends <= at.now + ENDING_DAYS * DAY_MS) {
            let expires_at = terms.expires_at.map(rfc3339).unwrap_or_default();
            app.found.ending.push(EndingSoon { scope, expires_at });
        }
        if let Some(since) = review_at {
            let (due, suspended) = (rfc3339(review::due(since)), review::due(since) <= at.now);
            app.found.under_review.push(UnderReview { scope, due, suspended });
        }
        for cap in [Cap::PerDay, Cap::SumPerDay] {
            let most = spent.get(&(app.found.app.clone(), scope.name().to_owned(), cap.name().to_owned()));
            app.found.tighter.extend(most.and_then(|most| tighter(scope, cap, &terms, *most)));
        }
    }
    let looked_at = apps.len();
    let something = |app: &ReviewedApp| {
        !(app.unused.is_empty() && app.ending.is_empty() && app.under_review.is_empty() && app.tighter.is_empty())
    };
    let found = apps.into_values().map(|app| app.found).filter(something).collect();
    Ok((looked_at, found, more))
}

impl Installed {
    /// Whether a grant is used. One that is younger than what counts as unused is not judged.
    fn look(&mut self, scope: Scope, (granted_at, last_day): (i64, Option<i64>), at: Moments) {
        let used = last_day.is_some_and(|day| (day + 1) * DAY_MS > at.cutoff);
        if used || granted_at > at.cutoff {
            return;
        }
        let watched_since = |moment| at.watched.is_some_and(|watched| watched <= moment);
        let certain = watched_since(at.cutoff);
        let required = self.facts.required().contains(scope);
        if required && last_day.is_none() && watched_since(granted_at) {
            self.found.over_asks.push(scope);
        }
        self.found.unused.push(UnusedGrant {
            scope,
            granted_at: rfc3339(granted_at),
            last_used: last_day.map(|day| rfc3339(day * DAY_MS).chars().take(10).collect()),
            required,
            certain,
        });
    }
}

async fn installed(conn: &mut Conn, store: &str) -> Result<BTreeMap<String, Installed>> {
    const SQL: &str = "SELECT i.id, i.app, i.app_version, i.installed_at, v.facts FROM installations i \
        JOIN app_versions v ON v.space = i.space AND v.app = i.app AND v.version = i.app_version \
        WHERE i.store = $1 AND i.state <> 'uninstalled' ORDER BY i.id LIMIT $2";
    let read = |r: Row<'_>| {
        let facts: AppFacts = r.doc(4)?;
        let found = ReviewedApp {
            installation: r.parse(0)?,
            app: r.text(1)?,
            name: facts.name.clone(),
            version: r.text(2)?,
            installed_at: rfc3339(r.int(3)?),
            unused: Vec::new(),
            over_asks: Vec::new(),
            ending: Vec::new(),
            under_review: Vec::new(),
            tighter: Vec::new(),
        };
        Ok((r.text(0)?, Installed { found, facts }))
    };
    Ok(conn.rows(SQL, args![store, MOST + 1], read).await?.into_iter().collect())
}

/// The most that was spent in a day, by app, scope and cap.
async fn spent(conn: &mut Conn, store: &str, since: i64) -> Result<BTreeMap<(String, String, String), i64>> {
    const SQL: &str = "SELECT app, scope, cap, MAX(amount) FROM spent WHERE store = $1 AND at >= $2 \
        AND cap IN ('per_day', 'sum_per_day') AND amount > 0 GROUP BY app, scope, cap";
    let read = |r: Row<'_>| Ok(((r.text(0)?, r.text(1)?, r.text(2)?), r.int(3)?));
    Ok(conn.rows(SQL, args![store, since], read).await?.into_iter().collect())
}

/// A tighter bound for a cap that a grant has, if there is one.
fn tighter(scope: Scope, cap: Cap, terms: &Terms, most: i64) -> Option<TighterCap> {
    let bound = i64::try_from(terms.caps.get(cap)?).ok()?;
    let proposed = most.checked_mul(3)?.checked_add(1)? / 2;
    if proposed >= bound {
        return None;
    }
    let code = terms.caps.currency().filter(|_| cap.is_money());
    let said = |amount: i64| match code.and_then(|code| currency(code).ok()) {
        Some(currency) => Money { minor: amount, currency }.amount(),
        None => amount.to_string(),
    };
    Some(TighterCap {
        scope,
        cap: cap.name(),
        bound: said(bound),
        most_spent: said(most),
        proposed: said(proposed),
        currency: code.map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authz::Caps;

    #[test]
    fn a_tighter_cap_is_one_and_a_half_times_the_most_rounded_up() {
        let terms = |bound| Terms { caps: Caps::default().with(Cap::PerDay, Some(bound)), ..Terms::default() };
        let proposed =
            |bound, most| tighter(Scope::OrdersCancel, Cap::PerDay, &terms(bound), most).map(|cap| cap.proposed);
        assert_eq!(proposed(20, 3).as_deref(), Some("5"));
        assert_eq!(proposed(20, 4).as_deref(), Some("6"));
        assert_eq!(proposed(20, 1).as_deref(), Some("2"));
        // No wider one, and none where there is no cap.
        assert_eq!((proposed(6, 4), proposed(5, 4)), (None, None));
        assert!(tighter(Scope::OrdersCancel, Cap::PerDay, &Terms::default(), 4).is_none());
        let money = Caps::default().with(Cap::SumPerDay, Some(10_000)).in_currency("EUR");
        let money = Terms { caps: money, ..Terms::default() };
        let cap = tighter(Scope::OrdersRefund, Cap::SumPerDay, &money, 3_333).unwrap();
        assert_eq!((cap.most_spent.as_str(), cap.proposed.as_str(), cap.bound.as_str()), ("33.33", "50.00", "100.00"));
    }
}
