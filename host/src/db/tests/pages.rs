//! What the pages of the web admin read beside what the API does, on both engines.

use super::*;
use crate::authz::scope::kind::{AppsView, ChangesApprove, ChangesView, CustomersEdit, UsageView};
use crate::authz::{InstallationId, Scope, StaffId};
use crate::db::house::around::AppsWaiting;
use crate::db::house::history::usage::CallOutcome;
use crate::db::house::history::{InvocationFilter, JournalFilter, Personal};
use crate::db::shop::sales::orders::Contact;

#[tokio::test]
async fn a_day_is_told_hour_by_hour_and_of_one_store_alone() {
    each_engine(async |shop| {
        let of = InstallationId::new();
        let usage = shop.permit::<UsageView>();
        let empty = usage.last_day(&shop.db).await.unwrap();
        assert_eq!((empty.hours.len(), empty.cpu_us_p50, empty.last.len()), (24, 0, 0));
        for cpu in [10, 20, 30, 40] {
            shop.ran("acme/a", of, &[("orders-view.get", CallOutcome::Ok)], cpu).await;
        }
        shop.ran("acme/b", of, &[("orders-edit.tag", CallOutcome::Denied)], 50).await;
        shop.neighbour().await.ran("acme/c", of, &[], 5_000).await;
        let day = usage.last_day(&shop.db).await.unwrap();
        let sum = |of: fn(&crate::db::house::history::Hour) -> i64| day.hours.iter().map(of).sum::<i64>();
        assert_eq!((day.hours.len(), sum(|hour| hour.runs), sum(|hour| hour.denied_calls)), (24, 5, 1));
        // The last two, in case an hour ended between the runs.
        assert_eq!(day.hours[22..].iter().map(|hour| hour.runs).sum::<i64>(), 5);
        assert!(day.cpu_us_p50 <= day.cpu_us_p99, "{day:?}");
        assert_eq!(day.last.keys().collect::<Vec<_>>(), ["acme/a", "acme/b"]);
        assert_eq!(shop.permit::<ChangesView>().taken_back_last_day(&shop.db).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn runs_and_changes_are_found_by_record_person_app_and_run() {
    each_engine(async |shop| {
        let of = InstallationId::new();
        let run = shop.ran("acme/a", of, &[], 1).await;
        let usage = shop.permit::<UsageView>();
        let runs = async |filter: InvocationFilter| {
            usage.invocations(&shop.db, &filter, &Personal::default(), &page(10, None)).await.unwrap().items.len()
        };
        let all = InvocationFilter::default;
        assert_eq!(runs(InvocationFilter { record: Some("ord_1".to_owned()), ..all() }).await, 1);
        assert_eq!(runs(InvocationFilter { record: Some("ord_2".to_owned()), ..all() }).await, 0);
        assert_eq!(runs(InvocationFilter { person: Some(StaffId::new()), ..all() }).await, 0);

        let customers = shop.permit::<CustomersEdit>();
        let contact = Contact { name: Some("Ada Lovelace".to_owned()), ..Default::default() };
        let id = shop.change(async |draft| customers.create(draft, contact, Vec::new()).await).await;
        let view = shop.permit::<ChangesView>();
        let sets = async |filter: JournalFilter| view.journal(&shop.db, &filter, &page(10, None)).await.unwrap().items;
        let any = || JournalFilter { record: Some(id.clone()), ..JournalFilter::default() };
        let found = sets(any()).await;
        assert_eq!((found.len(), found[0].record.as_str(), found[0].set.changes), (1, id.as_str(), 2));
        assert_eq!(sets(JournalFilter { person: shop.owner.as_staff(), ..any() }).await.len(), 1);
        assert_eq!(sets(JournalFilter { person: Some(StaffId::new()), ..any() }).await.len(), 0);
        assert_eq!(sets(JournalFilter { app: Some("acme/a".to_owned()), ..any() }).await.len(), 0);
        assert_eq!(sets(JournalFilter { run: Some(run), ..any() }).await.len(), 0);

        let past = async |kind: &str, personal: Personal| {
            view.record_history(&shop.db, (kind, &id), &personal, &page(10, None)).await.unwrap().items
        };
        let (set, change) = past("customer", Personal::default()).await.remove(0);
        assert_eq!((set.id, change.act, change.hidden), (found[0].set.id, "created", None));
        let (_, hidden) = past("customer-contact", Personal::default()).await.remove(0);
        assert_eq!((hidden.hidden, hidden.after.is_some()), (Some(Scope::CustomersPii), false));
        let theirs = shop.neighbour().await.permit::<ChangesView>();
        let elsewhere = theirs.record_history(&shop.db, ("customer", &id), &Personal::default(), &page(10, None)).await;
        assert!(elsewhere.unwrap().items.is_empty());
    })
    .await;
}

#[tokio::test]
async fn whoever_works_in_a_store_is_shown_it_and_what_waits_for_them() {
    each_engine(async |shop| {
        let around = shop.db.around(&shop.owner).await.unwrap();
        assert_eq!((around.store, around.owner), (shop.id, true));
        assert_eq!(
            (&*around.store_name, &*around.person, &*around.time_zone, &*around.currency),
            ("Corner", "Ada", "Europe/Berlin", "EUR")
        );
        assert_eq!(shop.permit::<ChangesApprove>().held_waiting(&shop.db).await.unwrap(), 0);
        let apps = shop.permit::<AppsView>();
        assert_eq!(apps.apps_waiting(&shop.db).await.unwrap(), AppsWaiting::default());
        assert_eq!(
            (apps.ending_grants(&shop.db).await.unwrap().len(), apps.parked_by_app(&shop.db).await.unwrap().len()),
            (0, 0)
        );
    })
    .await;
}
