//! A host in this process, with stores and apps in it. Everything is real: the database is a file, the apps are
//! components, and what is granted was consented to.

use super::guests::App;
use anyhow::{Context as _, bail};
use std::path::Path;
use std::sync::Arc;
use storehand_host::authz::scope::kind::{InventoryAdjust, OrdersCreate, ProductsEdit, StaffManage, StorefrontIntake};
use storehand_host::authz::{self, Grants, InstallationId, Permit, Principal, StoreId};
use storehand_host::config::{Data, Limits};
use storehand_host::db::apps::{OfApp, Uploader};
use storehand_host::db::installations::Install;
use storehand_host::db::orders::{NewOrder, QuantityOf};
use storehand_host::db::products::{NewProduct, NewVariant};
use storehand_host::db::stores::{MadeStore, NewStore};
use storehand_host::db::{self, Cause, Completion, Db, Draft, Identity, Money, Operator, Publisher};
use storehand_host::runtime::component::Inspected;
use storehand_host::runtime::{Runtime, Settings, Target};
use storehand_host::serve::{Options, Serving};

/// A host on SQLite.
pub struct Host {
    pub db: Db,
    pub runtime: Runtime,
}

/// The host's own people.
pub struct Hands {
    operator: Operator,
    publishers: Vec<Publisher>,
}

/// A store with its owner and something to sell.
pub struct Shop {
    pub id: StoreId,
    pub owner: Principal,
    pub token: String,
    db: Db,
    location: String,
}

/// So many runs at once, as the host does if not told otherwise.
pub const SLOTS: u32 = 64;

/// Starts a whole host in a folder: API and deliveries too, on a port that is free.
pub async fn serve(folder: &Path) -> anyhow::Result<Serving> {
    serve_behind(folder, &[]).await
}

/// The same behind proxies in these networks.
pub async fn serve_behind(folder: &Path, proxies: &[&str]) -> anyhow::Result<Serving> {
    serve_with(folder, None, proxies).await
}

/// The same on a PostgreSQL, or on SQLite.
pub async fn serve_on(folder: &Path, url: Option<String>) -> anyhow::Result<Serving> {
    serve_with(folder, url, &[]).await
}

async fn serve_with(folder: &Path, url: Option<String>, proxies: &[&str]) -> anyhow::Result<Serving> {
    let proxies = proxies.iter().map(|proxy| proxy.parse().map_err(|_| anyhow::anyhow!("no network: {proxy}")));
    let data = Data {
        key_file: None,
        app_mib_per_day: 1_000_000,
        data_dir: folder.to_owned(),
        database_url: url,
        database_connections: 20,
        slots: SLOTS,
        chain: Default::default(),
    };
    let listen = (std::net::Ipv4Addr::LOCALHOST, 0).into();
    storehand_host::serve::start(&Options {
        data,
        listen,
        tls: None,
        limits: Limits::default(),
        mail: Default::default(),
        audit: Default::default(),
        alerts: Default::default(),
        backups: None,
        proxies: proxies.collect::<anyhow::Result<_>>()?,
        watch: Default::default(),
        outbound: Default::default(),
        worker: None,
    })
    .await
}

impl Host {
    /// Opens a host in a folder. Components are compiled in this process.
    pub async fn start(folder: &Path) -> anyhow::Result<Host> {
        let url = folder.join("storehand.sqlite").display().to_string();
        let db =
            Db::open(&db::Settings { url, slots: SLOTS as usize, connections: 2, chain: Default::default() }, mint())
                .await?;
        let settings =
            Settings { artefacts: folder.join("artefacts"), worker: None, runs: SLOTS, outbound: Default::default() };
        let runtime = Runtime::start(&db, mint(), &settings)?;
        Ok(Host { db, runtime })
    }

    /// Sets the host up, as its first start does.
    pub async fn set_up(&self) -> anyhow::Result<Hands> {
        let token = self.db.setup_token().await?.context("a new host gives a setup token")?;
        let Some(Identity::Setup(setup)) = self.db.authenticate(token.expose()).await? else { bail!("no setup") };
        let first = setup.start(&self.db, new_store()).await?;
        let token = first.operator_token.token;
        let Some(Identity::Operator(operator)) = self.db.authenticate(token.expose()).await? else { bail!("nobody") };
        let mut publishers = Vec::new();
        for name in ["storehand-tests", "examples"] {
            let token = operator.create_publisher_token(&self.db, name, None).await?.token.token;
            match self.db.authenticate(token.expose()).await? {
                Some(Identity::Publisher(publisher)) => publishers.push(publisher),
                _ => bail!("no publisher"),
            }
        }
        Ok(Hands { operator, publishers })
    }

    /// An installation as the runtime takes it.
    pub async fn target(&self, id: InstallationId) -> anyhow::Result<Arc<Target>> {
        let row = self.db.installation(id).await?;
        Ok(Arc::new(Target::new(self.db.installed(id).await?, &row)))
    }
}

impl Hands {
    /// Makes a store with an owner, and a product of which there is plenty.
    pub async fn open_shop(&self, host: &Host) -> anyhow::Result<Shop> {
        let made = self.operator.create_store(&host.db, new_store()).await?;
        let MadeStore { store, location, owner_token, .. } = made;
        let token = owner_token.token.expose().to_owned();
        let Some(Identity::Staff(owner)) = host.db.authenticate(&token).await? else { bail!("no owner") };
        let owner = authz::staff(owner);
        let shop = Shop { id: store, owner, token, db: host.db.clone(), location };
        let price = Money::parse("1.00", "EUR")?;
        let variant = NewVariant { sku: "TEA".to_owned(), title: String::new(), price };
        let product = NewProduct {
            title: "Tea".to_owned(),
            description: String::new(),
            variants: vec![variant],
            tags: Vec::new(),
            pictures: Vec::new(),
        };
        let (products, stock) = (shop.permit::<ProductsEdit>()?, shop.permit::<InventoryAdjust>()?);
        let mut draft = shop.draft();
        products.create(&mut draft, product).await?;
        stock.adjust(&mut draft, "TEA", &shop.location, 1_000_000, "delivery").await?;
        draft.commit(Completion::default()).await?;
        Ok(shop)
    }

    /// Uploads an app and shows it to every store.
    pub async fn publish(&self, host: &Host, app: &App) -> anyhow::Result<Inspected> {
        let bytes = app.bytes();
        let inspected = host.runtime.accept_own(&bytes).await?;
        let publisher = self.publishers.iter().find(|publisher| publisher.name() == inspected.manifest.id.publisher());
        let publisher = publisher.context("an app of a known publisher")?.clone();
        let upload = inspected.upload(bytes);
        let (id, version) = (upload.app.clone(), upload.version.clone());
        host.db.upload(Uploader::Publisher(publisher), upload).await?;
        self.operator.publish(&host.db, OfApp { app: id, version, store: None }).await?;
        Ok(inspected)
    }
}

impl Shop {
    /// What the owner may do.
    pub fn permit<S: Grants>(&self) -> anyhow::Result<Permit<S>> {
        Ok(self.owner.permit()?)
    }

    fn draft(&self) -> Draft {
        Draft::new(&self.db, self.id, Cause::PERSON)
    }

    /// Installs an app with everything it asks for.
    pub async fn install(
        &self,
        app: &Inspected,
        settings: Option<serde_json::Value>,
    ) -> anyhow::Result<InstallationId> {
        let requests = app.facts().requests;
        let consent = self.owner.consent(&requests, app.manifest.asked())?;
        let settings = settings.map(|settings| serde_json::value::to_raw_value(&settings)).transpose()?;
        let (app, version) = (app.manifest.id.to_string(), app.manifest.version.to_string());
        Ok(consent.install(&self.db, Install { app, version, settings, shown: None }, None).await?.id)
    }

    /// Makes an unpaid order of one line.
    pub async fn order(&self) -> anyhow::Result<String> {
        let create = self.permit::<OrdersCreate>()?;
        let mut draft = self.draft();
        let order = create.create(&mut draft, order()).await?;
        draft.commit(Completion::default()).await?;
        Ok(order)
    }

    /// Records orders that their buyers have paid.
    pub async fn paid_orders(&self, many: usize) -> anyhow::Result<Vec<String>> {
        let token = self.permit::<StaffManage>()?.create_storefront_token(&self.db, "the buyers", None).await?;
        let front = authz::storefront(&mint(), self.id, token.id);
        let intake = front.permit::<StorefrontIntake>()?;
        let mut draft = self.draft();
        let mut orders = Vec::with_capacity(many);
        for _ in 0..many {
            orders.push(intake.place_order(&mut draft, order(), None).await?);
        }
        draft.commit(Completion::default()).await?;
        Ok(orders)
    }
}

fn order() -> NewOrder {
    let lines = vec![QuantityOf { sku: "TEA".to_owned(), quantity: 1 }];
    NewOrder { draft: false, lines, customer: None, contact: None, tags: Vec::new() }
}

fn new_store() -> NewStore {
    NewStore {
        name: "Corner shop".to_owned(),
        currency: "EUR".to_owned(),
        time_zone: "Europe/Berlin".to_owned(),
        country: "DE".to_owned(),
        low_stock: 5,
        owner: "Olive Owner".to_owned(),
    }
}

/// A bench stands in for the doors.
#[expect(clippy::disallowed_methods, reason = "a bench opens many databases in one process")]
pub fn mint() -> std::sync::Arc<authz::Mint> {
    authz::Mint::for_benches_and_tests()
}
