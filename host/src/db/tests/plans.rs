//! Plans: what they refuse, what they leave alone, and that a statement says what was run, on both engines.

use super::apps::{Asks, install, operator, set, version};
use super::sums::sum_up;
use super::*;
use crate::authz::scope::kind::{BillingView, PlanChange, StaffManage};
use crate::authz::{InstallationId, Scope};
use crate::db::core::caps::Month;
use crate::db::core::time::now_ms;
use crate::db::house::history::usage::CallOutcome;
use crate::db::house::installations::Install;
use crate::db::house::people::stores::RetentionChange;
use crate::db::house::plans::{Decision, NewPlan, PlanAsked, PlanBounds, PlanChange as Change};

fn plan(name: &str, bounds: PlanBounds, standard: bool) -> NewPlan {
    NewPlan { name: name.to_owned(), title: name.to_uppercase(), bounds, standard, offered: true }
}

/// Runs of two apps, in this month: what the statement says before they are summed up, and afterwards.
#[tokio::test]
async fn a_statement_is_what_was_run_before_it_is_summed_up_and_afterwards() {
    each_engine(async |shop| {
        let (one, other, elsewhere) = (InstallationId::new(), InstallationId::new(), shop.neighbour().await);
        for cpu in [1_000, 2_500, 700] {
            shop.ran("acme/one", one, &[("orders-view.get", CallOutcome::Ok)], cpu).await;
        }
        shop.ran("acme/other", other, &[], 5_000).await;
        elsewhere.ran("acme/one", InstallationId::new(), &[], 9_000).await;
        let billing = shop.permit::<BillingView>();
        let read = async || {
            let lines = billing.statement(&shop.db, None, &page(100, None)).await.unwrap().items;
            let mut lines: Vec<_> = lines.into_iter().map(|line| (line.app, line.runs, line.cpu_ms)).collect();
            lines.sort();
            lines
        };
        let meant = vec![("acme/one".to_owned(), 3, 4), ("acme/other".to_owned(), 1, 5)];
        assert_eq!(read().await, meant, "before");
        sum_up(&shop.db).await;
        assert_eq!(read().await, meant, "afterwards");
        shop.ran("acme/other", other, &[], 1_000).await;
        let with_the_next = vec![("acme/one".to_owned(), 3, 4), ("acme/other".to_owned(), 2, 6)];
        assert_eq!(read().await, with_the_next, "with the next");
        let now = billing.plan(&shop.db).await.unwrap();
        assert_eq!((now.used.runs, now.used.cpu_seconds, now.plan), (5, 1, None));
        assert_eq!(now.time_zone, "Europe/Berlin");
        // It is in the month of the store, and in no other.
        let month = Month::of(shop.db.time_zone(shop.id).await.unwrap(), now_ms());
        assert_eq!(now.used.month, month.name);
        let named = billing.statement(&shop.db, Some(&month.name), &page(1, None)).await.unwrap();
        assert!(named.items.len() == 1 && named.next_cursor.is_some());
        assert!(billing.statement(&shop.db, Some("2001-01"), &page(100, None)).await.unwrap().items.is_empty());
        // The hours may go; what a month came to stays.
        sum_up(&shop.db).await;
        let gone = shop.db.write_with(RowsOf::All, (), |conn, ()| {
            Box::pin(async move {
                conn.exec("DELETE FROM run_sums", args![]).await?;
                conn.exec("DELETE FROM invocations WHERE app = 'acme/one'", args![]).await
            })
        });
        assert_eq!(gone.await.unwrap(), 4);
        assert_eq!(read().await, with_the_next, "without the hours");
    })
    .await;
}

#[tokio::test]
async fn a_month_that_is_used_up_refuses_runs_and_another_plan_lets_them_go_on() {
    each_engine(async |shop| {
        let (db, neighbour) = (&shop.db, shop.neighbour().await);
        let bounds = PlanBounds { runs: Some(2), ..PlanBounds::default() };
        operator().make_plan(db, plan("starter", bounds, true)).await.unwrap();
        db.may_run(shop.id).await.unwrap();
        let app = InstallationId::new();
        shop.ran("acme/one", app, &[], 100).await;
        shop.ran("acme/one", app, &[], 100).await;
        sum_up(db).await;
        // What is remembered is a moment old.
        let refused = loop {
            match db.may_run(shop.id).await {
                Err(refused) => break refused,
                Ok(()) => tokio::time::sleep(std::time::Duration::from_millis(100)).await,
            }
        };
        let Error::Limit { limit, renews, .. } = &refused else { panic!("{refused:?}") };
        assert!(limit.contains("2 runs") && limit.contains("`STARTER`"), "{limit}");
        let month = Month::of(db.time_zone(shop.id).await.unwrap(), now_ms());
        assert_eq!(renews.as_deref(), Some(crate::db::core::time::rfc3339(month.ends).as_str()));
        db.may_run(neighbour.id).await.unwrap();
        // More is allowed, and it goes on at once.
        let more = Change {
            title: "Starter".to_owned(),
            bounds: PlanBounds { runs: Some(3), ..bounds },
            standard: true,
            offered: true,
        };
        operator().change_plan(db, "starter", more).await.unwrap();
        db.may_run(shop.id).await.unwrap();
        operator()
            .make_plan(db, plan("nothing", PlanBounds { cpu_seconds: Some(0), ..PlanBounds::default() }, false))
            .await
            .unwrap();
        operator().give_plan(db, shop.id, Some("nothing".to_owned())).await.unwrap();
        assert!(matches!(db.may_run(shop.id).await, Err(Error::Limit { limit, .. }) if limit.contains("0 seconds")));
        operator().give_plan(db, shop.id, None).await.unwrap();
        db.may_run(shop.id).await.unwrap();
        assert!(operator().give_plan(db, shop.id, Some("none-such".to_owned())).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_plan_refuses_more_than_it_allows_and_takes_nothing_away() {
    each_engine(async |shop| {
        let db = &shop.db;
        let manage = shop.permit::<StaffManage>();
        let person = |name: &str| {
            serde_json::from_value(serde_json::json!({ "name": name, "scopes": ["orders:view"] })).unwrap()
        };
        manage.add(db, &shop.owner, person("Sam"), None).await.unwrap();
        let bounds =
            PlanBounds { people: Some(1), usage_days: Some(30), journal_days: Some(400), ..PlanBounds::default() };
        operator().make_plan(db, plan("small", bounds, false)).await.unwrap();
        operator().give_plan(db, shop.id, Some("small".to_owned())).await.unwrap();
        // Two are there, which is one more than it allows: both stay, and another is refused.
        let refused = manage.add(db, &shop.owner, person("Kim"), None).await.unwrap_err();
        assert!(matches!(&refused, Error::Limit { limit, .. } if limit.contains("1 person")), "{refused}");
        assert_eq!(shop.permit::<crate::authz::scope::kind::StaffView>().list(db).await.unwrap().len(), 2);
        // Runs were retained for 90 days before, and may be for as long still, or for less, but not for more.
        let set = async |usage_days, journal_days| {
            let change = RetentionChange { usage_days, journal_days, ..RetentionChange::default() };
            manage.set_retention(db, change).await.map(|now| (now.usage_days, now.journal_days))
        };
        assert_eq!(set(Some(90), Some(400)).await.unwrap(), (90, 400));
        assert!(matches!(set(Some(91), None).await, Err(Error::Limit { .. })));
        assert!(matches!(set(None, Some(401)).await, Err(Error::Limit { .. })));
        assert_eq!(set(Some(20), None).await.unwrap(), (20, 400));
        assert!(matches!(set(Some(31), None).await, Err(Error::Limit { .. })));
        assert_eq!(set(Some(30), None).await.unwrap(), (30, 400));
        // A new store begins within the standard plan.
        let standard = PlanBounds { usage_days: Some(7), ..PlanBounds::default() };
        operator().make_plan(db, plan("standard", standard, true)).await.unwrap();
        let new = shop.neighbour().await;
        assert_eq!(
            (db.retention(new.id).await.unwrap().usage_days, db.retention(shop.id).await.unwrap().usage_days),
            (7, 30)
        );
    })
    .await;
}

#[tokio::test]
async fn an_app_writes_as_much_in_a_day_as_the_plan_says_from_the_next_look_on() {
    each_engine(async |shop| {
        let (db, other) = (&shop.db, shop.neighbour().await);
        assert_eq!(db.bytes_of_plan(shop.id).await.unwrap(), None);
        let bounds = PlanBounds { mib_per_day: Some(3), ..PlanBounds::default() };
        operator().make_plan(db, plan("small", bounds, false)).await.unwrap();
        operator().give_plan(db, shop.id, Some("small".to_owned())).await.unwrap();
        assert_eq!(db.bytes_of_plan(shop.id).await.unwrap(), Some(3 << 20));
        assert_eq!(db.bytes_of_plan(other.id).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn an_owner_asks_for_a_plan_and_the_operator_decides_once() {
    each_engine(async |shop| {
        let (db, ask) = (&shop.db, shop.permit::<PlanChange>());
        let asked = |plan: &str| PlanAsked { plan: plan.to_owned(), note: "we grow".to_owned() };
        let hidden = NewPlan { offered: false, ..plan("hidden", PlanBounds::default(), false) };
        operator().make_plan(db, hidden).await.unwrap();
        operator().make_plan(db, plan("big", PlanBounds::default(), false)).await.unwrap();
        for none in ["hidden", "none-such", ""] {
            assert!(wrong(ask.ask(db, asked(none)).await).contains("no plan"), "{none}");
        }
        assert!(
            wrong(operator().decide_plan(db, shop.id, Decision::Accepted, None).await).contains("asks for no plan")
        );
        ask.ask(db, asked("big")).await.unwrap();
        // What was asked for before is replaced: one waits.
        ask.ask(db, asked("big")).await.unwrap();
        let waiting = operator().plan_requests(db, &page(100, None)).await.unwrap().items;
        assert_eq!(waiting.iter().map(|one| (one.store, one.plan.as_str())).collect::<Vec<_>>(), [(shop.id, "big")]);
        operator().decide_plan(db, shop.id, Decision::Declined, Some("not yet".to_owned())).await.unwrap();
        let billing = shop.permit::<BillingView>();
        let request = billing.plan(db).await.unwrap().request.unwrap();
        assert_eq!((request.state.as_str(), request.word.as_deref()), ("declined", Some("not yet")));
        assert!(wrong(ask.withdraw(db).await).contains("waits any more"));
        ask.ask(db, asked("big")).await.unwrap();
        operator().decide_plan(db, shop.id, Decision::Accepted, None).await.unwrap();
        assert_eq!(billing.plan(db).await.unwrap().plan.as_deref(), Some("big"));
        assert!(operator().decide_plan(db, shop.id, Decision::Accepted, None).await.is_err());
        let offered = billing.plan(db).await.unwrap().offered;
        assert_eq!(offered.iter().map(|plan| plan.name.as_str()).collect::<Vec<_>>(), ["big"]);
    })
    .await;
}

#[tokio::test]
async fn another_app_than_a_plan_allows_is_refused_and_those_there_are_stay() {
    const ASKS: Asks<'static> =
        Asks { scopes: &[(Scope::OrdersView, true)], topics: &[], schedules: &[], schema: None };
    each_engine(async |shop| {
        let db = &shop.db;
        shop.installed(ASKS, &[Scope::OrdersView]).await;
        operator()
            .make_plan(db, plan("free", PlanBounds { apps: Some(1), ..PlanBounds::default() }, true))
            .await
            .unwrap();
        let second = version("acme/second", "1.0.0", ASKS);
        let requests = second.facts.requests.clone();
        shop.upload(second).await.unwrap();
        let install = async || {
            let consent = shop.owner.consent(&requests, set(&[Scope::OrdersView])).unwrap();
            let what = Install { app: "acme/second".to_owned(), ..install("1.0.0") };
            consent.install(db, what, None).await
        };
        let refused = install().await.unwrap_err();
        assert!(matches!(&refused, Error::Limit { limit, .. } if limit.contains("1 app")), "{refused}");
        let change = Change {
            title: "Free".to_owned(),
            bounds: PlanBounds { apps: Some(2), ..PlanBounds::default() },
            standard: true,
            offered: true,
        };
        operator().change_plan(db, "free", change).await.unwrap();
        install().await.unwrap();
    })
    .await;
}
