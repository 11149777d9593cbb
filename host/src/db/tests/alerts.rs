//! Alerts and the circuit breaker over recorded histories, on both engines, with the clock given.

use super::apps::{Asks, operator};
use super::*;
use crate::authz::InstallationId;
use crate::authz::scope::kind::{AppsInstall, AppsPause, AppsView, AuditView, UsageView};
use crate::db::core::shares::{Party, Purpose};
use crate::db::core::time::now_ms;
use crate::db::house::alerts::{Alert, AlertFilter, HostFinding, Level, Outlet, Rule, RuleChange, Turn};
use crate::db::house::breaker::{BreakerChange, Mode, State};
use crate::db::house::installations::Resume;
use crate::db::house::people::audit::AuditFilter;
use std::time::Duration;

const MINUTE: i64 = 60_000;
const EVERY: Duration = Duration::from_secs(30);

/// Runs of an installation in the minute of a moment, as they are summed up: so many, of which so many failed.
async fn ran(shop: &Shop, of: InstallationId, at: i64, (runs, failed): (i64, i64)) {
    const SQL: &str = "INSERT INTO run_sums (store, span, at, installation, app, app_version, trigger_kind, runs, ok, \
        denied_runs, failed, faults, host_calls, denied_calls, failed_calls, changes, cpu_us, wall_us, memory, bytes, last_at, \
        cpu_times, wall_times) VALUES ($1, 60, $2, $3, $4, '1.0.0', 'event', $5, CAST($5 AS BIGINT) - $6, 0, $6, $6, 0, 0, 0, 0, 0, 0, 0, 0, \
        $2, $7, $7) ON CONFLICT (store, span, at, installation, app, app_version, trigger_kind) DO UPDATE SET \
        runs = run_sums.runs + excluded.runs, faults = run_sums.faults + excluded.faults";
    let of = (shop.id.to_string(), at - at.rem_euclid(MINUTE), of.to_string(), runs, failed);
    let write = shop.db.write_with(RowsOf::All, of, |conn, (store, at, of, runs, failed)| {
        Box::pin(async move {
            let none: &[u8] = &[];
            conn.exec(SQL, args![store, *at, of, apps::APP, *runs, *failed, none]).await
        })
    });
    write.await.unwrap();
}

async fn look(shop: &Shop, now: i64) -> bool {
    shop.db.watch_stores(Turn { every: EVERY, outlet: Outlet::default(), now }).await.unwrap()
}

async fn alerts(shop: &Shop, resolved: bool) -> Vec<Alert> {
    let filter = AlertFilter { resolved, stores: false };
    shop.permit::<UsageView>().alerts(&shop.db, filter, &page(100, None)).await.unwrap().items
}

async fn open_rules(shop: &Shop) -> Vec<Rule> {
    let mut rules: Vec<_> = alerts(shop, false).await.into_iter().map(|alert| alert.rule).collect();
    rules.sort();
    rules
}

async fn state(shop: &Shop, of: InstallationId) -> Option<State> {
    let one = shop.permit::<AppsView>().installation(&shop.db, of).await.unwrap().installation;
    assert_eq!(one.stopped.is_some(), one.paused_by_breaker().is_some());
    one.breaker.map(|breaker| breaker.state)
}

/// Whether a run may begin.
async fn begins(shop: &Shop, of: InstallationId) -> bool {
    let active = shop.db.installation(of).await.unwrap().stopped.is_none();
    active && shop.db.reserve(Party::new(Purpose::Press, shop.id, of)).await.is_ok()
}

async fn acts(shop: &Shop) -> Vec<String> {
    let entries = shop.permit::<AuditView>().search(&shop.db, &AuditFilter::default(), &page(20, None)).await.unwrap();
    let acts = entries.items.into_iter().map(|entry| entry.act).filter(|act| act.starts_with("breaker."));
    acts.collect()
}

#[tokio::test]
async fn an_app_that_keeps_failing_is_paused_tried_out_and_let_back_and_each_step_is_told() {
    each_engine(async |shop| {
        let of = shop.installed(Asks::default(), &[]).await.id;
        let start = now_ms();
        ran(&shop, of, start, (99, 99)).await;
        assert!(look(&shop, start).await);
        assert_eq!((state(&shop, of).await, open_rules(&shop).await), (None, vec![Rule::Failures]), "one run too few");
        assert!(!look(&shop, start + 20_000).await, "somebody looked a moment ago");

        ran(&shop, of, start, (1, 0)).await;
        assert!(look(&shop, start + MINUTE).await);
        assert_eq!(state(&shop, of).await, Some(State::Open));
        assert!(!begins(&shop, of).await);
        assert_eq!(open_rules(&shop).await, [Rule::Failures, Rule::Breaker]);
        let breaker = alerts(&shop, false).await.into_iter().find(|alert| alert.rule == Rule::Breaker).unwrap();
        assert_eq!((breaker.facts["n"].as_i64(), breaker.facts["of"].as_i64()), (Some(99), Some(100)));
        assert_eq!(acts(&shop).await, ["breaker.trip"]);
        // Found again it is the same alert, and it does not trip again.
        assert!(look(&shop, start + 2 * MINUTE).await);
        assert_eq!(alerts(&shop, true).await.len(), 2);

        // After its cooldown of five minutes a few runs are let through, and no more than those.
        let tried = start + 6 * MINUTE;
        assert!(look(&shop, tried).await);
        assert_eq!(state(&shop, of).await, Some(State::HalfOpen));
        let mut through = 0;
        for _ in 0..14 {
            through += usize::from(begins(&shop, of).await);
        }
        assert_eq!(through, 10);
        assert!(!begins(&shop, of).await);
        ran(&shop, of, tried, (10, 1)).await;
        assert!(look(&shop, tried + MINUTE).await);
        assert_eq!((state(&shop, of).await, begins(&shop, of).await), (None, true));
        assert_eq!(acts(&shop).await, ["breaker.close", "breaker.try", "breaker.trip"]);
        let resolved = alerts(&shop, true).await.into_iter().find(|alert| alert.rule == Rule::Breaker).unwrap();
        assert!(resolved.resolved_at.is_some());

        // Nothing of before trips it again; failing again does, for twice as long.
        assert!(look(&shop, tried + 2 * MINUTE).await);
        assert_eq!(state(&shop, of).await, None);
        ran(&shop, of, tried + 2 * MINUTE, (100, 100)).await;
        assert!(look(&shop, tried + 3 * MINUTE).await);
        assert_eq!(state(&shop, of).await, Some(State::Open));
        assert!(look(&shop, tried + 12 * MINUTE).await);
        assert_eq!(state(&shop, of).await, Some(State::Open));
        assert!(look(&shop, tried + 13 * MINUTE).await);
        assert_eq!(state(&shop, of).await, Some(State::HalfOpen));
    })
    .await;
}

#[tokio::test]
async fn a_person_closes_a_breaker_and_what_a_person_paused_no_breaker_lets_back() {
    each_engine(async |shop| {
        let of = shop.installed(Asks::default(), &[]).await.id;
        let (start, pause) = (now_ms(), shop.permit::<AppsPause>());
        assert!(!pause.close_breaker(&shop.db, of).await.unwrap(), "it never tripped");
        ran(&shop, of, start, (100, 100)).await;
        assert!(look(&shop, start).await);
        assert_eq!(state(&shop, of).await, Some(State::Open));
        let elsewhere = shop.neighbour().await;
        assert!(elsewhere.permit::<AppsPause>().close_breaker(&shop.db, of).await.is_err());
        assert!(pause.close_breaker(&shop.db, of).await.unwrap());
        assert_eq!((state(&shop, of).await, begins(&shop, of).await), (None, true));
        assert!(look(&shop, start + MINUTE).await);
        assert_eq!(state(&shop, of).await, None, "what failed before does not count again");

        // It trips again, and the owner pauses it while it is open: once the breaker closes, it is paused still.
        let again = start + 2 * MINUTE;
        ran(&shop, of, again, (100, 100)).await;
        assert!(look(&shop, again).await);
        pause.pause(&shop.db, of, Some("ours")).await.unwrap();
        assert!(look(&shop, again + 20 * MINUTE).await);
        ran(&shop, of, again + 20 * MINUTE, (10, 0)).await;
        assert!(look(&shop, again + 21 * MINUTE).await);
        assert_eq!(state(&shop, of).await, None);
        let one = shop.permit::<AppsView>().installation(&shop.db, of).await.unwrap().installation;
        assert_eq!((one.state_reason.as_deref(), one.stopped), (Some("ours"), None));
        pause.resume(&shop.db, of, Resume::Skip).await.unwrap();
        assert_eq!(acts(&shop).await.iter().filter(|act| *act == "breaker.close").count(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_breaker_that_only_reports_pauses_nothing_and_one_turned_off_lets_go() {
    each_engine(async |shop| {
        let of = shop.installed(Asks::default(), &[]).await.id;
        let set = async |apps| {
            let change = BreakerChange { apps: Some(apps), ..BreakerChange::default() };
            operator().set_breaker(&shop.db, change).await.unwrap()
        };
        set(Mode::Report).await;
        let start = now_ms();
        ran(&shop, of, start, (100, 100)).await;
        assert!(look(&shop, start).await);
        assert_eq!((state(&shop, of).await, begins(&shop, of).await), (None, true));
        let told = alerts(&shop, false).await.into_iter().find(|alert| alert.rule == Rule::Breaker).unwrap();
        assert_eq!((told.severity, told.facts["paused"].as_i64()), (Level::Warning, Some(0)));
        assert_eq!(acts(&shop).await, Vec::<String>::new());
        set(Mode::Act).await;
        assert!(look(&shop, start + MINUTE).await);
        assert_eq!(state(&shop, of).await, Some(State::Open));
        set(Mode::Off).await;
        assert!(look(&shop, start + 2 * MINUTE).await);
        assert_eq!((state(&shop, of).await, open_rules(&shop).await), (None, vec![Rule::Failures]));
        assert!(operator().set_breaker(&shop.db, BreakerChange { runs: Some(9), ..Default::default() }).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn an_alert_is_of_its_store_alone_acknowledged_snoozed_and_its_rule_turned_off() {
    each_engine(async |shop| {
        let of = shop.installed(Asks::default(), &[]).await.id;
        let other = shop.neighbour().await;
        let start = now_ms();
        ran(&shop, of, start, (20, 10)).await;
        assert!(look(&shop, start).await);
        let [alert] = &alerts(&shop, false).await[..] else { panic!("one alert") };
        assert_eq!((alert.rule, alert.app.as_deref()), (Rule::Failures, Some(apps::APP)));
        assert_eq!(alerts(&other, true).await, []);
        let waiting = async |shop: &Shop| shop.permit::<UsageView>().alerts_waiting(&shop.db).await.unwrap();
        assert_eq!((waiting(&shop).await, waiting(&other).await), (1, 0));
        let (ours, theirs) = (shop.permit::<AppsPause>(), other.permit::<AppsPause>());
        assert!(matches!(theirs.acknowledge_alert(&shop.db, &alert.id).await, Err(Error::NotFound { .. })));
        assert!(matches!(operator().snooze_alert(&shop.db, &alert.id, 1).await, Err(Error::NotFound { .. })));
        assert!(ours.snooze_alert(&shop.db, &alert.id, 673).await.is_err());
        let snoozed = ours.snooze_alert(&shop.db, &alert.id, 1).await.unwrap();
        assert!(snoozed.snoozed_until.is_some() && waiting(&shop).await == 0);
        let known = ours.acknowledge_alert(&shop.db, &alert.id).await.unwrap();
        assert!(known.acknowledged_by.unwrap().starts_with("staff:"));

        // The same rule of the neighbour stays as it is.
        let off = RuleChange { enabled: Some(false), threshold: None };
        shop.permit::<AppsInstall>().set_alert_rule(&shop.db, Rule::Failures, off).await.unwrap();
        assert!(other.permit::<UsageView>().alert_rules(&shop.db).await.unwrap().iter().all(|rule| rule.enabled));
        assert!(look(&shop, start + MINUTE).await);
        assert_eq!(open_rules(&shop).await, []);
        let wild = RuleChange { enabled: None, threshold: Some(101) };
        assert!(shop.permit::<AppsInstall>().set_alert_rule(&shop.db, Rule::Failures, wild).await.is_err());
        let hosts = shop.permit::<AppsInstall>().set_alert_rule(&shop.db, Rule::Disk, off).await;
        assert!(matches!(hosts, Err(Error::NotFound { .. })), "a rule of the host's is none of a store");
    })
    .await;
}

#[tokio::test]
async fn what_a_host_finds_of_itself_is_the_operators_and_each_host_speaks_of_itself() {
    each_engine(async |shop| {
        let turn = |now| Turn { every: EVERY, outlet: Outlet { webhook: true, mail: true }, now };
        let full = || vec![HostFinding::Disk(100 << 20)];
        let start = now_ms();
        shop.db.watch_itself("one", full(), turn(start)).await.unwrap();
        shop.db.watch_itself("two", full(), turn(start)).await.unwrap();
        shop.db.watch_itself("two", Vec::new(), turn(start + 1)).await.unwrap();
        let open = operator().alerts(&shop.db, AlertFilter::default(), &page(10, None)).await.unwrap().items;
        let [alert] = &open[..] else { panic!("one is open: {open:?}") };
        assert_eq!((alert.subject.as_str(), alert.store.as_deref(), alert.rule), ("one", None, Rule::Disk));
        assert_eq!(alerts(&shop, true).await, []);

        // It is posted once, by whoever takes it; what was not taken comes again.
        let due = shop.db.alerts_to_post(start + 1).await.unwrap();
        let raised = due.iter().find(|due| due.alert.id == alert.id).unwrap();
        assert!(shop.db.take_post(raised, start + 1).await.unwrap());
        assert!(!shop.db.take_post(raised, start + 1).await.unwrap(), "another host has it");
        let due = async |at| {
            let due = shop.db.alerts_to_post(at).await.unwrap();
            due.into_iter().filter(|due| due.alert.id == alert.id).count()
        };
        assert_eq!((due(start + MINUTE).await, due(start + 1 + MINUTE).await), (0, 1));
        shop.db.posted(raised, start + 1).await.unwrap();
        assert_eq!(due(start + 100 * MINUTE).await, 0);
        shop.db.watch_itself("one", Vec::new(), turn(start + 2)).await.unwrap();
        assert_eq!(due(start + 2).await, 1, "and once more when it is resolved");
        assert_eq!(shop.db.forget_alerts(start + 89 * 86_400_000).await.unwrap(), 0);
        assert_eq!(shop.db.forget_alerts(start + 91 * 86_400_000).await.unwrap(), 2);
    })
    .await;
}
