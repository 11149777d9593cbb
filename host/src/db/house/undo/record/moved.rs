//! Stock that moves with orders. An order remembers what was taken for it; when an undo changes that, the same moves on
//! the level, in the same change set. So however orders are cancelled, taken back and cancelled again, with or without
//! the changes of their levels, what is on stock and what orders have taken add up to the same.

use super::chain::Spot;
use super::pass::{Act, Done, Pass, Turn};
use crate::authz::ScopeSet;
use crate::db::core::engine::conn::{Row, args};
use crate::db::core::error::Result;
use crate::db::core::kinds::{Kind, Space, from_json};
use crate::db::house::undo::select::follows;
use crate::db::shop::sales::orders::Order;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// A sku and a location.
type Place = (String, String);

/// What an order has taken, by sku and location.
fn taken(order: Option<&RawValue>) -> Result<BTreeMap<Place, i64>> {
    let Some(order) = order.map(from_json::<Order>).transpose()? else { return Ok(BTreeMap::new()) };
    let line = |line: crate::db::shop::sales::orders::OrderLine| {
        line.taken.map(|taken| ((line.sku, taken.location), i64::from(taken.quantity)))
    };
    Ok(order.lines.into_iter().filter_map(line).collect())
}

impl Pass<'_> {
    /// Stages what moves with an order that is about to be staged. `tops` are its changes that are marked.
    pub(in crate::db::house::undo) async fn move_levels(
        &mut self,
        turn: &Turn,
        scopes: ScopeSet,
        tops: &[Spot],
    ) -> Result<()> {
        const NOW: &str = "SELECT available FROM stock WHERE store = $1 AND sku = $2 AND location = $3";
        if turn.kind != Kind::Order {
            return Ok(());
        }
        // An order that is gone, or goes again, has what it had when it was deleted: deleting one moves nothing.
        let (now, then) = match (turn.doc_now(), turn.then.as_deref()) {
            (Some(now), Some(then)) => (taken(Some(now))?, taken(Some(then))?),
            (None, then) => (taken(self.at_its_end(turn, None).await?.as_deref())?, taken(then)?),
            (now, None) => match self.at_its_end(turn, Some(&turn.first)).await? {
                Some(end) => (taken(now)?, taken(Some(&end))?),
                None => (taken(now)?, BTreeMap::new()),
            },
        };
        let places: std::collections::BTreeSet<&Place> = now.keys().chain(then.keys()).collect();
        for place in places {
            let of = |order: &BTreeMap<Place, i64>| order.get(place).copied().unwrap_or(0);
            let more = of(&then) - of(&now);
            if more == 0 || self.draft.by_key(Space::Sku, &place.0).await?.is_none() {
                continue; // its product is gone, and its levels with it
            }
            let store = self.draft.store().to_string();
            let level = self.draft.reader().await?.row(NOW, args![&store, &place.0, &place.1], |r| r.int(0)).await?;
            let threshold = self.draft.settings(self.permit).await?.low_stock;
            self.shift(place.clone(), (-more, -more), level.unwrap_or(0), threshold, scopes);
            self.mark_level(place, -more, tops).await?;
        }
        Ok(())
    }

    /// The order as it was when it was deleted: the last time, or the last time before a change.
    async fn at_its_end(&self, turn: &Turn, before: Option<&Spot>) -> Result<Option<Box<RawValue>>> {
        const SQL: &str = "SELECT before FROM journal WHERE store = $1 AND kind = $2 AND id = $3 AND after IS NULL \
            AND change_set < $4 ORDER BY change_set DESC LIMIT 1";
        let (store, until) = (self.draft.store().to_string(), before.map_or("~", |(set, _)| set));
        let values = args![&store, turn.kind.name(), &turn.id, until];
        Ok(self.draft.reader().await?.row(SQL, values, |r| r.opt_json(0)).await?.flatten())
    }

    /// Remembers which changes of the level are taken back with the order: those made together with its own.
    async fn mark_level(&mut self, place: &Place, delta: i64, tops: &[Spot]) -> Result<()> {
        const SQL: &str = "SELECT j.n, j.before, j.after FROM journal j WHERE j.store = $1 AND j.kind = 'stock' AND j.id = $2 \
            AND j.change_set = $3 AND NOT EXISTS (SELECT 1 FROM undone u WHERE u.store = j.store \
            AND u.change_set = j.change_set AND u.n = j.n)";
        let (store, id) = (self.draft.store().to_string(), format!("{}@{}", place.0, place.1));
        let mut spots = Vec::new();
        for (set, _) in tops {
            // What was added by hand in the same change is taken back, and marked, with the level itself.
            let read = |r: Row<'_>| Ok((r.int(0)?, follows(r.opt_json(1)?, r.opt_json(2)?)?));
            let found = self.draft.reader().await?.rows(SQL, args![&store, &id, set], read).await?;
            spots.extend(found.into_iter().filter(|(_, follows)| *follows).map(|(n, _)| (set.clone(), n)));
        }
        let fresh =
            || Done { kind: Kind::Stock, id: id.clone(), act: Act::Adjust, delta: Some(0), many: 0, marks: Vec::new() };
        let done = self.moved.entry(id.clone()).or_insert_with(fresh);
        done.delta = done.delta.map(|sum| sum + delta);
        for spot in spots {
            if !done.marks.contains(&spot) {
                done.many += 1;
                done.marks.push(spot);
            }
        }
        Ok(())
    }

    /// Puts the levels that moved with orders beside those that were taken back by themselves.
    pub(super) fn join_moved(&mut self) {
        for (id, moved) in std::mem::take(&mut self.moved) {
            match self.done.iter_mut().find(|done| done.kind == Kind::Stock && done.id == id) {
                Some(done) => {
                    done.delta = done.delta.zip(moved.delta).map(|(one, other)| one + other);
                    done.many += moved.many;
                    done.marks.extend(moved.marks);
                }
                None => self.done.push(moved),
            }
        }
    }
}
