//! How a guest's part of a run ends: by itself, at a limit, or because it had no turn.
//!
//! INVARIANT: what others used up, or the host lacks, is `busy` and counts against no app.

use super::invocation::Invocation;
use super::limits::{Budget, Exhausted, Meter, Turn};
use crate::db::{Outcome, Party};
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;
use wasmtime::{Store, Trap};
use wasmtime_wasi::I32Exit;

/// How the guest's part ended.
pub(super) struct Ended {
    pub(super) outcome: Outcome,
    pub(super) error: Option<String>,
}

impl From<Exhausted> for Ended {
    fn from(limit: Exhausted) -> Ended {
        Ended::new(limit.outcome(), limit.to_string())
    }
}

impl Ended {
    pub(super) fn new(outcome: Outcome, error: impl Into<String>) -> Ended {
        Ended { outcome, error: Some(error.into()) }
    }
}

/// Runs `work` on the meter and against the clock; a panic of the host in it ends this run and nothing else.
pub(super) async fn timed<T>(
    mut store: Store<Invocation>,
    meter: Arc<Meter>,
    budget: Budget,
    who: Party,
    work: impl AsyncFnOnce(&mut Store<Invocation>) -> wasmtime::Result<T>,
) -> (Invocation, Result<T, Ended>, Duration) {
    let caught = AssertUnwindSafe(crate::db::read_as_guest(who, meter.run(work(&mut store)))).catch_unwind();
    let result = match within(caught, &meter, budget).await {
        Ok(Ok(Ok(value))) => Ok(value),
        Ok(Ok(Err(error))) => Err(explain(&error)),
        Ok(Err(_)) => Err(Ended::new(Outcome::HostError, "the host panicked during this run")),
        Err(limit) => Err(limit.into()),
    };
    (store.into_data(), result, meter.spent())
}

/// `work` against the clock, which begins anew when a long run has its turn, and gives it less time.
async fn within<T>(work: impl Future<Output = T>, meter: &Meter, budget: Budget) -> Result<T, Exhausted> {
    let (mut work, mut over) = (std::pin::pin!(work), Exhausted::Wall);
    let mut end = std::pin::pin!(tokio::time::sleep(budget.wall));
    std::future::poll_fn(|context| {
        match meter.turn() {
            Some(Turn::None) => return Poll::Ready(Err(Exhausted::NoTurn)),
            Some(Turn::Given) if over == Exhausted::Wall => {
                over = Exhausted::Starved;
                let sooner = end.deadline().min(tokio::time::Instant::now() + budget.long_wall);
                end.as_mut().reset(sooner);
            }
            _ => {}
        }
        if let Poll::Ready(done) = work.as_mut().poll(context) {
            return Poll::Ready(Ok(done));
        }
        end.as_mut().poll(context).map(|()| Err(over))
    })
    .await
}

/// What ended a guest, in words and with its outcome.
fn explain(error: &wasmtime::Error) -> Ended {
    if let Some(limit) = error.downcast_ref::<Exhausted>() {
        return (*limit).into();
    }
    if let Some(I32Exit(code)) = error.downcast_ref::<I32Exit>() {
        return match code {
            0 => Ended { outcome: Outcome::Ok, error: None },
            code => Ended::new(Outcome::Failed, format!("exited with the code {code}")),
        };
    }
    // Cannot be as long as the pool holds whatever its runs may take; if it is, it is no fault of the app.
    if error.is::<wasmtime::PoolConcurrencyLimitError>() {
        return Ended::new(Outcome::Busy, "the host has no room left for apps right now");
    }
    let text = format!("{error:#}");
    if text.contains("fuel allocated for hostcalls has been exhausted") {
        return Ended::new(Outcome::Limit, Exhausted::Bytes.to_string());
    }
    match error.downcast_ref::<Trap>() {
        Some(Trap::StackOverflow) => Ended::new(Outcome::Limit, "used up its stack"),
        Some(trap) => Ended::new(Outcome::Trapped, trap.to_string()),
        None => Ended::new(Outcome::Trapped, text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What ends work that never does, with so long for a run as such and for one that has its turn among the long ones.
    async fn ends(wall: u64, long_wall: u64, turn: Option<Turn>) -> Exhausted {
        let meter = Meter::new();
        turn.into_iter().for_each(|turn| meter.decide(turn));
        let [wall, long_wall] = [wall, long_wall].map(Duration::from_millis);
        let budget = Budget { wall, long_wall, ..Budget::REACTION };
        within(std::future::pending::<()>(), &meter, budget).await.expect_err("it never ends")
    }

    #[tokio::test]
    async fn a_long_run_has_less_time_than_others_and_none_without_a_turn() {
        let forever = 3_600_000;
        assert_eq!(ends(1, forever, None).await, Exhausted::Wall);
        assert_eq!(ends(forever, 1, Some(Turn::Given)).await, Exhausted::Starved);
        assert_eq!(ends(forever, forever, Some(Turn::None)).await, Exhausted::NoTurn);
    }

    #[test]
    fn what_others_used_up_is_no_fault_of_the_app() {
        let whose = crate::db::Whose::Host;
        for limit in [Exhausted::NoTurn, Exhausted::Starved, Exhausted::HostMemory(whose)] {
            assert_eq!(explain(&limit.into()).outcome, Outcome::Busy, "{limit}");
        }
        assert_eq!(explain(&Exhausted::Cpu.into()).outcome, Outcome::Timeout);
        assert_eq!(explain(&wasmtime::format_err!(I32Exit(0))).outcome, Outcome::Ok);
    }
}
