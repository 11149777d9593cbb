//! The right to make principals: a value that exists once for each process, and is handed to the rooms that may use it.
//!
//! INVARIANT: without a mint nobody becomes anybody. `db` and `runtime` are handed it when they start, and no other room. The
//! doors in them are these. For people: `db::house::people` (a token or a session that was verified) and
//! `db::house::undo` (a job that goes on for whoever asked for it, with no more than they held). For a shop's front: its
//! token. For the host itself: the sweep of carts in `db::shop::sales::intake`. For apps: the runtime's invocation, of an
//! installation that `db` looked up, or of one that a dry run supposes and nothing of which is ever committed.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

static TAKEN: AtomicBool = AtomicBool::new(false);

/// Makes principals. It cannot be copied; who was handed one may share it.
#[derive(Debug)]
pub struct Mint(());

impl Mint {
    /// The one of this process; nothing from the second time on.
    pub fn take() -> Option<Arc<Mint>> {
        (!TAKEN.swap(true, Ordering::Relaxed)).then(|| Arc::new(Mint(())))
    }

    /// One more, for benches and for tests in the crate, which open many hosts in one process and stand in for the doors.
    /// Nothing else calls it; a lint says so.
    pub fn for_benches_and_tests() -> Arc<Mint> {
        Arc::new(Mint(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_has_one() {
        let _ = Mint::take();
        assert!(Mint::take().is_none());
    }
}
