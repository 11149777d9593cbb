//! The example apps: built from their sources, and installed as an owner would: read the plan, choose, consent.

use super::seed::Shop;
use super::store::Store;
use super::{Failure, failed};
use crate::authz::scope::kind::AppsInstall;
use crate::authz::{InstallationId, Scope, ScopeSet};
use crate::cli::app::build::{Options, build};
use crate::db::apps::Uploader;
use crate::db::installations::{Install, TermsChanges};
use crate::serve::Serving;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// The folders of the examples, in the order they are installed and shown.
const EXAMPLES: [&str; 5] = ["fulfilment-agent", "low-stock", "volume-discount", "over-reach", "runaway"];

/// The one that is granted only what it cannot do without, although it asks for everything.
const OVER_REACH: &str = "over-reach";
/// The one that misbehaves as its settings say.
pub(super) const RUNAWAY: &str = "runaway";

/// An installed example.
pub(super) struct App {
    /// The app's id, such as `examples/low-stock`.
    pub(super) id: String,
    /// The end of it: what people read.
    pub(super) name: &'static str,
    pub(super) installation: InstallationId,
}

/// Builds every example into a folder and returns the files.
pub(super) fn build_all(examples: &Path, into: &Path, watched: bool) -> Result<Vec<PathBuf>, Failure> {
    if !examples.join("Cargo.toml").is_file() {
        return Err(Failure::not_found(format!("the example apps are not in `{}`", examples.display()))
            .help("run the demo from a checkout of the sources, or name the folder with `--examples FOLDER`"));
    }
    let file = |name: &&str| {
        let output = Some(into.join(format!("{name}.app.wasm")));
        let built = build(&examples.join(name), &Options { debug: false, output, watched })?;
        built.path.ok_or_else(|| Failure::failed(format!("building `{name}` left no file")))
    };
    EXAMPLES.iter().map(file).collect()
}

/// Installs what was built.
pub(super) async fn install_all(
    host: &Serving,
    store: &Store,
    shop: &Shop,
    files: &[PathBuf],
) -> Result<Vec<App>, Failure> {
    let mut apps = Vec::with_capacity(files.len());
    for (name, file) in EXAMPLES.into_iter().zip(files) {
        let cannot_read = |error| crate::cli::failure::unreadable(file, &error);
        let bytes = tokio::fs::read(file).await.map_err(cannot_read)?;
        apps.push(install(host, store, name, bytes, &settings(name, shop)).await?);
    }
    Ok(apps)
}

async fn install(
    host: &Serving,
    store: &Store,
    name: &'static str,
    bytes: Vec<u8>,
    settings: &Value,
) -> Result<App, Failure> {
    let Serving { db, runtime, .. } = host;
    let inspected = runtime.accept_own(&bytes).await.map_err(failed)?;
    let upload = inspected.upload(bytes);
    let uploader = Uploader::Store(Box::new(store.owner::<AppsInstall>().map_err(failed)?));
    let version = db.upload(uploader, upload).await.map_err(failed)?;
    let (id, requests) = (version.app, version.facts.requests);
    let chosen: ScopeSet = match name {
        OVER_REACH => ScopeSet::EMPTY.with(Scope::OrdersView),
        _ => requests.iter().filter(|request| request.required).map(|request| request.scope).collect(),
    };
    let none = TermsChanges::new();
    let plan = db.plan(&store.owner, &id, Some(&version.version), Some(chosen), &none).await.map_err(failed)?;
    if let Some(why) = plan.refused {
        return Err(Failure::failed(format!("`{id}` cannot be installed: {why}")));
    }
    let agreed = db.agree_to_install(&store.owner, &id, Some(&version.version), chosen, &none).await;
    let (consent, _) = agreed.map_err(failed)?;
    let settings = Some(serde_json::value::to_raw_value(settings).map_err(failed)?);
    let what = Install { app: id.clone(), version: version.version, settings, shown: Some(plan.shown) };
    let installation = consent.install(db, what).await.map_err(failed)?.id;
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
