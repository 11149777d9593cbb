//! The host under test: the real binary in a folder of its own, on a port of its own, on either database.

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::person::{Answer, Body, Person};
use super::postgres;
use super::sessions::{self, Records};

/// A start includes the tables of a new database and the reading of what is installed.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where a host keeps its records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// One file in the host's folder.
    Sqlite,
    /// A database of its own in the server of this test run.
    Postgres,
}

/// Variables of the environment and their values.
pub type Told = &'static [(&'static str, &'static str)];

/// A running host with one store in it. Ends with the value.
pub struct Host {
    folder: TempDir,
    database: Option<String>,
    port: u16,
    /// What it is told by its environment beside where things are.
    told: Told,
    /// MiB of the disk that only this host sees, if it has one.
    disk: Option<u32>,
    child: Child,
    /// What the first start answered: the store, its owner, their tokens.
    first: Value,
}

impl Host {
    /// Starts a host on an empty database and sets it up: an operator, an owner and their store.
    pub fn start(engine: Engine) -> Host {
        Host::start_told(engine, &[])
    }

    /// The same host, told more by its environment.
    pub fn start_told(engine: Engine, told: Told) -> Host {
        let mut host = Host::on((engine == Engine::Postgres).then(postgres::database), told);
        let setup = host.setup_token();
        host.first = host.set_up(&setup).ok();
        host
    }

    /// Starts a host on an empty database, and leaves it at that.
    pub fn fresh(engine: Engine) -> Host {
        Host::on((engine == Engine::Postgres).then(postgres::database), &[])
    }

    /// Sets the host up with this token.
    pub fn set_up(&self, token: &str) -> Answer {
        self.person("", Some(token)).post("/api/v1/setup", new_store("Corner shop"))
    }

    /// Starts a second host that shares this one's PostgreSQL, in a folder of its own.
    pub fn beside(&self) -> Host {
        assert!(self.database.is_some(), "only hosts on PostgreSQL share a database");
        let mut host = Host::on(self.database.clone(), self.told);
        host.first = self.first.clone();
        host
    }

    /// Starts a host whose data lie on a disk of so many MiB, which only it sees, and sets it up.
    pub fn start_on_disk(mib: u32) -> Host {
        let mut host = Host::begin(None, &[], Some(mib));
        let setup = host.setup_token();
        host.first = host.set_up(&setup).ok();
        host
    }

    /// Starts a host on that database and sets it up.
    pub fn start_with(database: String) -> Host {
        let mut host = Host::on(Some(database), &[]);
        let setup = host.setup_token();
        host.first = host.set_up(&setup).ok();
        host
    }

    fn on(database: Option<String>, told: Told) -> Host {
        Host::begin(database, told, None)
    }

    /// Starts a host, of whichever engine, on what `prepare` puts into its empty data folder or database: what this one
    /// was set up with is there.
    pub fn gone_back(&self, engine: Engine, prepare: impl FnOnce(&Path, Option<&str>)) -> Host {
        let (folder, database) = (empty_folder(), (engine == Engine::Postgres).then(postgres::database));
        prepare(&folder.path().join("data"), database.as_deref());
        let mut host = Host::begin_in(folder, database, self.told, None);
        host.first = self.first.clone();
        host
    }

    fn begin(database: Option<String>, told: Told, disk: Option<u32>) -> Host {
        Host::begin_in(empty_folder(), database, told, disk)
    }

    fn begin_in(folder: TempDir, database: Option<String>, told: Told, disk: Option<u32>) -> Host {
        // Free a moment ago; the host takes it at once.
        let port = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a free port").port();
        let child = serve(folder.path(), database.as_deref(), port, told, disk);
        let mut host = Host { folder, database, port, told, disk, child, first: Value::Null };
        let records = match &host.database {
            Some(url) => Records::Postgres(url.clone()),
            None => Records::Sqlite(host.data().join("storehand.sqlite")),
        };
        sessions::noted(&host.url(), records);
        host.wait();
        host
    }

    /// The owner of the store.
    pub fn owner(&self) -> Person {
        self.person(self.store(), text(&self.first, "/owner_token/token"))
    }

    /// A staff member who holds exactly these scopes.
    pub fn staff(&self, scopes: &[&str]) -> Person {
        let added = self.owner().post("staff", json!({ "name": "Sam Staff", "scopes": scopes })).ok();
        self.person(self.store(), text(&added, "/token/token"))
    }

    /// The shop's own front.
    pub fn storefront(&self) -> Person {
        let made = self.owner().post("storefront-tokens", json!({ "name": "the shop" })).ok();
        self.person(self.store(), text(&made, "/token"))
    }

    /// Somebody who publishes apps under that name, and belongs to no store.
    pub fn publisher(&self, name: &str) -> Person {
        let made = self.operator().post("/api/v1/publishers", json!({ "publisher": name })).ok();
        self.person(self.store(), text(&made, "/token"))
    }

    /// The owner of another store of the same host, in that store; `at(host.store())` brings them here.
    pub fn other_store_owner(&self) -> Person {
        let made = self.operator().post("/api/v1/stores", new_store("Other shop")).ok();
        self.person(text(&made, "/store").unwrap_or_default(), text(&made, "/owner_token/token"))
    }

    /// The operator of the host.
    pub fn operator(&self) -> Person {
        self.person(self.store(), text(&self.first, "/operator_token/token"))
    }

    /// Somebody without a token.
    pub fn anonymous(&self) -> Person {
        self.person(self.store(), None)
    }

    /// The id of the store.
    pub fn store(&self) -> &str {
        self.first["store"].as_str().expect("the setup names the store")
    }

    /// The id of the store's one stock location.
    pub fn location(&self) -> &str {
        self.first["location"].as_str().expect("the setup names the location")
    }

    /// Somebody with a token, in the store of that id.
    pub fn person(&self, store: &str, token: Option<&str>) -> Person {
        Person::new(&self.url(), store, token)
    }

    /// The folder where the host keeps its records.
    pub fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    /// The same folder, reached from outside when it lies on a disk that only the host sees.
    pub fn data_on_disk(&self) -> std::path::PathBuf {
        let data = self.data();
        Path::new(&format!("/proc/{}/root", self.pid())).join(data.strip_prefix("/").expect("a whole path"))
    }

    /// The URL of its database in PostgreSQL, if it is there.
    pub fn database(&self) -> Option<&str> {
        self.database.as_deref()
    }

    /// The port it answers at, on every address of this machine's loopback.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Where the host answers.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The process id of the host.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Kills the host, without a word. What the system holds for the disk is not lost, so it is no power cut.
    pub fn kill9(&mut self) {
        self.child.kill().expect("our own child");
        self.child.wait().expect("our own child");
    }

    /// Asks the host to stop, and waits until it has.
    pub fn stop(&mut self) {
        let asked = Command::new("kill").args(["-TERM", &self.pid().to_string()]).status().expect("`kill` runs");
        assert!(asked.success());
        assert!(self.child.wait().expect("our own child").success(), "it did not end well:\n{}", self.output());
    }

    /// Starts the host again on the same data. Kills it first if it runs.
    pub fn restart(&mut self) {
        self.kill9();
        self.child = serve(self.folder.path(), self.database.as_deref(), self.port, self.told, self.disk);
        self.wait();
    }

    /// The same, told more by its environment.
    pub fn restart_with(&mut self, told: Told) {
        self.kill9();
        self.child = serve(self.folder.path(), self.database.as_deref(), self.port, told, self.disk);
        self.wait();
    }

    /// Asks the host to stop, and does not wait.
    pub fn ask_to_stop(&self) {
        let asked = Command::new("kill").args(["-TERM", &self.pid().to_string()]).status().expect("`kill` runs");
        assert!(asked.success());
    }

    /// How the host ended, if it has.
    pub fn ended(&mut self) -> Option<std::process::ExitStatus> {
        self.child.try_wait().expect("our own child")
    }

    /// Everything the host has printed since its first start.
    pub fn output(&self) -> String {
        fs::read_to_string(self.folder.path().join("output")).unwrap_or_default()
    }

    /// Waits until the host says that it is ready.
    fn wait(&mut self) {
        let (since, anyone) = (Instant::now(), self.person("", None));
        while !anyone.try_send("GET", "/readyz", Body::Empty).is_ok_and(|answer| answer.status == 200) {
            if let Some(status) = self.child.try_wait().expect("our own child") {
                panic!("the host ended with {status}:\n{}", self.output());
            }
            assert!(since.elapsed() < PATIENCE, "the host is not ready after {PATIENCE:?}:\n{}", self.output());
            sleep(Duration::from_millis(10));
        }
    }

    /// The one-time token that the first start prints.
    pub fn setup_token(&self) -> String {
        let (since, part) = (Instant::now(), |c: char| c.is_ascii_alphanumeric() || c == '_');
        loop {
            let output = self.output();
            let token = output.split(|c| !part(c)).find(|word| word.starts_with("sh_setup_"));
            // Half a line may have been written when we look.
            if let Some(token) = token.filter(|_| output.ends_with('\n')) {
                return token.to_owned();
            }
            assert!(since.elapsed() < PATIENCE, "the first start printed no setup token:\n{output}");
            sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            eprintln!("--- what the host of this test printed\n{}", self.output());
        }
    }
}

fn empty_folder() -> TempDir {
    tempfile::Builder::new().prefix("storehand-test-").tempdir().expect("a temporary folder")
}

/// What a store is made from.
fn new_store(name: &str) -> Value {
    json!({ "name": name, "owner": "Olive Owner", "currency": "EUR", "country": "DE", "time_zone": "Europe/Berlin" })
}

/// The text at a place of an answer.
fn text<'a>(answer: &'a Value, place: &str) -> Option<&'a str> {
    let found = answer.pointer(place).and_then(Value::as_str);
    Some(found.unwrap_or_else(|| panic!("no {place} in {answer:#}")))
}

/// The same story on both databases: `both!(a_story_named_as_a_sentence);` makes two tests of `fn …(host: Host)`.
macro_rules! both {
    ($($story:ident),* $(,)?) => {
        mod sqlite { $(#[test] fn $story() { super::$story($crate::support::host::Host::start($crate::support::host::Engine::Sqlite)); })* }
        mod postgres { $(#[test] fn $story() { super::$story($crate::support::host::Host::start($crate::support::host::Engine::Postgres)); })* }
    };
}
pub(crate) use both;

/// The same, of a host that nobody has set up yet.
macro_rules! both_fresh {
    ($($story:ident),* $(,)?) => {
        mod sqlite { $(#[test] fn $story() { super::$story($crate::support::host::Host::fresh($crate::support::host::Engine::Sqlite)); })* }
        mod postgres { $(#[test] fn $story() { super::$story($crate::support::host::Host::fresh($crate::support::host::Engine::Postgres)); })* }
    };
}
pub(crate) use both_fresh;

/// Puts a disk of so many MiB, which only the host sees, where its data lie.
const ON_DISK: &str = r#"mkdir -p "$STOREHAND_DATA_DIR" && mount -t tmpfs -o "size=$1m,mode=0700" data "$STOREHAND_DATA_DIR" && exec "$2" "$3""#;

fn serve(folder: &Path, database: Option<&str>, port: u16, told: Told, disk: Option<u32>) -> Child {
    let output = File::options().create(true).append(true).open(folder.join("output")).expect("an output file");
    let binary = env!("CARGO_BIN_EXE_storehand");
    let mut command = match disk {
        None => Command::new(binary),
        Some(mib) => {
            // A mount of its own needs no right of whoever runs the tests, only a user namespace.
            let mut command = Command::new("unshare");
            command.args(["--map-root-user", "--mount", "sh", "-c", ON_DISK, "sh", &mib.to_string(), binary]);
            command
        }
    };
    // Nothing of the environment of whoever runs the tests may speak to the host.
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("STOREHAND_")) {
        command.env_remove(name);
    }
    if let Some(url) = database {
        command.env("STOREHAND_DATABASE_URL", url);
    }
    command
        .arg("serve")
        .envs(told.iter().copied())
        .env("STOREHAND_LISTEN", format!("127.0.0.1:{port}"))
        .env("STOREHAND_DATA_DIR", folder.join("data"));
    command.env("NO_COLOR", "1").current_dir(folder).stdin(Stdio::null());
    command.stdout(output.try_clone().expect("a second handle")).stderr(output).spawn().expect("the binary under test")
}
