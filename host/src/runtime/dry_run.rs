//! A run that is only looked at: the same guest, the same doors, limits and slot as any other, in a draft that is
//! never committed.
//!
//! INVARIANT: nothing here writes. The record of a dry run ends with its report, and the place it held is free again.

use super::checkout::{Cart, LineDiscount, within_cap};
use super::component::Inspected;
use super::end::Ended;
use super::invocation::{EndedRun, Invocation, Target};
use super::invoke::Acted;
use super::limits::{Budget, LOG_LINES, MEMORY_BYTES, MemoryLimit};
use super::load::{Loaded, NotLoaded};
use super::turns::Turn;
use super::{Runtime, Trigger};
use crate::authz::{Principal, StoreId, scope::kind::CheckoutDiscount};
use crate::db::{self, Carried, Cause, Draft, Purpose, Run, Slot, Usage};
use crate::text::denied::remedy;
use crate::text::words::Words;
use std::sync::Arc;
use std::time::Duration;

/// A component ready to be run dry.
#[derive(Clone)]
pub struct Ready(Arc<Loaded>);

impl std::fmt::Debug for Ready {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Ready")
    }
}

/// What a dry run came to.
pub struct Tried {
    /// What it would have changed, to be previewed.
    pub draft: Draft,
    /// Its record, which nobody writes down.
    pub usage: Usage,
    /// What it answered at checkout.
    pub discounts: Vec<LineDiscount>,
    /// How much of each limit it used.
    pub spent: Spent,
}

/// How much of each limit a run used.
#[derive(Debug, Clone, Copy)]
pub struct Spent {
    /// What it may use.
    pub budget: Budget,
    /// Host calls made, those without a scope included.
    pub calls: u32,
    /// Bytes of memory held.
    pub memory: usize,
    /// CPU time.
    pub cpu: Duration,
}

impl Spent {
    /// Bytes of memory a run may hold.
    pub const MEMORY: usize = MEMORY_BYTES;
    /// Lines of its log a run may write.
    pub const LOG: usize = LOG_LINES;
}

impl Runtime {
    /// Makes an uploaded component ready, for a store.
    pub async fn ready(&self, store: StoreId, digest: &Arc<str>) -> Result<Ready, NotLoaded> {
        Ok(Ready(self.0.loader.load(&self.0.db, store, digest).await?))
    }

    /// Reads, checks and compiles a component like an upload, and makes it ready. Nothing of it is stored.
    pub async fn ready_once(&self, turn: &Turn, bytes: &[u8]) -> Result<(Inspected, Ready), NotLoaded> {
        let (inspected, loaded) = self.0.loader.try_load(turn, bytes).await?;
        Ok((inspected, Ready(loaded)))
    }

    /// Runs an app dry, in the place `slot` reserved, for the person who asked for it.
    pub async fn try_out(
        &self,
        slot: Slot,
        target: &Arc<Target>,
        who: &Principal,
        trigger: &Trigger,
        ready: &Ready,
        carried: &Arc<Carried>,
    ) -> db::Result<Tried> {
        let draft = self.dry(&slot, target, trigger.depth(), carried);
        let run = trigger.run(target, Some(who));
        let loaded = Ok(Arc::clone(&ready.0));
        let acted = self.act_in(draft, (slot, run), target, Some(who), trigger, &loaded).await?;
        let Acted { draft, usage, cpu, calls_left, memory } = acted;
        let spent = Spent { budget: Budget::REACTION, calls: Budget::REACTION.calls - calls_left, memory, cpu };
        Ok(Tried { draft, usage, discounts: Vec::new(), spent })
    }

    /// Asks a checkout app dry, as the checkout would, for the person who asked for it.
    pub async fn try_cart(
        &self,
        slot: Slot,
        target: &Arc<Target>,
        who: &Principal,
        cart: &Cart,
        ready: &Ready,
        carried: &Arc<Carried>,
    ) -> db::Result<Tried> {
        let draft = self.dry(&slot, target, 0, carried);
        let principal = self.principal(target, Some(who));
        let permit = principal.permit::<CheckoutDiscount>();
        let memory = MemoryLimit::new(&self.0.memory, target.party(Purpose::Trial));
        let invocation = Invocation::new(principal, draft, slot, Arc::clone(target), memory, Budget::CHECKOUT);
        let (invocation, ended, discounts, cpu) = match permit {
            Ok(permit) => within_cap(&permit, cart, self.ask_loaded(invocation, target, cart, &ready.0).await?),
            Err(missing) => {
                let ended = Ended::new(db::Outcome::Denied, remedy(Words::ENGLISH, &missing, Some(&target.app)));
                (invocation, ended, Vec::new(), Duration::ZERO)
            }
        };
        let EndedRun { draft, slot, calls_left, memory, .. } = invocation.into_ended();
        let calls = Budget::CHECKOUT.calls - calls_left;
        let spent = Spent { budget: Budget::CHECKOUT, calls, memory: memory.used(), cpu };
        let usage = slot.finish(at_checkout(target), ended.outcome, cpu, ended.error);
        Ok(Tried { draft, usage, discounts, spent })
    }

    fn dry(&self, slot: &Slot, target: &Target, depth: i64, carried: &Arc<Carried>) -> Draft {
        let cause =
            Cause { invocation: Some(slot.invocation), installation: Some(target.installed.id()), depth, chain: None };
        Draft::dry(&self.0.db, target.installed.store(), cause, carried)
    }
}

/// What a run at checkout is for.
pub(super) fn at_checkout(target: &Target) -> Run {
    Run {
        store: target.installed.store(),
        installation: target.installed.id(),
        app: Arc::clone(&target.app),
        version: Arc::clone(&target.version),
        trigger: "checkout",
        topic: None,
        record: None,
        cause: None,
        on_behalf_of: None,
        attempt: 1,
    }
}
