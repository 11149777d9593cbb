//! Loops that must go on: a panic in one turn of them is told, and the next turn comes all the same.
//!
//! INVARIANT: telling it cannot end the loop either, whatever became of where the log is written to.

use futures_util::FutureExt;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// One turn. None, if it panicked; what it held is dropped then, so it must hold nothing that has to be put right by hand.
pub(super) async fn survive<T>(what: &'static str, turn: impl Future<Output = T>) -> Option<T> {
    let done = AssertUnwindSafe(turn).catch_unwind().await;
    if done.is_err() {
        let _ = catch_unwind(|| tracing::error!(what, "a part of the host panicked; it goes on"));
    }
    done.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn after_a_panic_the_next_turn_comes() {
        let mut turns = 0;
        while turns < 3 {
            let turn = survive("a test", async {
                turns += 1;
                assert_ne!(turns, 2, "this turn fails on purpose");
                turns
            });
            let _ = turn.await;
        }
        assert_eq!(turns, 3);
    }
}
