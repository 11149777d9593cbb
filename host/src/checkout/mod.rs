//! What apps answer while a buyer waits: every discount app of the store at once, and the best of each line.
//!
//! INVARIANT: the checkout always answers. An app that fails, is late or answers nonsense is left out and recorded.

use crate::authz::scope::kind::StorefrontCheckout;
use crate::authz::{InvocationId, Permit, StoreId};
use crate::db::agreed::{AppDiscount, Basis, BasisLine, Quote};
use crate::db::{self, Db, Draft, Outcome, Purpose};
use crate::runtime::checkout::{AtCheckout, Cart, CartLine, LineDiscount};
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
    /// At most one for each line and one for the whole cart, the best.
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
    cap_cart(&cart, &mut lines)?;
    let place = |id: &str| cart.lines.iter().position(|line| line.id == id);
    lines.sort_by_key(|discount| place(&discount.line));
    apps.sort_by(|a, b| a.app.cmp(&b.app));
    Ok(Discounts { lines, apps })
}

/// What is taken off the whole cart is at most what the discounts of its lines leave.
fn cap_cart(cart: &Cart, discounts: &mut Vec<LineDiscount>) -> db::Result<()> {
    let Some(Ok(cost)) = cart.cost_of("") else { return Ok(()) };
    let of_lines = discounts.iter().filter(|one| !one.line.is_empty());
    let left = of_lines.map(|one| one.amount).try_fold(cost, |left, amount| left.minus(amount))?;
    for whole in discounts.iter_mut().filter(|one| one.line.is_empty()) {
        whole.amount.minor = whole.amount.minor.min(left.minor);
    }
    discounts.retain(|one| one.amount.minor > 0);
    Ok(())
}

/// The apps of a store that may discount carts at this moment.
pub async fn discounting(db: &Db, runtime: &Runtime, store: StoreId) -> db::Result<Vec<Arc<str>>> {
    let mut apps = Vec::new();
    for row in db.checkout_apps(store).await? {
        let target = Target::new(db.installed(row.id).await?, &row);
        if runtime.may_discount(&target) {
            apps.push(Arc::clone(&row.app));
        }
    }
    Ok(apps)
}

/// Makes the quote of a cart: asks every discount app of the store, and stores what the cart comes to.
pub async fn quote(
    db: &Db,
    runtime: &Runtime,
    permit: &Permit<StorefrontCheckout>,
    draft: &mut Draft,
    cart: &str,
) -> db::Result<(Quote, Vec<Asked>)> {
    let basis = permit.rests_on(draft, cart).await?;
    let Discounts { lines, apps } = discounts(db, runtime, permit, cart_of(&basis)).await?;
    let given = lines.into_iter().map(|given| AppDiscount {
        app: given.app.to_string(),
        line: Some(given.line).filter(|line| !line.is_empty()),
        amount: given.amount,
        label: given.label,
    });
    Ok((permit.quote(db, draft, basis, given.collect()).await?, apps))
}

/// What apps see of a cart. Its lines are named by their skus.
fn cart_of(basis: &Basis) -> Cart {
    let line =
        |line: BasisLine| CartLine { id: line.sku.clone(), sku: line.sku, quantity: line.quantity, price: line.price };
    Cart {
        currency: basis.currency(),
        lines: basis.lines().map(line).collect(),
        customer: basis.buyer().map(|buyer| buyer.customer.clone()),
    }
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
