//! What the command line and the environment decide, one struct per concern. Secrets come from the environment alone,
//! never from a flag: a flag shows in the list of processes.

mod alerts;
mod audit;
mod backups;
mod hidden;
mod key;
mod network;
mod outbound;
mod watch;

pub use alerts::Alerts;
pub use audit::{Audit, CHECKPOINTS};
pub use backups::Backups;
pub use hidden::{DataAlone, ToInspect};
pub use network::Network;
pub use outbound::Outbound;
pub use watch::Watch;

use crate::db::ChainLimits;
use clap::Args;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// What the help of every verb on the data says, for what has no flag.
pub const FROM_ENVIRONMENT: &str = "\
From the environment alone:
  STOREHAND_DATABASE_URL  postgres://… for data in PostgreSQL; without it, a SQLite file in the data folder.
                          It may hold a password, and flags show in the list of processes.
  RUST_LOG                What is logged, to standard error: error, warn, info, debug or trace, and by module,
                          for example `info,storehand_host::events=debug` [default: info,wasmtime=warn].
                          Text on a terminal, JSON lines otherwise; --log-format says which.";

/// What the help of `serve` says beside it.
pub const MAIL_FROM_ENVIRONMENT: &str = "
  STOREHAND_SMTP_URL      smtps://user:password@… of a mail server to send e-mail with, such as invitations; without it,
                          whoever makes a link hands it over. It needs `--mail-from` and `--public-url`.
  STOREHAND_ALERTS_WEBHOOK_SECRET
                          whsec_… and base64 of 24 to 64 bytes, what posts of alerts are signed with.";

/// Where the data is.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Data")]
pub struct Data {
    /// Folder of the embedded database and of compiled apps; it is created if it does not exist.
    #[arg(long, env = "STOREHAND_DATA_DIR", default_value = "./storehand-data", value_name = "FOLDER")]
    pub data_dir: PathBuf,
    /// `postgres://…` for data in PostgreSQL; a SQLite file in the data folder if not given. May hold a password,
    /// so it is read from the environment only; [`FROM_ENVIRONMENT`] tells people so.
    #[arg(skip = std::env::var("STOREHAND_DATABASE_URL").ok())]
    pub database_url: Option<String>,
    /// File of the key that passwords are hashed with and second factors are sealed with; it is made if it does not exist.
    /// All hosts of one database need the same. Without it nobody can sign in with what they have [default: `host.key` in
    /// the data folder]
    #[arg(long, env = "STOREHAND_KEY_FILE", value_name = "FILE")]
    pub key_file: Option<PathBuf>,
    /// Most connections to PostgreSQL; a fifth of them is for brief reads, another fifth for long ones.
    #[arg(long, env = "STOREHAND_DATABASE_CONNECTIONS", default_value_t = 20, value_parser = clap::value_parser!(u32).range(8..=1_000), value_name = "N")]
    pub database_connections: u32,
    /// Apps that can run at the same time; each takes a place in the engine's pool.
    #[arg(long, env = "STOREHAND_SLOTS", default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=1_000), value_name = "N")]
    pub slots: u32,
    /// MiB that an app may write in a day of its store: changes, what waits for a person, storage, log. All apps of a
    /// store together may write four times as much.
    #[arg(long, env = "STOREHAND_APP_MIB_PER_DAY", default_value_t = (crate::db::APP_BYTES >> 20) as u32, value_parser = clap::value_parser!(u32).range(1..=1_000_000), value_name = "MIB")]
    pub app_mib_per_day: u32,
    /// What one event may come to when apps answer each other's changes.
    #[command(flatten)]
    pub chain: Chain,
}

/// What one event may come to when apps answer each other's changes.
#[derive(Debug, Clone, Args)]
pub struct Chain {
    /// Runs that one event may lead to when apps answer each other's changes, from the second run in a row on.
    #[arg(long, env = "STOREHAND_CHAIN_RUNS", default_value_t = ChainLimits::default().runs, value_parser = clap::value_parser!(u32).range(1..=1_000_000), value_name = "N")]
    pub chain_runs: u32,
    /// Changes that these runs may make together.
    #[arg(long, env = "STOREHAND_CHAIN_CHANGES", default_value_t = ChainLimits::default().changes, value_parser = clap::value_parser!(u32).range(1..=1_000_000), value_name = "N")]
    pub chain_changes: u32,
}

impl Default for Chain {
    fn default() -> Chain {
        let ChainLimits { runs, changes } = ChainLimits::default();
        Chain { chain_runs: runs, chain_changes: changes }
    }
}

impl Data {
    /// The key of this host, made if there is none yet.
    pub fn key(&self) -> std::io::Result<[u8; 32]> {
        key::read_or_make(&self.key_path())
    }

    /// The key of this host, if there is one.
    pub fn key_if_there(&self) -> std::io::Result<Option<[u8; 32]>> {
        key::read_if_there(&self.key_path())
    }

    /// Where the key of this host is.
    pub fn key_path(&self) -> PathBuf {
        self.key_file.clone().unwrap_or_else(|| self.data_dir.join("host.key"))
    }

    /// What the database is opened with.
    pub fn database(&self) -> crate::db::Settings {
        let file = || self.data_dir.join("storehand.sqlite").to_string_lossy().into_owned();
        crate::db::Settings {
            url: self.database_url.clone().filter(|url| !url.is_empty()).unwrap_or_else(file),
            slots: self.slots as usize,
            connections: self.database_connections,
            chain: ChainLimits { runs: self.chain.chain_runs, changes: self.chain.chain_changes },
        }
    }
}

/// How the host listens. The limits themselves stand in [`Limits`] and are not for turning at run time.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Network")]
pub struct Listen {
    /// Address and port. Before you open it to others, give it a certificate or put a proxy with TLS in front.
    #[arg(long, env = "STOREHAND_LISTEN", default_value = "127.0.0.1:7080", value_name = "ADDRESS:PORT")]
    pub listen: SocketAddr,
    /// Certificate to serve TLS with, in PEM, followed by those that lead to its authority. Read again when it changes.
    #[arg(long, env = "STOREHAND_TLS_CERT", requires = "tls_key", value_name = "FILE")]
    pub tls_cert: Option<PathBuf>,
    /// Private key of the certificate, in PEM. Read again when it changes.
    #[arg(long, env = "STOREHAND_TLS_KEY", requires = "tls_cert", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,
    /// Concurrent connections, at most a quarter of them from one address; beyond that the host says that it is full.
    #[arg(long, env = "STOREHAND_CONNECTIONS", default_value_t = 1_024, value_parser = clap::value_parser!(u32).range(1..=100_000), value_name = "N")]
    pub connections: u32,
    /// Addresses or networks of proxies in front, for example `10.0.0.0/8`. The client they name in `x-forwarded-for` is
    /// trusted, so is the `https` they say in `x-forwarded-proto`, and their connections count as those of many clients.
    /// The headers are ignored from anybody else.
    #[arg(long, env = "STOREHAND_TRUSTED_PROXIES", value_delimiter = ',', value_name = "NETWORK")]
    pub trusted_proxies: Vec<Network>,
    /// Seconds that requests in progress have to finish when the host is stopped.
    #[arg(long, env = "STOREHAND_DRAIN_SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u32).range(0..=3_600), value_name = "SECONDS")]
    pub drain_seconds: u32,
}

impl Listen {
    /// The limits, with what was given.
    pub fn limits(&self) -> Limits {
        Limits {
            connections: self.connections as usize,
            drain: Duration::from_secs(self.drain_seconds.into()),
            ..Limits::default()
        }
    }

    /// What TLS is served with; nothing, if it is not.
    pub fn tls(&self) -> Option<TlsFiles> {
        let (cert, key) = self.tls_cert.clone().zip(self.tls_key.clone())?;
        Some(TlsFiles { cert, key })
    }
}

/// How people are written to.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "E-mail")]
pub struct Mail {
    /// `smtps://user:password@…` of a mail server; without it no e-mail is sent, and links are handed over by whoever made
    /// them. Holds a password, so it is read from the environment only; [`MAIL_FROM_ENVIRONMENT`] tells people so.
    #[arg(skip = std::env::var("STOREHAND_SMTP_URL").ok())]
    pub smtp_url: Option<String>,
    /// Sender of e-mail, for example 'Corner shop <hello@example.com>'.
    #[arg(long, env = "STOREHAND_MAIL_FROM", value_name = "SENDER")]
    pub mail_from: Option<String>,
    /// Address that people reach this host at, for example `https://admin.example.com`; links in e-mail begin with it.
    #[arg(long, env = "STOREHAND_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
}

/// A certificate and its key, where they lie.
#[derive(Debug, Clone)]
pub struct TlsFiles {
    /// The certificates, in PEM, the host's own first.
    pub cert: PathBuf,
    /// The private key of the first, in PEM.
    pub key: PathBuf,
}

/// What one client can take from the host. Every number bounds something a stranger controls.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections at once.
    pub connections: usize,
    /// How long a connection may take to send its first bytes, and the head of each request.
    pub head: Duration,
    /// How long a connection may stand without a request.
    pub idle: Duration,
    /// How long a connection may go on at all; a client makes a new one.
    pub age: Duration,
    /// How long bytes may wait for the client to take them.
    pub write: Duration,
    /// How long an answer may wait for the client to fetch any more of it: longer than the silence between two signs of
    /// life of a stream.
    pub untouched: Duration,
    /// Headers of a request.
    pub headers: usize,
    /// Bytes read ahead of a connection; also the largest head of a request over HTTP/1.
    pub buffer: usize,
    /// Bytes of a request's head over HTTP/2.
    pub header_list: u32,
    /// Requests at once on one HTTP/2 connection.
    pub streams: u32,
    /// Streams a client may reset before they were accepted, over which the connection ends.
    pub resets: usize,
    /// How often an HTTP/2 connection is asked whether it is still there.
    pub keep_alive: Duration,
    /// Bytes of a JSON body.
    pub body: usize,
    /// Bytes of an uploaded app.
    pub upload: usize,
    /// How long a request may take: longer than a run, so that whoever presses a button hears how it ended.
    pub request: Duration,
    /// How long an upload may take: 16 MiB at 150 KiB/s.
    pub upload_time: Duration,
    /// How long requests under way have to end when the host is stopped.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            connections: 1_024,
            head: Duration::from_secs(10),
            idle: Duration::from_secs(60),
            age: Duration::from_secs(3_600),
            write: Duration::from_secs(20),
            untouched: Duration::from_secs(45),
            headers: 64,
            buffer: 64 * 1024,
            header_list: 16 * 1024,
            streams: 128,
            resets: 20,
            keep_alive: Duration::from_secs(30),
            body: 256 * 1024,
            upload: 16 * 1024 * 1024,
            request: Duration::from_secs(40),
            upload_time: Duration::from_secs(120),
            drain: Duration::from_secs(30),
        }
    }
}

impl Limits {
    /// How many of so many one client may take.
    pub fn of_one(&self, all: usize) -> usize {
        (all / 4).max(1)
    }
}
