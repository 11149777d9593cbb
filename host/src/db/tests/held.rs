//! Held change sets: what nobody decides on lapses, and two who decide at once decide once.

use super::apps::{Asks, pressed};
use super::*;
use crate::authz::scope::kind::{ChangesApprove, GiftcardsIssue};
use crate::authz::{HeldId, InstallationId, Scope};
use crate::db::core::shares::{Party, Purpose};
use crate::db::core::time::now_ms;
use crate::db::house::held::HeldState;
use crate::db::house::history::usage::Outcome;
use crate::db::house::installations::TermsChange;
use std::time::Duration;

const ASKS: Asks<'static> = Asks {
    scopes: &[(Scope::OrdersView, true), (Scope::GiftcardsIssue, false)],
    topics: &[],
    schedules: &[],
    schema: None,
};
const DAY_MS: i64 = 86_400_000;
const SPENT: &str = "SELECT CAST(SUM(s.amount) AS BIGINT) FROM installations i JOIN spent s ON s.store = i.store \
    AND s.app = i.app WHERE i.id = $1";

impl Shop {
    async fn holding(&self) -> InstallationId {
        let made = self.installed(ASKS, &[Scope::OrdersView, Scope::GiftcardsIssue]).await;
        let change = serde_json::json!({ "held": true, "caps": { "sum_per_day": "10.00" } });
        let change: TermsChange = serde_json::from_value(change).unwrap();
        self.db.limit(&self.owner, made.id, Scope::GiftcardsIssue, change).await.unwrap();
        made.id
    }

    /// A run of the app that issues a card, as the runtime keeps it.
    async fn proposes(&self, id: InstallationId, amount: &str) -> Result<HeldId> {
        let slot = self.db.reserve(Party::new(Purpose::Press, self.id, id)).await?;
        let cause = Cause { invocation: Some(slot.invocation), installation: Some(id), depth: 1, chain: None };
        let mut draft = Draft::new(&self.db, self.id, cause);
        draft.storage_set("proposed", amount.as_bytes().to_vec())?;
        self.app(id).await.permit::<GiftcardsIssue>()?.issue(&mut draft, eur(amount), None).await?;
        let run = pressed(self, id, "issue ord_1");
        let usage = slot.finish(run, Outcome::Ok, Duration::ZERO, None);
        let kept = draft.commit_run(Completion { usage: Some(usage), step: None }).await.map_err(|(e, _)| e)?;
        assert_eq!((kept.change_set, kept.changes, kept.appended.events), (None, 0, 0));
        Ok(kept.held.unwrap())
    }

    async fn sum(&self, sql: &'static str, id: InstallationId) -> i64 {
        let mut conn = self.db.reader(self.id).await.unwrap();
        conn.row(sql, args![&id.to_string()], |r| r.int(0)).await.unwrap().unwrap()
    }
}

#[tokio::test]
async fn what_nobody_decides_on_lapses_and_gives_back_what_it_reserved() {
    each_engine(async |shop| {
        let id = shop.holding().await;
        let held = shop.proposes(id, "8.00").await.unwrap();
        assert_eq!(shop.sum(SPENT, id).await, 800);
        assert!(matches!(shop.proposes(id, "8.00").await, Err(Error::Limit { .. })));
        let approve = shop.permit::<ChangesApprove>();
        let set_of = async || approve.held_set(&shop.db, held).await.unwrap();
        assert_eq!((set_of().await.state, set_of().await.changes), (HeldState::Waiting, 1));
        // A week, unless the store says otherwise.
        assert_eq!(shop.db.lapse_held(now_ms() + 6 * DAY_MS).await.unwrap(), 0);
        assert_eq!(shop.db.lapse_held(now_ms() + 8 * DAY_MS).await.unwrap(), 1);
        assert_eq!(shop.db.lapse_held(now_ms() + 8 * DAY_MS).await.unwrap(), 0);
        let lapsed = set_of().await;
        assert_eq!((lapsed.state, lapsed.decided_by.as_deref()), (HeldState::Lapsed, Some("host")));
        assert_eq!(shop.sum(SPENT, id).await, 0);
        assert!(wrong(approve.approve(&shop.db, &shop.owner, held, None).await).contains("does not wait any more"));
        // What it proposed is not kept either, nor does it stand in the way of another proposal.
        const LEFT: &str = "SELECT COUNT(*) FROM held h WHERE installation = $1 AND (draft IS NOT NULL OR EXISTS \
            (SELECT 1 FROM held_records r WHERE r.id = h.id))";
        assert_eq!(shop.sum(LEFT, id).await, 0);
        shop.proposes(id, "8.00").await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn two_who_decide_at_once_decide_once_and_storage_waits_too() {
    each_engine(async |shop| {
        const STORED: &str = "SELECT COUNT(*) FROM storage WHERE installation = $1";
        let id = shop.holding().await;
        for round in 0..20 {
            let held = shop.proposes(id, "0.10").await.unwrap();
            let approve = shop.permit::<ChangesApprove>();
            let (yes, no) = futures_util::future::join(
                approve.approve(&shop.db, &shop.owner, held, None),
                approve.reject(&shop.db, &shop.owner, held, None),
            )
            .await;
            assert!(yes.is_ok() != no.is_ok(), "round {round}: {yes:?} {no:?}");
            let state = approve.held_set(&shop.db, held).await.unwrap().state;
            assert_eq!(state == HeldState::Approved, yes.is_ok());
        }
        let cards = "SELECT COUNT(*) FROM journal WHERE installation = $1 AND kind = 'gift-card'";
        assert_eq!(shop.sum(SPENT, id).await, 10 * shop.sum(cards, id).await);
        let held = shop.proposes(id, "0.10").await.unwrap();
        shop.permit::<ChangesApprove>().approve(&shop.db, &shop.owner, held, None).await.unwrap();
        assert_eq!(shop.sum(STORED, id).await, 1);
    })
    .await;
}

#[tokio::test]
async fn what_was_made_with_a_permission_this_version_does_not_know_cannot_be_approved_and_an_owner_rejects_it() {
    each_engine(async |shop| {
        const NEWER: &str = "UPDATE held SET scopes = '[\"giftcards:issue\", \"moon:land\"]' WHERE id = $1";
        let id = shop.holding().await;
        let held = shop.proposes(id, "8.00").await.unwrap();
        let newer = shop.db.write_with(shop.id, held.to_string(), |conn, held| {
            let held = held.to_string();
            Box::pin(async move { conn.exec(NEWER, args![&held]).await })
        });
        assert_eq!(newer.await.unwrap(), 1);
        let approve = shop.permit::<ChangesApprove>();
        assert!(wrong(approve.approve(&shop.db, &shop.owner, held, None).await).contains("`moon:land`"));
        assert_eq!(approve.held_set(&shop.db, held).await.unwrap().state, HeldState::Waiting);
        approve.reject(&shop.db, &shop.owner, held, None).await.unwrap();
        assert_eq!(shop.sum(SPENT, id).await, 0);
    })
    .await;
}
