//! Stock levels: what was added is taken away, what was taken away is added, and what others did since stays.

use super::pass::{Act, Done, Outcome, Pass, Taken};
use super::skipped::{Skipped, Why};
use crate::authz::ScopeSet;
use crate::db::core::drafts::staged::StagedLevel;
use crate::db::core::engine::conn::args;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::{Kind, Space};
use crate::db::house::undo::select::{Touched, What};

/// Stands in the event beside the new level.
const REASON: &str = "undone";

impl Pass<'_> {
    /// What becomes of a level; staged if it changes.
    pub(in crate::db::house::undo) async fn level(&mut self, touched: &Touched, taken: Taken) -> Result<Outcome> {
        const OWNER: &str = "SELECT id FROM keys WHERE store = $1 AND space = $2 AND value = $3";
        const NOW: &str = "SELECT available FROM stock WHERE store = $1 AND sku = $2 AND location = $3";
        let corrupt = || Error::Corrupt(format!("a stock level `{}`", touched.id));
        let (sku, location) = touched.id.rsplit_once('@').ok_or_else(corrupt)?;
        let (store, mut conn) = (self.draft.store().to_string(), self.draft.reader().await?);
        let owner = conn.row(OWNER, args![&store, Space::Sku.name(), sku], |r| r.text(0)).await?;
        let now = conn.row(NOW, args![&store, sku, location], |r| r.int(0)).await?;
        drop(conn);
        let skipped = |why, words: String| Ok(Outcome::Skipped(Skipped::new(Kind::Stock, &touched.id, why, words)));
        match owner {
            Some(owner) if taken.ended => return skipped(Why::Taken, format!("the sku `{sku}` is `{owner}`'s now")),
            None if taken.ended && !self.product_comes_too() => {
                return skipped(Why::Missing, format!("the product with the sku `{sku}` is gone"));
            }
            None if !taken.ended => return Ok(Outcome::Nothing), // its product is gone, and the level with it
            _ => {}
        }
        let threshold = self.draft.settings(self.permit).await?.low_stock;
        let place = (sku.to_owned(), location.to_owned());
        self.shift(place, (-taken.delta, 0), now.unwrap_or(0), threshold, taken.scopes);
        let Taken { tops: marks, many, .. } = taken;
        let (id, delta) = (touched.id.clone(), Some(-taken.delta));
        Ok(Outcome::Done(Done { kind: Kind::Stock, id, act: Act::Adjust, delta, many, marks }))
    }

    /// Stages what is added to a level, and how much of it moves with an order.
    pub(in crate::db::house::undo) fn shift(
        &mut self,
        place: (String, String),
        (delta, with_orders): (i64, i64),
        now: i64,
        threshold: i64,
        scopes: ScopeSet,
    ) {
        self.draft.shift_back(place, (delta, with_orders), now, StagedLevel::fresh(REASON, threshold), scopes);
    }

    /// Whether products deleted by what is taken back come back too.
    fn product_comes_too(&self) -> bool {
        let one = matches!(self.selection.what, What::Set(_, Some(_)));
        let kinds = &self.selection.kinds;
        !one && (kinds.is_empty() || kinds.contains(&Kind::Product))
    }
}
