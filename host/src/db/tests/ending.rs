//! The end of a store, on both engines: it can be taken back for thirty days, then nothing of it remains in any table, and its
//! neighbour has lost nothing.

use super::apps::{Asks, operator};
use super::*;
use crate::authz::scope::kind::{AuditView, BillingView, OrdersView, PlanChange, StoreClose};
use crate::authz::{InstallationId, Scope};
use crate::db::core::engine::conn::Conn;
use crate::db::core::time::now_ms;
use crate::db::house::ending::CLOSES_MS;
use crate::db::house::history::usage::CallOutcome;
use std::collections::BTreeMap;

const ASKS: Asks<'static> = Asks { scopes: &[(Scope::OrdersView, true)], topics: &[], schedules: &[], schema: None };

/// A statement made here; those of the host are constants.
fn sql(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

/// Every table with its columns, their types, and whether each is of the key.
async fn tables(conn: &mut Conn) -> BTreeMap<String, Vec<(String, String, bool)>> {
    const LITE: &str = "SELECT m.name, c.name, c.type, c.pk > 0 FROM sqlite_master m, pragma_table_info(m.name) c \
        WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY 1, 2";
    const PG: &str = "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT), CAST(data_type AS TEXT), CAST(0 AS BIGINT) \
        FROM information_schema.columns WHERE table_schema = current_schema() AND is_identity = 'NO' ORDER BY 1, 2";
    let sql = if conn.is_pg() { PG } else { LITE };
    let read = |r: crate::db::core::engine::conn::Row<'_>| Ok((r.text(0)?, (r.text(1)?, r.text(2)?, r.int(3)? == 1)));
    let mut tables = BTreeMap::<_, Vec<_>>::new();
    for (table, column) in conn.rows(sql, args![], read).await.unwrap() {
        tables.entry(table).or_default().push(column);
    }
    tables
}

/// Puts a row of a store into every table that has a column for one, beside what is there; where what the host reads of it
/// must make sense, the stories put rows of their own.
async fn fill(shop: &Shop, installation: InstallationId) {
    const SENSE: [&str; 6] = ["staff", "installations", "invocations", "audit", "records", "counters"];
    let (db, store) = (&shop.db, shop.id.to_string());
    let all = tables(&mut db.reader(RowsOf::All).await.unwrap()).await;
    let staff = shop.owner.as_staff().unwrap().to_string();
    let of_staff = ["links", "confirmed_devices"];
    let of_app = ["grants", "retries", "storage", "storage_used", "held_records", "cursors", "schedules", "leftovers"];
    let mut filled = 0;
    for (table, columns) in all {
        let has_store = columns.iter().any(|(name, ..)| name == "store");
        let ours = has_store || of_staff.contains(&&*table) || of_app.contains(&&*table);
        if !ours || SENSE.contains(&&*table) {
            continue;
        }
        let value = |(name, kind, _): &(String, String, bool)| match (name.as_str(), kind.to_lowercase().as_str()) {
            ("store", _) => format!("'{store}'"),
            ("installation", _) => format!("'{installation}'"),
            ("staff", _) => format!("'{staff}'"),
            ("space", _) => "''".to_owned(),
            // A grant is read with its caps.
            ("caps", _) => "'{}'".to_owned(),
            // On SQLite what is JSON is text, too.
            (_, "text") => format!("'\"{}\"'", uuid::Uuid::now_v7().simple()),
            (_, "bigint") => "7".to_owned(),
            (_, "jsonb") => "'{}'".to_owned(),
            (_, "bytea") => "''".to_owned(),
            (_, "blob") => "x''".to_owned(),
            (_, other) => panic!("a value of type {other} for {table}.{name}"),
        };
        let values: Vec<_> = columns.iter().map(value).collect();
        let names: Vec<_> = columns.iter().map(|(name, ..)| name.clone()).collect();
        let insert = sql(format!("INSERT INTO {table} ({}) VALUES ({})", names.join(", "), values.join(", ")));
        // One has a row already, such as what an app has stored; then that serves.
        let _ = db
            .write_with(RowsOf::All, insert, |conn, insert| Box::pin(async move { conn.exec(insert, args![]).await }))
            .await;
        filled += 1;
    }
    assert!(filled > 30, "{filled}");
}

/// In which tables a text stands, in whichever column, and how often.
async fn stands_in(db: &Db, text: &str) -> BTreeMap<String, u64> {
    let mut conn = db.reader(RowsOf::All).await.unwrap();
    let (all, mut found) = (tables(&mut conn).await, BTreeMap::new());
    for (table, columns) in all {
        let of = |name: &String| format!("COALESCE(CAST(\"{name}\" AS TEXT), '')");
        let row = columns.iter().map(|(name, ..)| of(name)).collect::<Vec<_>>().join(" || ' ' || ");
        let many = sql(format!("SELECT COUNT(*) FROM {table} WHERE {row} LIKE '%' || $1 || '%'"));
        let many = conn.count(many, args![text]).await.unwrap();
        if many > 0 {
            found.insert(table, many);
        }
    }
    found
}

async fn archive(shop: &Shop) -> Vec<serde_json::Value> {
    let close = shop.permit::<StoreClose>();
    let (mut lines, mut at) = (Vec::new(), None);
    loop {
        let part = close.archive(&shop.db, at.as_deref()).await.unwrap();
        lines.extend(part.lines.iter().map(|line| serde_json::from_str(line).unwrap()));
        at = part.next;
        if at.is_none() {
            break;
        }
    }
    close.archive_taken(&shop.db).await.unwrap();
    lines
}

/// A store in use, with an app that ran.
async fn used(shop: &Shop) -> InstallationId {
    let id = shop.installed(ASKS, &[Scope::OrdersView]).await.id;
    shop.product("TEA", "1.00").await;
    for _ in 0..3 {
        shop.ran(super::apps::APP, id, &[("orders-view.get", CallOutcome::Ok)], 500).await;
    }
    super::sums::sum_up(&shop.db).await;
    // One that is not summed up when the end comes.
    shop.ran(super::apps::APP, id, &[], 500).await;
    fill(shop, id).await;
    id
}

#[tokio::test]
async fn nothing_of_an_erased_store_remains_in_any_table_and_its_neighbour_has_all_of_its_own() {
    each_engine(async |shop| {
        let (db, neighbour) = (shop.db.clone(), shop.neighbour().await);
        let (app, _) = (used(&shop).await, used(&neighbour).await);
        let staff = shop.owner.as_staff().unwrap();
        let theirs = stands_in(&db, &neighbour.id.to_string()).await;
        let before = stands_in(&db, &shop.id.to_string()).await;
        assert!(before.len() > 30, "{before:?}");
        archive(&shop).await;
        shop.permit::<StoreClose>().close(&db, "Corner").await.unwrap();

        // Not a day earlier.
        let closed = now_ms();
        assert_eq!(db.erase_stores(closed + CLOSES_MS - 60_000).await.unwrap(), 0);
        // Then portion after portion; and once nothing was found for a while, the store itself.
        let due = closed + CLOSES_MS + 1_000;
        assert!(db.erase_stores(due).await.unwrap() > 40);
        assert!(stands_in(&db, &shop.id.to_string()).await.contains_key("stores"));
        db.sum_up().await.unwrap();
        db.erase_stores(due + 5_000).await.unwrap();
        assert!(operator().store(&db, shop.id).await.is_ok());
        db.erase_stores(due + 11_000).await.unwrap();
        assert!(matches!(operator().store(&db, shop.id).await, Err(Error::NotFound { .. })));

        for id in [shop.id.to_string(), app.to_string(), staff.to_string()] {
            let left: Vec<_> =
                stands_in(&db, &id).await.into_iter().filter(|(table, _)| table != "host_audit").collect();
            assert_eq!(left, [], "{id}");
        }
        // The neighbour has every row it had, and works on.
        let still = stands_in(&db, &neighbour.id.to_string()).await;
        for (table, many) in theirs {
            assert!(still.get(&table).is_some_and(|now| *now >= many), "{table}: {many} before, {still:?}");
        }
        neighbour.product("CUP", "2.00").await;
        super::sums::sum_up(&db).await;
        let statement = neighbour.permit::<BillingView>().statement(&db, None, &page(100, None)).await.unwrap().items;
        assert_eq!(statement.iter().map(|line| line.runs).filter(|runs| *runs == 4).count(), 1, "{statement:?}");
        // The host's own log says what became of it, and how far its log had come.
        let log = operator().audit(&db, &Default::default(), &page(100, None)).await.unwrap().items;
        let of = |act: &str| log.iter().find(|entry| entry.act == act && entry.subject == shop.id.to_string());
        assert!(of("stores.close").is_some() && of("stores.erased").is_some());
        let detail: Value = serde_json::from_str(of("stores.erase").unwrap().detail.get()).unwrap();
        assert!(
            detail["audit_seq"].as_i64().unwrap() > 3 && detail["audit_hash"].as_str().unwrap().len() == 64,
            "{detail}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_host_that_was_stopped_half_way_goes_on_and_two_that_share_a_database_end_alike() {
    each_engine(async |shop| {
        let db = shop.db.clone();
        used(&shop).await;
        archive(&shop).await;
        shop.permit::<StoreClose>().close(&db, "Corner").await.unwrap();
        let due = now_ms() + CLOSES_MS + 1_000;
        // Cut off in the middle: whatever was begun is found again by the next.
        let _ = tokio::time::timeout(std::time::Duration::from_millis(15), db.erase_stores(due)).await;
        let (one, other) = tokio::join!(db.erase_stores(due + 1), db.erase_stores(due + 1));
        one.unwrap();
        other.unwrap();
        db.erase_stores(due + 20_000).await.unwrap();
        db.erase_stores(due + 40_000).await.unwrap();
        let left = stands_in(&db, &shop.id.to_string()).await;
        assert_eq!(left.keys().collect::<Vec<_>>(), ["host_audit"]);
    })
    .await;
}

#[tokio::test]
async fn closing_ends_what_is_under_way_leaves_its_owner_to_look_and_can_be_taken_back() {
    each_engine(async |shop| {
        let (db, close) = (&shop.db, shop.permit::<StoreClose>());
        let app = shop.installed(ASKS, &[Scope::OrdersView]).await.id;
        let product = shop.product("TEA", "1.00").await;
        // Not before everything was downloaded, and not by another name.
        assert!(wrong(close.close(db, "Corner").await).contains("download everything first"));
        let lines = archive(&shop).await;
        assert!(wrong(close.close(db, "corner").await).contains("Corner"));
        let is = |what: &str| lines.iter().filter(|line| line["is"] == what).count();
        assert!(is("store") == 1 && is("person") == 1 && is("app") == 1 && is("audit") > 1 && is("change") > 1);
        assert!(lines.iter().any(|line| line["is"] == "record" && line["id"] == Value::String(product.clone())));

        // A draft that was begun before commits nothing after.
        let mut begun = shop.draft();
        let stock = shop.permit::<InventoryAdjust>();
        stock.adjust(&mut begun, "TEA", &shop.location, 1, "found").await.unwrap();
        let mut bought = shop.draft();
        let order = crate::db::shop::sales::orders::NewOrder { lines: vec![of("TEA", 1)], ..Default::default() };
        shop.intake().place_order(&mut bought, order, None).await.unwrap();
        let closing = close.close(db, "Corner").await.unwrap();
        assert!(closing.owner_can_keep && closing.erased_at.is_some());
        assert!(matches!(begun.commit(Completion::default()).await, Err(Error::Stale)));
        assert!(matches!(bought.commit(Completion::default()).await, Err(Error::Closing(_))));
        assert!(!db.installed(app).await.unwrap().live().get().active);
        assert!(matches!(close.close(db, "Corner").await, Err(Error::Stale)), "it rested on what was held before");
        assert!(wrong(shop.permit::<StoreClose>().close(db, "Corner").await).contains("already"));

        // Its owner looks, downloads, and changes nothing.
        assert!(shop.owner.permit::<OrdersView>().is_ok() && shop.owner.permit::<AuditView>().is_ok());
        for denied in [
            shop.owner.permit::<InventoryAdjust>().err(),
            shop.owner.permit::<PlanChange>().err(),
            shop.owner.permit::<crate::authz::scope::kind::StaffManage>().err(),
            shop.owner.permit::<crate::authz::scope::kind::TokensManage>().err(),
        ] {
            assert_eq!(denied.map(|denied| denied.why), Some(crate::authz::Why::Closing));
        }
        assert!(!archive(&shop).await.is_empty());
        shop.permit::<StoreClose>().reopen(db).await.unwrap();
        assert!(wrong(shop.permit::<StoreClose>().reopen(db).await).contains("not being closed"));
        assert!(db.installed(app).await.unwrap().live().get().active);
        shop.product("CUP", "2.00").await;
    })
    .await;
}

#[tokio::test]
async fn the_operator_deletes_by_name_what_is_suspended_and_keeps_what_they_deleted() {
    each_engine(async |shop| {
        let (db, operator) = (&shop.db, operator());
        assert!(wrong(operator.delete_store(db, shop.id, "Corner", false).await).contains("suspend it first"));
        operator.suspend_store(db, shop.id, "unpaid").await.unwrap();
        assert!(wrong(operator.delete_store(db, shop.id, "corner", true).await).contains("not the name"));
        operator.rename_store(db, shop.id, "Corner (gone)").await.unwrap();
        assert!(wrong(operator.delete_store(db, shop.id, "Corner", true).await).contains("not the name"));
        operator.delete_store(db, shop.id, "Corner (gone)", false).await.unwrap();
        assert!(wrong(operator.delete_store(db, shop.id, "Corner (gone)", false).await).contains("already"));
        assert!(operator.store(db, shop.id).await.unwrap().deleted);
        operator.keep_store(db, shop.id).await.unwrap();
        assert!(wrong(operator.keep_store(db, shop.id).await).contains("not being closed"));
        assert_eq!(operator.store(db, shop.id).await.unwrap().suspended.as_deref(), Some("unpaid"));
        operator.resume_store(db, shop.id).await.unwrap();
        shop.product("TEA", "1.00").await;

        // What its owner closes, the operator does not keep; and what the operator deletes, its owner does not.
        archive(&shop).await;
        shop.permit::<StoreClose>().close(db, "Corner").await.unwrap();
        assert!(wrong(operator.keep_store(db, shop.id).await).contains("only they can keep it"));
        shop.permit::<StoreClose>().reopen(db).await.unwrap();
        archive(&shop).await;
        shop.permit::<StoreClose>().close(db, "Corner").await.unwrap();
        operator.delete_store(db, shop.id, "Corner (gone)", true).await.unwrap();
        assert!(shop.owner.permit::<StoreClose>().is_err(), "it is being erased");
        let now = now_ms();
        db.erase_stores(now).await.unwrap();
        assert!(wrong(operator.keep_store(db, shop.id).await).contains("has begun"));
        db.erase_stores(now + 20_000).await.unwrap();
        assert!(operator.store(db, shop.id).await.is_err());
    })
    .await;
}

/// An app that a store uploaded and the operator published goes on everywhere else.
#[tokio::test]
async fn an_app_that_others_use_outlives_the_store_that_uploaded_it() {
    each_engine(async |shop| {
        let (db, other) = (&shop.db, shop.neighbour().await);
        shop.upload(super::apps::version(super::apps::APP, "1.0.0", ASKS)).await.unwrap();
        operator().publish(db, super::apps::named(super::apps::APP, "1.0.0", Some(shop.id))).await.unwrap();
        let id = other.install(ASKS, &[Scope::OrdersView]).await.unwrap().id;
        other.ran(super::apps::APP, id, &[("orders-view.get", CallOutcome::Ok)], 500).await;
        operator().suspend_store(db, shop.id, "unpaid").await.unwrap();
        operator().delete_store(db, shop.id, "Corner", true).await.unwrap();
        let now = now_ms();
        db.erase_stores(now).await.unwrap();
        db.erase_stores(now + 20_000).await.unwrap();
        assert!(operator().store(db, shop.id).await.is_err());
        let row = db.installation(id).await.unwrap();
        assert!(db.component(&row.digest).await.is_ok(), "its code is there");
        other.ran(super::apps::APP, id, &[("orders-view.get", CallOutcome::Ok)], 500).await;
        let third = shop.neighbour().await;
        third.install(ASKS, &[Scope::OrdersView]).await.unwrap();
        assert_eq!(stands_in(db, &shop.id.to_string()).await.keys().collect::<Vec<_>>(), ["host_audit"]);
    })
    .await;
}
