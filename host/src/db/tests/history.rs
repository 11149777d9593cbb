//! What people read of runs and changes, and what retention leaves of it, on both engines.

use super::apps::operator;
use super::*;
use crate::authz::scope::kind::{ChangesView, CustomersEdit, OrdersEdit, StaffManage, UsageView};
use crate::authz::{InstallationId, InvocationId, Scope, ScopeSet};
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::shares::{Party, Purpose};
use crate::db::core::time::{now_ms, rfc3339};
use crate::db::house::history::usage::{CallOutcome, LogLine, Outcome, Run, Slot, Usage};
use crate::db::house::history::{
    Followed, HostRunFilter, InvocationFilter, JournalFilter, Personal, Place, UsageFilter,
};
use crate::db::house::people::stores::{Retention, RetentionChange};
use std::time::Duration;

const DAY_MS: i64 = 86_400_000;

fn run(shop: &Shop, app: &str, installation: InstallationId) -> Run {
    Run {
        store: shop.id,
        installation,
        app: app.into(),
        version: "1.0.0".into(),
        trigger: "event",
        topic: Some(crate::db::core::topic::Topic::OrdersCreated),
        record: Some("ord_1".to_owned()),
        cause: None,
        on_behalf_of: None,
        attempt: 1,
    }
}

fn call(slot: &mut Slot, name: &'static str, scope: Option<Scope>, outcome: CallOutcome) {
    slot.open(name, scope);
    slot.close(outcome, crate::db::Told::default());
}

impl Shop {
    async fn record(&self, usage: Usage) -> InvocationId {
        let id = usage.invocation();
        self.draft().abandon(Completion { usage: Some(usage), step: None }).await.unwrap();
        id
    }

    /// Records a run that made these calls.
    pub(super) async fn ran(
        &self,
        app: &str,
        of: InstallationId,
        calls: &[(&'static str, CallOutcome)],
        cpu_us: u64,
    ) -> InvocationId {
        let mut slot = self.db.reserve(Party::new(Purpose::Press, self.id, of)).await.unwrap();
        for (name, outcome) in calls {
            let scope = Scope::ALL.iter().copied().find(|scope| name.starts_with(&scope.interface()));
            call(&mut slot, name, scope, *outcome);
        }
        slot.log.push(LogLine { level: "info", text: "she said \"orders-view.get\"".to_owned() });
        self.record(slot.finish(run(self, app, of), Outcome::Ok, Duration::from_micros(cpu_us), None)).await
    }
}

#[tokio::test]
async fn runs_are_found_by_what_they_did() {
    each_engine(async |shop| {
        let (one, two) = (InstallationId::new(), InstallationId::new());
        let get = shop.ran("acme/a", one, &[("orders-view.get", CallOutcome::Ok)], 10).await;
        let denied = shop.ran("acme/a", one, &[("orders-edit.tag", CallOutcome::Denied)], 20).await;
        let quiet = shop.ran("acme/b", two, &[], 30).await;
        let elsewhere = shop.neighbour().await;
        elsewhere.ran("acme/a", one, &[("orders-view.get", CallOutcome::Ok)], 10).await;
        let usage = shop.permit::<UsageView>();
        let find = async |filter: InvocationFilter| {
            let found = usage.invocations(&shop.db, &filter, &Personal::default(), &page(10, None)).await.unwrap();
            found.items.into_iter().map(|run| run.id).collect::<Vec<_>>()
        };
        let all = InvocationFilter::default;
        assert_eq!(find(all()).await, [quiet, denied, get]);
        assert_eq!(find(InvocationFilter { denied: true, ..all() }).await, [denied]);
        assert_eq!(find(InvocationFilter { installation: Some(two), ..all() }).await, [quiet]);
        assert_eq!(find(InvocationFilter { app: Some("acme/a".to_owned()), ..all() }).await, [denied, get]);
        // A call that an app only wrote about in its log was not made.
        assert_eq!(find(InvocationFilter { call: Some("orders-view.get".to_owned()), ..all() }).await, [get]);
        assert_eq!(find(InvocationFilter { outcome: Some(Outcome::Failed), ..all() }).await, []);
        assert_eq!(find(InvocationFilter { since: Some(rfc3339(now_ms() + 1_000)), ..all() }).await, []);
        assert_eq!(find(InvocationFilter { until: Some(rfc3339(now_ms() - 60_000)), ..all() }).await, []);
        let bad = InvocationFilter { call: Some("%".to_owned()), ..all() };
        wrong(usage.invocations(&shop.db, &bad, &Personal::default(), &page(10, None)).await);
        let first = usage.invocations(&shop.db, &all(), &Personal::default(), &page(2, None)).await.unwrap();
        let rest =
            usage.invocations(&shop.db, &all(), &Personal::default(), &page(2, first.next_cursor)).await.unwrap();
        assert_eq!((rest.items[0].id, rest.next_cursor), (get, None));

        let detail = usage.invocation(&shop.db, denied, &Personal::default(), ScopeSet::EMPTY).await.unwrap();
        assert_eq!((detail.denials.len(), &*detail.denials[0].call), (1, "orders-edit.tag"));
        assert_eq!((detail.denials[0].scope.as_deref(), detail.log.len()), (Some("orders:edit"), 1));
        let theirs =
            elsewhere.permit::<UsageView>().invocation(&shop.db, denied, &Personal::default(), ScopeSet::EMPTY).await;
        assert!(matches!(theirs, Err(Error::NotFound { .. })));
        let seen = operator().invocations(&shop.db, &HostRunFilter::default(), &page(3, None)).await.unwrap();
        assert_eq!(seen.items.len(), 3);
        assert_eq!(
            operator()
                .invocations(&shop.db, &HostRunFilter::default(), &page(3, seen.next_cursor))
                .await
                .unwrap()
                .items
                .len(),
            1
        );
    })
    .await;
}

/// However rare what the operator looks for, each part of the list looks at so many runs and says where to go on.
#[tokio::test]
async fn runs_of_all_stores_are_looked_through_a_part_at_a_time() {
    const MANY: &str = "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 12000) \
        INSERT INTO invocations (store, id, installation, app, app_version, trigger_kind, outcome, attempt, started_at, \
        wall_us, cpu_us, host_calls, denied_calls, failed_calls, changes) SELECT r.store, SUBSTR(r.id, 1, 16) || 'fffffffffffffff' || (10000 + s.n), \
        r.installation, 'acme/often', r.app_version, r.trigger_kind, r.outcome, 1, r.started_at, 1, 1, 0, 0, 0, 0 \
        FROM invocations r, s WHERE r.app = 'acme/rare'";
    each_engine(async |shop| {
        let rare = shop.ran("acme/rare", InstallationId::new(), &[], 10).await;
        let add = shop
            .db
            .write_with(RowsOf::All, (), |conn, ()| Box::pin(async move { conn.exec(MANY, args![]).await.map(drop) }));
        add.await.unwrap();
        let of = |app: &str, store| HostRunFilter { app: Some(app.to_owned()), store, ..HostRunFilter::default() };
        for store in [None, Some(shop.id)] {
            let look = async |app: &str, cursor| {
                operator().invocations(&shop.db, &of(app, store), &page(5, cursor)).await.unwrap()
            };
            let first = look("acme/rare", None).await;
            assert_eq!(first.items.len(), 0, "it stands behind ten thousand others");
            let next = look("acme/rare", Some(first.next_cursor.expect("there are more"))).await;
            assert_eq!((next.items.len(), next.items[0].id, next.next_cursor), (1, rare, None));
            let often = look("acme/often", None).await;
            assert_eq!(often.items.len(), 5);
            assert!(often.next_cursor.is_some());
            let since =
                HostRunFilter { since: Some(rfc3339(now_ms() + 3_600_000 + 60_000)), store, ..Default::default() };
            let none = operator().invocations(&shop.db, &since, &page(5, None)).await.unwrap();
            assert_eq!((none.items.len(), none.next_cursor), (0, None), "what is older is not looked for");
        }
        let mut seen = 0;
        let mut cursor = None;
        loop {
            let part = operator().invocations(&shop.db, &of("acme/often", None), &page(100, cursor)).await.unwrap();
            seen += part.items.len();
            cursor = part.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen, 12_000, "each is met once");
    })
    .await;
}

#[tokio::test]
async fn usage_is_summed_up_by_app_by_call_and_by_scope() {
    each_engine(async |shop| {
        let of = InstallationId::new();
        for cpu in 1..=100 {
            shop.ran("acme/a", of, &[("orders-view.get", CallOutcome::Ok), ("log.info", CallOutcome::Ok)], cpu).await;
        }
        shop.ran(
            "acme/b",
            of,
            &[("orders-view.get", CallOutcome::Denied), ("orders-view.search", CallOutcome::Failed)],
            7,
        )
        .await;
        let (usage, all) = (shop.permit::<UsageView>(), UsageFilter::default());
        let apps = usage.usage_by_app(&shop.db, &all).await.unwrap();
        let a = &apps[0];
        assert_eq!((&*a.app, a.runs, a.ok, a.denied_runs, a.host_calls), ("acme/a", 100, 100, 0, 200));
        // To within a sixteenth; a sum loses nothing.
        assert!((47..=53).contains(&a.cpu_us_p50) && (93..=105).contains(&a.cpu_us_p99), "{a:?}");
        assert_eq!(a.cpu_us, 5_050);
        assert_eq!((apps[1].runs, apps[1].denied_runs, apps[1].denied_calls, apps[1].cpu_us_p50), (1, 1, 1, 7));
        let calls = usage.usage_by_call(&shop.db, &all).await.unwrap();
        let got: Vec<_> = calls.iter().map(|c| (&*c.app, &*c.call, c.runs, c.ok, c.denied, c.failed)).collect();
        assert_eq!(
            got,
            [
                ("acme/a", "log.info", 100, 100, 0, 0),
                ("acme/a", "orders-view.get", 100, 100, 0, 0),
                ("acme/b", "orders-view.get", 1, 0, 1, 0),
                ("acme/b", "orders-view.search", 1, 0, 0, 1),
            ]
        );
        let scopes = usage.usage_by_scope(&shop.db, &all).await.unwrap();
        assert_eq!((scopes.len(), scopes[1].scope, scopes[1].denied, scopes[1].failed), (2, Scope::OrdersView, 1, 1));
        let later = UsageFilter { since: Some(rfc3339(now_ms() + 120_000)), ..all };
        assert!(usage.usage_by_app(&shop.db, &later).await.unwrap().is_empty());
    })
    .await;
}

/// What comes after a place. Whoever else has a transaction open on the same server holds runs back for a moment, so
/// it is asked for until there is something.
async fn followed(shop: &Shop, all: &InvocationFilter, place: Place) -> Vec<Followed> {
    let usage = shop.permit::<UsageView>();
    for _ in 0..500 {
        let met = usage.follow(&shop.db, all, &Personal::default(), place, 10).await.unwrap().runs;
        if !met.is_empty() {
            return met;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Vec::new()
}

#[tokio::test]
async fn who_follows_the_log_meets_every_run_once_also_those_that_began_early() {
    each_engine(async |shop| {
        let (of, usage) = (InstallationId::new(), shop.permit::<UsageView>());
        let before = shop.ran("acme/a", of, &[], 1).await;
        let (mut place, all) = (usage.log_end(&shop.db).await.unwrap(), InvocationFilter::default());
        let early = shop.db.reserve(Party::new(Purpose::Press, shop.id, of)).await.unwrap();
        let late = shop.ran("acme/a", of, &[], 1).await;
        let mut met = Vec::new();
        while !met.contains(&late) {
            for run in followed(&shop, &all, place).await {
                place = run.place;
                met.push(run.invocation.id);
            }
        }
        // Where another test holds a transaction open on the same server, the end of the log lies before the first run.
        met.retain(|id| *id != before);
        assert_eq!(met, [late]);
        let early = shop.record(early.finish(run(&shop, "acme/b", of), Outcome::Ok, Duration::ZERO, None)).await;
        assert!(early < late);
        // A place survives being sent to a browser and back.
        place = place.to_string().parse().unwrap();
        let next = followed(&shop, &all, place).await;
        assert_eq!(next.iter().map(|run| run.invocation.id).collect::<Vec<_>>(), [early]);
        let filter = InvocationFilter { app: Some("acme/a".to_owned()), ..all };
        assert!(usage.follow(&shop.db, &filter, &Personal::default(), place, 10).await.unwrap().runs.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_run_whose_transaction_is_still_open_holds_back_those_committed_after_it() {
    each_engine(async |shop| {
        if !shop.db.is_pg() {
            return; // SQLite has one writer: nothing is open beside it.
        }
        let (of, usage) = (InstallationId::new(), shop.permit::<UsageView>());
        let (place, all) = (usage.log_end(&shop.db).await.unwrap(), InvocationFilter::default());
        let slot = shop.db.reserve(Party::new(Purpose::Press, shop.id, of)).await.unwrap();
        let slow = slot.finish(run(&shop, "acme/a", of), Outcome::Ok, Duration::ZERO, None);
        let gate = std::sync::Arc::new((tokio::sync::Notify::new(), tokio::sync::Notify::new()));
        let (db, both) = (shop.db.clone(), std::sync::Arc::clone(&gate));
        let slow = tokio::spawn(async move {
            let args = (parking_lot::Mutex::new(Some(slow)), both);
            db.write_with(RowsOf::All, args, |conn, (usage, gate)| {
                Box::pin(async move {
                    let mut usage = usage.lock().take().unwrap();
                    usage.insert(conn).await?;
                    gate.0.notify_one();
                    gate.1.notified().await;
                    Ok(usage.invocation())
                })
            })
            .await
        });
        gate.0.notified().await;
        let quick = shop.ran("acme/a", of, &[], 1).await;
        assert!(usage.follow(&shop.db, &all, &Personal::default(), place, 10).await.unwrap().runs.is_empty());
        gate.1.notify_one();
        let slow = slow.await.unwrap().unwrap();
        // Another test's transaction, on the same server, may lie between the two.
        let (mut place, mut met) = (place, Vec::new());
        while !met.contains(&quick) {
            for run in followed(&shop, &all, place).await {
                place = run.place;
                met.push(run.invocation.id);
            }
        }
        assert_eq!(met, [slow, quick]);
    })
    .await;
}

#[tokio::test]
async fn the_journal_shows_before_and_after_but_personal_data_only_to_who_holds_the_scope() {
    each_engine(async |shop| {
        shop.product("TEA", "1.00").await;
        let contact =
            crate::db::shop::sales::orders::Contact { name: Some("Ada Lovelace".to_owned()), ..Default::default() };
        let customers = shop.permit::<CustomersEdit>();
        let id = shop.change(async |draft| customers.create(draft, contact, Vec::new()).await).await;
        let view = shop.permit::<ChangesView>();
        let filter = JournalFilter { record: Some(id), ..JournalFilter::default() };
        let sets = view.change_sets(&shop.db, &filter, &page(10, None)).await.unwrap().items;
        assert_eq!((sets.len(), sets[0].changes), (1, 2));
        let changes = async |personal: Personal| {
            view.changes(&shop.db, sets[0].id, &personal, &page(10, None)).await.unwrap().items
        };
        let hidden = changes(Personal::default()).await;
        let contact = hidden.iter().find(|change| change.kind == "customer-contact").unwrap();
        assert_eq!(
            (contact.hidden, contact.after.is_some(), contact.act),
            (Some(Scope::CustomersPii), false, "created")
        );
        assert!(hidden.iter().any(|change| change.kind == "customer" && change.after.is_some()));
        let orders = Personal { orders: shop.owner.permit().ok(), customers: None };
        assert!(changes(orders).await.iter().any(|change| change.hidden == Some(Scope::CustomersPii)));
        let shown = changes(Personal { orders: None, customers: shop.owner.permit().ok() }).await;
        assert!(shown.iter().any(|change| change.after.as_ref().is_some_and(|json| json.get().contains("Lovelace"))));
        let other = shop.neighbour().await;
        let personal = Personal { orders: None, customers: shop.owner.permit().ok() };
        let theirs = other.permit::<ChangesView>().changes(&shop.db, sets[0].id, &personal, &page(10, None)).await;
        assert!(matches!(theirs, Err(Error::NotFound { .. })));
        let kind = JournalFilter { kind: Some("nonsense".to_owned()), ..JournalFilter::default() };
        assert!(wrong(view.change_sets(&shop.db, &kind, &page(10, None)).await).contains("not a kind"));
    })
    .await;
}

#[tokio::test]
async fn retention_erases_what_is_old_and_no_event_somebody_still_has_to_be_told_of() {
    each_engine(async |shop| {
        use super::apps::{APP, Asks, set, version};
        shop.product("TEA", "1.00").await;
        let asks = Asks {
            scopes: &[(Scope::OrdersView, true)],
            topics: &[crate::db::core::topic::Topic::OrdersCreated],
            ..Asks::default()
        };
        shop.upload(version(APP, "1.0.0", asks)).await.unwrap();
        let app = shop.install(asks, &[Scope::OrdersView]).await.unwrap();
        assert_eq!(shop.app(app.id).await.held(), set(&[Scope::OrdersView]));
        let told = shop.events().await.len();
        let create = shop.permit::<crate::authz::scope::kind::OrdersCreate>();
        let new = || crate::db::shop::sales::orders::NewOrder {
            draft: false,
            lines: vec![of("TEA", 1)],
            customer: None,
            contact: None,
            tags: Vec::new(),
        };
        let order = shop.change(async |draft| create.create(draft, new()).await).await;
        let edit = shop.permit::<OrdersEdit>();
        shop.change(async |draft| edit.tag(draft, &order, "x").await).await;
        shop.ran(APP, app.id, &[], 1).await;
        let untold = shop.events().await.len() - told;

        let owner = shop.permit::<StaffManage>();
        assert!(
            wrong(
                owner
                    .set_retention(&shop.db, RetentionChange { usage_days: Some(0), ..RetentionChange::default() })
                    .await
            )
            .contains("usage_days")
        );
        let (keep, none) = (Retention { usage_days: 10, journal_days: 20, events_days: 5, hold_days: 3 }, None);
        let usage_days = Some(10);
        let change = RetentionChange { usage_days, journal_days: Some(20), events_days: Some(5), hold_days: Some(3) };
        owner.set_retention(&shop.db, change).await.unwrap();
        // What is not named stays as it is.
        let one = RetentionChange { usage_days, journal_days: none, events_days: none, hold_days: none };
        assert_eq!(owner.set_retention(&shop.db, one).await.unwrap(), keep);
        assert_eq!(shop.permit::<UsageView>().retention(&shop.db).await.unwrap(), keep);

        let pruned = shop.db.prune(now_ms()).await.unwrap();
        assert_eq!((pruned.usage, pruned.journal, pruned.events), (0, 0, 0));
        let pruned = shop.db.prune(now_ms() + 6 * DAY_MS).await.unwrap();
        assert_eq!((pruned.usage, pruned.journal, pruned.events), (0, 0, told as u64));
        let pruned = shop.db.prune(now_ms() + 11 * DAY_MS).await.unwrap();
        assert_eq!((pruned.usage, pruned.events), (1, 0));
        assert!(shop.db.prune(now_ms() + 21 * DAY_MS).await.unwrap().journal > 0);
        assert_eq!(shop.events().await.len(), untold);
        // Once the app is gone, nobody is left to tell.
        shop.permit::<crate::authz::scope::kind::AppsInstall>().uninstall(&shop.db, app.id).await.unwrap();
        assert_eq!(shop.db.prune(now_ms() + 6 * DAY_MS).await.unwrap().events, untold as u64);
    })
    .await;
}
