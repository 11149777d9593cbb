//! Caps under load: however many spend at once, nothing is overspent, and the ledger says what the journal says.

use super::apps::{Asks, set};
use super::*;
use crate::authz::scope::kind::{GiftcardsIssue, InventoryAdjust, OrdersView};
use crate::authz::{Cap, InstallationId, Scope};
use crate::db::house::history::Personal;
use crate::db::house::installations::TermsChange;
use crate::db::shop::sales::orders::{NewOrder, OrderFilter};

const ASKS: Asks<'static> = Asks {
    scopes: &[
        (Scope::OrdersView, true),
        (Scope::GiftcardsIssue, false),
        (Scope::InventoryAdjust, false),
        (Scope::OrdersPii, false),
    ],
    topics: &[],
    schedules: &[],
    schema: None,
};

/// All that an installation has spent.
const SPENT: &str = "SELECT CAST(SUM(s.amount) AS BIGINT) FROM installations i JOIN spent s ON s.store = i.store \
    AND s.app = i.app WHERE i.id = $1";
/// The same by its changes: what the cards it made were worth at first, in cents.
const JOURNALLED: &str = "SELECT CAST(SUM(CAST(ROUND(CAST(after -> 'initial' ->> 'amount' AS NUMERIC) * 100) AS BIGINT)) \
    AS BIGINT) FROM journal WHERE installation = $1 AND kind = 'gift-card'";

/// At once.
const TASKS: i64 = 64;
/// Spends of each of them.
const EACH: i64 = 1_000;

fn capped(json: Value) -> TermsChange {
    serde_json::from_value(serde_json::json!({ "caps": json })).unwrap()
}

impl Shop {
    async fn capped_app(&self, scope: Scope, caps: Value) -> InstallationId {
        let made = self.installed(ASKS, &[Scope::OrdersView, scope]).await;
        self.db.limit(&self.owner, made.id, scope, capped(caps)).await.unwrap();
        made.id
    }

    fn draft_of(&self, id: InstallationId) -> Draft {
        Draft::new(&self.db, self.id, Cause { invocation: None, installation: Some(id), depth: 0, chain: None })
    }

    async fn number(&self, sql: &'static str, id: InstallationId) -> i64 {
        let mut conn = self.db.reader(self.id).await.unwrap();
        conn.row(sql, args![&id.to_string()], |r| r.int(0)).await.unwrap().unwrap()
    }
}

/// One run that issues a card, tried again as a run is when others were quicker. Whether it was kept.
async fn issue(shop: &Shop, app: &Principal, id: InstallationId, minor: i64) -> bool {
    loop {
        let mut draft = shop.draft_of(id);
        let amount = Money { minor, currency: crate::db::core::money::Currency::EUR };
        match app.permit::<GiftcardsIssue>().unwrap().issue(&mut draft, amount, None).await {
            Ok(_) => {}
            Err(Error::Limit { renews: Some(_), .. }) => return false,
            Err(e) => panic!("{e}"),
        }
        match draft.commit(Completion::default()).await {
            Ok(_) => return true,
            Err(e) if e.is_transient() => {}
            Err(e) => panic!("{e}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn however_many_spend_at_once_a_cap_is_never_passed_and_the_ledger_does_not_drift() {
    each_engine(async |shop| {
        // Four cents a spend, on the average; three quarters of what is asked for is there.
        let bound = TASKS * EACH * 3;
        let day = format!("{}.{:02}", bound / 100, bound % 100);
        let id = shop.capped_app(Scope::GiftcardsIssue, serde_json::json!({ "sum_per_day": day })).await;
        let app = shop.app(id).await;
        let tasks: Vec<_> = (0..TASKS)
            .map(|task| {
                let (shop, app) = (shop.clone(), app.clone());
                tokio::spawn(async move {
                    let (mut kept, mut stopped) = (0, 0);
                    for turn in 0..EACH {
                        let minor = 1 + (task + turn) % 7;
                        match issue(&shop, &app, id, minor).await {
                            true => kept += minor,
                            false => stopped += 1,
                        }
                    }
                    (kept, stopped)
                })
            })
            .collect();
        let (mut kept, mut stopped) = (0, 0);
        for task in tasks {
            let (some, others) = task.await.unwrap();
            (kept, stopped) = (kept + some, stopped + others);
        }
        assert!(kept <= bound && kept > bound - 7 && stopped > 0, "{kept} of {bound}, {stopped} stopped");
        let ledger = shop.number(SPENT, id).await;
        let journal = shop.number(JOURNALLED, id).await;
        assert_eq!((ledger, journal), (kept, kept));
    })
    .await;
}

#[tokio::test]
async fn what_is_spent_in_a_draft_counts_in_it_and_what_is_dropped_does_not() {
    each_engine(async |shop| {
        let id = shop.capped_app(Scope::GiftcardsIssue, serde_json::json!({ "sum_per_day": "10.00" })).await;
        let (app, cards) = (shop.app(id).await, eur("6.00"));
        let issue = async |draft: &mut Draft, amount| {
            app.permit::<GiftcardsIssue>().unwrap().issue(draft, amount, None).await.map(|_| ())
        };
        let mut dropped = shop.draft_of(id);
        issue(&mut dropped, cards).await.unwrap();
        match issue(&mut dropped, cards).await {
            Err(Error::Limit { limit, left, renews }) => {
                assert_eq!((limit.as_str(), left.as_str()), ("`giftcards:issue`: 10.00 EUR a day", "4.00 EUR"));
                assert!(renews.is_some());
            }
            other => panic!("{other:?}"),
        }
        let (mut first, mut second) = (shop.draft_of(id), shop.draft_of(id));
        issue(&mut first, cards).await.unwrap();
        issue(&mut second, cards).await.unwrap();
        dropped.abandon(Completion::default()).await.unwrap();
        commit(first).await;
        // Both saw enough, one was first: the other runs again, and is told then.
        assert!(matches!(second.commit(Completion::default()).await, Err(e @ Error::Conflict(_)) if e.is_transient()));
        assert!(matches!(issue(&mut shop.draft_of(id), cards).await, Err(Error::Limit { .. })));
        // People have no caps, and spend nothing of an app's.
        let owner = shop.permit::<GiftcardsIssue>();
        shop.change(async |draft| owner.issue(draft, eur("600.00"), None).await).await;
        assert_eq!(shop.number(SPENT, id).await, 600);
    })
    .await;
}

#[tokio::test]
async fn dry_drafts_count_from_one_to_the_next_and_leave_nothing_spent() {
    each_engine(async |shop| {
        let none = Personal::default();
        let id = shop.capped_app(Scope::GiftcardsIssue, serde_json::json!({ "sum_per_day": "10.00" })).await;
        let app = shop.app(id).await;
        let issue = async |draft: &mut Draft| {
            app.permit::<GiftcardsIssue>().unwrap().issue(draft, eur("3.00"), None).await.map(drop)
        };
        let mut real = shop.draft_of(id);
        issue(&mut real).await.unwrap();
        commit(real).await;
        let mut carried = std::sync::Arc::new(shop.db.carried(id).await.unwrap());
        let cause = Cause { invocation: None, installation: Some(id), depth: 0, chain: None };
        let dry = |carried: &_| Draft::dry(&shop.db, shop.id, cause, carried);
        // What a run that fails was about to spend is not spent.
        for (kept, fits) in [(true, true), (false, true), (true, true), (true, false)] {
            let mut draft = dry(&carried);
            assert_eq!(issue(&mut draft).await.is_ok(), fits);
            match kept {
                true => drop(draft.preview(&none, &mut carried).await.unwrap()),
                false => draft.discard(&mut carried),
            }
        }
        assert_eq!(shop.number(SPENT, id).await, 300);
    })
    .await;
}

#[tokio::test]
async fn what_a_dry_draft_saw_of_personal_data_is_charged_to_the_next_even_if_it_fails() {
    each_engine(async |shop| {
        shop.product("TEA", "1.00").await;
        let id = shop.capped_app(Scope::OrdersPii, serde_json::json!({ "per_day": 2 })).await;
        let (app, create) = (shop.app(id).await, shop.permit::<crate::authz::scope::kind::OrdersCreate>());
        let new = NewOrder { lines: vec![of("TEA", 1)], ..NewOrder::default() };
        let order = shop.change(async |draft| create.create(draft, new).await).await;
        let mut carried = std::sync::Arc::new(shop.db.carried(id).await.unwrap());
        let cause = Cause { invocation: None, installation: Some(id), depth: 0, chain: None };
        for fits in [true, true, false] {
            let mut draft = Draft::dry(&shop.db, shop.id, cause, &carried);
            let pii = app.permit::<crate::authz::scope::kind::OrdersPii>().unwrap();
            let looked = pii.contact(&mut draft, &order).await;
            assert_eq!(!matches!(looked, Err(Error::Limit { .. })), fits, "{looked:?}");
            draft.discard(&mut carried);
        }
    })
    .await;
}

#[tokio::test]
async fn a_window_and_a_bound_per_run_and_per_step_hold() {
    each_engine(async |shop| {
        shop.product("TEA", "1.00").await;
        shop.product("MUG", "2.00").await;
        let caps = serde_json::json!({ "max_delta": 5, "per_run": 1 });
        let id = shop.capped_app(Scope::InventoryAdjust, caps).await;
        let app = shop.app(id).await;
        let stock = || app.permit::<InventoryAdjust>().unwrap();
        let over = |result: Result<i64>| match result {
            Err(Error::Limit { limit, .. }) => limit,
            other => panic!("{other:?}"),
        };
        let (mut draft, place) = (shop.draft_of(id), shop.location.clone());
        let by = async |draft: &mut Draft, sku: &str, delta| stock().adjust(draft, sku, &place, delta, "counted").await;
        assert!(over(by(&mut draft, "TEA", 6).await).contains("5 pieces up or down on a stock level"));
        assert_eq!(by(&mut draft, "TEA", 3).await.unwrap(), 13);
        // Small steps are no way around it.
        assert!(over(by(&mut draft, "TEA", 3).await).contains("5 pieces"));
        assert_eq!(by(&mut draft, "TEA", -3).await.unwrap(), 10);
        assert!(over(by(&mut draft, "MUG", 1).await).contains("1 record in one run"));

        let new = NewOrder { lines: vec![of("TEA", 1)], ..NewOrder::default() };
        let create = shop.permit::<crate::authz::scope::kind::OrdersCreate>();
        let order = shop.change(async |draft| create.create(draft, new).await).await;
        let view = |app: &Principal| app.permit::<OrdersView>().unwrap();
        shop.db
            .limit(&shop.owner, id, Scope::OrdersView, capped(serde_json::json!({ "window_days": 2 })))
            .await
            .unwrap();
        assert_eq!(view(&app).get(&mut draft, &order).await.unwrap().id, order);
        let mut later = shop.draft_of(id);
        later.set_now(later.now() + 3 * 86_400_000);
        assert!(matches!(view(&app).get(&mut later, &order).await, Err(Error::Limit { .. })));
        let any = OrderFilter::default();
        assert_eq!(view(&app).count(&mut later, &any).await.unwrap(), 0);
        assert!(view(&app).search(&mut later, &any, &page(9, None)).await.unwrap().items.is_empty());
        assert_eq!(view(&app).count(&mut draft, &any).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn terms_are_kept_as_they_were_given_and_another_currency_is_refused() {
    each_engine(async |shop| {
        let id = shop.capped_app(Scope::OrdersPii, serde_json::json!({ "per_day": 7 })).await;
        let pounds = serde_json::json!({ "sum_per_day": { "amount": "1.00", "currency": "GBP" } });
        let refused = shop.db.limit(&shop.owner, id, Scope::GiftcardsIssue, capped(pounds)).await;
        assert!(matches!(refused, Err(Error::NotFound { .. })), "it is not granted");
        let terms = shop.db.installed(id).await.unwrap().live().get().terms;
        assert_eq!(
            (terms.limited(), terms.get(Scope::OrdersPii).caps.get(Cap::PerDay)),
            (set(&[Scope::OrdersPii]), Some(7))
        );
    })
    .await;
}
