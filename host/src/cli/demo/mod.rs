//! `storehand demo`: starts a host, has the room `demo` fill it, and shows what goes on there.

mod examples;
mod screen;
mod show;

use super::{Failure, Global};
use crate::authn::Keys;
use crate::config::{Alerts, Data, Limits};
use crate::demo::{apps, people, seed, store::Store};
use crate::serve::{self, Serving};
use indicatif::{ProgressBar, ProgressStyle};
use std::fmt::Display;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;

/// The examples, beside this package in the sources the command was built from.
const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../example-plugins");

/// How the demo goes.
#[derive(clap::Args)]
pub(super) struct Args {
    /// Stop after this many events in the store (orders, stock changes, carts)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    events: Option<u64>,
    /// Exit once they have happened and all deliveries are done
    #[arg(long, requires = "events")]
    exit: bool,
    /// Open the web admin in this computer's browser
    #[arg(long, conflicts_with = "exit")]
    open: bool,
    /// Serve the API on this port of this computer; any that is free if not given
    #[arg(long, env = "STOREHAND_DEMO_PORT", default_value_t = 0, hide_default_value = true)]
    port: u16,
    /// Store the data in this folder, which must not hold a store yet [default: a temporary folder]
    #[arg(long, env = "STOREHAND_DEMO_DATA", value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// Make up another shop: the same number makes the same one
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The folder of the example apps
    #[arg(long, env = "STOREHAND_DEMO_EXAMPLES", value_name = "FOLDER", default_value = EXAMPLES, hide_default_value = true)]
    examples: PathBuf,
}

/// Where the data is, and what becomes of it at the end.
enum Folder {
    /// A temporary one. After a demo that ends by itself it goes; after one that was watched it stays to be looked at.
    Temporary(TempDir),
    Named(PathBuf),
}

fn failed(error: impl Display) -> Failure {
    Failure::failed(format!("{error:#}"))
}

impl Args {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        super::local::files::umask();
        let folder = Folder::open(self.data.clone())?;
        let files = examples::build_all(&self.examples, &folder.path().join("apps"), global.is_watched())?;
        log_to(&folder.path().join("demo.log"));
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(failed)?;
        let ended = runtime.block_on(self.demo(global, folder.path(), &files));
        folder.close(self.exit);
        ended
    }

    async fn demo(&self, global: &Global, folder: &Path, files: &[PathBuf]) -> Result<(), Failure> {
        let data = Data {
            data_dir: folder.to_owned(),
            database_url: None,
            key_file: None,
            database_connections: 2,
            slots: 64,
            app_mib_per_day: 256,
            chain: Default::default(),
        };
        let keys = Keys::from_master(&data.key().map_err(failed)?);
        let options = serve::Options {
            data,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, self.port)),
            tls: None,
            limits: Limits::default(),
            mail: Default::default(),
            audit: Default::default(),
            // Whoever watches a demo does not wait long.
            alerts: Alerts { alerts_every: 5, ..Alerts::default() },
            backups: None,
            proxies: Vec::new(),
            watch: Default::default(),
            outbound: Default::default(),
            worker: Some(std::env::current_exe().map_err(failed)?),
        };
        let host = serve::start(&options).await.map_err(failed)?;
        let ended = tokio::select! {
            ended = self.set_up_and_show(global, &host, files, &keys) => ended,
            () = serve::stopped() => match self.exit {
                // Whoever waits for a count does not get it; whoever watches has seen enough.
                true => Err(Failure::failed("stopped before everything had happened")),
                false => Ok(()),
            },
        };
        if global.is_watched() {
            eprintln!("ending: runs under way are waited for");
        }
        host.drain().await;
        ended
    }

    async fn set_up_and_show(
        &self,
        global: &Global,
        host: &Serving,
        files: &[PathBuf],
        keys: &Keys,
    ) -> Result<(), Failure> {
        let bar = progress(global.is_watched());
        let store = Store::open(&host.db).await.map_err(failed)?;
        let store = store.ok_or_else(|| {
            Failure::failed("there is a store in this folder already").help(
                "name a folder that is empty or not there yet; `storehand serve --data-dir FOLDER` shows the old one",
            )
        })?;
        let shop = seed::fill(&host.db, &store, self.seed, &bar).await.map_err(failed)?;
        bar.set_message("installing the apps");
        let apps = apps::install_all(host, &store, &shop, files).await.map_err(failed)?;
        let way = people::add(&host.db, &store, keys).await.map_err(failed)?;
        bar.finish_and_clear();
        let door = format!("http://{}/link?s={}", host.address, way.link.expose());
        if self.open && !opened(&door) {
            eprintln!("no browser could be opened; open this yourself: {door}");
        }
        let people::Way { password, code, .. } = way;
        show::Demo { args: self, global, host, store, shop, apps, door, password, code }.show().await
    }
}

impl Folder {
    fn open(named: Option<PathBuf>) -> Result<Folder, Failure> {
        match named {
            Some(path) => {
                let made = std::fs::create_dir_all(&path);
                made.map_err(|e| Failure::failed(format!("cannot make `{}`: {e}", path.display())))?;
                Ok(Folder::Named(path))
            }
            None => tempfile::Builder::new().prefix("storehand-demo-").tempdir().map(Folder::Temporary).map_err(failed),
        }
    }

    fn path(&self) -> &Path {
        match self {
            Folder::Temporary(folder) => folder.path(),
            Folder::Named(path) => path,
        }
    }

    /// Says where the data is, if it stays.
    fn close(self, by_itself: bool) {
        let path = match self {
            Folder::Temporary(folder) if by_itself => return drop(folder),
            Folder::Temporary(folder) => folder.keep(),
            Folder::Named(path) => path,
        };
        let path = path.display();
        eprintln!("the data is in {path}; `storehand serve --data-dir {path}` serves it again");
    }
}

/// Opens an address in the browser of whoever started this, with what this system opens addresses with.
fn opened(address: &str) -> bool {
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let silent = || std::process::Stdio::null();
    let begun =
        std::process::Command::new(opener).arg(address).stdin(silent()).stdout(silent()).stderr(silent()).spawn();
    begun.is_ok()
}

fn progress(watched: bool) -> ProgressBar {
    if !watched {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{spinner} making a shop up {wide_bar} {pos}/{len} {msg:20}");
    let bar = ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

/// What the host has to say goes into a file: the screen belongs to the demo.
fn log_to(path: &Path) {
    let Ok(file) = std::fs::File::create(path) else { return };
    let filter = tracing_subscriber::EnvFilter::try_from_default_env();
    let filter = filter.unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    let writer = std::sync::Mutex::new(file);
    // Whoever listens already goes on listening.
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(writer).try_init();
}
