//! On which day each installation last used each of its permissions, noted as its runs are summed up: behind them and not
//! in their way.
//!
//! INVARIANT: of each pair the days that are noted are those of runs that are summed up. Before the watch began nothing may
//! be known, and the review says since when it watches.

use super::totals::scope_of;
use crate::authz::Scope;
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::Result;
use crate::db::core::time::now_ms;
use crate::db::core::topic::Topic;
use std::collections::BTreeMap;

/// A day in milliseconds. Days are counted from 1970, in UTC.
pub(in crate::db) const DAY_MS: i64 = 86_400_000;

/// Uses of some runs: store, first and last day, by installation and scope. In the order in which every host writes them.
#[derive(Debug, Default)]
pub(super) struct Uses(BTreeMap<(String, Scope), (String, i64, i64)>);

impl Uses {
    /// Adds those of a run that started at a moment, in milliseconds: of the calls that it made, whether they did what was
    /// asked or failed. What was denied was not used. To be told of an event, or asked with a cart, is to use the
    /// permission that lets it.
    pub(super) fn add<'c>(
        &mut self,
        (store, installation): (&str, &str),
        started_at: i64,
        made: impl Iterator<Item = &'c str>,
        topic: Option<&str>,
        trigger: &str,
    ) {
        let day = started_at.div_euclid(DAY_MS);
        let told = topic.and_then(|topic| topic.parse::<Topic>().ok()).map(Topic::scope);
        let asked = (trigger == "checkout").then_some(Scope::CheckoutDiscount);
        for scope in made.filter_map(scope_of).chain(told).chain(asked) {
            let of = self.0.entry((installation.to_owned(), scope)).or_insert_with(|| (store.to_owned(), day, day));
            (of.1, of.2) = (of.1.min(day), of.2.max(day));
        }
    }

    /// How many rows they are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) async fn write(&self, conn: &mut Conn) -> Result<()> {
        const USE: &str = "INSERT INTO scope_uses (store, installation, scope, first_day, last_day) VALUES ($1, $2, $3, $4, $5) \
            ON CONFLICT (installation, scope) DO UPDATE SET last_day = excluded.last_day \
            WHERE scope_uses.last_day < excluded.last_day";
        for ((installation, scope), (store, first, last)) in &self.0 {
            conn.exec(USE, args![store, installation, scope.name(), *first, *last]).await?;
        }
        Ok(())
    }
}

impl Db {
    /// Notes that from now on it is known which permissions are used, unless that was noted before: 1 for those of apps, 2
    /// for those of people.
    pub async fn watch_uses(&self) -> Result<()> {
        const SQL: &str = "INSERT INTO scope_watch (id, tx, n, since) VALUES (1, 0, 0, $1), (2, 0, 0, $1) ON CONFLICT (id) DO NOTHING";
        self.write_with(RowsOf::All, now_ms(), |conn, now| {
            Box::pin(async move { conn.exec(SQL, args![*now]).await.map(drop) })
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_an_event_and_a_cart_use_the_permission_that_lets_them() {
        let mut uses = Uses::default();
        let at = |day: i64| day * DAY_MS + 7;
        uses.add(("sto_1", "ins_1"), at(8), ["orders-view.get", "log.info"].into_iter(), None, "action");
        uses.add(("sto_1", "ins_1"), at(7), std::iter::empty(), Some("orders/created"), "event");
        uses.add(("sto_1", "ins_2"), at(9), std::iter::empty(), None, "checkout");
        let noted: Vec<_> =
            uses.0.iter().map(|((of, scope), (_, first, last))| (&**of, *scope, *first, *last)).collect();
        assert_eq!(noted, [("ins_1", Scope::OrdersView, 7, 8), ("ins_2", Scope::CheckoutDiscount, 9, 9)]);
    }
}
