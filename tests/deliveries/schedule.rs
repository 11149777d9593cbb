//! Apps that run by the clock of the store.

use std::thread::sleep;
use std::time::Duration;

use jiff::{ToSpan as _, Unit, Zoned};
use serde_json::{Value, json};

use super::witness::{history, install, log};
use crate::runs::world::wait_until;
use crate::support::host::{Host, both};

both!(a_schedule_is_due_once_by_the_clock_of_the_store_also_when_the_host_was_down);

fn a_schedule_is_due_once_by_the_clock_of_the_store_also_when_the_host_was_down(mut host: Host) {
    // The stores of these tests are in Berlin. Some seconds are left to install two apps.
    let due =
        (Zoned::now().in_tz("Europe/Berlin").expect("Berlin") + 40.seconds()).round(Unit::Minute).expect("a minute");
    let due = if due < Zoned::now() + 15.seconds() { due + 1.minute() } else { due };
    let missed = &due + 1.minute();
    let scheduled = |id: &str, due: &Zoned| {
        let cron = format!("{} {} * * *", due.minute(), due.hour());
        let id = format!("storehand-tests/{id}");
        let reword =
            |text: &str| format!("{}\n[[schedule]]\ncron = \"{cron}\"\n", text.replace("storehand-tests/witness", &id));
        install(&host, &["orders:view"], json!({}), reword)
    };
    let (on_time, late) = (scheduled("on-time", &due), scheduled("late", &missed));
    assert!(Zoned::now() < due, "the host took too long to install two apps");
    let owner = host.owner();
    let next = |app: &str| owner.get(&format!("installations/{app}")).ok()["schedules"][0]["next"].clone();
    let at = |moment: &Zoned| moment.timestamp().strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string();
    assert_eq!((next(&on_time), next(&late)), (json!(at(&due)), json!(at(&missed))));

    sleep_until(&due);
    wait_until("the run", || !history(&owner, &on_time).is_empty());
    host.kill9();
    sleep_until(&(&missed + 1.second()));
    host.restart();
    let owner = host.owner();
    wait_until("the run that was missed", || !history(&owner, &late).is_empty());
    host.restart();
    sleep(Duration::from_secs(2));
    let owner = host.owner();
    for (app, due) in [(&on_time, &due), (&late, &missed)] {
        let runs = history(&owner, app);
        assert_eq!(runs.len(), 1, "{runs:#?}");
        assert_eq!((&runs[0]["trigger"], &runs[0]["outcome"]), (&json!("schedule"), &json!("ok")));
        let cron = runs[0]["record"].as_str().expect("the schedule");
        assert_eq!(log(&owner, &runs[0]), [format!("{cron} was due {}", due.strftime("%Y-%m-%dT%H:%M:%S%:z"))]);
        let tomorrow: Value = json!(at(&(due + 1.day())));
        assert_eq!(owner.get(&format!("installations/{app}")).ok()["schedules"][0]["next"], tomorrow);
    }
}

fn sleep_until(moment: &Zoned) {
    let left = Zoned::now().until(moment).expect("two moments").total(Unit::Millisecond).expect("hours at most");
    sleep(Duration::from_millis(left.max(0.0) as u64 + 50));
}
