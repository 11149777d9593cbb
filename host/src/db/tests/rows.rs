//! PostgreSQL keeps stores apart by itself: statements without the store in them meet the rows of one store alone.

use super::{Shop, postgres};
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::engine::open::{Db, Settings};
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::Error;

async fn open(url: String) -> Db {
    Db::open(&Settings { url, slots: 4, connections: 4, chain: Default::default() }, super::mint()).await.unwrap()
}

/// A statement made here; those of the host are constants.
fn sql(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

/// Tables with a store of their own in them, also those that somebody adds tomorrow.
async fn of_stores(conn: &mut Conn) -> Vec<String> {
    const SQL: &str = "SELECT CAST(table_name AS TEXT) FROM information_schema.columns \
        WHERE table_schema = current_schema() AND column_name = 'store' ORDER BY table_name";
    conn.rows(SQL, args![], |r| r.text(0)).await.unwrap()
}

/// What puts a row of a store into a table, whatever else it has: text that nobody else has, a number, nothing much.
async fn insert(conn: &mut Conn, table: &str, store: &str) -> &'static str {
    const SQL: &str = "SELECT CAST(column_name AS TEXT), CAST(data_type AS TEXT) FROM information_schema.columns \
        WHERE table_schema = current_schema() AND table_name = $1 AND is_identity = 'NO' AND column_default IS NULL";
    let columns = conn.rows(SQL, args![table], |r| Ok((r.text(0)?, r.text(1)?))).await.unwrap();
    let value = |(name, kind): &(String, String)| match kind.as_str() {
        _ if name == "store" => format!("'{store}'"),
        "text" => "md5(random()::text)".to_owned(),
        "bigint" => "CAST(random() * 1000000000 AS BIGINT)".to_owned(),
        "jsonb" => "'{}'".to_owned(),
        "bytea" => "''".to_owned(),
        other => panic!("a value of type {other} for {table}.{name}"),
    };
    let values: Vec<_> = columns.iter().map(value).collect();
    let names: Vec<_> = columns.into_iter().map(|(name, _)| name).collect();
    sql(format!("INSERT INTO {table} ({}) VALUES ({})", names.join(", "), values.join(", ")))
}

/// A write transaction as the host begins them.
async fn write(db: &Db, whose: impl Into<RowsOf>, statement: &'static str) -> Result<u64, Error> {
    db.write_with(whose, statement, |conn, statement| Box::pin(async move { conn.exec(statement, args![]).await }))
        .await
}

#[tokio::test]
async fn a_statement_that_forgets_the_store_meets_rows_of_one_store_in_every_table() {
    let db = open(postgres::database()).await;
    let one = Shop::open(db.clone()).await;
    let other = one.neighbour().await;
    let (mine, theirs) = (one.id.to_string(), other.id.to_string());
    let tables = of_stores(&mut db.reader(RowsOf::All).await.unwrap()).await;
    assert!(tables.len() >= 28 && tables.iter().any(|table| table == "records"), "{tables:?}");
    for table in tables {
        let (own, foreign) = {
            let mut conn = db.reader(RowsOf::All).await.unwrap();
            (insert(&mut conn, &table, &mine).await, insert(&mut conn, &table, &theirs).await)
        };
        // One has a row already, such as the store's counter; then that serves.
        let _ = write(&db, RowsOf::All, own).await;
        let _ = write(&db, RowsOf::All, foreign).await;
        let all = sql(format!("SELECT COUNT(*) FROM {table}"));
        let those = sql(format!("SELECT COUNT(*) FROM {table} WHERE store IS NOT NULL AND store <> '{mine}'"));
        assert!(db.reader(RowsOf::All).await.unwrap().count(those, args![]).await.unwrap() > 0, "{table} has none");
        let mut conn = db.reader(one.id).await.unwrap();
        assert!(conn.count(all, args![]).await.unwrap() > 0, "{table}: its own are there");
        assert_eq!(conn.count(those, args![]).await.unwrap(), 0, "{table}: read");
        drop(conn);
        let moved = sql(format!("UPDATE {table} SET store = store WHERE store <> '{mine}'"));
        assert_eq!(write(&db, one.id, moved).await.unwrap(), 0, "{table}: changed");
        let gone = sql(format!("DELETE FROM {table} WHERE store <> '{mine}'"));
        assert_eq!(write(&db, one.id, gone).await.unwrap(), 0, "{table}: deleted");
        let given = sql(format!("UPDATE {table} SET store = '{theirs}'"));
        for planted in [foreign, given] {
            let end = write(&db, one.id, planted).await.unwrap_err().to_string();
            assert!(end.contains("row-level security"), "{table}: {end}");
        }
    }
    let mut conn = db.reader(one.id).await.unwrap();
    assert_eq!(conn.rows("SELECT id FROM stores", args![], |r| r.text(0)).await.unwrap(), [mine]);
}

#[tokio::test]
async fn a_connection_shows_what_its_reader_asked_for_whatever_it_showed_before() {
    const OWNERS: &str = "SELECT store FROM staff WHERE owner = 1 ORDER BY store";
    let db = open(postgres::database()).await;
    let one = Shop::open(db.clone()).await;
    let other = one.neighbour().await;
    let seen = async |whose: RowsOf| {
        let mut conn = db.reader(whose).await.unwrap();
        conn.rows(OWNERS, args![], |r| r.text(0)).await.unwrap()
    };
    for _ in 0..50 {
        let (a, b, all) = tokio::join!(seen(one.id.into()), seen(other.id.into()), seen(RowsOf::All));
        assert_eq!((a, b), (vec![one.id.to_string()], vec![other.id.to_string()]));
        assert_eq!(all.len(), 2);
    }
    // Nobody said whose rows: nothing is there, as with a connection from outside.
    let url = postgres::database();
    let apart = open(url.clone()).await;
    Shop::open(apart).await;
    assert_eq!(
        postgres::query(&format!("{url}&options=-cstorehand.store%3D"), "SELECT COUNT(*) FROM staff").trim(),
        "0"
    );
    assert_eq!(postgres::query(&url, "SELECT COUNT(*) FROM staff").trim(), "1");
}

#[tokio::test]
async fn more_readers_than_connections_of_many_stores_are_all_served() {
    let db = open(postgres::database()).await;
    let one = Shop::open(db.clone()).await;
    let mut shops = vec![one.clone()];
    for _ in 0..4 {
        shops.push(one.neighbour().await);
    }
    let reads = (0..200).map(|n| {
        let shop = shops[n % shops.len()].clone();
        tokio::spawn(async move {
            let mut conn = shop.db.reader(shop.id).await.unwrap();
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
            (conn.rows("SELECT id FROM stores", args![], |r| r.text(0)).await.unwrap(), shop.id.to_string())
        })
    });
    for read in reads.collect::<Vec<_>>() {
        let (seen, own) = tokio::time::timeout(std::time::Duration::from_secs(10), read).await.unwrap().unwrap();
        assert_eq!(seen, [own]);
    }
}
