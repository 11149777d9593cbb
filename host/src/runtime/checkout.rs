//! Asking an app while a buyer waits, within the budget of a checkout.
//!
//! INVARIANT: whatever an app answers is read as a stranger's: what fails, is late or makes no sense is left out and
//! recorded.

use super::Runtime;
use super::bindings::checkout::exports::storehand::app::discounts as wit;
use super::dry_run::at_checkout;
use super::end::{Ended, timed};
use super::invocation::{EndedRun, Invocation, Target};
use super::limits::{Budget, MemoryLimit};
use super::load::Loaded;
use crate::authz::scope::kind::CheckoutDiscount;
use crate::authz::{Cap, Permit, Why};
use crate::db::{self, Cause, Completion, Currency, Draft, Money, Outcome, Purpose, Slot};
use crate::text::denied::remedy;
use crate::text::unshowable;
use crate::text::words::Words;
use std::sync::Arc;
use std::time::Duration;
use wasmtime::Store;

/// A cart has at most so many lines.
pub const MAX_LINES: usize = 200;

/// One line of the cart.
#[derive(Debug, Clone)]
pub struct CartLine {
    /// Names the line in the answer.
    pub id: String,
    /// What is in it.
    pub sku: String,
    /// How many.
    pub quantity: u32,
    /// Price of one.
    pub price: Money,
}

/// The cart, without the buyer's personal data.
#[derive(Debug, Clone)]
pub struct Cart {
    /// The currency of every price.
    pub currency: Currency,
    /// 1 to 200 lines.
    pub lines: Vec<CartLine>,
    /// The customer's id, if the buyer is signed in.
    pub customer: Option<String>,
}

/// The best discount of one line, or of the whole cart.
#[derive(Debug, Clone)]
pub struct LineDiscount {
    /// The line's id; empty: the whole cart.
    pub line: String,
    /// Off the whole line or cart; never more than it costs.
    pub amount: Money,
    /// What the buyer reads.
    pub label: String,
    /// The app that gave it.
    pub app: Arc<str>,
}

/// What one app answered.
#[derive(Debug)]
pub struct AtCheckout {
    /// How the run ended.
    pub outcome: Outcome,
    /// Why the app is left out, if it is.
    pub error: Option<String>,
    /// Its discounts; none if it is left out.
    pub discounts: Vec<LineDiscount>,
}

impl Cart {
    /// Checks what the storefront sent.
    pub fn check(&self) -> db::Result<()> {
        if self.lines.is_empty() || self.lines.len() > MAX_LINES {
            return Err(db::Error::invalid(format!(
                "a cart has 1 to {MAX_LINES} lines; this one has {}",
                self.lines.len()
            )));
        }
        if let Some(why) = self.customer.as_deref().and_then(|id| unshowable(id, 200)) {
            return Err(db::Error::invalid(format!("the customer's id cannot be taken: {why}")));
        }
        let mut ids = std::collections::HashSet::new();
        for line in &self.lines {
            line.price.same_currency(Money::zero(self.currency))?;
            line.price.times(line.quantity)?;
            if line.quantity == 0 || line.price.minor < 0 || line.id.is_empty() || line.id.len() > 64 {
                return Err(db::Error::invalid(format!(
                    "line `{}` needs an id of 1 to 64 bytes, a quantity and a price",
                    line.id
                )));
            }
            if !ids.insert(line.id.as_str()) {
                return Err(db::Error::invalid(format!("two lines have the id `{}`", line.id)));
            }
        }
        Ok(())
    }

    /// What a line costs, or with an empty id all of them together; none, if there is no such line.
    pub fn cost_of(&self, id: &str) -> Option<db::Result<Money>> {
        if id.is_empty() {
            let zero = Money::zero(self.currency);
            return Some(self.lines.iter().try_fold(zero, |sum, line| sum.plus(line.price.times(line.quantity)?)));
        }
        let line = self.lines.iter().find(|line| line.id == id)?;
        Some(line.price.times(line.quantity))
    }

    fn to_wit(&self) -> wit::Cart {
        let line = |l: &CartLine| wit::CartLine {
            id: l.id.clone(),
            sku: l.sku.clone(),
            quantity: l.quantity,
            price: l.price.into(),
        };
        wit::Cart {
            currency: self.currency.code().to_owned(),
            lines: self.lines.iter().map(line).collect(),
            customer: self.customer.clone(),
        }
    }

    /// Reads an app's answer; every field of it is guest-controlled.
    fn read(&self, app: &Arc<str>, answer: Vec<wit::Discount>) -> Result<Vec<LineDiscount>, String> {
        if answer.len() > MAX_LINES * 4 {
            return Err(format!("answered {} discounts for {} lines", answer.len(), self.lines.len()));
        }
        let read = |discount: wit::Discount| {
            let whole = self.cost_of(&discount.line);
            let whole = whole.ok_or_else(|| "answered a discount for a line that is not in the cart".to_owned())?;
            let amount = Money::parse(&discount.amount.amount, &discount.amount.currency).and_then(Money::positive);
            let amount = amount.map_err(|e| format!("answered an amount that is none: {e}"))?;
            let whole = whole.map_err(|e| e.to_string())?;
            amount.same_currency(whole).map_err(|e| e.to_string())?;
            if let Some(why) = unshowable(&discount.label, 80) {
                return Err(format!("answered a label that cannot be shown: {why}"));
            }
            let amount = Money { minor: amount.minor.min(whole.minor), ..amount };
            Ok(LineDiscount { line: discount.line, amount, label: discount.label, app: Arc::clone(app) })
        };
        answer.into_iter().map(read).collect()
    }
}

impl Runtime {
    /// Whether an app may discount carts at this moment.
    pub fn may_discount(&self, target: &Target) -> bool {
        self.principal(target, None).permit::<CheckoutDiscount>().is_ok()
    }

    /// Asks one app, in the place `slot` reserved. What cannot be recorded did not happen: its discounts are left out.
    pub async fn ask(&self, slot: Slot, target: &Arc<Target>, cart: &Cart) -> AtCheckout {
        let (ended, discounts) = match self.run_discounts(slot, target, cart).await {
            Ok(answer) => answer,
            Err(e) => (Ended::new(Outcome::HostError, e.to_string()), Vec::new()),
        };
        AtCheckout { outcome: ended.outcome, error: ended.error, discounts }
    }

    async fn run_discounts(
        &self,
        slot: Slot,
        target: &Arc<Target>,
        cart: &Cart,
    ) -> db::Result<(Ended, Vec<LineDiscount>)> {
        let installed = &target.installed;
        let cause =
            Cause { invocation: Some(slot.invocation), installation: Some(installed.id()), depth: 0, chain: None };
        let draft = Draft::new(&self.0.db, installed.store(), cause);
        let principal = self.principal(target, None);
        let permit = principal.permit::<CheckoutDiscount>();
        let memory = MemoryLimit::new(&self.0.memory, target.party(Purpose::Checkout));
        let invocation = Invocation::new(principal, draft, slot, Arc::clone(target), memory, Budget::CHECKOUT);
        let (invocation, ended, discounts, cpu) = match permit {
            Ok(permit) => within_cap(&permit, cart, self.call_discounts(invocation, target, cart).await?),
            Err(missing) => {
                let why = match missing.why {
                    Why::Expired(_) | Why::Unreviewed(_) => remedy(Words::ENGLISH, &missing, Some(&target.app)),
                    _ => format!("`{}` is not granted to the app", missing.scope),
                };
                (invocation, Ended::new(Outcome::Denied, why), Vec::new(), Duration::ZERO)
            }
        };
        let EndedRun { draft, slot, .. } = invocation.into_ended();
        let usage = slot.finish(at_checkout(target), ended.outcome, cpu, ended.error.clone());
        draft.abandon(Completion { usage: Some(usage), step: None }).await.map_err(|(error, _)| error)?;
        Ok((ended, discounts))
    }

    async fn call_discounts(
        &self,
        invocation: Invocation,
        target: &Arc<Target>,
        cart: &Cart,
    ) -> db::Result<(Invocation, Ended, Vec<LineDiscount>, Duration)> {
        let loaded = match self.0.loader.load(&self.0.db, target.installed.store(), &target.digest).await {
            Ok(loaded) => loaded,
            Err(e) => {
                return Ok((invocation, Ended::new(Outcome::HostError, e.to_string()), Vec::new(), Duration::ZERO));
            }
        };
        self.ask_loaded(invocation, target, cart, &loaded).await
    }

    /// The guest's part: one call with the cart, and its answer as far as it makes sense.
    pub(super) async fn ask_loaded(
        &self,
        invocation: Invocation,
        target: &Arc<Target>,
        cart: &Cart,
        loaded: &Loaded,
    ) -> db::Result<(Invocation, Ended, Vec<LineDiscount>, Duration)> {
        let Loaded::Checkout(pre) = loaded else {
            let ended = Ended::new(Outcome::HostError, "the component is not a checkout app");
            return Ok((invocation, ended, Vec::new(), Duration::ZERO));
        };
        let dry_run = invocation.is_dry_run();
        let (pre, cart_in, settings) = (pre.clone(), cart.to_wit(), Arc::clone(&target.settings.shown));
        let (store, meter) = self.store(invocation, Budget::CHECKOUT);
        let work = async move |store: &mut Store<Invocation>| {
            let app = pre.instantiate_async(&mut *store).await?;
            app.storehand_app_discounts().call_run(&mut *store, &cart_in, &settings).await
        };
        let who = target.party(if dry_run { Purpose::Trial } else { Purpose::Checkout });
        let run = Box::pin(timed(store, Arc::clone(&meter), Budget::CHECKOUT, who, work));
        let ended = self.0.threads.run(who, false, run, &meter, Budget::CHECKOUT.long_wait).await;
        let (invocation, result, cpu) = ended.ok_or(db::Error::Closed)?;
        let answer = match result {
            Ok(Ok(answer)) => cart.read(&target.app, answer).map_err(|why| Ended::new(Outcome::Failed, why)),
            Ok(Err(text)) => Err(Ended::new(Outcome::Failed, text)),
            Err(ended) => Err(ended),
        };
        Ok(match answer {
            Ok(discounts) => (invocation, Ended { outcome: Outcome::Ok, error: None }, discounts, cpu),
            Err(ended) => (invocation, ended, Vec::new(), cpu),
        })
    }
}

/// A run at checkout: the run, how it ended, its discounts, CPU time spent.
pub(super) type Answered = (Invocation, Ended, Vec<LineDiscount>, Duration);

/// Leaves out the discounts of an app, all of them, if one takes off more than its grant allows.
pub(super) fn within_cap(permit: &Permit<CheckoutDiscount>, cart: &Cart, answered: Answered) -> Answered {
    let (invocation, ended, discounts, cpu) = answered;
    match too_much_off(permit, cart, &discounts) {
        Some(why) => (invocation, Ended::new(Outcome::Limit, why), Vec::new(), cpu),
        None => (invocation, ended, discounts, cpu),
    }
}

/// Why an app's discounts are over the cap of its grant, if they are.
fn too_much_off(permit: &Permit<CheckoutDiscount>, cart: &Cart, discounts: &[LineDiscount]) -> Option<String> {
    let most = permit.terms().caps.get(Cap::MaxOff)?;
    let over = |discount: &&LineDiscount| {
        let whole = cart.cost_of(&discount.line).and_then(Result::ok).map_or(0, |whole| i128::from(whole.minor));
        i128::from(discount.amount.minor) * 100 > whole * i128::from(most)
    };
    let found = discounts.iter().find(over)?;
    let what = match &*found.line {
        "" => "the cart".to_owned(),
        line => format!("line `{line}`"),
    };
    Some(format!("{} off {what} is more than the {most} % its grant allows", found.amount))
}
