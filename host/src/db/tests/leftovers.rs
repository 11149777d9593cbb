//! What apps leave: of no use to anybody from the moment they are gone, and cleared in portions.

use super::apps::{Asks, pressed};
use super::*;
use crate::authz::scope::kind::{AppsInstall, AppsPause, AppsView, ChangesApprove, GiftcardsIssue};
use crate::authz::{InstallationId, Scope};
use crate::db::core::engine::portion::{BYTES, ROWS};
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::shares::{Party, Purpose};
use crate::db::core::time::now_ms;
use crate::db::house::history::usage::Outcome;
use crate::db::house::installations::{Resume, TermsChange};
use std::time::Duration;

const ASKS: Asks<'static> = Asks {
    scopes: &[(Scope::OrdersView, true), (Scope::GiftcardsIssue, false)],
    topics: &[crate::db::core::topic::Topic::OrdersCreated],
    schedules: &[],
    schema: None,
};
const HELD: &str = "SELECT COUNT(*) FROM held WHERE installation = $1 AND state = 'waiting'";
const STORED: &str = "SELECT COUNT(*) FROM storage WHERE installation = $1";
const STORED_BYTES: &str =
    "SELECT CAST(COALESCE(SUM(LENGTH(value)), 0) AS BIGINT) FROM storage WHERE installation = $1";
const FILED: &str = "SELECT COUNT(*) FROM retries WHERE installation = $1";
const NOTED: &str = "SELECT COUNT(*) FROM leftovers WHERE installation = $1";
const SPENT: &str = "SELECT CAST(COALESCE(SUM(s.amount), 0) AS BIGINT) FROM installations i JOIN spent s \
    ON s.store = i.store AND s.app = i.app WHERE i.id = $1";

async fn number(db: &Db, sql: &'static str, id: InstallationId) -> i64 {
    let mut conn = db.reader(RowsOf::All).await.unwrap();
    conn.row(sql, args![&id.to_string()], |r| r.int(0)).await.unwrap().unwrap()
}

/// Writes rows as if the app's runs had, a thousand of each kind and some large values.
async fn fill(db: &Db, id: InstallationId, stored: usize, filed: i64) {
    const KEY: &str = "INSERT INTO storage (installation, key, value) VALUES ($1, $2, $3)";
    const RETRY: &str = "INSERT INTO retries (installation, seq, record, attempt, next_at, state) \
        VALUES ($1, $2, $3, 1, 0, 'waiting')";
    db.write_with(RowsOf::All, (id.to_string(), stored, filed), |conn, (id, stored, filed)| {
        Box::pin(async move {
            for n in 0..*stored {
                let value = vec![7u8; if n % 10 == 0 { 64 << 10 } else { 16 }];
                conn.exec(KEY, args![id, &format!("key{n:05}"), value.as_slice()]).await?;
            }
            for n in 0..*filed {
                conn.exec(RETRY, args![id, n - 1_000_000, &format!("ord_{n}")]).await?;
            }
            Ok(())
        })
    })
    .await
    .unwrap();
}

impl Shop {
    async fn proposes_a_card(&self, id: InstallationId) -> crate::authz::HeldId {
        let slot = self.db.reserve(Party::new(Purpose::Press, self.id, id)).await.unwrap();
        let cause = Cause { invocation: Some(slot.invocation), installation: Some(id), depth: 1, chain: None };
        let mut draft = Draft::new(&self.db, self.id, cause);
        let issue = self.app(id).await.permit::<GiftcardsIssue>().unwrap();
        issue.issue(&mut draft, eur("1.00"), None).await.unwrap();
        let run = pressed(self, id, "issue ord_1");
        let usage = slot.finish(run, Outcome::Ok, Duration::ZERO, None);
        let kept = draft.commit_run(Completion { usage: Some(usage), step: None }).await.map_err(|(e, _)| e).unwrap();
        kept.held.unwrap()
    }
}

#[tokio::test]
async fn what_an_app_left_is_cleared_in_portions_and_a_host_that_was_stopped_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    for url in [folder.path().join("store.db").display().to_string(), postgres::database()] {
        eprintln!("on {url}");
        let settings = Settings { url, slots: 4, connections: 4, chain: Default::default() };
        let shop = Shop::open(Db::open(&settings, mint()).await.unwrap()).await;
        let id = shop.installed(ASKS, &[Scope::OrdersView, Scope::GiftcardsIssue]).await.id;
        let change = serde_json::json!({ "held": true, "caps": { "sum_per_day": "100.00" } });
        let change: TermsChange = serde_json::from_value(change).unwrap();
        shop.db.limit(&shop.owner, id, Scope::GiftcardsIssue, change).await.unwrap();
        let mut held = Vec::new();
        for _ in 0..45 {
            held.push(shop.proposes_a_card(id).await);
        }
        fill(&shop.db, id, 2_500, 1_200).await;
        let before = [HELD, STORED, FILED, SPENT];
        shop.permit::<AppsInstall>().uninstall(&shop.db, id).await.unwrap();
        // The uninstall itself moved none of it, and nothing of it is of use any more.
        for (sql, rows) in before.into_iter().zip([45, 2_500, 1_200, 4_500]) {
            assert_eq!(number(&shop.db, sql, id).await, rows, "{sql}");
        }
        let approve = shop.permit::<ChangesApprove>();
        assert!(wrong(approve.approve(&shop.db, &shop.owner, held[0], None).await).contains("paused or gone"));
        assert!(shop.db.waiting(now_ms()).await.unwrap().is_empty());
        // One of them is decided by a person meanwhile.
        approve.reject(&shop.db, &shop.owner, held[1], None).await.unwrap();

        // Each portion is small, in rows and in bytes.
        for _ in 0..8 {
            let (keys, bytes) = (number(&shop.db, STORED, id).await, number(&shop.db, STORED_BYTES, id).await);
            let cleared = shop.db.clear_portion(shop.id, id).await.unwrap();
            assert!(cleared > 0 && cleared <= ROWS.unsigned_abs(), "{cleared} rows");
            let (fewer, less) = (number(&shop.db, STORED, id).await, number(&shop.db, STORED_BYTES, id).await);
            assert!(keys - fewer <= ROWS && bytes - less <= BYTES, "{} keys, {} bytes", keys - fewer, bytes - less);
        }
        assert_eq!((number(&shop.db, HELD, id).await, number(&shop.db, SPENT, id).await), (0, 0));
        let left = number(&shop.db, STORED, id).await;
        assert!(left > 0 && left < 2_500, "{left}");

        // The host is stopped in between, and the next start goes on.
        drop(shop);
        let again = Db::open(&settings, mint()).await.unwrap();
        again.clear_leftovers().await.unwrap();
        for sql in [HELD, STORED, FILED, SPENT, NOTED] {
            assert_eq!(number(&again, sql, id).await, 0, "{sql}");
        }
    }
}

#[tokio::test]
async fn an_app_that_goes_on_without_what_waited_is_told_none_of_it() {
    const PARK: &str = "UPDATE retries SET state = 'parked', parked_at = 1 WHERE installation = $1 AND seq >= -998810";
    each_engine(async |shop| {
        let id = shop.installed(ASKS, &[Scope::OrdersView]).await.id;
        shop.product("TEA", "1.00").await;
        fill(&shop.db, id, 3, 1_200).await;
        let park = shop.db.write_with(RowsOf::All, id.to_string(), |conn, id| {
            Box::pin(async move { conn.exec(PARK, args![id]).await })
        });
        assert_eq!(park.await.unwrap(), 10);
        let (pause, view) = (shop.permit::<AppsPause>(), shop.permit::<AppsView>());
        let backlog = async || {
            let detail = view.installation(&shop.db, id).await.unwrap();
            (detail.behind, detail.waiting, detail.parked)
        };
        assert_eq!(backlog().await.1, 1_190);
        assert!(shop.db.is_behind(id, "ord_3").await.unwrap());
        pause.pause(&shop.db, id, None).await.unwrap();
        pause.resume(&shop.db, id, Resume::Skip).await.unwrap();
        // The rows are still there, and nobody finds them; what was given up waits for a person as before.
        assert_eq!(number(&shop.db, FILED, id).await, 1_200);
        assert_eq!(backlog().await, (0, 0, 10));
        assert!(!shop.db.is_behind(id, "ord_3").await.unwrap());
        assert!(shop.db.waiting(now_ms()).await.unwrap().is_empty());
        // What a person lets be tried again from here on stays.
        pause.unpark(&shop.db, id, -998_801).await.unwrap();
        assert_eq!(backlog().await, (0, 1, 9));
        assert_eq!(shop.db.waiting(now_ms()).await.unwrap().len(), 1);
        while shop.db.clear_portion(shop.id, id).await.unwrap() > 0 {}
        assert_eq!((number(&shop.db, FILED, id).await, number(&shop.db, NOTED, id).await), (10, 0));
        assert_eq!((backlog().await, number(&shop.db, STORED, id).await), ((0, 1, 9), 3));
    })
    .await;
}

#[tokio::test]
async fn what_is_past_its_time_goes_whatever_stands_in_it_and_what_goes_on_stays() {
    const RUN: &str = "INSERT INTO invocations (store, id, installation, app, app_version, trigger_kind, outcome, attempt, \
        started_at, wall_us, cpu_us, host_calls, denied_calls, failed_calls, changes, detail) \
        VALUES ($1, $2, 'ins_1', 'acme/notes', '1.0.0', 'action', 'ok', 1, 0, 0, 0, 0, 0, 0, 0, $3)";
    const ANSWER: &str =
        "INSERT INTO answers (store, actor, key, request, body, at) VALUES ($1, 'host', $2, 'r', $3, 1)";
    const UNDO: &str = "INSERT INTO undos (store, id, asked_by, ceiling, state, at_set, at_n, total, seen, undone, records, \
        skipped, created_at, updated_at) VALUES ($1, $2, 'stf_1', '[]', $3, '', 0, 0, 0, 0, 0, 0, 0, 0)";
    const SKIPPED: &str = "INSERT INTO undo_skipped (store, undo, kind, id, why, detail) \
        VALUES ($1, $2, 'order', $3, 'failed', '')";
    const SET: &str = "INSERT INTO undo_sets (store, change_set, undo) VALUES ($1, $2, $3)";
    each_engine(async |shop| {
        shop.product("TEA", "1.00").await;
        let fill = shop.db.write_with(RowsOf::All, shop.id.to_string(), |conn, store| {
            Box::pin(async move {
                let large = to_json(&"x".repeat(100_000))?;
                for n in 0..1_100 {
                    // Every twentieth is large: more than a portion of bytes stands in a portion of rows.
                    let detail = (n % 20 == 0).then_some(&*large);
                    conn.exec(RUN, args![&*store, &format!("inv_{n:032}"), detail]).await?;
                    conn.exec(ANSWER, args![&*store, &format!("key{n}"), detail.map(|json| json.get())]).await?;
                    let (of, id) = (if n < 1_000 { "und_00a" } else { "und_00b" }, format!("rec{n}"));
                    conn.exec(SKIPPED, args![&*store, of, &id]).await?;
                    conn.exec(SET, args![&*store, &id, of]).await?;
                }
                conn.exec(UNDO, args![&*store, "und_00a", "done"]).await?;
                conn.exec(UNDO, args![&*store, "und_00b", "running"]).await.map(drop)
            })
        });
        fill.await.unwrap();
        let pruned = shop.db.prune(now_ms() + 4_000 * 86_400_000).await.unwrap();
        assert_eq!((pruned.usage, pruned.journal > 0, pruned.events > 0), (1_100, true, true));
        let mut conn = shop.db.reader(RowsOf::All).await.unwrap();
        for (sql, left) in [
            ("SELECT COUNT(*) FROM invocations WHERE store = $1", 0),
            ("SELECT COUNT(*) FROM answers WHERE store = $1", 0),
            ("SELECT COUNT(*) FROM journal WHERE store = $1", 0),
            ("SELECT COUNT(*) FROM events WHERE store = $1", 0),
            ("SELECT COUNT(*) FROM undos WHERE store = $1", 1),
            ("SELECT COUNT(*) FROM undo_skipped WHERE store = $1", 100),
            ("SELECT COUNT(*) FROM undo_sets WHERE store = $1", 100),
        ] {
            assert_eq!(conn.count(sql, args![&shop.id.to_string()]).await.unwrap(), left, "{sql}");
        }
    })
    .await;
}
