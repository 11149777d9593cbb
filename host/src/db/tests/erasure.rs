//! Erasing personal data while others are at work with it: whoever saw it keeps nothing of it, and begins anew.

use super::apps::{Asks, pressed};
use super::*;
use crate::authz::scope::kind::{
    ChangesApprove, ChangesUndo, CustomersDelete, CustomersEdit, GiftcardsIssue, OrdersCancel, OrdersCreate,
    OrdersDelete, OrdersEdit,
};
use crate::authz::{InstallationId, Scope, ScopeSet};
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::shares::{Party, Purpose};
use crate::db::house::history::usage::{LogLine, Outcome, Slot};
use crate::db::house::installations::TermsChange;
use crate::db::house::undo::UndoOf;
use crate::db::shop::sales::orders::{Contact, NewOrder};
use std::time::Duration;

const ASKS: Asks<'static> = Asks {
    scopes: &[
        (Scope::OrdersView, true),
        (Scope::OrdersEdit, false),
        (Scope::CustomersEdit, false),
        (Scope::GiftcardsIssue, false),
    ],
    topics: &[],
    schedules: &[],
    schema: None,
};
const NAME: &str = "Zacharias Quillfeather";

fn contact() -> Contact {
    let email = Some("zacharias@quillfeather.example".to_owned());
    Contact { name: Some(NAME.to_owned()), email, ..Contact::default() }
}

impl Shop {
    /// A customer that is deleted by now, with an order that is done with.
    async fn gone_customer(&self) -> (String, String) {
        let customers = self.permit::<CustomersEdit>();
        let customer = self.change(async |draft| customers.create(draft, contact(), Vec::new()).await).await;
        let order = self.cancelled_order(Some(customer.clone())).await;
        let delete = self.permit::<CustomersDelete>();
        self.change(async |draft| delete.delete(draft, &customer).await).await;
        (customer, order)
    }

    /// An order that is done with.
    async fn cancelled_order(&self, customer: Option<String>) -> String {
        let lines = vec![of("TEA", 1)];
        let new = NewOrder { lines, customer, contact: Some(contact()), ..NewOrder::default() };
        let (create, cancel) = (self.permit::<OrdersCreate>(), self.permit::<OrdersCancel>());
        let order = self.change(async |draft| create.create(draft, new).await).await;
        self.change(async |draft| cancel.cancel(draft, &order, "changed their mind", false).await).await;
        order
    }

    /// Whoever changed one of the records meanwhile makes it begin again, as for a request.
    async fn erases(&self, customer: &str) -> crate::db::house::history::Erased {
        let (orders, mut tries) = (self.permit::<OrdersDelete>(), 5);
        loop {
            match self.permit::<CustomersDelete>().erase(&self.db, customer, Some(&orders)).await {
                Err(e) if e.is_transient() && tries > 0 => tries -= 1,
                done => return done.unwrap(),
            }
        }
    }

    fn of_app(&self, id: InstallationId, slot: &Slot) -> Draft {
        let cause = Cause { invocation: Some(slot.invocation), installation: Some(id), depth: 1, chain: None };
        Draft::new(&self.db, self.id, cause)
    }

    async fn slot(&self, id: InstallationId) -> Slot {
        self.db.reserve(Party::new(Purpose::Press, self.id, id)).await.unwrap()
    }

    /// All that is kept of the past and the present, as text.
    async fn all_kept(&self) -> String {
        let mut all = self.everything().await;
        let store = self.id.to_string();
        for sql in [
            "SELECT CAST(before AS TEXT) FROM journal WHERE store = $1 AND before IS NOT NULL",
            "SELECT CAST(draft AS TEXT) FROM held WHERE store = $1 AND draft IS NOT NULL",
            "SELECT CAST(detail AS TEXT) FROM invocations WHERE store = $1 AND detail IS NOT NULL",
            "SELECT error FROM invocations WHERE store = $1 AND error IS NOT NULL",
        ] {
            let mut conn = self.db.reader(RowsOf::All).await.unwrap();
            conn.rows(sql, args![&store], |r| r.text(0))
                .await
                .unwrap()
                .into_iter()
                .for_each(|text| all.push_str(&text));
        }
        all
    }
}

#[tokio::test]
async fn what_began_before_an_erasing_keeps_nothing_and_begins_anew() {
    each_engine(async |shop| {
        shop.product("TEA", "1.00").await;
        let (customer, _) = shop.gone_customer().await;
        let customers = shop.permit::<CustomersEdit>();
        let other = Contact { name: Some("Ada".to_owned()), ..Contact::default() };
        let new = NewOrder { lines: vec![of("TEA", 1)], contact: Some(other), ..NewOrder::default() };
        let orders = shop.permit::<OrdersCreate>();
        let order = shop.change(async |draft| orders.create(draft, new).await).await;
        let id = shop.installed(ASKS, &[Scope::OrdersView, Scope::OrdersEdit]).await.id;
        let app = shop.app(id).await.permit::<OrdersEdit>().unwrap();
        let edit = shop.permit::<OrdersEdit>();
        // A run, somebody who changes personal data, and somebody who does not.
        let of_run = async || {
            let mut draft = shop.of_app(id, &shop.slot(id).await);
            app.tag(&mut draft, &order, "seen").await.unwrap();
            draft
        };
        let of_person = async || {
            let mut draft = shop.draft();
            customers.create(&mut draft, contact(), Vec::new()).await.unwrap();
            draft
        };
        let mut plain = shop.draft();
        edit.tag(&mut plain, &order, "plain").await.unwrap();
        let (seen, typed) = (of_run().await, of_person().await);
        shop.erases(&customer).await;
        for late in [seen, typed] {
            let late = late.commit(Completion::default()).await;
            assert!(matches!(&late, Err(e) if e.is_transient()), "{late:?}");
        }
        plain.commit(Completion::default()).await.unwrap();
        assert!(!shop.all_kept().await.contains("uillfeather"));
        // Made again, each is kept.
        of_run().await.commit(Completion::default()).await.unwrap();
        of_person().await.commit(Completion::default()).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn what_a_run_wrote_that_saw_the_data_before_it_was_erased_is_left_out_of_its_record() {
    each_engine(async |shop| {
        shop.product("TEA", "1.00").await;
        let (customer, order) = shop.gone_customer().await;
        let id = shop.installed(ASKS, &[Scope::OrdersView, Scope::OrdersEdit]).await.id;
        let tells = async || {
            let mut slot = shop.slot(id).await;
            slot.personal = ScopeSet::EMPTY.with(Scope::CustomersPii);
            slot.log.push(LogLine { level: "info", text: format!("met {NAME}") });
            slot
        };
        let (fails, changes) = (tells().await, tells().await);
        shop.erases(&customer).await;
        let why = Some(format!("no idea who {NAME} is"));
        let draft = shop.of_app(id, &fails);
        let ended = fails.finish(pressed(&shop, id, "tell ord_1"), Outcome::Failed, Duration::ZERO, why);
        draft.abandon(Completion { usage: Some(ended), step: None }).await.unwrap();
        // One that is run once more, in a fresh draft, still has the log of the first time.
        let mut draft = shop.of_app(id, &changes);
        shop.app(id).await.permit::<OrdersEdit>().unwrap().tag(&mut draft, &order, "seen").await.unwrap();
        let ended = changes.finish(pressed(&shop, id, "tell ord_1"), Outcome::Ok, Duration::ZERO, None);
        draft.commit_run(Completion { usage: Some(ended), step: None }).await.map_err(|(e, _)| e).unwrap();
        assert!(!shop.all_kept().await.contains("uillfeather"));
        const RUNS: &str = "SELECT COUNT(*) FROM invocations WHERE store = $1";
        assert_eq!(
            shop.db.reader(RowsOf::All).await.unwrap().count(RUNS, args![&shop.id.to_string()]).await.unwrap(),
            2
        );
        // What begins from here on writes what it likes.
        let slot = tells().await;
        let draft = shop.of_app(id, &slot);
        let ended = slot.finish(pressed(&shop, id, "tell ord_1"), Outcome::Ok, Duration::ZERO, None);
        draft.abandon(Completion { usage: Some(ended), step: None }).await.unwrap();
        assert!(shop.all_kept().await.contains(NAME));
    })
    .await;
}

#[tokio::test]
async fn what_was_proposed_before_an_erasing_is_neither_held_nor_approved_after_it() {
    each_engine(async |shop| {
        shop.product("TEA", "1.00").await;
        let scopes = [Scope::OrdersView, Scope::OrdersEdit, Scope::GiftcardsIssue];
        let id = shop.installed(ASKS, &scopes).await.id;
        let change: TermsChange = serde_json::from_value(serde_json::json!({ "held": true })).unwrap();
        shop.db.limit(&shop.owner, id, Scope::GiftcardsIssue, change.clone()).await.unwrap();
        shop.db.limit(&shop.owner, id, Scope::OrdersEdit, change).await.unwrap();
        let (customer, order) = shop.gone_customer().await;
        let app = shop.app(id).await;
        // A note on the order holds what the order's contact was.
        let propose = async |slot: Slot, mut draft: Draft| {
            app.permit::<OrdersEdit>().unwrap().note(&mut draft, &order, "call again").await.unwrap();
            let ended = slot.finish(pressed(&shop, id, "tell ord_1"), Outcome::Ok, Duration::ZERO, None);
            draft.commit_run(Completion { usage: Some(ended), step: None }).await.map_err(|(e, _)| e)
        };
        let slot = shop.slot(id).await;
        let draft = shop.of_app(id, &slot);
        let held = propose(slot, draft).await.unwrap().held.unwrap();
        let slot = shop.slot(id).await;
        let mut late = shop.of_app(id, &slot);
        app.permit::<GiftcardsIssue>().unwrap().issue(&mut late, eur("1.00"), None).await.unwrap();
        assert_eq!(shop.erases(&customer).await.held, 1);
        let approve = shop.permit::<ChangesApprove>();
        assert!(wrong(approve.approve(&shop.db, &shop.owner, held, None).await).contains("does not wait any more"));
        let ended = slot.finish(pressed(&shop, id, "tell ord_1"), Outcome::Ok, Duration::ZERO, None);
        let refused = late.commit_run(Completion { usage: Some(ended), step: None }).await;
        assert!(matches!(&refused, Err((e, Some(_))) if e.is_transient()), "{:?}", refused.map_err(|(e, _)| e));
        assert!(!shop.all_kept().await.contains("uillfeather"));
    })
    .await;
}

#[tokio::test]
async fn in_a_race_no_undo_and_no_approval_brings_back_what_is_erased() {
    each_engine(async |shop| {
        shop.product("TEA", "1.00").await;
        let id = shop.installed(ASKS, &[Scope::OrdersView, Scope::OrdersEdit]).await.id;
        let change: TermsChange = serde_json::from_value(serde_json::json!({ "held": true })).unwrap();
        shop.db.limit(&shop.owner, id, Scope::OrdersEdit, change).await.unwrap();
        for round in 0..24 {
            let (customer, order) = shop.gone_customer().await;
            // That of a guest with the same address.
            let noted = shop.cancelled_order(None).await;
            let slot = shop.slot(id).await;
            let mut draft = shop.of_app(id, &slot);
            let note = shop.app(id).await.permit::<OrdersEdit>().unwrap();
            note.note(&mut draft, &noted, "call again").await.unwrap();
            let ended = slot.finish(pressed(&shop, id, "tell ord_1"), Outcome::Ok, Duration::ZERO, None);
            let held = draft.commit_run(Completion { usage: Some(ended), step: None }).await.map_err(|(e, _)| e);
            let held = held.unwrap().held.unwrap();
            // The order is deleted, and an undo brings it back with its contact.
            let mut draft = shop.draft();
            shop.permit::<OrdersDelete>().delete(&mut draft, &order).await.unwrap();
            let deleted = commit(draft).await.change_set.unwrap();
            let undo = async {
                for _ in 0..round {
                    tokio::task::yield_now().await;
                }
                let of = UndoOf { change_set: Some(deleted), ..UndoOf::default() };
                let undone = shop.permit::<ChangesUndo>().start(&shop.db, &shop.owner, &of, None).await;
                undone.unwrap();
            };
            let approve = async {
                for _ in 0..round * 2 {
                    tokio::task::yield_now().await;
                }
                let _ = shop.permit::<ChangesApprove>().approve(&shop.db, &shop.owner, held, None).await;
            };
            let ((), (), erased) = tokio::join!(undo, approve, shop.erases(&customer));
            let kept = shop.all_kept().await;
            assert!(!kept.contains("uillfeather"), "round {round}: {erased:?}");
        }
    })
    .await;
}
