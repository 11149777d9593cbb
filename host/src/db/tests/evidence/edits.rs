//! Thousands of edits by somebody who can write the database, each of one chain that was signed before: every one is found.

use super::*;
use rusqlite::Connection;

/// Entries of the chain that is edited.
const ENTRIES: i64 = 2_000;
/// Columns of an entry, and whether each is a number.
const COLUMNS: [(&str, bool); 11] = [
    ("seq", true),
    ("id", false),
    ("actor", false),
    ("act", false),
    ("subject", false),
    ("detail", false),
    ("at", true),
    ("hash", false),
    ("detail_hash", false),
    ("salt", false),
    ("store", false),
];

/// Numbers that look random, and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as i64) % most
    }
}

fn sql(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

/// One edit: what it is, the first entry it touches, and the statements that make it.
struct Edit {
    what: String,
    first: i64,
    statements: Vec<String>,
}

/// Another text that differs in one bit of one letter, if there is one that the database takes.
fn flipped(text: &str, dice: &mut Dice, is_json: bool) -> Option<String> {
    let mut bytes = text.as_bytes().to_vec();
    let at = usize::try_from(dice.below(bytes.len() as i64)).unwrap();
    bytes[at] ^= 1 << dice.below(8);
    let other = String::from_utf8(bytes).ok().filter(|other| !other.contains('\0'))?;
    (!is_json || serde_json::from_str::<Value>(&other).is_ok()).then_some(other)
}

/// An edit of entries that the checkpoint covers.
fn edit(dice: &mut Dice, rows: &[Vec<String>], store: &str, is_pg: bool) -> Option<Edit> {
    let last = rows.len() as i64;
    let (k, other) = (1 + dice.below(last), 1 + dice.below(last));
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let at = |seq: i64| format!("WHERE store = {} AND seq = {seq}", quoted(store));
    let row = &rows[usize::try_from(k - 1).unwrap()];
    let (what, first, statements) = match dice.below(100) {
        0..60 => {
            let column = usize::try_from(dice.below(COLUMNS.len() as i64)).unwrap();
            let ((name, is_number), value) = (COLUMNS[column], &row[column]);
            let (value, first) = match is_number {
                true => {
                    let flipped = value.parse::<i64>().unwrap() ^ (1 << dice.below(62));
                    // A number that another entry has is refused by the index.
                    if name == "seq" && (1..=last).contains(&flipped) {
                        return None;
                    }
                    (flipped.to_string(), k)
                }
                false => (quoted(&flipped(value, dice, is_pg && name == "detail")?), k),
            };
            (format!("a bit of {name}"), first, vec![format!("UPDATE audit SET {name} = {value} {}", at(k))])
        }
        60..72 => ("an entry deleted".to_owned(), k, vec![format!("DELETE FROM audit {}", at(k))]),
        72..84 if k != other => {
            let move_to = |from: i64, to: i64| format!("UPDATE audit SET seq = {to} {}", at(from));
            (
                "two entries swapped".to_owned(),
                k.min(other),
                vec![move_to(k, -7), move_to(other, k), move_to(-7, other)],
            )
        }
        84..88 => {
            // A forged entry in the place of one, with a hash of its own that fits what stands before it.
            let before = if k == 1 { String::new() } else { rows[usize::try_from(k - 2).unwrap()][7].clone() };
            let (hash, of_detail) = evidence::forged(&before, store, k, "{}");
            let set = "id = 'aud_f', actor = 'host', act = 'a.b', subject = 's', at = 1, detail = '{}', salt = ''";
            let set = format!("{set}, detail_hash = '{of_detail}', hash = '{hash}'");
            ("a forged entry in place of one".to_owned(), k, vec![format!("UPDATE audit SET {set} {}", at(k))])
        }
        88..92 => {
            // And behind the last one, and without a number, both of which need nobody's place.
            let (hash, of_detail) = evidence::forged(&rows[rows.len() - 1][7], store, last + 1, "{}");
            let seq = if dice.below(2) == 0 { (last + 1).to_string() } else { "NULL".to_owned() };
            let values = format!("'aud_f', 'host', 'a.b', 's', '{{}}', 1, {seq}, '{hash}', '{of_detail}', ''");
            let columns = "store, id, actor, act, subject, detail, at, seq, hash, detail_hash, salt";
            let insert = format!("INSERT INTO audit ({columns}) VALUES ({}, {values})", quoted(store));
            ("a forged entry added".to_owned(), last, vec![insert])
        }
        92..96 => {
            // The row that says where the chain ends.
            let change = match dice.below(2) {
                0 => format!("hash = {}", quoted(&flipped(&rows[rows.len() - 1][7], dice, false)?)),
                _ => format!("seq = {}", last ^ (1 << dice.below(40))),
            };
            (
                format!("the end: {change}"),
                last,
                vec![format!("UPDATE audit_chains SET {change} WHERE chain = {}", quoted(store))],
            )
        }
        _ => {
            let end = if k == 1 { String::new() } else { rows[usize::try_from(k - 2).unwrap()][7].clone() };
            let cut = format!("DELETE FROM audit WHERE store = {} AND seq >= {k}", quoted(store));
            let fit =
                format!("UPDATE audit_chains SET seq = {}, hash = '{end}' WHERE chain = {}", k - 1, quoted(store));
            ("the end cut off, and recorded so".to_owned(), k, vec![cut, fit])
        }
    };
    Some(Edit { what, first, statements })
}

/// Reads from shortly before the first entry that was touched: what stands before that is as it was.
fn from(first: i64) -> Option<i64> {
    Some(first - 2).filter(|after| *after > 0)
}

const ROWS: &str = "SELECT CAST(seq AS TEXT), id, actor, act, subject, CAST(detail AS TEXT), CAST(at AS TEXT), hash, detail_hash, \
    salt, store FROM audit WHERE store = $1 ORDER BY seq";

async fn rows(conn: &mut Conn, store: &str) -> Vec<Vec<String>> {
    conn.rows(ROWS, args![store], |r| (0..COLUMNS.len()).map(|i| r.text(i)).collect()).await.unwrap()
}

#[tokio::test]
async fn ten_thousand_edits_of_a_chain_are_found_each_one() {
    let folder = tempfile::tempdir().unwrap();
    let url = folder.path().join("store.db").display().to_string();
    let db = Db::open(&Settings { url: url.clone(), slots: 4, connections: 4, chain: Default::default() }, mint())
        .await
        .unwrap();
    let shop = Shop::open(db).await;
    let already = shop.verified(shop.chain(), &[]).await.entries as i64;
    shop.notes_many(ENTRIES - already).await;
    let signed: Vec<_> = shop.signs().await.into_iter().filter(|one| one.chain == shop.id.to_string()).collect();
    let store = shop.id.to_string();
    let mut conn = Conn::Lite(Connection::open(&url).unwrap());
    let rows = rows(&mut conn, &store).await;
    let (mut dice, mut made, mut missed) = (Dice(62), 0, Vec::new());
    while made < 10_000 {
        let Some(edit) = edit(&mut dice, &rows, &store, false) else { continue };
        conn.batch("BEGIN IMMEDIATE").await.unwrap();
        for statement in &edit.statements {
            let Conn::Lite(lite) = &conn else { unreachable!() };
            lite.execute_batch(statement).unwrap();
        }
        // One in a hundred from the first entry on, as the command does.
        let after = if made % 100 == 0 { None } else { from(edit.first) };
        let reading = Reading { checkpoints: &signed, after, most: 0 };
        // An entry that is not there any more cannot be asked from.
        let verified = shop.chain().verify(&mut conn, reading).await.unwrap();
        if verified.intact {
            missed.push(edit.what);
        }
        conn.batch("ROLLBACK").await.unwrap();
        made += 1;
    }
    assert!(missed.is_empty(), "{} of {made}: {:?}", missed.len(), &missed[..missed.len().min(10)]);
    let verified = shop.verified(shop.chain(), &signed).await;
    assert!(verified.intact && verified.last == ENTRIES, "{verified:?}");
}

#[tokio::test]
async fn two_hundred_edits_on_postgres_are_found_each_one() {
    let db =
        Db::open(&Settings { url: postgres::database(), slots: 4, connections: 4, chain: Default::default() }, mint())
            .await
            .unwrap();
    let shop = Shop::open(db).await;
    shop.notes_many(300).await;
    let signed: Vec<_> = shop.signs().await.into_iter().filter(|one| one.chain == shop.id.to_string()).collect();
    let store = shop.id.to_string();
    let rows = rows(&mut shop.db.reader(shop.id).await.unwrap(), &store).await;
    let (mut dice, mut made) = (Dice(62), 0);
    while made < 200 {
        let Some(edit) = edit(&mut dice, &rows, &store, true) else { continue };
        let statements: Vec<_> = edit.statements.into_iter().map(sql).collect();
        let args = (shop.chain(), signed.clone(), statements);
        let write = shop.db.write_with(RowsOf::All, args, |conn, (chain, signed, statements)| {
            Box::pin(async move {
                for statement in statements {
                    conn.batch(statement).await?;
                }
                let verified = chain.verify(conn, Reading { checkpoints: signed, ..Reading::default() }).await?;
                // Taken back again.
                Err::<(), _>(Error::invalid(if verified.intact { "missed" } else { "found" }))
            })
        });
        assert_eq!(wrong(write.await), "found", "{}", edit.what);
        made += 1;
    }
    assert!(shop.verified(shop.chain(), &signed).await.intact);
}

#[tokio::test]
async fn what_came_after_the_last_checkpoint_can_be_taken_away_unnoticed_and_nothing_before_it() {
    each_engine(async |shop| {
        shop.notes_many(20).await;
        let signed = shop.signs().await;
        let covered = shop.verified(shop.chain(), &signed).await.last;
        shop.notes_many(5).await;
        let cut = async |seq: i64| {
            let write = shop.db.write_with(shop.id, (shop.id, seq), |conn, (store, seq)| {
                Box::pin(async move {
                    let store = store.to_string();
                    conn.exec("DELETE FROM audit WHERE store = $1 AND seq > $2", args![&store, *seq]).await?;
                    let fit = "UPDATE audit_chains SET seq = $2, hash = (SELECT hash FROM audit WHERE store = $1 AND seq = $2) WHERE chain = $1";
                    conn.exec(fit, args![&store, *seq]).await
                })
            });
            write.await.unwrap();
            shop.verified(shop.chain(), &signed).await
        };
        // The bound that the docs state: a minute, or a thousand entries.
        assert!(cut(covered).await.intact);
        let fault = cut(covered - 1).await.fault.unwrap();
        assert_eq!((fault.kind, fault.seq), (FaultKind::CutOff, Some(covered - 1)));
        // And once it has grown past that point again, it is not what was signed.
        shop.notes_many(5).await;
        assert_eq!(shop.verified(shop.chain(), &signed).await.fault.unwrap().kind, FaultKind::Rewritten);
    })
    .await;
}
