//! What apps answer while a buyer waits: every discount app of the store at once, and the best of each line.
//!
//! INVARIANT: the checkout always answers. An app that fails, is late or answers nonsense is left out and recorded.

use crate::authz::scope::kind::StorefrontCheckout;
use crate::authz::{InvocationId, Permit};
use crate::db::{self, Db, Outcome, Purpose};
use crate::runtime::checkout::{AtCheckout, Cart, LineDiscount};
use crate::runtime::{Runtime, Target};
use std::sync::Arc;

/// What became of one app's answer.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The app.
    pub app: Arc<str>,
    /// The run in which it was asked, if there was a place for one.
    pub invocation: Option<InvocationId>,
    /// How it ended.
    pub outcome: Outcome,
    /// Why it was left out, if it was.
    pub error: Option<String>,
}

/// The answer for the whole cart.
#[derive(Debug)]
pub struct Discounts {
    /// At most one per line, the best.
    pub lines: Vec<LineDiscount>,
    /// Every app that was asked.
    pub apps: Vec<Asked>,
}

/// Asks every discount app of the store at once and returns the best discount of each line.
pub async fn discounts(
    db: &Db,
    runtime: &Runtime,
    permit: &Permit<StorefrontCheckout>,
    cart: Cart,
) -> db::Result<Discounts> {
    cart.check()?;
    let cart = Arc::new(cart);
    let mut asked = tokio::task::JoinSet::new();
    for row in db.checkout_apps(permit.store()).await? {
        let installed = db.installed(row.id).await?;
        let target = Arc::new(Target::new(installed, &row));
        let (db, runtime, cart) = (db.clone(), runtime.clone(), Arc::clone(&cart));
        let guests = runtime.guests().clone();
        asked.spawn_on(async move { ask(&db, &runtime, &target, &cart).await }, &guests);
    }
    let (mut lines, mut apps) = (Vec::new(), Vec::new());
    while let Some(answer) = asked.join_next().await {
        let Ok((app, discounts)) = answer else { continue };
        apps.push(app);
        discounts.into_iter().for_each(|discount| keep_best(&mut lines, discount));
    }
    let place = |id: &str| cart.lines.iter().position(|line| line.id == id);
    lines.sort_by_key(|discount| place(&discount.line));
    apps.sort_by(|a, b| a.app.cmp(&b.app));
    Ok(Discounts { lines, apps })
}

async fn ask(db: &Db, runtime: &Runtime, target: &Arc<Target>, cart: &Cart) -> (Asked, Vec<LineDiscount>) {
    let app = Arc::clone(&target.app);
    match db.reserve(target.party(Purpose::Checkout)).await {
        Ok(slot) => {
            let invocation = Some(slot.invocation);
            let AtCheckout { outcome, error, discounts } = runtime.ask(slot, target, cart).await;
            (Asked { app, invocation, outcome, error }, discounts)
        }
        Err(e) => {
            let outcome = match e {
                db::Error::Busy(_) => Outcome::Busy,
                db::Error::Limit { .. } => Outcome::Limit,
                _ => Outcome::HostError,
            };
            (Asked { app, invocation: None, outcome, error: Some(e.to_string()) }, Vec::new())
        }
    }
}

/// Of two discounts on one line the larger stays; of equal ones, that of the app that sorts first, so that the
/// answer does not depend on who was quicker.
fn keep_best(lines: &mut Vec<LineDiscount>, discount: LineDiscount) {
    match lines.iter_mut().find(|kept| kept.line == discount.line) {
        None => lines.push(discount),
        Some(kept) => {
            let better = (discount.amount.minor, &kept.app) > (kept.amount.minor, &discount.app);
            if better {
                *kept = discount;
            }
        }
    }
}
