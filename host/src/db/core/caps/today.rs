//! What was counted against caps once and is done on another day: an approval asks the caps of today, as they are granted
//! now.

use super::counted::{Account, PriceStep, Spend, account, bound, over_with};
use super::day::Day;
use super::{ledger, prices, words};
use crate::authz::{Authority, Cap, InstallationId, Scope};
use crate::db::core::drafts::draft::Draft;
use crate::db::core::engine::conn::Conn;
use crate::db::core::error::{Error, Result};
use crate::db::core::time::rfc3339;
use std::collections::BTreeMap;

/// What is counted today, and which caps it goes over.
#[derive(Debug, Default)]
pub(in crate::db) struct Today {
    spends: BTreeMap<Account, Spend>,
    prices: BTreeMap<String, PriceStep>,
    over: Vec<Error>,
}

impl Today {
    /// What of it goes over the caps of today, in words.
    pub(in crate::db) fn over(&self) -> Vec<String> {
        self.over.iter().map(ToString::to_string).collect()
    }

    /// Counts it in a draft of the same store. Nothing may go over, unless it is let pass.
    pub(in crate::db) async fn count(self, draft: &mut Draft, lets_pass: bool) -> Result<()> {
        if let Some(over) = self.over.into_iter().next().filter(|_| !lets_pass) {
            return Err(over);
        }
        draft.day().await?;
        (draft.counted.spends, draft.counted.prices) = (self.spends, self.prices);
        Ok(())
    }
}

/// Asks the caps of today about what was counted on the day when it was proposed: what it has reserved of this day or of
/// an order counts once, what it reserved of another day counts today.
pub(in crate::db) async fn today(
    conn: &mut Conn,
    (store, by): (&str, InstallationId),
    authority: &Authority,
    spends: &[(Account, Spend)],
    steps: &[(String, PriceStep)],
    day: &Day,
) -> Result<Today> {
    let mut today = Today::default();
    for (of, Spend { amount, .. }) in spends {
        let Ok(cap) = of.cap.parse::<Cap>() else { continue };
        let caps = authority.terms.get(of.scope).caps;
        let by_day = matches!(cap, Cap::SumPerDay | Cap::PerDay | Cap::MaxDelta);
        let period = if by_day { day.name.clone() } else { of.period.clone() };
        let amount = if period == of.period { 0 } else { *amount };
        let (on, mut bound) = (account(of.scope, cap, period, &of.unit), bound(&caps, cap));
        let spent = ledger::spent(conn, by, &on).await?;
        if spent.saturating_add(amount).saturating_abs() > bound {
            let left = words::amount(&caps, cap, bound.saturating_sub(spent.saturating_abs()).max(0));
            today.over.push(only_an_owner(over_with(of.scope, &caps, cap, left, by_day.then_some(day.ends))));
            bound = i64::MAX;
        }
        today.spends.insert(on, Spend { amount, bound });
    }
    let caps = authority.terms.get(Scope::ProductsPrice).caps;
    for (sku, step) in steps {
        let mut most = caps.get(Cap::MaxChange);
        let began = prices::began(conn, store, sku, day).await?.unwrap_or(step.before);
        if most.is_some_and(|most| !prices::within(began, step.after, most)) {
            let left = format!("another price of `{sku}`");
            let over = over_with(Scope::ProductsPrice, &caps, Cap::MaxChange, left, Some(day.ends));
            today.over.push(only_an_owner(over));
            most = None;
        }
        today.prices.insert(sku.clone(), PriceStep { most, ..*step });
    }
    Ok(today)
}

fn only_an_owner(over: Error) -> Error {
    match over {
        Error::Limit { limit, left, renews } => {
            Error::Limit { limit: format!("{limit}, which only an owner can let pass"), left, renews }
        }
        other => other,
    }
}

/// A cap that somebody else used up in the very moment of an approval.
pub(in crate::db) fn used_up(account: &Account, day: Option<&Day>) -> Error {
    let limit = format!("what is left of `{}`", account.scope);
    Error::Limit { limit, left: "nothing of it".to_owned(), renews: day.map(|day| rfc3339(day.ends)) }
}
