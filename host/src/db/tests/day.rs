//! Caps on changes of a day: from run to run, whoever else changes the same in between, and on the day after.

use super::apps::{APP, Asks};
use super::undo::world::Dice;
use super::*;
use crate::authz::scope::kind::ProductsPrice;
use crate::authz::{InstallationId, Scope};
use futures_util::StreamExt as _;

const ASKS: Asks<'static> = Asks {
    scopes: &[(Scope::ProductsPrice, false), (Scope::InventoryAdjust, false), (Scope::GiftcardsIssue, false)],
    topics: &[],
    schedules: &[],
    schema: None,
};
const DAY_MS: i64 = 86_400_000;
/// Sequences of runs on SQLite, each of a price and a level of its own; a tenth of them on PostgreSQL.
const SEQUENCES: u64 = 10_000;
/// So many go on at the same time.
const AT_ONCE: usize = 64;
/// What the caps of the sequences are.
const PERCENT: i64 = 20;
const PIECES: i64 = 5;

async fn capped(shop: &Shop) -> InstallationId {
    let scopes = [Scope::ProductsPrice, Scope::InventoryAdjust, Scope::GiftcardsIssue];
    let id = shop.installed(ASKS, &scopes).await.id;
    limit(shop, id, Scope::ProductsPrice, serde_json::json!({ "max_change_percent": PERCENT, "per_run": null })).await;
    limit(shop, id, Scope::InventoryAdjust, serde_json::json!({ "max_delta": PIECES, "per_run": null })).await;
    id
}

async fn limit(shop: &Shop, id: InstallationId, scope: Scope, caps: Value) {
    let change = serde_json::from_value(serde_json::json!({ "caps": caps })).unwrap();
    shop.db.limit(&shop.owner, id, scope, change).await.unwrap();
}

fn run(shop: &Shop, id: InstallationId, days: i64) -> Draft {
    let mut draft =
        Draft::new(&shop.db, shop.id, Cause { invocation: None, installation: Some(id), depth: 0, chain: None });
    draft.set_now(draft.now() + days * DAY_MS);
    draft
}

/// Keeps what is within the caps. Whether it was.
async fn within<T>(shop: &Shop, id: InstallationId, days: i64, act: impl AsyncFn(&mut Draft) -> Result<T>) -> bool {
    loop {
        let mut draft = run(shop, id, days);
        match act(&mut draft).await {
            Ok(_) => {}
            Err(Error::Limit { renews: Some(_), .. }) => return false,
            Err(e) => panic!("{e}"),
        }
        match draft.commit(Completion::default()).await {
            Ok(_) => return true,
            Err(e) if e.is_transient() => {}
            Err(e) => panic!("{e}"),
        }
    }
}

/// One price and one level: random runs on random days, and a person now and then.
async fn sequence(shop: &Shop, app: &Principal, id: InstallationId, seed: u64) {
    let (mut dice, sku) = (Dice(seed), format!("S{seed}"));
    shop.product(&sku, "10.00").await;
    let (mut price, mut began, mut moved, mut day) = (1_000i64, 1_000i64, 0i64, 0);
    for _ in 0..4 {
        match dice.below(8) {
            0 => {
                (day, began, moved) = (day + 1, price, 0);
            }
            1 => {
                price = 100 + dice.below(2_000) as i64;
                began = price;
                let to = Money { minor: price, currency: crate::db::core::money::Currency::EUR };
                shop.change(async |draft| shop.permit::<ProductsPrice>().set_price(draft, &sku, to, None).await).await;
            }
            2 | 3 => {
                let by = dice.below(9) as i64 - 4;
                let stock = app.permit::<InventoryAdjust>().unwrap();
                let adjust = async |draft: &mut Draft| stock.adjust(draft, &sku, &shop.location, by, "moved").await;
                let fits = within(shop, id, day, adjust).await;
                assert_eq!(fits, (moved + by).abs() <= PIECES, "sequence {seed}: {moved} and {by}");
                moved += if fits { by } else { 0 };
            }
            _ => {
                let to = price * (85 + dice.below(31) as i64) / 100;
                let amount = Money { minor: to, currency: crate::db::core::money::Currency::EUR };
                let prices = app.permit::<ProductsPrice>().unwrap();
                let set = async |draft: &mut Draft| prices.set_price(draft, &sku, amount, None).await;
                let fits = within(shop, id, day, set).await;
                assert_eq!(fits, (to - began).abs() * 100 <= began * PERCENT, "sequence {seed}: {began} to {to}");
                price = if fits { to } else { price };
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_sequence_of_runs_takes_a_price_or_a_level_further_in_a_day_than_its_cap() {
    each_engine_with(8, async |shop| {
        let id = capped(&shop).await;
        let app = shop.app(id).await;
        let many = if shop.db.is_pg() { SEQUENCES / 10 } else { SEQUENCES };
        let sequences = (0..many).map(|seed| sequence(&shop, &app, id, seed));
        let done = futures_util::stream::iter(sequences).buffer_unordered(AT_ONCE).count().await;
        assert_eq!(done as u64, many);
    })
    .await;
}

#[tokio::test]
async fn installing_an_app_anew_renews_nothing_of_the_day() {
    each_engine(async |shop| {
        let id = capped(&shop).await;
        let sum = serde_json::json!({ "sum_per_day": "10.00" });
        limit(&shop, id, Scope::GiftcardsIssue, sum.clone()).await;
        let issue = async |id: InstallationId, amount: &str| {
            let app = shop.app(id).await;
            let cards = app.permit::<crate::authz::scope::kind::GiftcardsIssue>().unwrap();
            within(&shop, id, 0, async |draft: &mut Draft| cards.issue(draft, eur(amount), None).await).await
        };
        assert!(issue(id, "8.00").await);
        let uninstall = shop.permit::<crate::authz::scope::kind::AppsInstall>();
        uninstall.uninstall(&shop.db, id).await.unwrap();
        let again = shop.install(ASKS, &[Scope::GiftcardsIssue]).await.unwrap();
        assert_eq!(again.app, APP);
        limit(&shop, again.id, Scope::GiftcardsIssue, sum).await;
        assert!(!issue(again.id, "3.00").await);
        assert!(issue(again.id, "2.00").await);
    })
    .await;
}
