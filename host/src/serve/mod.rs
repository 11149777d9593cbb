//! How the parts are put together: database, runtime, deliveries and the API, and how they end.
//!
//! INVARIANT: what was acknowledged is not lost. Stopping begins nothing new, lets requests and runs under way end,
//! and leaves the rest where it is: a delivery that was not made is made after the next start.

mod stop;

use crate::authn::Keys;
use crate::authz::Mint;
use crate::config::{Alerts, Audit, Data, Limits, Mail, Network, TlsFiles, Watch};
use crate::db::{BackupSchedule, Db, Lock};
use crate::events::Deliveries;
use crate::http::{self, Health, State, Tls};
use crate::jobs::{Checkpoints, Jobs, Targets, Telling};
use crate::mail::{self, Mailer};
use crate::runtime::{self, Runtime};
use crate::traces::Traces;
use anyhow::Context as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

pub use stop::{Stop, stopped};

/// A host that serves.
pub struct Serving {
    /// The database.
    pub db: Db,
    /// What runs apps.
    pub runtime: Runtime,
    /// Where it listens.
    pub address: SocketAddr,
    /// Whether it speaks TLS there.
    pub is_tls: bool,
    /// Where it tells its figures, if it does.
    pub figures: Option<SocketAddr>,
    stop: CancellationToken,
    deliveries: Deliveries,
    jobs: Jobs,
    traces: Option<Traces>,
    server: JoinHandle<()>,
    /// Held until everything has ended.
    _lock: Option<Lock>,
}

/// How a host is started.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where the data is.
    pub data: Data,
    /// Where to listen; port 0 takes any that is free.
    pub listen: SocketAddr,
    /// What TLS is served with; plain HTTP without.
    pub tls: Option<TlsFiles>,
    /// What one client can take.
    pub limits: Limits,
    /// How people are written to.
    pub mail: Mail,
    /// Where checkpoints of the audit logs go.
    pub audit: Audit,
    /// Where alerts are told.
    pub alerts: Alerts,
    /// Which backups it takes by itself, if any.
    pub backups: Option<BackupSchedule>,
    /// Proxies in front, which are believed when they say whom they ask for.
    pub proxies: Vec<Network>,
    /// How other programs watch it.
    pub watch: Watch,
    /// What the operator says of requests of apps to servers outside.
    pub outbound: crate::outbound::Settings,
    /// The `storehand` command, started as compile worker; none compiles in this process.
    pub worker: Option<PathBuf>,
}

/// What sends e-mail; nothing, if no mail server is known.
fn mailer(mail: &Mail) -> Result<Option<Mailer>, mail::BadConfig> {
    let url = mail.smtp_url.as_deref().filter(|url| !url.is_empty());
    url.map(|url| Mailer::new(url, mail.mail_from.as_deref(), mail.public_url.as_deref())).transpose()
}

/// Where checkpoints of the audit logs go beside their file.
fn targets(audit: &Audit) -> Targets {
    let Audit { audit_syslog, audit_webhook, webhook_secret, .. } = audit.clone();
    Targets { syslog: audit_syslog, webhook: audit_webhook, secret: webhook_secret }
}

/// How alerts are told.
fn telling(options: &Options, mailer: Option<Mailer>) -> Telling {
    let Alerts { alerts_webhook, alerts_secret, .. } = options.alerts.clone();
    Telling {
        every: options.alerts.every(),
        webhook: alerts_webhook,
        secret: alerts_secret,
        mailer,
        public_url: options.mail.public_url.clone(),
        folder: options.data.data_dir.clone(),
    }
}

/// Opens the database, brings its tables up to date, and begins to serve and to deliver.
pub async fn start(options: &Options) -> anyhow::Result<Serving> {
    let Options { data, listen, tls, limits, mail, audit, backups, proxies, watch, worker, .. } = options;
    let mailer = mailer(mail)?;
    let for_collector = watch.headers()?;
    let tls = tls.as_ref().map(Tls::load).transpose()?;
    if backups.is_some() && data.database().is_shared() {
        anyhow::bail!(
            "a host takes backups by itself of data in SQLite alone; leave out --backup-dir, and run `storehand backup` on a clock"
        );
    }
    std::fs::create_dir_all(&data.data_dir)
        .with_context(|| format!("cannot make the data folder `{}`", data.data_dir.display()))?;
    let mut lock = Lock::take(&data.database())?;
    let mint = Mint::take().context("this process serves already")?;
    let db = Db::open(&data.database(), Arc::clone(&mint)).await.context("cannot open the database")?;
    lock.as_mut().map_or(Ok(()), Lock::sign)?;
    db.set_app_bytes(i64::from(data.app_mib_per_day) << 20);
    let keys = Keys::from_master(&data.key().context("cannot read the key file of this host")?);
    let checkpoints = Checkpoints::open(&db, audit.file(&data.data_dir), targets(audit), keys.signer())?;
    db.same_key(keys.fingerprint()).await.context("the key file does not belong to this database")?;
    db.seal_settings_with(keys.of_settings());
    let artefacts = data.data_dir.join("artefacts");
    let settings =
        runtime::Settings { artefacts, worker: worker.clone(), runs: data.slots, outbound: options.outbound.clone() };
    let runtime = Runtime::start(&db, mint, &settings).context("cannot start the engine")?;
    let listener = http::listen(*listen).await.with_context(|| format!("cannot listen on {listen}"))?;
    let address = listener.local_addr()?;
    let stop = CancellationToken::new();
    let health = Health::watch(&db, data.data_dir.clone(), stop.clone()).await.with_backups(backups.clone());
    // Whatever makes no sense is said before anything is served.
    let jobs = Jobs::start(&db, &runtime, checkpoints, backups.clone(), telling(options, mailer.clone()))?;
    let state = State::new(db.clone(), runtime.clone(), *limits, health, http::Prover::new(keys), mailer, stop.clone());
    if let Some(tls) = &tls {
        tokio::spawn(tls.clone().follow(stop.clone()));
    }
    let figures = figures(&db, watch.metrics, stop.clone()).await?;
    let traces = watch.otlp_endpoint.as_deref().and_then(|endpoint| Traces::begin(endpoint, for_collector));
    let (is_tls, router) = (tls.is_some(), http::router(state));
    let server = tokio::spawn(http::serve(listener, tls, router, *limits, proxies.as_slice().into(), stop.clone()));
    let deliveries = Deliveries::start(&db, &runtime);
    Ok(Serving { db, runtime, address, is_tls, figures, stop, deliveries, jobs, traces, server, _lock: lock })
}

/// Tells figures at an address of their own, if there is one; where that is.
async fn figures(db: &Db, listen: Option<SocketAddr>, stop: CancellationToken) -> anyhow::Result<Option<SocketAddr>> {
    let Some(listen) = listen else { return Ok(None) };
    let listener = http::listen(listen).await.with_context(|| format!("cannot tell figures at {listen}"))?;
    let address = listener.local_addr()?;
    let none: Arc<[Network]> = Arc::new([]);
    tokio::spawn(http::serve(listener, None, http::figures(db.clone()), http::figures_limits(), none, stop));
    Ok(Some(address))
}

impl Serving {
    /// Ends: no new connections and no new runs, then waits for what is under way.
    pub async fn drain(self) {
        self.stop.cancel();
        // A request that waits for a run still gets its answer, so both end together.
        let (server, (), ()) = tokio::join!(self.server, self.deliveries.drain(), self.jobs.drain());
        if let Err(e) = server {
            tracing::error!(error = %e, "the server did not end well");
        }
        if let Some(traces) = self.traces {
            let _ = tokio::task::spawn_blocking(|| traces.end()).await;
        }
        if let Err(e) = self.db.hand_over().await {
            tracing::warn!(error = %e, "the other hosts could not be told that this one ends; they find what it left by themselves");
        }
        if let Err(e) = self.db.checkpoint().await {
            tracing::error!(error = %e, "the write-ahead log could not be brought into the database file; the next start does it");
        }
    }
}
