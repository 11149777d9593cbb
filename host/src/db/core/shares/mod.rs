//! Who may take how much of what there is little of: run slots, long computing, dry runs, memory, connections.
//!
//! In reading order: `share` (the rule, and nothing else), `places` (places that are taken and waited for by it).

mod places;
mod share;

pub use places::{Place, Places};
pub use share::{Party, Purpose, Shares, Whose};
