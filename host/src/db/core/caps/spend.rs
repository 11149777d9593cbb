//! What calls count against the caps of their grants while a draft is made.

use super::counted::{Spend, account, bound, over};
use super::day::Day;
use super::ledger;
use crate::authz::{Cap, Grants, InstallationId, Permit};
use crate::db::core::drafts::draft::Draft;
use crate::db::core::error::{Error, Result};
use crate::db::core::money::Money;

/// A day in milliseconds.
pub(super) const DAY_MS: i64 = 86_400_000;

/// Who spends: nobody but apps on grants.
fn spender<S: Grants>(permit: &Permit<S>) -> Option<InstallationId> {
    permit.basis().installation.map(|(id, _)| id)
}

impl Draft {
    /// Counts one act of an app against the cap of a day.
    pub(in crate::db) async fn spend_one<S: Grants>(&mut self, permit: &Permit<S>) -> Result<()> {
        self.check_one(permit).await?;
        self.count_one(permit).await
    }

    /// Whether one more act is left: to be asked first where an act has several parts that can fail.
    pub(in crate::db) async fn check_one<S: Grants>(&mut self, permit: &Permit<S>) -> Result<()> {
        let Some(by) = spender(permit) else { return Ok(()) };
        let day = self.day().await?;
        self.check_bound(by, permit, Cap::PerDay, &day.name, 1, Some(day.ends)).await
    }

    /// Counts an act that is staged by now, if its scope can have a cap of a day.
    pub(in crate::db) async fn count_one<S: Grants>(&mut self, permit: &Permit<S>) -> Result<()> {
        if spender(permit).is_some() && S::SCOPE.caps().contains(&Cap::PerDay) {
            let day = self.day().await?;
            self.stage_spend(permit, Cap::PerDay, day.name, 1, "");
        }
        Ok(())
    }

    /// Counts an amount that an app moves against the caps of a day and, if one is named, of an order.
    pub(in crate::db) async fn spend_money<S: Grants>(
        &mut self,
        permit: &Permit<S>,
        amount: Money,
        order: Option<&str>,
    ) -> Result<()> {
        let Some(by) = spender(permit) else { return Ok(()) };
        let unit = amount.currency.code();
        if let Some(other) = permit.terms().caps.currency().filter(|currency| *currency != unit) {
            let scope = S::SCOPE;
            return Err(Error::invalid(format!(
                "`{scope}` is capped in {other}; {amount} cannot be counted against that"
            )));
        }
        let day = self.day().await?;
        self.check_bound(by, permit, Cap::SumPerDay, &day.name, amount.minor, Some(day.ends)).await?;
        if let Some(order) = order {
            self.check_bound(by, permit, Cap::SumPerOrder, order, amount.minor, None).await?;
            self.stage_spend(permit, Cap::SumPerOrder, order.to_owned(), amount.minor, unit);
        }
        self.stage_spend(permit, Cap::SumPerDay, day.name, amount.minor, unit);
        Ok(())
    }

    /// Counts by how much an app moves a stock level in a day, up or down, all runs together: `delta` is what this draft
    /// moves it by so far.
    pub(in crate::db) async fn spend_delta<S: Grants>(
        &mut self,
        permit: &Permit<S>,
        level: &str,
        delta: i64,
    ) -> Result<()> {
        let (Some(by), Some(_)) = (spender(permit), permit.terms().caps.get(Cap::MaxDelta)) else { return Ok(()) };
        let (day, bound) = (self.day().await?, bound(&permit.terms().caps, Cap::MaxDelta));
        let account = account(S::SCOPE, Cap::MaxDelta, day.name, level);
        let carried = self.dry.as_ref().map_or(0, |carried| carried.spent(&account));
        let moved = ledger::spent(&mut *self.reader().await?, by, &account).await?.saturating_add(carried);
        if moved.saturating_add(delta).saturating_abs() > bound {
            let left = if delta < 0 { bound.saturating_add(moved) } else { bound.saturating_sub(moved) };
            return Err(over(S::SCOPE, &permit.terms().caps, Cap::MaxDelta, left.max(0), Some(day.ends)));
        }
        self.counted.spends.insert(account, Spend { amount: delta, bound });
        Ok(())
    }

    /// Charges an app for one look at personal data, at once and for good: it has seen it, whatever becomes of the
    /// run. Nothing is written where there is no cap.
    pub(in crate::db) async fn charge<S: Grants>(&mut self, permit: &Permit<S>) -> Result<()> {
        let (Some(by), Some(_)) = (spender(permit), permit.terms().caps.get(Cap::PerDay)) else { return Ok(()) };
        let day = self.day().await?;
        if self.is_dry() {
            // It charges nobody but the dry runs that come after it.
            self.check_bound(by, permit, Cap::PerDay, &day.name, 1, Some(day.ends)).await?;
            *self.counted.charged.entry(account(S::SCOPE, Cap::PerDay, day.name, "")).or_insert(0) += 1;
            return Ok(());
        }
        let account = account(S::SCOPE, Cap::PerDay, day.name.clone(), "");
        let spend = Spend { amount: 1, bound: bound(&permit.terms().caps, Cap::PerDay) };
        match ledger::charge(self.db(), by, account, spend).await {
            Err(Error::Conflict(_)) => Err(over(S::SCOPE, &permit.terms().caps, Cap::PerDay, 0, Some(day.ends))),
            done => done,
        }
    }

    /// Counts a record that an app is about to change against the cap of one run. The same record counts once.
    pub(in crate::db) fn count_row<S: Grants>(&mut self, permit: &Permit<S>, record: &str) -> Result<()> {
        let caps = &permit.terms().caps;
        let Some(most) = caps.get(Cap::PerRun) else { return Ok(()) };
        let rows = self.counted.rows.entry(S::SCOPE).or_default();
        if rows.contains(record) {
            return Ok(());
        }
        if rows.len() as u64 >= most {
            return Err(over(S::SCOPE, caps, Cap::PerRun, 0, None));
        }
        rows.insert(record.to_owned());
        Ok(())
    }

    /// From when on an app may see records, in milliseconds, if its grant has a window.
    pub(in crate::db) fn window<S: Grants>(&self, permit: &Permit<S>) -> Option<i64> {
        let days = permit.terms().caps.get(Cap::Window)?;
        Some(self.now().saturating_sub(i64::try_from(days).unwrap_or(i64::MAX).saturating_mul(DAY_MS)))
    }

    /// The store's day in which the draft began.
    pub(in crate::db) async fn day(&mut self) -> Result<Day> {
        if let Some(day) = &self.counted.day {
            return Ok(day.clone());
        }
        let zone = self.db().time_zone(self.store()).await?;
        Ok(self.counted.day.insert(Day::of(zone, self.now())).clone())
    }

    async fn check_bound<S: Grants>(
        &self,
        by: InstallationId,
        permit: &Permit<S>,
        cap: Cap,
        period: &str,
        amount: i64,
        renews: Option<i64>,
    ) -> Result<()> {
        let caps = &permit.terms().caps;
        if caps.get(cap).is_none() {
            return Ok(());
        }
        let unit = if cap.is_money() { caps.currency().unwrap_or_default() } else { "" };
        let account = account(S::SCOPE, cap, period.to_owned(), unit);
        let staged = self.counted.spends.get(&account).map_or(0, |spend| spend.amount);
        let charged = self.counted.charged.get(&account).copied().unwrap_or(0);
        let carried = self.dry.as_ref().map_or(0, |carried| carried.spent(&account));
        let spent = ledger::spent(&mut *self.reader().await?, by, &account).await?;
        let left = [spent, carried, charged, staged].into_iter().fold(bound(caps, cap), i64::saturating_sub);
        if amount <= left { Ok(()) } else { Err(over(S::SCOPE, caps, cap, left.max(0), renews)) }
    }

    fn stage_spend<S: Grants>(&mut self, permit: &Permit<S>, cap: Cap, period: String, amount: i64, unit: &str) {
        let bound = bound(&permit.terms().caps, cap);
        let spend =
            self.counted.spends.entry(account(S::SCOPE, cap, period, unit)).or_insert(Spend { amount: 0, bound });
        (spend.amount, spend.bound) = (spend.amount.saturating_add(amount), spend.bound.min(bound));
    }
}
