//! Tags every order it is told of, once or many times, and fails afterwards when the setting `fail` is on.

use serde::Deserialize;
use storehand::{Action, App, Context, Event, Result, log, orders, register_app};

#[derive(Default)]
struct Tagger;

#[derive(Deserialize)]
#[serde(default)]
struct Settings {
    tag: String,
    count: u32,
    fail: bool,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { tag: "seen".into(), count: 1, fail: false }
    }
}

impl App for Tagger {
    fn order_created(&self, context: &Context, event: Event<orders::Order>) -> Result {
        tag(context, &event.data.id)
    }

    fn action(&self, context: &Context, action: Action) -> Result {
        tag(context, &action.record_id)
    }
}
register_app!(Tagger);

fn tag(context: &Context, order: &str) -> Result {
    let settings: Settings = context.settings()?;
    if context.is_dry_run() {
        log::info("only a dry run");
    }
    for number in 1..=settings.count {
        match number {
            1 => orders::tag(order, &settings.tag)?,
            _ => orders::tag(order, &format!("{}-{number}", settings.tag))?,
        }
    }
    if settings.fail { Err("told to fail".into()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use storehand::testing::{Host, Outcome, action};

    use super::*;

    #[test]
    fn it_tags_as_often_as_told_and_fails_when_told() {
        let host = Host::new();
        host.grant("orders:edit");
        assert_eq!(host.run::<Tagger>(action("tag", "order", "ord_1")), Ok(Outcome::Handled));
        host.set_settings(&json!({ "tag": "t", "count": 2, "fail": true }));
        assert_eq!(host.run::<Tagger>(action("tag", "order", "ord_1")), Err("told to fail".into()));
        let tags: Vec<_> = host.calls("orders.tag").iter().map(|call| call.arguments["tag"].clone()).collect();
        assert_eq!(tags, ["seen", "t", "t-2"]);
    }
}
