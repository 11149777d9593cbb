//! Runs summed up and filed by what they are found by, on both engines: nothing missing, nothing twice, at any moment.

use super::*;
use crate::authz::scope::kind::UsageView;
use crate::authz::{InstallationId, InvocationId};
use crate::db::core::time::{now_ms, rfc3339};
use crate::db::house::history::usage::{CallOutcome, Outcome};
use crate::db::house::history::{InvocationFilter, Personal, UsageFilter};

const DAY_MS: i64 = 86_400_000;

/// Runs of a store, written as rows: so many, a second apart, the newest a minute ago.
const MANY: &str = "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 3000) \
    INSERT INTO invocations (store, id, installation, app, app_version, trigger_kind, record, outcome, attempt, started_at, \
    wall_us, cpu_us, host_calls, denied_calls, failed_calls, changes, detail) \
    SELECT $1, 'inv_' || SUBSTR($2, 5, 12) || '7000' || '8' || (100000000000000 + s.n), $3, 'acme/many', '1.0.' || (s.n % 3), \
    CASE WHEN s.n % 10 = 0 THEN 'schedule' ELSE 'event' END, 'ord_' || (s.n % 500), \
    CASE WHEN s.n % 100 = 0 THEN 'trapped' WHEN s.n % 50 = 0 THEN 'denied' ELSE 'ok' END, 1, $4 - 1000 * (3000 - s.n), \
    s.n * 3, s.n, 2, CASE WHEN s.n % 50 = 0 THEN 1 ELSE 0 END, 0, s.n % 4, json($5) FROM s";
const CALLS: &str = r#"{"totals":[{"call":"orders-view.get","ok":1,"denied":0,"failed":0},{"call":"orders-edit.tag","ok":1,"denied":0,"failed":0}],"calls":[{"call":"orders-view.get","scope":"orders:view","outcome":"ok","at_us":1,"took_us":1,"record":"order/ord_seen"}],"denials":[],"log":[],"dropped_lines":0}"#;

async fn many(shop: &Shop, of: InstallationId, at: i64) {
    let (store, id, of) = (shop.id.to_string(), super::super::house::history::id_at("inv", at), of.to_string());
    let args = (store, id, of, at);
    shop.db
        .write_with(RowsOf::All, args, |conn, (store, id, of, at)| {
            Box::pin(async move {
                let sql = if conn.is_pg() { MANY_PG } else { MANY };
                conn.exec(sql, args![store, id, of, *at, CALLS]).await
            })
        })
        .await
        .unwrap();
}

const MANY_PG: &str = "INSERT INTO invocations (store, id, installation, app, app_version, trigger_kind, record, outcome, attempt, started_at, \
    wall_us, cpu_us, host_calls, denied_calls, failed_calls, changes, detail) \
    SELECT $1, 'inv_' || SUBSTR($2, 5, 12) || '7000' || '8' || (100000000000000 + s.n), $3, 'acme/many', '1.0.' || (s.n % 3), \
    CASE WHEN s.n % 10 = 0 THEN 'schedule' ELSE 'event' END, 'ord_' || (s.n % 500), \
    CASE WHEN s.n % 100 = 0 THEN 'trapped' WHEN s.n % 50 = 0 THEN 'denied' ELSE 'ok' END, 1, CAST($4 AS BIGINT) - 1000 * (3000 - s.n), \
    s.n * 3, s.n, 2, CASE WHEN s.n % 50 = 0 THEN 1 ELSE 0 END, 0, s.n % 4, CAST($5 AS JSONB) FROM generate_series(1, 3000) AS s(n)";

/// What the rows themselves come to.
const RAW: &str = "SELECT COUNT(*), CAST(SUM(cpu_us) AS BIGINT), CAST(SUM(changes) AS BIGINT), CAST(SUM(denied_calls) AS BIGINT) \
    FROM invocations WHERE store = $1";

pub(super) async fn sum_up(db: &Db) {
    // The last transactions may be too young to be settled where several write.
    for _ in 0..500 {
        while db.sum_up().await.unwrap() {}
        if behind(db).await == 0 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("never summed up");
}

async fn behind(db: &Db) -> u64 {
    const LITE: &str = "SELECT COUNT(*) FROM invocations r, folded f WHERE r.rowid > f.n";
    const PG: &str = "SELECT COUNT(*) FROM invocations r, folded f WHERE (r.tx, r.n) > (f.tx, f.n)";
    let mut conn = db.reader(RowsOf::All).await.unwrap();
    let sql = if conn.is_pg() { PG } else { LITE };
    conn.count(sql, args![]).await.unwrap()
}

async fn totals(shop: &Shop, since: i64) -> (i64, i64, i64, i64) {
    let filter = UsageFilter { since: Some(rfc3339(since)), ..UsageFilter::default() };
    let apps = shop.permit::<UsageView>().usage_by_app(&shop.db, &filter).await.unwrap();
    let sum = |of: fn(&crate::db::house::history::AppTotals) -> i64| apps.iter().map(of).sum();
    (sum(|app| app.runs), sum(|app| app.cpu_us), sum(|app| app.changes), sum(|app| app.denied_calls))
}

/// The sums are those of the rows before anything is summed up, half way, and afterwards, whoever sums up, and however many
/// at once.
#[tokio::test]
async fn sums_are_those_of_the_runs_at_every_moment() {
    each_engine(async |shop| {
        let elsewhere = shop.neighbour().await;
        let start = now_ms() - 30 * DAY_MS;
        many(&shop, InstallationId::new(), now_ms() - 60_000).await;
        elsewhere.ran("acme/many", InstallationId::new(), &[("orders-view.get", CallOutcome::Ok)], 7).await;
        let store = shop.id.to_string();
        let read = |r: crate::db::core::engine::conn::Row<'_>| Ok((r.int(0)?, r.int(1)?, r.int(2)?, r.int(3)?));
        let raw = shop.db.reader(RowsOf::All).await.unwrap().row(RAW, args![&store], read).await.unwrap().unwrap();
        assert_eq!(raw.0, 3_000);
        assert_eq!(totals(&shop, start).await, raw, "before");
        shop.db.sum_up().await.unwrap();
        assert_eq!(totals(&shop, start).await, raw, "with some of them");
        let (one, other) = tokio::join!(sum_up(&shop.db), sum_up(&shop.db));
        assert_eq!((one, other), ((), ()));
        assert_eq!(totals(&shop, start).await, raw, "afterwards");
        shop.ran("acme/many", InstallationId::new(), &[], 5).await;
        assert_eq!(totals(&shop, start).await, (raw.0 + 1, raw.1 + 5, raw.2, raw.3), "and with the next");
        assert_eq!(totals(&elsewhere, start).await, (1, 7, 0, 0), "of a store alone");

        let day = shop.permit::<UsageView>().last_day(&shop.db).await.unwrap();
        assert_eq!(day.hours.iter().map(|hour| hour.runs).sum::<i64>(), 3_001);
        assert!((1_400..1_600).contains(&day.cpu_us_p50), "{}", day.cpu_us_p50);
        let calls = shop.permit::<UsageView>().usage_by_call(&shop.db, &UsageFilter::default()).await.unwrap();
        let of = |name: &str| calls.iter().find(|call| call.call == name).map(|call| (call.runs, call.ok));
        assert_eq!((of("orders-view.get"), of("orders-edit.tag")), (Some((3_000, 3_000)), Some((3_000, 3_000))));
    })
    .await;
}

/// Says where two lists begin to differ.
fn same(found: &[InvocationId], meant: &[InvocationId], what: &str) {
    let differs = found.iter().zip(meant).position(|(a, b)| a != b);
    assert_eq!((found.len(), differs), (meant.len(), None), "{what}");
}

/// Each thing one may ask for finds the same runs before they are filed by it and afterwards, in parts that fit together.
#[tokio::test]
async fn runs_are_found_the_same_before_and_after_they_are_filed() {
    each_engine(async |shop| {
        many(&shop, InstallationId::new(), now_ms() - 60_000).await;
        let usage = shop.permit::<UsageView>();
        let all = InvocationFilter::default;
        let filters = [
            ("record", InvocationFilter { record: Some("ord_77".to_owned()), ..all() }, 6),
            ("seen", InvocationFilter { record: Some("ord_seen".to_owned()), ..all() }, 3_000),
            ("trapped", InvocationFilter { outcome: Some(Outcome::Trapped), ..all() }, 30),
            ("denied", InvocationFilter { denied: true, ..all() }, 60),
            ("both", InvocationFilter { denied: true, version: Some("1.0.0".to_owned()), ..all() }, 20),
            ("version", InvocationFilter { version: Some("1.0.2".to_owned()), ..all() }, 1_000),
            ("trigger", InvocationFilter { trigger: Some("schedule".to_owned()), ..all() }, 300),
            ("call", InvocationFilter { call: Some("orders-edit.tag".to_owned()), ..all() }, 3_000),
            ("scope", InvocationFilter { scope: Some(crate::authz::Scope::OrdersEdit), ..all() }, 3_000),
            ("no scope", InvocationFilter { scope: Some(crate::authz::Scope::TaxesEdit), ..all() }, 0),
            ("no record", InvocationFilter { record: Some("ord_".to_owned()), ..all() }, 0),
            ("pattern", InvocationFilter { record: Some("ord%77".to_owned()), ..all() }, 0),
        ];
        let find = async |filter: &InvocationFilter| {
            let (mut found, mut cursor) = (Vec::<InvocationId>::new(), None);
            loop {
                let part = usage.invocations(&shop.db, filter, &Personal::default(), &page(100, cursor)).await.unwrap();
                found.extend(part.items.iter().map(|run| run.id));
                cursor = part.next_cursor;
                if cursor.is_none() {
                    return found;
                }
            }
        };
        let mut before = Vec::new();
        for (name, filter, many) in &filters {
            let found = find(filter).await;
            assert!(found.is_sorted_by(|a, b| a > b), "{name}");
            assert_eq!(found.len(), *many, "{name}");
            before.push(found);
        }
        shop.db.sum_up().await.unwrap();
        for ((name, filter, _), before) in filters.iter().zip(&before) {
            same(&find(filter).await, before, &format!("{name}, with some of them filed"));
        }
        sum_up(&shop.db).await;
        for ((name, filter, _), before) in filters.iter().zip(&before) {
            same(&find(filter).await, before, &format!("{name}, filed"));
        }
    })
    .await;
}

/// What is past its time goes from sums and terms as well, in portions, and by the minute sooner than by the hour.
#[tokio::test]
async fn sums_and_terms_go_when_their_time_is_over() {
    each_engine(async |shop| {
        let count =
            async |sql: &'static str| shop.db.reader(RowsOf::All).await.unwrap().count(sql, args![]).await.unwrap();
        many(&shop, InstallationId::new(), now_ms() - 3 * DAY_MS).await;
        sum_up(&shop.db).await;
        let terms: u64 = count("SELECT COUNT(*) FROM run_terms").await;
        assert!(terms > 20_000, "{terms}");
        shop.db.prune(now_ms()).await.unwrap();
        assert_eq!(count("SELECT COUNT(*) FROM run_sums WHERE span = 60").await, 0);
        assert!(count("SELECT COUNT(*) FROM run_sums WHERE span = 3600").await > 0);
        assert_eq!(count("SELECT COUNT(*) FROM run_terms").await, terms);
        shop.db.prune(now_ms() + 3_000 * DAY_MS).await.unwrap();
        for sql in ["SELECT COUNT(*) FROM run_sums", "SELECT COUNT(*) FROM call_sums", "SELECT COUNT(*) FROM run_terms"]
        {
            assert_eq!(count(sql).await, 0, "{sql}");
        }
    })
    .await;
}

/// A copy of a database numbers its rows anew, one of the other engine as well: the mark is found again by the run that
/// stands there, and nothing is summed up twice.
#[tokio::test]
async fn the_mark_is_found_again_where_rows_were_numbered_anew() {
    each_engine(async |shop| {
        let start = now_ms() - 30 * DAY_MS;
        many(&shop, InstallationId::new(), now_ms() - 60_000).await;
        sum_up(&shop.db).await;
        let summed = totals(&shop, start).await;
        assert_eq!(summed.0, 3_000);
        for elsewhere in ["UPDATE folded SET tx = 0, n = 7", "UPDATE folded SET tx = 0, n = n + 1000000"] {
            let moved = elsewhere;
            shop.db
                .write_with(RowsOf::All, moved, |conn, sql| Box::pin(async move { conn.exec(sql, args![]).await }))
                .await
                .unwrap();
            sum_up(&shop.db).await;
            assert_eq!(totals(&shop, start).await, summed, "{elsewhere}");
        }
        shop.ran("acme/many", InstallationId::new(), &[], 5).await;
        sum_up(&shop.db).await;
        assert_eq!(totals(&shop, start).await.0, 3_001, "and what comes after is summed up");
    })
    .await;
}

/// How many rows a run comes to is for its app to say; what is written in one transaction is bounded all the same.
#[tokio::test]
async fn runs_that_come_to_many_rows_are_summed_up_fewer_at_once() {
    const RUN: &str = "INSERT INTO invocations (store, id, installation, app, app_version, trigger_kind, outcome, attempt, \
        started_at, wall_us, cpu_us, host_calls, denied_calls, failed_calls, changes, detail) \
        VALUES ($1, $2, $5, 'acme/wide', '1.0.0', 'event', 'ok', 1, $3, 1, 1, 100, 0, 0, 0, $4)";
    const TERMS: &str = "SELECT COUNT(*) FROM run_terms";
    each_engine(async |shop| {
        for run in 0..60 {
            let calls: Vec<Value> = (0..100)
                .map(|n| serde_json::json!({ "call": "orders-view.get", "outcome": "ok", "at_us": 1, "took_us": 1, "record": format!("order/ord_{run}_{n}") }))
                .collect();
            let totals = serde_json::json!([{ "call": "orders-view.get", "ok": 100, "denied": 0, "failed": 0 }]);
            let detail = to_json(&serde_json::json!({ "totals": totals, "calls": calls })).unwrap();
            let (store, id, of) = (shop.id.to_string(), InvocationId::new().to_string(), InstallationId::new().to_string());
            let row = (store, id, now_ms(), detail, of);
            shop.db
                .write_with(RowsOf::All, row, |conn, (store, id, at, detail, of)| {
                    Box::pin(async move { conn.exec(RUN, args![store, id, *at, detail, of]).await })
                })
                .await
                .unwrap();
        }
        let (mut before, mut portions) = (0, 0);
        for _ in 0..500 {
            shop.db.sum_up().await.unwrap();
            let terms = shop.db.reader(RowsOf::All).await.unwrap().count(TERMS, args![]).await.unwrap();
            assert!(terms - before < 2_700, "{}", terms - before);
            portions += u64::from(terms > before);
            before = terms;
            if behind(&shop.db).await == 0 {
                break;
            }
        }
        assert!(before > 6_000 && portions >= 3, "{before} in {portions}");
        let usage = shop.permit::<UsageView>();
        let touched = InvocationFilter { record: Some("ord_59_99".to_owned()), ..InvocationFilter::default() };
        let found = usage.invocations(&shop.db, &touched, &Personal::default(), &page(10, None)).await.unwrap();
        assert_eq!(found.items.len(), 1);
    })
    .await;
}
