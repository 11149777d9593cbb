//! What waits for the owner from the first minute on: a change that an app proposes, a permission that ends soon, and a
//! version that asks for more.

use super::apps::App;
use super::seed::Shop;
use super::store::Store;
use crate::authz::Scope;
use crate::authz::scope::kind::{AppsInstall, ChangesApprove, InventoryView, OrdersCapture, OrdersCreate, OrdersView};
use crate::db::apps::Uploader;
use crate::db::installations::{TermsChange, TermsChanges, Upgrade};
use crate::db::orders::{NewOrder, QuantityOf};
use crate::db::{self, Completion, Db, Page, now_ms, rfc3339};
use crate::runtime::component;
use crate::serve::Serving;
use anyhow::{Context as _, bail};
use std::time::{Duration, Instant};

/// The example that proposes, before its owner trusts it to do it by itself.
pub(super) const PROPOSES: &str = "fulfilment-agent";
/// The example with a permission that ends soon, and with a newer version.
pub(super) const ENDS: &str = "low-stock";
/// In so many milliseconds it ends: five days.
const ENDS_MS: i64 = 5 * 86_400_000;
/// The number of the version that is installed, and that of the one that waits.
const NUMBERS: [&str; 2] = ["version = \"0.1.0\"", "version = \"0.2.0\""];
/// What the newer version asks for besides.
const ASKS: &str = "\"orders:view\" = \"Orders sooner what sells fast\"\n\n[scopes.optional]\n\
    \"inventory:adjust\" = \"Books in what you tick off as delivered\"\n";
/// Longer than an app needs to be told of something.
const PATIENCE: Duration = Duration::from_secs(60);

/// The terms on which an example is granted what it needs.
pub(super) fn terms(name: &str) -> TermsChanges {
    let held = TermsChange { held: Some(true), ..TermsChange::default() };
    let ends = TermsChange { expires_at: Some(Some(rfc3339(now_ms() + ENDS_MS))), ..TermsChange::default() };
    match name {
        PROPOSES => TermsChanges::from([(Scope::OrdersFulfill, held)]),
        ENDS => TermsChanges::from([(Scope::ProductsView, ends)]),
        _ => TermsChanges::new(),
    }
}

/// A customer calls and pays, and the app proposes to send what they ordered. From then on it need not ask.
pub(super) async fn propose(db: &Db, store: &Store, shop: &Shop, app: &App) -> anyhow::Result<()> {
    let mut draft = store.draft(db);
    let Some(lines) = in_stock(&mut draft, store, shop).await? else { return Ok(()) };
    let (customer, contact) = shop.customers.first().cloned().unzip();
    let new = NewOrder { draft: false, lines, customer, contact, tags: vec!["phone".to_owned()] };
    let order = store.owner::<OrdersCreate>()?.create(&mut draft, new).await?;
    draft.commit(Completion::default()).await?;
    // It is told of the order and of its payment; what it makes of the first it has made before the second happens.
    until("an app is told of an order", async || Ok(db.waiting(0).await?.is_empty())).await?;
    let mut draft = store.draft(db);
    let total = store.owner::<OrdersView>()?.get(&mut draft, &order).await?.total;
    store.owner::<OrdersCapture>()?.capture(&mut draft, &order, total).await?;
    draft.commit(Completion::default()).await?;
    let approve = store.owner::<ChangesApprove>()?;
    let proposed = async || Ok(!approve.held(db, None, &Page::default()).await?.items.is_empty());
    until("an app proposes something", proposed).await?;
    let trusted = TermsChange { held: Some(false), ..TermsChange::default() };
    db.limit(&store.owner, app.installation, Scope::OrdersFulfill, trusted).await?;
    Ok(())
}

/// Two of something that can be sent at once.
async fn in_stock(draft: &mut db::Draft, store: &Store, shop: &Shop) -> db::Result<Option<Vec<QuantityOf>>> {
    const TWO: u32 = 2;
    let Some(location) = shop.locations.first() else { return Ok(None) };
    for good in &shop.goods {
        let level = store.owner::<InventoryView>()?.level(draft, &good.sku, location).await?;
        if level.available > i64::from(TWO) {
            return Ok(Some(vec![QuantityOf { sku: good.sku.clone(), quantity: TWO }]));
        }
    }
    Ok(None)
}

/// Uploads a newer version of an app, which asks for more, so that it waits for its owner's consent.
pub(super) async fn upgrade(host: &Serving, store: &Store, app: &App, bytes: &[u8]) -> anyhow::Result<()> {
    let Serving { db, runtime, .. } = host;
    let now = runtime.accept_own(bytes).await?.manifest_toml;
    let [old, new] = NUMBERS;
    let asks = now.find("\n[[on]]").context("the example listens to nothing")?;
    let (before, after) = now.split_at(asks);
    let newer = format!("{before}{ASKS}{after}").replacen(old, new, 1);
    let bytes = component::exchange(bytes, &now, &newer).context("the example does not hold its manifest")?;
    let upload = runtime.accept_own(&bytes).await?.upload(bytes);
    let version = db.upload(Uploader::Store(Box::new(store.owner::<AppsInstall>()?)), upload).await?.version;
    let agreement = db.agree_to_upgrade(&store.owner, app.installation, &version, None, &TermsChanges::new()).await?;
    let what = Upgrade { installation: app.installation, version, settings: None, shown: None };
    agreement.upgrade(db, what, None).await?;
    Ok(())
}

/// Waits until it is so.
async fn until(what: &str, holds: impl AsyncFn() -> db::Result<bool>) -> anyhow::Result<()> {
    let since = Instant::now();
    while !holds().await? {
        if since.elapsed() > PATIENCE {
            bail!("waited for {PATIENCE:?} until {what}; `demo.log` in the data folder says why it did not happen");
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}
