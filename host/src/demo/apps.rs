//! The example apps, installed as an owner would: read the plan, choose, consent.

use super::seed::Shop;
use super::store::Store;
use super::waits;
use crate::authz::scope::kind::AppsInstall;
use crate::authz::{InstallationId, Scope, ScopeSet};
use crate::db::apps::Uploader;
use crate::db::installations::Install;
use crate::serve::Serving;
use crate::text::consent::Read;
use anyhow::{Context as _, bail};
use serde_json::{Value, json};
use std::path::PathBuf;

/// The folders of the examples, in the order they are installed and shown.
pub(crate) const EXAMPLES: [&str; 5] = ["fulfilment-agent", "low-stock", "volume-discount", "over-reach", "runaway"];

/// The one that is granted only what it cannot do without, although it asks for everything.
const OVER_REACH: &str = "over-reach";
/// The one that misbehaves as its settings say.
pub(crate) const RUNAWAY: &str = "runaway";

/// An installed example.
pub(crate) struct App {
    /// The app's id, such as `examples/low-stock`.
    pub(crate) id: String,
    /// The end of it: what people read.
    pub(crate) name: &'static str,
    pub(crate) installation: InstallationId,
}

/// Installs what was built of [`EXAMPLES`], in their order.
pub(crate) async fn install_all(
    host: &Serving,
    store: &Store,
    shop: &Shop,
    files: &[PathBuf],
) -> anyhow::Result<Vec<App>> {
    let mut apps = Vec::with_capacity(files.len());
    for (name, file) in EXAMPLES.into_iter().zip(files) {
        let bytes = tokio::fs::read(file).await.with_context(|| format!("cannot read `{}`", file.display()))?;
        let app = install(host, store, name, bytes.clone(), &settings(name, shop)).await?;
        match name {
            // No other is there yet that would be told of it.
            waits::PROPOSES => waits::propose(&host.db, store, shop, &app).await?,
            waits::ENDS => waits::upgrade(host, store, &app, &bytes).await?,
            _ => {}
        }
        apps.push(app);
    }
    Ok(apps)
}

async fn install(
    host: &Serving,
    store: &Store,
    name: &'static str,
    bytes: Vec<u8>,
    settings: &Value,
) -> anyhow::Result<App> {
    let Serving { db, runtime, .. } = host;
    let inspected = runtime.accept_own(&bytes).await?;
    let upload = inspected.upload(bytes);
    let uploader = Uploader::Store(Box::new(store.owner::<AppsInstall>()?));
    let version = db.upload(uploader, upload).await?;
    let (id, requests) = (version.app, version.facts.requests);
    let chosen: ScopeSet = match name {
        OVER_REACH => ScopeSet::EMPTY.with(Scope::OrdersView),
        _ => requests.iter().filter(|request| request.required).map(|request| request.scope).collect(),
    };
    let terms = waits::terms(name);
    let plan = db.plan(&store.owner, &id, Some(&version.version), Some(chosen), &terms).await?;
    if let Some(why) = plan.refused {
        bail!("`{id}` cannot be installed: {why}");
    }
    let agreed = db.agree_to_install(&store.owner, &id, Some(&version.version), chosen, &terms).await;
    let (consent, _) = agreed?;
    let settings = Some(serde_json::value::to_raw_value(settings)?);
    let what = Install { app: id.clone(), version: version.version, settings, shown: Some(Read::english(plan.shown)) };
    let installation = consent.install(db, what, None).await?.id;
    Ok(App { id, name, installation })
}

/// The settings an owner would fill in. The one that reaches for everything gets ids of records that are there, so
/// that it is its lack of permissions alone that stops it.
fn settings(name: &str, shop: &Shop) -> Value {
    let first = |list: &[String]| list.first().cloned().unwrap_or_default();
    match name {
        OVER_REACH => {
            let (customer, contact) = shop.customers.first().cloned().unwrap_or_default();
            let (product, sku) = shop.goods.first().map(|good| (&good.product, &good.sku)).unzip();
            json!({ "ids": {
                "cart": first(&shop.carts), "customer": customer, "email": contact.email.unwrap_or_default(),
                "product": product, "sku": sku, "category": first(&shop.categories),
                "location": first(&shop.locations), "discount": first(&shop.discounts),
            }})
        }
        RUNAWAY => super::runaway::settings(0),
        _ => json!({}),
    }
}
