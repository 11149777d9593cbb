//! Alerts: what somebody should look at, found by rules with defaults, one row for each cause, resolved by itself once the cause is
//! gone.
//!
//! In reading order: `rule` (which rules there are), `find` (from figures to findings; pure) with `past` (against an app's own past), `diff` (what findings mean for
//! what is open; pure), `figures` (what is known of the apps of a store), `settings` (how a store set its rules), `row` (an alert as it is
//! stored), `raise` (findings become rows), `look` (one store after the other), `host` (what concerns the host), `list` and
//! `act` (what people see and do), `outbox` (what is posted and sent), `forget`.
//!
//! INVARIANT: an alert holds figures and names of apps, and nothing of a store's data. What is found is found from sums: neither the
//! log of runs nor a record is read for it.

mod act;
mod diff;
mod figures;
mod find;
mod forget;
mod host;
mod list;
mod look;
mod outbox;
mod past;
mod raise;
mod row;
mod rule;
mod settings;

pub use host::HostFinding;
pub use list::AlertFilter;
pub use look::Turn;
pub use outbox::{DueAlert, Outlet, Recipient};
pub use row::Alert;
pub use rule::{Level, Rule};
pub use settings::{RuleChange, RuleShown};
