//! Taking back ten thousand changes of an app, and what keeping the journal that makes it possible costs a commit.

use crate::support::figures::{Bar, Figure, median, process_time};
use crate::support::guests::App;
use crate::support::host::{Host, Shop};
use anyhow::ensure;
use std::path::Path;
use std::time::Instant;
use storehand_host::authz::scope::kind::{ChangesUndo, ChangesView, OrdersCreate, OrdersEdit};
use storehand_host::authz::{self, InstallationId};
use storehand_host::db::orders::{NewOrder, QuantityOf};
use storehand_host::db::undo::{UndoOf, UndoState};
use storehand_host::db::{Cause, Completion, Draft};
use tokio::task::JoinSet;

/// Changes that are taken back.
const CHANGES: usize = 10_000;
/// Changes of one run.
const RUN: usize = 1_000;
/// Undos of which the median counts: every other one brings back what the one before took.
const UNDOS: usize = 5;
/// Writers, each with one commit under way at any time, and commits of each in a round.
const WRITERS: usize = 32;
const COMMITS: usize = 60;
/// Rounds with the journal and rounds without, of which the medians count.
const ROUNDS: usize = 7;

pub async fn measure() -> anyhow::Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    let host = Host::start(folder.path()).await?;
    let hands = host.set_up().await?;
    let shop = hands.open_shop(&host).await?;
    let calls = hands.publish(&host, &App::build("test-guests/calls")?).await?;
    let app = shop.install(&calls, None).await?;
    let orders = orders(&host, &shop, CHANGES).await?;
    tag(&host, &shop, app, &orders).await?;

    let (mut rates, mut of) = (Vec::new(), UndoOf { installation: Some(app), ..UndoOf::default() });
    for _ in 0..UNDOS {
        let began = Instant::now();
        let started = shop.permit::<ChangesUndo>()?.start(&host.db, &shop.owner, &of, None).await?;
        host.db.carry_on_undos().await?;
        let took = began.elapsed().as_secs_f64();
        let ended = shop.permit::<ChangesView>()?.undo(&host.db, started.id).await?;
        ensure!(ended.state == UndoState::Done && ended.undone == CHANGES as i64, "not all was undone: {ended:?}");
        rates.push(CHANGES as f64 / took);
        of = UndoOf { undo: Some(ended.id), ..UndoOf::default() };
    }
    let undo = Figure {
        name: "undo of 10,000 changes of an app".to_owned(),
        note: "real: from the request to the last of 20 change sets on disk: histories read, records written, journal, \
            events, marks; faked: nothing else is going on",
        value: median(rates),
        unit: "changes/s",
        baseline: None,
        bar: Bar::AtLeast(5_000.0),
    };
    Ok(vec![undo, journal(&host, &shop, app, folder.path(), &orders).await?])
}

async fn orders(host: &Host, shop: &Shop, many: usize) -> anyhow::Result<Vec<String>> {
    let (create, mut orders) = (shop.permit::<OrdersCreate>()?, Vec::with_capacity(many));
    while orders.len() < many {
        let mut draft = Draft::new(&host.db, shop.id, Cause::PERSON);
        for _ in 0..RUN {
            let lines = vec![QuantityOf { sku: "TEA".to_owned(), quantity: 1 }];
            orders.push(create.create(&mut draft, NewOrder { lines, ..NewOrder::default() }).await?);
        }
        draft.commit(Completion::default()).await?;
    }
    Ok(orders)
}

/// The app tags every order, as in so many runs.
async fn tag(host: &Host, shop: &Shop, app: InstallationId, orders: &[String]) -> anyhow::Result<()> {
    let edit =
        authz::app(&crate::support::host::mint(), &host.db.installed(app).await?, None).permit::<OrdersEdit>()?;
    for run in orders.chunks(RUN) {
        let cause = Cause { invocation: None, installation: Some(app), depth: 1, chain: None };
        let mut draft = Draft::new(&host.db, shop.id, cause);
        for order in run {
            edit.tag(&mut draft, order, "seen").await?;
        }
        draft.commit(Completion::default()).await?;
    }
    Ok(())
}

/// What the journal adds to the commit of a change.
async fn journal(
    host: &Host,
    shop: &Shop,
    app: InstallationId,
    folder: &Path,
    orders: &[String],
) -> anyhow::Result<Figure> {
    const OFF: &str = "CREATE TRIGGER journal_off BEFORE INSERT ON journal BEGIN SELECT RAISE(IGNORE); END";
    // Behind the host's back: nothing in the host can turn the journal off.
    let file = rusqlite::Connection::open(folder.join("storehand.sqlite"))?;
    file.busy_timeout(std::time::Duration::from_secs(5))?;
    let (mut with, mut without) = (Vec::new(), Vec::new());
    for round in 0..2 * ROUNDS {
        let on = round % 2 == 0;
        if !on {
            file.execute_batch(OFF)?;
        }
        let spent = round_of_commits(host, shop, app, orders, round).await?;
        if on {
            with.push(spent);
        } else {
            file.execute_batch("DROP TRIGGER journal_off")?;
            without.push(spent);
        }
    }
    let (with, without) = (median(with), median(without));
    Ok(Figure {
        name: "what the journal adds to the commit of one change".to_owned(),
        note: "real: processor time of drafts of one change of an app, 32 writers, with and without journal rows; \
            faked: without, the statement still runs and a trigger drops its row",
        value: (with / without - 1.0) * 100.0,
        unit: "%",
        baseline: None,
        bar: Bar::AtMost(30.0),
    })
}

/// Processor time of one commit, in microseconds.
async fn round_of_commits(
    host: &Host,
    shop: &Shop,
    app: InstallationId,
    orders: &[String],
    round: usize,
) -> anyhow::Result<f64> {
    let (mut writers, began) = (JoinSet::new(), process_time());
    for mine in orders.chunks(COMMITS).take(WRITERS) {
        let (db, store, mine, edit) = (host.db.clone(), shop.id, mine.to_vec(), shop.permit::<OrdersEdit>()?);
        writers.spawn(async move {
            for order in mine {
                let cause = Cause { invocation: None, installation: Some(app), depth: 1, chain: None };
                let mut draft = Draft::new(&db, store, cause);
                edit.tag(&mut draft, &order, &format!("round-{round}")).await?;
                draft.commit(Completion::default()).await?;
            }
            anyhow::Ok(())
        });
    }
    while let Some(writer) = writers.join_next().await {
        writer??;
    }
    Ok((process_time() - began).as_secs_f64() * 1e6 / (WRITERS * COMMITS) as f64)
}
