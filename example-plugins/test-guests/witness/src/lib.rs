//! Writes down every event and schedule it is told of, one log line each; fails for orders of a quantity, answers
//! with a tag, or takes its time, as its settings say. The button counts in the app's storage.

use serde::Deserialize;
use storehand::{Action, App, Context, Event, Result, Schedule, log, orders, register_app, storage};

#[derive(Default)]
struct Witness;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Settings {
    poison: u32,
    answer: String,
    linger: u32,
}

impl App for Witness {
    fn order_created(&self, context: &Context, event: Event<orders::Order>) -> Result {
        told(context, &event)
    }

    fn order_updated(&self, context: &Context, event: Event<orders::Order>) -> Result {
        told(context, &event)
    }

    fn scheduled(&self, _: &Context, schedule: Schedule) -> Result {
        log::info(format!("{} was due {}", schedule.cron, schedule.due));
        Ok(())
    }

    fn action(&self, context: &Context, action: Action) -> Result {
        linger(context, &action.record_id)?;
        let times = storage::get_json::<u32>("times")?.unwrap_or(0) + 1;
        storage::set_json("times", &times)?;
        log::info(format!("pressed {times}"));
        Ok(())
    }
}
register_app!(Witness);

fn told(context: &Context, event: &Event<orders::Order>) -> Result {
    let settings: Settings = context.settings()?;
    let order = &event.data;
    log::info(format!("{} {}", event.topic, order.tags.join(",")));
    if settings.poison > 0 && order.lines.iter().any(|line| line.quantity == settings.poison) {
        return Err("told to fail".into());
    }
    linger(context, &order.id)?;
    if !settings.answer.is_empty() {
        orders::tag(&order.id, &format!("{}-{}", settings.answer, order.tags.len()))?;
    }
    Ok(())
}

/// Asks for the order again and again, each time with what is granted at that moment.
fn linger(context: &Context, order: &str) -> Result {
    for _ in 0..context.settings::<Settings>()?.linger {
        orders::get(order)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use storehand::testing::{Host, Outcome, action};

    use super::*;

    #[test]
    fn the_button_counts() {
        let host = Host::new();
        for times in 1..=3 {
            assert_eq!(host.run::<Witness>(action("count", "order", "ord_1")), Ok(Outcome::Handled));
            assert_eq!(host.log()[times - 1].text, format!("pressed {times}"));
        }
    }
}
