//! `storehand doctor`: checks everything a host needs, changes nothing, and says how to fix what is missing.

use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde::Serialize;

use super::wait;
use crate::cli::client::show::{Colour, coloured, text};
use crate::cli::{Failure, Global};
use crate::config::{Data, FROM_ENVIRONMENT, TlsFiles, ToInspect};
use crate::db::{Settings, look};
use crate::http::Tls;
use crate::runtime;

/// Below this, a database that grows will soon stand still.
const LITTLE_SPACE: u64 = 1 << 30;

/// What to look at.
#[derive(clap::Args)]
#[command(after_help = FROM_ENVIRONMENT)]
pub(in crate::cli) struct Args {
    #[command(flatten)]
    of: ToInspect,
}

/// How one look ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Found {
    /// As it should be.
    Good,
    /// Needed only to build apps.
    Lacking,
    /// A host cannot work like this.
    Bad,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
struct Finding {
    about: &'static str,
    found: Found,
    detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<String>,
}

impl Finding {
    fn good(about: &'static str, detail: impl Into<String>) -> Finding {
        Finding { about, found: Found::Good, detail: detail.into(), help: None }
    }

    fn bad(about: &'static str, detail: impl Into<String>, help: impl Into<String>) -> Finding {
        Finding { about, found: Found::Bad, detail: detail.into(), help: Some(help.into()) }
    }

    fn line(&self) -> String {
        let (mark, colour) = match self.found {
            Found::Good => ("✔", Colour::Green),
            Found::Lacking => ("!", Colour::Yellow),
            Found::Bad => ("✘", Colour::Red),
        };
        let help = self.help.as_ref().map(|help| format!("\n                 {}", text(help))).unwrap_or_default();
        format!("{} {:<14} {}{help}\n", coloured(mark, colour), self.about, text(&self.detail))
    }
}

impl Args {
    pub(in crate::cli) fn run(self, global: &Global) -> Result<(), Failure> {
        let ToInspect { data, listen } = &self.of;
        let mut findings = vec![
            Finding::good("version", format!("storehand {}, contract 0.1.0", env!("CARGO_PKG_VERSION"))),
            folder(&data.data_dir),
            private(data),
        ];
        findings.extend(database(&data.database())?);
        findings.extend([pool(data.slots), address(listen.listen, listen.tls().is_some())]);
        findings.extend(listen.tls().as_ref().map(tls));
        findings.extend([
            tool("rust", "cargo", &["--version"], "to build apps in Rust, install it: https://rustup.rs"),
            target(),
            tool("rustup", "rustup", &["--version"], "without it, `storehand app build` cannot add what is missing"),
        ]);
        global.show(&findings, || findings.iter().map(Finding::line).collect())?;
        match findings.iter().filter(|one| one.found == Found::Bad).count() {
            0 => Ok(()),
            1 => Err(Failure::failed("one check failed").help("see the line marked with ✘ above")),
            n => Err(Failure::failed(format!("{n} checks failed")).help("see the lines marked with ✘ above")),
        }
    }
}

/// Whether the data folder can be written to and has space, or can be created.
fn folder(folder: &Path) -> Finding {
    const ABOUT: &str = "data folder";
    let shown = folder.display();
    let there = folder.ancestors().find(|place| place.as_os_str().is_empty() || place.exists());
    let place = there.filter(|place| !place.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if let Err(error) = tempfile::tempfile_in(place) {
        let detail = format!("`{}` cannot be written to: {error}", place.display());
        return Finding::bad(
            ABOUT,
            detail,
            "make it writable for the user the host runs as, or choose another folder with --data-dir",
        );
    }
    let free = rustix::fs::statvfs(place).map_or(u64::MAX, |disk| disk.f_bavail.saturating_mul(disk.f_frsize));
    let space = indicatif::HumanBytes(free);
    if free < LITTLE_SPACE {
        return Finding::bad(
            ABOUT,
            format!("`{shown}` has {space} left"),
            "free some space, or choose another folder with --data-dir",
        );
    }
    match folder.exists() {
        true => Finding::good(ABOUT, format!("`{shown}` can be written to; {space} free")),
        false => Finding::good(ABOUT, format!("`{shown}` will be created by the first start; {space} free")),
    }
}

/// Nobody but the host's user can read its files.
fn private(data: &Data) -> Finding {
    const ABOUT: &str = "files";
    let folder = data.data_dir.display();
    let loose = super::files::loose(data);
    match loose.first() {
        None => Finding::good(ABOUT, "nobody else can read the host's files"),
        Some(first) => {
            let more = if loose.len() > 1 { format!(" and {} more", loose.len() - 1) } else { String::new() };
            let detail = format!("others can read `{}`{more}", first.display());
            Finding::bad(ABOUT, detail, format!("chmod -R go= {folder}; the next start of the host does it too"))
        }
    }
}

/// The database answers, what durability rests on reads back as it should, and it separates stores.
fn database(settings: &Settings) -> Result<Vec<Finding>, Failure> {
    const ABOUT: &str = "database";
    let newest = crate::db::newest_step();
    wait(async {
        let looked = tokio::time::timeout(Duration::from_secs(15), look(settings)).await;
        let apart = match &looked {
            Ok(Ok(found)) if settings.is_shared() => Some(apart(found.unbound_role.as_deref())),
            _ => None,
        };
        let answers = match looked {
            Err(_) => Finding::bad(ABOUT, "does not answer within 15 s", "check that it is running and reachable"),
            Ok(Err(error)) => Finding::bad(ABOUT, error.to_string(), "check STOREHAND_DATABASE_URL or --data-dir"),
            Ok(Ok(found)) => match (found.unsafe_setting, found.step) {
                (Some(setting), _) => {
                    let detail =
                        format!("{} runs with {setting}: a power failure could lose acknowledged data", found.engine);
                    Finding::bad(ABOUT, detail, "turn it on in the server's configuration")
                }
                (None, 0) => Finding::good(ABOUT, format!("{}; the first start creates its tables", found.engine)),
                (None, step) if step == newest => {
                    Finding::good(ABOUT, format!("{}, tables at step {step}", found.engine))
                }
                (None, step) if step < newest => {
                    let detail = format!(
                        "{}, tables at step {step}; the next start upgrades them to step {newest}",
                        found.engine
                    );
                    Finding::good(ABOUT, detail)
                }
                (None, step) => {
                    let detail =
                        format!("{}: tables at step {step}, but this version knows only step {newest}", found.engine);
                    Finding::bad(ABOUT, detail, "use the newer version of storehand that upgraded them")
                }
            },
        };
        Ok(std::iter::once(answers).chain(apart).collect())
    })
}

/// PostgreSQL binds the host's role to the rows of the store it serves.
fn apart(unbound: Option<&str>) -> Finding {
    const ABOUT: &str = "stores";
    let Some(role) = unbound else {
        return Finding::good(ABOUT, "the database itself separates the rows of each store");
    };
    Finding::bad(
        ABOUT,
        format!("`{role}` is a superuser or has BYPASSRLS, so the database itself does not separate stores"),
        "create an ordinary role, make it the owner of the database and its tables, and use it in STOREHAND_DATABASE_URL: \
        CREATE ROLE storehand LOGIN; ALTER DATABASE … OWNER TO storehand; ALTER TABLE … OWNER TO storehand",
    )
}

/// The address space for guests can be had.
fn pool(runs: u32) -> Finding {
    const ABOUT: &str = "engine";
    match runtime::reserve_pool(runs) {
        Ok(()) => Finding::good(ABOUT, format!("memory for {runs} concurrent runs can be reserved")),
        Err(error) => {
            let detail = format!("memory for {runs} concurrent runs cannot be reserved: {error}");
            Finding::bad(ABOUT, detail, "raise the limit on address space (`ulimit -v unlimited`), or lower --slots")
        }
    }
}

/// The address is free, or this very host is there already.
fn address(listen: std::net::SocketAddr, tls: bool) -> Finding {
    const ABOUT: &str = "address";
    let Err(error) = TcpListener::bind(listen) else { return Finding::good(ABOUT, format!("{listen} is free")) };
    // Whether somebody is there, not who: the certificate is of a name, and this asks an address.
    let anybody = ureq::tls::TlsConfig::builder().disable_verification(true).build();
    let agent = ureq::Agent::config_builder().proxy(None).tls_config(anybody);
    let alive = agent
        .timeout_global(Some(Duration::from_secs(3)))
        .build()
        .new_agent()
        .get(format!("http{}://{listen}/healthz", if tls { "s" } else { "" }))
        .call()
        .and_then(|mut answer| answer.body_mut().read_to_string());
    match alive {
        Ok(text) if text == "ok" => Finding::good(ABOUT, format!("a host answers at {listen}")),
        _ => Finding::bad(
            ABOUT,
            format!("{listen} cannot be listened on: {error}"),
            "stop what listens there, or choose another address with --listen",
        ),
    }
}

/// TLS can be served with the files that were given.
fn tls(files: &TlsFiles) -> Finding {
    const ABOUT: &str = "TLS";
    match Tls::load(files) {
        Ok(_) => Finding::good(ABOUT, format!("{} and its key belong together", files.cert.display())),
        Err(error) => Finding::bad(ABOUT, error.to_string(), "`storehand serve` does not start with these files"),
    }
}

/// A program that building apps needs.
fn tool(about: &'static str, program: &str, arguments: &[&str], help: &str) -> Finding {
    let said = Command::new(program).args(arguments).output().ok().filter(|output| output.status.success());
    match said {
        Some(output) => {
            let said = String::from_utf8_lossy(&output.stdout);
            Finding::good(about, said.lines().next().unwrap_or(program))
        }
        None => Finding {
            about,
            found: Found::Lacking,
            detail: format!("there is no `{program}`"),
            help: Some(help.to_owned()),
        },
    }
}

/// What apps are compiled for.
fn target() -> Finding {
    const ABOUT: &str = "wasm target";
    const TARGET: &str = "wasm32-unknown-unknown";
    let rustc = Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET]).output();
    let libdir = rustc.ok().filter(|asked| asked.status.success());
    let libdir = libdir.map(|asked| String::from_utf8_lossy(&asked.stdout).trim().to_owned());
    match libdir.is_some_and(|libdir| Path::new(&libdir).is_dir()) {
        true => Finding::good(ABOUT, format!("{TARGET} is there")),
        false => Finding {
            about: ABOUT,
            found: Found::Lacking,
            detail: format!("{TARGET} is not there; only building apps needs it"),
            help: Some(format!("rustup target add {TARGET}; `storehand app build` does it too")),
        },
    }
}
