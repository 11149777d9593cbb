//! What is conserved, over random histories and every way of taking them back: no more stock is put back than was
//! taken, no more money is given back than was captured, no gift card is worth more than it was issued with.

use super::world::Dice;
use super::*;
use crate::authz::ChangeSetId;
use crate::authz::scope::kind::{GiftcardsIssue, GiftcardsView, OrdersCancel, OrdersRefund};

/// Histories on each engine, and acts of each.
const HISTORIES: u64 = 12;
const ACTS: usize = 30;
/// Pieces there were when it began.
const AT_FIRST: i64 = 10;

/// A store with orders and cards, and what was done to them.
struct Books {
    shop: Shop,
    orders: Vec<String>,
    cards: Vec<String>,
    sets: Vec<ChangeSetId>,
    undos: Vec<Undo>,
    /// Whether an order that still had taken some was deleted: those pieces are not coming back.
    lost: bool,
}

impl Books {
    /// Keeps what was staged, if it is allowed.
    async fn act<T>(&mut self, act: impl AsyncFnOnce(&Shop, &mut Draft) -> Result<T>) -> Option<T> {
        let mut draft = self.shop.draft();
        match act(&self.shop, &mut draft).await {
            Ok(made) => {
                self.sets.extend(commit(draft).await.change_set);
                Some(made)
            }
            Err(Error::Invalid(_) | Error::NotFound { .. }) => None,
            Err(e) => panic!("{e}"),
        }
    }

    async fn random(&mut self, dice: &mut Dice) {
        let order = self.orders.get(dice.below(self.orders.len().max(1))).cloned().unwrap_or_default();
        let amount = eur(["1.00", "2.50", "4.00"][dice.below(3)]);
        match dice.below(12) {
            0 | 1 => {
                let new = NewOrder { lines: vec![of("TEA", 1 + dice.below(3) as u32)], ..NewOrder::default() };
                let placed = self.act(async |shop, draft| shop.intake().place_order(draft, new, None).await).await;
                self.orders.extend(placed);
            }
            2 => {
                let new = NewOrder { lines: vec![of("TEA", 10_000)], ..NewOrder::default() };
                let create =
                    async |shop: &Shop, draft: &mut Draft| shop.permit::<OrdersCreate>().create(draft, new).await;
                let made = self.act(create).await;
                self.orders.extend(made);
            }
            3 | 4 => {
                let restock = dice.below(4) > 0;
                let cancel = async |shop: &Shop, draft: &mut Draft| {
                    shop.permit::<OrdersCancel>().cancel(draft, &order, "no", restock).await
                };
                self.act(cancel).await;
            }
            5 => {
                self.act(async |shop, draft| shop.permit::<OrdersDelete>().delete(draft, &order).await).await;
                self.lost = true;
            }
            6 => {
                let pay = async |shop: &Shop, draft: &mut Draft| {
                    shop.permit::<OrdersCapture>().capture(draft, &order, amount).await
                };
                self.act(pay).await;
            }
            7 => {
                let pay_back = async |shop: &Shop, draft: &mut Draft| {
                    shop.permit::<OrdersRefund>().refund(draft, &order, amount, "no").await
                };
                self.act(pay_back).await;
            }
            8 => {
                let issue = async |shop: &Shop, draft: &mut Draft| {
                    shop.permit::<GiftcardsIssue>().issue(draft, amount, None).await
                };
                let card = self.act(issue).await;
                self.cards.extend(card.map(|card| card.id));
            }
            9 if !self.undos.is_empty() => {
                let of = undo_of(&self.undos[dice.below(self.undos.len())]);
                self.take_back(UndoOf { kinds: kinds(dice), ..of }).await;
            }
            _ if !self.sets.is_empty() => {
                let set = self.sets[dice.below(self.sets.len())];
                let change = (dice.below(4) == 0).then(|| dice.below(2) as i64);
                let of = UndoOf { change_set: Some(set), change, kinds: kinds(dice), ..UndoOf::default() };
                self.take_back(of).await;
            }
            _ => {}
        }
    }

    async fn take_back(&mut self, of: UndoOf) {
        // A change set of one change has no second one.
        match self.shop.permit::<ChangesUndo>().start(&self.shop.db, &self.shop.owner, &of, None).await {
            Ok(undo) => {
                assert_eq!(undo.state, UndoState::Done);
                self.undos.push(undo);
            }
            Err(Error::NotFound { .. }) => {}
            Err(e) => panic!("{of:?}: {e}"),
        }
    }

    async fn check(&self, told: &str) {
        let (mut taken, view) = (0, self.shop.permit::<OrdersView>());
        for id in &self.orders {
            let order = match view.get(&mut self.shop.draft(), id).await {
                Ok(order) => order,
                Err(Error::NotFound { .. }) => continue,
                Err(e) => panic!("{e}"),
            };
            assert!(order.refunded.minor <= order.captured.minor, "{told}: {order:?}");
            assert!(order.captured.minor <= order.total.minor, "{told}: {order:?}");
            let of = |line: &crate::db::shop::sales::orders::OrderLine| {
                line.taken.as_ref().map_or(0, |taken| i64::from(taken.quantity))
            };
            taken += order.lines.iter().map(of).sum::<i64>();
        }
        let there = self.shop.level("TEA").await + taken;
        assert!(there <= AT_FIRST, "{told}: {there} pieces of {AT_FIRST}");
        assert!(self.lost || there == AT_FIRST, "{told}: {there} pieces of {AT_FIRST}");
        for id in &self.cards {
            match self.shop.permit::<GiftcardsView>().get(&mut self.shop.draft(), id).await {
                Ok(card) => assert!(card.balance.minor <= card.initial.minor, "{told}: {card:?}"),
                Err(Error::NotFound { .. }) => {}
                Err(e) => panic!("{e}"),
            }
        }
    }
}

fn kinds(dice: &mut Dice) -> Vec<String> {
    [vec![], vec!["order"], vec!["stock"], vec!["order", "stock"]][dice.below(4)]
        .iter()
        .map(|kind| (*kind).to_owned())
        .collect()
}

#[tokio::test]
async fn no_history_makes_stock_or_money_out_of_nothing() {
    each_engine(async |first| {
        for seed in 0..HISTORIES {
            let (shop, mut dice) = (first.neighbour().await, Dice(seed));
            shop.product("TEA", "4.00").await;
            let (orders, cards, sets, undos) = Default::default();
            let mut books = Books { shop, orders, cards, sets, undos, lost: false };
            for act in 0..ACTS {
                books.random(&mut dice).await;
                books.check(&format!("history {seed}, act {act}")).await;
            }
        }
    })
    .await;
}

#[tokio::test]
async fn an_undo_moves_stock_with_the_order_and_never_without_it() {
    each_engine(async |shop| {
        shop.product("TEA", "4.00").await;
        let new = NewOrder { lines: vec![of("TEA", 4)], ..NewOrder::default() };
        let order = shop.change(async |draft| shop.intake().place_order(draft, new, None).await).await;
        let cancel = async || {
            shop.change(async |draft| shop.permit::<OrdersCancel>().cancel(draft, &order, "no", true).await).await;
            shop.sets().await[0].id
        };
        let set = cancel().await;
        assert_eq!(shop.level("TEA").await, 10);
        let only = |kind: &str| UndoOf { change_set: Some(set), kinds: vec![kind.to_owned()], ..UndoOf::default() };
        // The level alone is nobody's to take back; the order takes its pieces with it.
        assert_eq!((shop.undo(&only("stock")).await.undone, shop.level("TEA").await), (0, 10));
        let undo = shop.undo(&only("order")).await;
        assert_eq!((undo.undone, shop.level("TEA").await), (2, 6));
        assert_eq!(shop.undo(&UndoOf { kinds: vec!["stock".to_owned()], ..undo_of(&undo) }).await.undone, 0);
        cancel().await;
        assert_eq!(shop.level("TEA").await, 10);
    })
    .await;
}
