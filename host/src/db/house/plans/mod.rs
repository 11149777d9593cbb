//! Plans: what a store may have and use, under a name that the operator gives.
//!
//! In reading order: `bounds` (what a plan can bound, each with its range), `plan` (plans, and making them), `delete` (and
//! deleting one that nobody has), `give` (which store
//! has which), `held` (what is refused over it, in the transaction that would have done it), `standing` (what is remembered of a
//! store's month, so that a run asks no database), `ask` (what owners ask for), `statement` (what was used, by app and month).
//!
//! INVARIANT: a plan refuses more; it takes nothing away. What is installed stays when a plan is lowered, people stay, and what
//! is retained is erased when its store said so. Checkout goes on when a month is used up: it is counted, and a buyer
//! who waits is not the one to tell.

mod ask;
mod bounds;
mod delete;
mod give;
mod held;
mod plan;
mod standing;
mod statement;

pub use ask::{Decision, PlanAsked, PlanRequest};
pub use bounds::PlanBounds;
pub(in crate::db) use held::{lowered, refuse_app, refuse_person, refuse_retention};
pub use plan::{NewPlan, PlanChange, StorePlan};
pub(in crate::db) use standing::Plans;
pub use statement::{PlanNow, StatementLine, UsedNow};
