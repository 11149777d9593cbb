//! Caps on how far a price changes: counted from the price with which the store's day began, over all runs of the day and
//! all apps that have such a cap.
//!
//! INVARIANT: a price set under a cap is never further from where its day began than the cap allows, however many runs
//! it took. A person, or an app without the cap, sets a new beginning.

use super::counted::{PriceStep, over_with};
use super::day::Day;
use crate::authz::{Cap, Grants, Permit};
use crate::db::core::drafts::draft::Draft;
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::error::{Error, Result};
use crate::db::core::money::Money;

/// Whether a price is within so many per cent of where the day began.
pub(super) fn within(began: i64, after: i64, most: u64) -> bool {
    let (began, after) = (i128::from(began), i128::from(after));
    (after - began).abs() * 100 <= began.abs() * i128::from(most)
}

impl Draft {
    /// Stages the step of a price that an undo takes back: no cap bounds it, and the day begins anew with it.
    pub(in crate::db) fn restage_price(&mut self, sku: String, step: PriceStep) {
        self.counted.prices.insert(sku, step);
    }

    /// Stages the step of a price that was `before` when the draft began, and refuses one over the cap.
    pub(in crate::db) async fn step_price<S: Grants>(
        &mut self,
        permit: &Permit<S>,
        sku: &str,
        before: Money,
        after: Money,
    ) -> Result<()> {
        let most = permit.terms().caps.get(Cap::MaxChange);
        if let Some(most) = most {
            let day = self.day().await?;
            let found = began(&mut *self.reader().await?, &self.store().to_string(), sku, &day).await?;
            let began = found.unwrap_or(before.minor);
            if !within(began, after.minor, most) {
                let (few, many) = bounds(began, most);
                let shown = |minor| Money { minor, currency: before.currency };
                let left = format!("a price from {} to {}", shown(few), shown(many));
                return Err(over_with(S::SCOPE, &permit.terms().caps, Cap::MaxChange, left, Some(day.ends)));
            }
        }
        let step = PriceStep { before: before.minor, after: after.minor, most };
        self.counted.prices.insert(sku.to_owned(), step);
        Ok(())
    }
}

/// The lowest and the highest price within so many per cent.
fn bounds(began: i64, most: u64) -> (i64, i64) {
    let (began, by) = (i128::from(began), i128::from(began).abs() * i128::from(most) / 100);
    let fit = |price: i128| i64::try_from(price.max(0)).unwrap_or(i64::MAX);
    (fit(began - by), fit(began + by))
}

/// Where the day of a price began, if anybody changed it under a cap today.
pub(super) async fn began(conn: &mut Conn, store: &str, sku: &str, day: &Day) -> Result<Option<i64>> {
    const SQL: &str = "SELECT amount FROM day_prices WHERE store = $1 AND sku = $2 AND day = $3";
    conn.row(SQL, args![store, sku, &day.name], |r| r.int(0)).await
}

/// Remembers where the day of each price began, and asks the caps again: somebody else may have been quicker.
pub(super) async fn write(conn: &mut Conn, draft: &Draft) -> Result<()> {
    const BEGIN: &str = "INSERT INTO day_prices (store, sku, day, amount) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (store, sku) DO UPDATE SET day = excluded.day, \
        amount = CASE WHEN day_prices.day = excluded.day THEN day_prices.amount ELSE excluded.amount END RETURNING amount";
    const ANEW: &str = "UPDATE day_prices SET amount = $3 WHERE store = $1 AND sku = $2";
    let store = draft.store().to_string();
    for (sku, PriceStep { before, after, most }) in &draft.counted.prices {
        let (Some(most), Some(day)) = (most, &draft.counted.day) else {
            conn.exec(ANEW, args![&store, sku, *after]).await?;
            continue;
        };
        let began = conn.row(BEGIN, args![&store, sku, &day.name, *before], |r| r.int(0)).await?;
        if !within(began.unwrap_or(*before), *after, *most) {
            return Err(Error::Conflict(format!("the price of `{sku}`")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_is_within_its_bounds_and_no_cent_beyond() {
        for (began, most) in [(1_250, 20), (999, 33), (1, 50), (0, 20), (7, 0), (100, 300)] {
            let (few, many) = bounds(began, most);
            assert!(within(began, few, most) && within(began, many, most), "{began} {most}");
            assert!(!within(began, many + 1, most), "{began} {most}");
            assert!(few == 0 || !within(began, few - 1, most), "{began} {most}");
        }
    }
}
