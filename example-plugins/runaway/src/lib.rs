//! Misbehaves on request, to show what a run can and cannot cost the store.

use std::hint::black_box;

use serde::Deserialize;
use storehand::{Action, App, Context, Event, Result, Schedule, log, orders, register_app};

#[derive(Default)]
struct Runaway;

#[derive(Deserialize, Default)]
#[serde(default)]
struct Settings {
    kind: Kind,
}

/// How to misbehave.
#[derive(Deserialize, Default)]
#[serde(rename_all = "snake_case")]
enum Kind {
    #[default]
    Quiet,
    Spin,
    Recurse,
    Grow,
    Logs,
    Calls,
    Huge,
    Panic,
}

impl App for Runaway {
    fn order_created(&self, context: &Context, event: Event<orders::Order>) -> Result {
        run_away(context, &event.data.id)
    }

    fn action(&self, context: &Context, action: Action) -> Result {
        run_away(context, &action.record_id)
    }

    fn scheduled(&self, context: &Context, schedule: Schedule) -> Result {
        run_away(context, &schedule.cron)
    }
}
register_app!(Runaway);

fn run_away(context: &Context, order: &str) -> Result {
    match context.settings::<Settings>()?.kind {
        Kind::Quiet => Ok(()),
        Kind::Spin => spin(),
        Kind::Recurse => Err(format!("came back from a depth of {}", recurse(0)).into()),
        Kind::Grow => grow(),
        Kind::Logs => loop {
            log::info("and another line ".repeat(60));
        },
        // An error is no reason to stop for an app that means harm.
        Kind::Calls => loop {
            let _ = black_box(orders::get(order));
        },
        Kind::Huge => Err("no ".repeat((8 << 20) / 3).into()),
        Kind::Panic => panic!("this app panics on request"),
    }
}

fn spin() -> ! {
    let mut turns: u64 = 0;
    loop {
        turns = black_box(turns.wrapping_add(1));
    }
}

fn recurse(depth: u64) -> u64 {
    if black_box(depth) == u64::MAX { depth } else { black_box(recurse(depth + 1)) }
}

fn grow() -> ! {
    let mut held = Vec::new();
    loop {
        held.push(black_box(vec![1_u8; 1 << 20]));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use storehand::testing::{Host, Outcome, action};

    use super::*;

    fn misbehave(kind: &str) -> Result<Outcome> {
        let host = Host::new();
        host.set_settings(&json!({ "kind": kind }));
        host.run::<Runaway>(action("run-away", "order", "ord_1"))
    }

    #[test]
    fn it_is_quiet_unless_told_otherwise() {
        assert_eq!(Host::new().run::<Runaway>(action("run-away", "order", "ord_1")), Ok(Outcome::Handled));
        assert_eq!(misbehave("quiet"), Ok(Outcome::Handled));
    }

    #[test]
    fn huge_fails_with_eight_mebibytes() {
        let error = misbehave("huge").expect_err("an error");
        assert!(error.to_string().len() > 8_000_000);
    }

    #[test]
    fn panic_panics() {
        let panic = std::panic::catch_unwind(|| misbehave("panic")).expect_err("a panic");
        assert_eq!(panic.downcast_ref(), Some(&"this app panics on request"));
    }

    #[test]
    fn an_unknown_kind_is_an_error() {
        assert!(misbehave("politely").is_err());
    }
}
