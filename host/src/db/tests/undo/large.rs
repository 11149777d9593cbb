//! An undo of more than one change set.

use super::*;
use crate::authz::Permit;

/// Makes so many orders in one run, with personal data in every tenth.
pub(super) async fn make_orders(app: &App, draft: &mut Draft, many: usize) -> Result<()> {
    let create: Permit<OrdersCreate> = app.permit();
    for i in 0..many {
        let contact = i.is_multiple_of(10).then(|| contact("Ada"));
        create.create(draft, NewOrder { contact, ..new_order() }).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_large_undo_is_a_job_of_change_sets_that_two_hosts_carry_out_once() {
    each_engine(async |shop| {
        shop.product("TEA", "1.00").await;
        let kept = dump(&shop).await;
        let app = App::new(&shop, "long").await;
        for _ in 0..3 {
            app.run(async |draft| make_orders(&app, draft, 500).await).await;
        }
        let undo = shop.permit::<ChangesUndo>();
        let started = undo.start(&shop.db, &shop.owner, &app.all(), None).await.unwrap();
        assert_eq!((started.state, started.total, started.seen), (UndoState::Running, 1_650, 0));
        let two = (shop.db.carry_on_undos(), shop.db.carry_on_undos(), shop.db.carry_on_undos());
        let ended = tokio::join!(two.0, two.1, two.2);
        for ended in [ended.0, ended.1, ended.2] {
            ended.unwrap();
        }
        let done = shop.permit::<ChangesView>().undo(&shop.db, started.id).await.unwrap();
        assert_eq!((done.state, done.seen, done.undone, done.skipped), (UndoState::Done, 1_650, 1_650, 0));
        assert_eq!(dump(&shop).await, kept);
        let sets: Vec<i64> =
            shop.sets().await.iter().filter(|set| set.undo == Some(started.id)).map(|set| set.changes).collect();
        assert_eq!(sets, [150, 500, 500, 500]);
        assert_eq!(shop.undo(&app.all()).await.undone, 0);
        let redo = shop.undo(&undo_of(&done)).await;
        assert_eq!((redo.undone, redo.skipped), (1_650, 0));
        let count = shop.permit::<OrdersView>().count(&mut shop.draft(), &Default::default()).await.unwrap();
        assert_eq!(count, 1_500);
    })
    .await;
}
