//! Chains of audit entries: what is written is verified, by hosts that write at once, after an erasing, from before there were
//! chains; and whatever is edited afterwards is found (`edits`).

mod edits;

use super::*;
use crate::authn::Keys;
use crate::authz::Actor;
use crate::authz::scope::kind::{AuditView, CustomersDelete, CustomersEdit};
use crate::db::core::engine::conn::Conn;
use crate::db::house::evidence::{self, Chain, Checkpoint, FaultKind, Reading, Verified};
use crate::db::house::people::{audit, host_audit};
use crate::db::shop::sales::orders::Contact;
use serde_json::json;

impl Shop {
    fn chain(&self) -> Chain {
        Chain::Store(self.id)
    }

    /// Notes something in the audit log of the store.
    async fn notes(&self, db: &Db, detail: Value) {
        let write = db.write_with(self.id, (self.id, detail), |conn, (store, detail)| {
            Box::pin(
                async move { audit::note(conn, *store, Actor::Host, "staff.change", "stf_1", detail).await.map(drop) },
            )
        });
        write.await.unwrap();
    }

    /// Notes many in one go.
    async fn notes_many(&self, many: i64) {
        let write = self.db.write_with(self.id, (self.id, many), |conn, (store, many)| {
            Box::pin(async move {
                let entry = |n| {
                    Ok(audit::entry(Actor::Host, "staff.change", "stf_1", &json!({ "n": n, "why": "as agreed" }))?.1)
                };
                let entries = (0..*many).map(entry).collect::<Result<Vec<_>>>()?;
                evidence::append(conn, Chain::Store(*store), entries).await
            })
        });
        write.await.unwrap();
    }

    /// What a checkpoint of every chain that has moved says, as it is written.
    async fn signs(&self) -> Vec<Checkpoint> {
        let (signer, due) = (Keys::from_master(&[1; 32]).signer(), self.db.audit_due("").await.unwrap());
        let signed = due.iter().map(|one| {
            let line = one.checkpoint(1, "", "2026-11-30T12:04:00Z").sign(&signer).unwrap().line;
            Checkpoint::read(&line, &signer.public()).unwrap()
        });
        let signed: Vec<_> = signed.collect();
        self.db.audit_covered(due).await.unwrap();
        signed
    }

    async fn verified(&self, chain: Chain, checkpoints: &[Checkpoint]) -> Verified {
        let of: Vec<_> = checkpoints.iter().filter(|one| one.chain == chain.to_string()).cloned().collect();
        let mut conn = self.db.reader(RowsOf::All).await.unwrap();
        chain.verify(&mut conn, Reading { checkpoints: &of, ..Reading::default() }).await.unwrap()
    }
}

/// Carries statements out as somebody who has the database in hand.
async fn tamper(db: &Db, statements: &'static [&'static str]) {
    let write = db.write_with(RowsOf::All, statements, |conn, statements| {
        Box::pin(async move {
            for sql in *statements {
                conn.batch(sql).await?;
            }
            Ok(())
        })
    });
    write.await.unwrap();
}

#[tokio::test]
async fn what_is_written_is_verified_up_to_its_last_entry_and_with_its_checkpoint() {
    each_engine(async |shop| {
        shop.notes_many(450).await;
        shop.notes(
            &shop.db,
            json!({ "price": 2.5, "large": 1e20, "text": "é\u{1f600}", "none": null, "of": [{ "b": 1, "a": 2 }] }),
        )
        .await;
        let signed = shop.signs().await;
        assert_eq!(signed.len(), 2, "the host's chain and the store's: {signed:?}");
        assert_eq!(shop.db.audit_uncovered().await.unwrap(), 0);
        for chain in [Chain::Host, shop.chain()] {
            let verified = shop.verified(chain, &signed).await;
            assert!(verified.intact && verified.complete, "{verified:?}");
            assert_eq!((verified.checkpoint, verified.unchained), (Some(verified.last), 0));
        }
        let whole = shop.verified(shop.chain(), &signed).await;
        assert!(whole.entries > 450 && whole.last as u64 == whole.entries, "{whole:?}");
        // In parts, as over the API.
        let mut conn = shop.db.reader(shop.id).await.unwrap();
        let (mut after, mut entries) = (None, 0);
        loop {
            let reading = Reading { checkpoints: &signed[1..], after, most: 100 };
            let part = shop.chain().verify(&mut conn, reading).await.unwrap();
            assert!(part.intact, "{part:?}");
            entries += part.entries;
            after = Some(part.last);
            if part.complete {
                break;
            }
        }
        assert_eq!(entries, whole.entries);
        assert!(shop.permit::<AuditView>().verify(&shop.db, Some(9_999_999)).await.is_err(), "there is no such entry");
    })
    .await;
}

#[tokio::test]
async fn hosts_that_write_at_once_fork_no_chain_and_leave_no_number_out() {
    let url = postgres::database();
    let open = async || {
        Db::open(&Settings { url: url.clone(), slots: 4, connections: 8, chain: Default::default() }, mint())
            .await
            .unwrap()
    };
    let (one, other) = (open().await, open().await);
    let shop = Shop::open(one.clone()).await;
    let neighbour = shop.neighbour().await;
    let before = shop.verified(shop.chain(), &[]).await.entries;
    // Each transaction writes to three chains, and names them in another order each time.
    let writes = (0..400).map(|n: i64| {
        let (db, stores) = (if n % 2 == 0 { &one } else { &other }, (shop.id, neighbour.id, n));
        db.write_with(RowsOf::All, stores, |conn, (a, b, n)| {
            Box::pin(async move {
                let (a, b) = if n % 3 == 0 { (a, b) } else { (b, a) };
                audit::note(conn, *a, Actor::Host, "staff.change", "stf_1", &json!({ "n": n })).await?;
                host_audit::note(conn, Actor::Host, "stores.change", "sto_1", &json!({ "n": n })).await?;
                audit::note(conn, *b, Actor::Host, "staff.change", "stf_1", &json!({ "n": n })).await.map(drop)
            })
        })
    });
    for done in futures_util::future::join_all(writes).await {
        done.unwrap();
    }
    for chain in [shop.chain(), neighbour.chain(), Chain::Host] {
        let verified = shop.verified(chain, &[]).await;
        assert!(verified.intact && verified.complete, "{verified:?}");
        assert!(verified.entries >= 400 && verified.entries == verified.last as u64, "{verified:?}");
    }
    assert_eq!(shop.verified(shop.chain(), &[]).await.entries, before + 400);
}

#[tokio::test]
async fn an_erasing_leaves_the_chain_valid_and_what_was_erased_does_not_come_back_unnoticed() {
    const NAME: &str = "Zacharias Quillfeather";
    each_engine(async |shop| {
        let (customers, delete) = (shop.permit::<CustomersEdit>(), shop.permit::<CustomersDelete>());
        let contact = Contact { name: Some(NAME.to_owned()), ..Contact::default() };
        let customer = shop.change(async |draft| customers.create(draft, contact, Vec::new()).await).await;
        for n in 0..3 {
            shop.notes(&shop.db, json!({ "reason": format!("{NAME} asked for it"), "n": n })).await;
        }
        let signed = shop.signs().await;
        let kept = details(&shop).await;
        shop.change(async |draft| delete.delete(draft, &customer).await).await;
        assert_eq!(delete.erase(&shop.db, &customer, None).await.unwrap().others, 3);
        assert!(!details(&shop).await.iter().any(|(_, detail, _)| detail.contains(NAME)));
        let verified = shop.verified(shop.chain(), &signed).await;
        assert!(verified.intact, "{verified:?}");
        // Again, when there is nothing left.
        delete.erase(&shop.db, &customer, None).await.unwrap();
        assert!(shop.verified(shop.chain(), &signed).await.intact);

        // From an old copy somebody brings back what stood there, with its salt; or what was never there.
        let (seq, detail, salt) = kept.iter().find(|(_, detail, _)| detail.contains(NAME)).unwrap().clone();
        put(&shop, seq, detail, salt).await;
        let fault = shop.verified(shop.chain(), &signed).await.fault.unwrap();
        assert_eq!((fault.kind, fault.seq), (FaultKind::BroughtBack, Some(seq)));
        put(&shop, seq, json!({ "reason": "nobody asked for it" }).to_string(), "00".to_owned()).await;
        let fault = shop.verified(shop.chain(), &signed).await.fault.unwrap();
        assert_eq!((fault.kind, fault.seq), (FaultKind::Detail, Some(seq)));
    })
    .await;
}

/// The entries of a store: number, detail, salt.
async fn details(shop: &Shop) -> Vec<(i64, String, String)> {
    const SQL: &str = "SELECT seq, CAST(detail AS TEXT), salt FROM audit WHERE store = $1 ORDER BY seq";
    let mut conn = shop.db.reader(shop.id).await.unwrap();
    conn.rows(SQL, args![&shop.id.to_string()], |r| Ok((r.int(0)?, r.text(1)?, r.text(2)?))).await.unwrap()
}

async fn put(shop: &Shop, seq: i64, detail: String, salt: String) {
    const SQL: &str = "UPDATE audit SET detail = $3, salt = $4 WHERE store = $1 AND seq = $2";
    let write = shop.db.write_with(shop.id, (shop.id, seq, detail, salt), |conn, (store, seq, detail, salt)| {
        Box::pin(async move {
            let detail = serde_json::value::RawValue::from_string(detail.clone()).unwrap();
            conn.exec(SQL, args![&store.to_string(), *seq, &detail, &*salt]).await
        })
    });
    assert_eq!(write.await.unwrap(), 1);
}

/// As a database is that was brought up to date a moment ago.
const BEFORE: &[&str] = &[
    "UPDATE audit SET seq = NULL, hash = NULL, detail_hash = NULL, salt = NULL",
    "UPDATE host_audit SET seq = NULL, hash = NULL, detail_hash = NULL, salt = NULL",
    "UPDATE audit_chains SET seq = 0, hash = '', low = 1, low_hash = '', open = 1, exported = 0",
];

#[tokio::test]
async fn entries_of_before_there_were_chains_are_chained_in_portions_and_said_to_be_such() {
    each_engine(async |shop| {
        shop.notes_many(450).await;
        let old = shop.verified(shop.chain(), &[]).await.entries;
        tamper(&shop.db, BEFORE).await;
        // What is written meanwhile is chained at once.
        shop.notes(&shop.db, json!({})).await;
        let verified = shop.verified(shop.chain(), &[]).await;
        assert!(verified.intact, "{verified:?}");
        assert_eq!((verified.entries, verified.unchained), (1, old));
        let mut portions = 0;
        while shop.db.chain_old_entries().await.unwrap() {
            portions += 1;
        }
        assert!(portions > 4, "{portions}");
        let signed = shop.signs().await;
        let verified = shop.verified(shop.chain(), &signed).await;
        assert!(verified.intact && signed.iter().all(|one| one.whole), "{verified:?}");
        assert_eq!((verified.entries, verified.chained_later, verified.unchained), (old + 1, old, 0));
        assert!(shop.verified(Chain::Host, &signed).await.intact);
        // Whoever puts an older entry in later is found, also if they have the host number it.
        tamper(&shop.db, &["INSERT INTO audit (store, id, actor, act, subject, detail, at) SELECT store, 'aud_0', actor, act, subject, detail, at FROM audit WHERE seq = 1"]).await;
        assert_eq!(shop.verified(shop.chain(), &signed).await.fault.unwrap().kind, FaultKind::Added);
        tamper(&shop.db, &["UPDATE audit_chains SET open = 1"]).await;
        assert_eq!(shop.verified(shop.chain(), &signed).await.fault.unwrap().kind, FaultKind::End);
        while shop.db.chain_old_entries().await.unwrap() {}
        assert_eq!(shop.verified(shop.chain(), &signed).await.fault.unwrap().kind, FaultKind::Added);
    })
    .await;
}

#[tokio::test]
async fn hosts_that_chain_older_entries_at_once_number_each_one_once() {
    let url = postgres::database();
    let open = async || {
        let settings = Settings { url: url.clone(), slots: 4, connections: 8, chain: Default::default() };
        Db::open(&settings, mint()).await.unwrap()
    };
    let (one, other) = (open().await, open().await);
    let shop = Shop::open(one.clone()).await;
    shop.notes_many(1_500).await;
    tamper(&one, BEFORE).await;
    let all = async |db: &Db| while db.chain_old_entries().await.unwrap() {};
    tokio::join!(all(&one), all(&other), async {
        for n in 0..50 {
            shop.notes(&one, json!({ "n": n })).await;
        }
    });
    let verified = shop.verified(shop.chain(), &[]).await;
    assert!(verified.intact && verified.unchained == 0, "{verified:?}");
    assert!(verified.chained_later >= 1_500 && verified.entries == verified.chained_later + 50, "{verified:?}");
    assert!(shop.verified(Chain::Host, &[]).await.intact);
}

#[tokio::test]
async fn a_chain_that_is_gone_or_lost_its_end_is_found() {
    each_engine(async |shop| {
        shop.notes_many(3).await;
        let signed = shop.signs().await;
        tamper(&shop.db, &["DELETE FROM audit_chains"]).await;
        assert_eq!(shop.verified(shop.chain(), &signed).await.fault.unwrap().kind, FaultKind::End);
        // What is noted next goes on behind what there is.
        shop.notes(&shop.db, json!({})).await;
        let verified = shop.verified(shop.chain(), &signed).await;
        assert!(verified.intact, "{verified:?}");
        tamper(&shop.db, &["DELETE FROM audit_chains", "DELETE FROM audit"]).await;
        assert_eq!(shop.verified(shop.chain(), &signed).await.fault.unwrap().kind, FaultKind::CutOff);
    })
    .await;
}
