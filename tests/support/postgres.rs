//! One PostgreSQL for the whole run of the tests: the machine's own server on a unix socket in a temporary folder. A second
//! one, which waits for the disk as a real one does, is there for whoever kills it.
//!
//! It listens to no network and goes away with the process, however that ends: its keeper reads from a pipe that
//! only we hold open.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Who the server runs as, and its superuser.
const USER: &str = "postgres";
/// Who hosts connect as: nobody special, because the policies of the tables do not bind a superuser.
const HOST: &str = "storehand";
/// The server answers about 0.2 s after its start; a busy machine may need longer.
const PATIENCE: Duration = Duration::from_secs(30);

/// Runs the server, and when the pipe closes ends it at once and removes its folder.
const KEEPER: &str = r#"folder=$1; shift; "$@" </dev/null & read -r _; kill -QUIT $!; wait $!; rm -rf "$folder""#;

/// No test cuts this server's power, so it need not wait for the disk.
static SERVER: LazyLock<Server> = LazyLock::new(|| Server::start("fsync=off"));
/// Waits for the disk, and may be killed: whoever has a database here has it alone with whoever else kills.
static DURABLE: LazyLock<Server> = LazyLock::new(|| Server::start("fsync=on"));
static DATABASES: AtomicU32 = AtomicU32::new(0);

struct Server {
    bin: PathBuf,
    folder: PathBuf,
    /// Holds the keeper's pipe open for as long as this process lives.
    _keeper: Child,
}

/// Makes an empty database and returns its URL. Starts the server at the first call.
pub fn database() -> String {
    SERVER.database()
}

/// Makes an empty database on the server that runs with `fsync` on, and returns its URL.
pub fn durable_database() -> String {
    DURABLE.database()
}

/// Kills the server that runs with `fsync` on in the middle of its work, and waits until it has recovered from its log.
pub fn crash_durable() {
    let checkpointer = || DURABLE.ask("SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'");
    let before = checkpointer().expect("a server that runs");
    assert_eq!(DURABLE.ask("SHOW fsync").as_deref(), Some("on"));
    // One part that dies takes all others with it, every connection included; what was committed is in the log alone.
    told(Command::new("kill").args(["-9", &before]));
    let since = Instant::now();
    while checkpointer().is_none_or(|now| now.is_empty() || now == before) {
        assert!(since.elapsed() < PATIENCE, "postgres did not recover:\n{}", DURABLE.log());
        sleep(Duration::from_millis(20));
    }
    assert!(DURABLE.log().contains("automatic recovery in progress"), "it was no crash:\n{}", DURABLE.log());
}

/// Asks a database, and returns its answer: a line for each row, `|` between columns.
pub fn query(url: &str, sql: &str) -> String {
    // Whoever asks from outside sees the rows of every store.
    let mut psql = Command::new(SERVER.bin.join("psql"));
    told(psql.args(["--no-psqlrc", "-At", "-c", sql, url]).env("PGOPTIONS", "-c storehand.store=*"))
}

impl Server {
    fn start(fsync: &str) -> Server {
        let bin = binaries();
        let folder = tempfile::Builder::new().prefix("storehand-pg-").tempdir().expect("a temporary folder").keep();
        if am_root() {
            // PostgreSQL refuses to run as root, so it gets the folder and the user that Debian made for it.
            let id = |flag: &str| told(Command::new("id").args([flag, USER])).trim().parse().expect("a number");
            std::os::unix::fs::chown(&folder, Some(id("-u")), Some(id("-g"))).expect("root may give a folder away");
        }
        let data = folder.join("data");
        told(unprivileged(&bin.join("initdb")).arg("-D").arg(&data).args([
            "-U",
            USER,
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ]));
        let server = unprivileged(&bin.join("postgres"));
        let mut keeper = Command::new("sh");
        keeper.args(["-c", KEEPER, "sh"]).arg(&folder).arg(server.get_program()).args(server.get_args());
        keeper.arg("-D").arg(&data).arg("-k").arg(&folder);
        for setting in ["listen_addresses=", fsync, "max_connections=400", "shared_buffers=64MB"] {
            keeper.args(["-c", setting]);
        }
        let log = fs::File::create(folder.join("log")).expect("a log file");
        let keeper = keeper.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(log).spawn().expect("sh");
        let server = Server { bin, folder, _keeper: keeper };
        server.wait();
        let mut role = Command::new(server.bin.join("createuser"));
        told(role.arg("-h").arg(&server.folder).args(["-U", USER, "--no-superuser", HOST]));
        server
    }

    fn wait(&self) {
        let since = Instant::now();
        let mut ready = Command::new(self.bin.join("pg_isready"));
        ready.arg("-h").arg(&self.folder).args(["-U", USER]).stdout(Stdio::null()).stderr(Stdio::null());
        while !ready.status().expect("pg_isready runs").success() {
            assert!(since.elapsed() < PATIENCE, "postgres does not answer:\n{}", self.log());
            sleep(Duration::from_millis(20));
        }
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    fn database(&self) -> String {
        let name = format!("store_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
        let socket = self.folder.display().to_string();
        let mut create = Command::new(self.bin.join("createdb"));
        told(create.args(["-h", &socket, "-U", USER, "-O", HOST, &name]));
        format!("postgres://{HOST}@localhost/{name}?host={socket}")
    }

    /// Asks as the superuser, and returns the answer; none while the server does not answer.
    fn ask(&self, sql: &str) -> Option<String> {
        let mut psql = Command::new(self.bin.join("psql"));
        psql.args(["--no-psqlrc", "-At", "-c", sql, "-U", USER, "-d", "postgres", "-h"]).arg(&self.folder);
        let answer = psql.current_dir("/").stderr(Stdio::null()).output().expect("psql runs");
        answer.status.success().then(|| String::from_utf8_lossy(&answer.stdout).trim().to_owned())
    }
}

/// Whether this machine has a server to run.
#[allow(dead_code, reason = "the benches ask")]
pub fn is_installed() -> bool {
    found().is_some()
}

fn binaries() -> PathBuf {
    found().expect("these tests need PostgreSQL: `apt-get install postgresql`, or run `tests/run`, which does")
}

/// Where `initdb` and `postgres` are: Debian's newest, or what the path has.
fn found() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions
        .filter(|entry| entry.path().join("bin/initdb").exists())
        .max_by_key(|entry| entry.file_name().to_string_lossy().parse::<u32>().unwrap_or_default());
    if let Some(entry) = newest {
        return Some(entry.path().join("bin"));
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).find(|folder| folder.join("initdb").exists())
}

fn am_root() -> bool {
    told(Command::new("id").arg("-u")).trim() == "0"
}

/// The command, run as Debian's `postgres` user if we are root.
fn unprivileged(program: &Path) -> Command {
    if !am_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid", USER, "--regid", USER, "--clear-groups"]).arg(program);
    command
}

/// Runs the command and returns what it printed, or fails with everything it said.
fn told(command: &mut Command) -> String {
    // Not our folder: the unprivileged user may not be allowed to stand in it.
    let Output { status, stdout, stderr } =
        command.current_dir("/").output().unwrap_or_else(|error| panic!("cannot run {command:?}: {error}"));
    assert!(status.success(), "{command:?} failed:\n{}", String::from_utf8_lossy(&stderr));
    String::from_utf8_lossy(&stdout).into_owned()
}

#[test]
fn every_database_is_empty_and_its_own() {
    let (one, other) = (database(), database());
    assert_ne!(one, other);
    for url in [one, other] {
        let tables = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'";
        assert_eq!(query(&url, tables).trim(), "0");
    }
}
