//! Chains of apps that answer each other, where they end: what is told to nobody any more is recorded, so that the store
//! sees it.

use super::lane::{Lane, trigger};
use crate::db::installations::InstallationRow;
use crate::db::{self, CutBy, DEEPEST, Db, LoggedEvent};
use crate::runtime::Target;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Why an event is told to nobody, if it is not.
pub(super) fn why_cut(db: &Db, event: &LoggedEvent) -> Option<CutBy> {
    match event.depth >= DEEPEST {
        true => Some(CutBy::Length),
        false => event.cut.then(|| CutBy::Budget(db.chain_limits())),
    }
}

/// Records which of these events the app is not told of: of each chain the first as a run that did not begin, the rest
/// by their number.
pub(super) async fn record(
    lane: &Lane<'_>,
    row: &InstallationRow,
    target: &Arc<Target>,
    events: &[LoggedEvent],
) -> db::Result<()> {
    let mut chains: BTreeMap<i64, (CutBy, &LoggedEvent, i64)> = BTreeMap::new();
    for event in events.iter().filter(|event| lane.concerns(row, event)) {
        if let Some(why) = why_cut(lane.db, event) {
            chains.entry(event.chain.unwrap_or(event.seq)).or_insert((why, event, 0)).2 += 1;
        }
    }
    for (chain, (why, first, mut left)) in chains {
        if !lane.db.is_cut(row.store, chain, lane.id).await? {
            tracing::warn!(installation = %lane.id, event = first.id, depth = first.depth,
                "a chain of apps causing each other's runs was cut; this event is not delivered");
            let slot = lane.slot(target).await?;
            lane.runtime.cut(slot, target, &trigger(first.clone(), 1)?, why).await?;
            left -= 1;
        }
        if left > 0 {
            lane.db.note_cut(row.store, chain, lane.id, left).await?;
        }
    }
    Ok(())
}
