//! A log that nobody reads or that cannot be written takes nothing with it.

use std::fs::{self, File};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::person::{Body, Person};

/// Where the log of a host goes.
enum To {
    /// To a disk that is full.
    FullDisk,
    /// To a pipe whose reader is gone.
    ClosedPipe,
    /// To a pipe that nobody reads.
    UnreadPipe,
}

struct Host {
    child: Child,
    _folder: tempfile::TempDir,
    anyone: Person,
}

impl Host {
    fn start(to: &To) -> Host {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let port = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a free port").port();
        let mut command = Command::new(env!("CARGO_BIN_EXE_storehand"));
        command.arg("serve").env("STOREHAND_LISTEN", format!("127.0.0.1:{port}")).stdin(Stdio::null());
        command.env("STOREHAND_DATA_DIR", folder.path().join("data")).env_remove("STOREHAND_DATABASE_URL");
        // Every request is told.
        command.env("RUST_LOG", "debug").stdout(Stdio::null());
        match to {
            To::FullDisk => command.stderr(File::options().write(true).open("/dev/full").expect("a full disk")),
            To::ClosedPipe | To::UnreadPipe => command.stderr(Stdio::piped()),
        };
        let mut child = command.spawn().expect("the binary under test");
        if matches!(to, To::ClosedPipe) {
            drop(child.stderr.take());
        }
        let anyone = Person::new(&format!("http://127.0.0.1:{port}"), "", None);
        let mut host = Host { child, _folder: folder, anyone };
        let since = Instant::now();
        while !host.is_ready() {
            assert_eq!(host.child.try_wait().expect("our own child"), None, "it ended for want of a log");
            assert!(since.elapsed() < Duration::from_secs(60), "the host is not ready");
            std::thread::sleep(Duration::from_millis(20));
        }
        host
    }

    fn is_ready(&self) -> bool {
        self.anyone.try_send("GET", "/readyz", Body::Empty).is_ok_and(|answer| answer.status == 200)
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn goes_on(to: &To) {
    let mut host = Host::start(to);
    // Each of these says more than a pipe holds.
    for _ in 0..300 {
        let answer = host.anyone.try_send("GET", "/api/v1/me", Body::Empty).expect("no request is dropped");
        assert_eq!(answer.status, 401);
    }
    let pid = host.child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().expect("`kill` runs").success());
    let ended = host.child.wait().expect("our own child");
    assert!(ended.success(), "it did not end well: {ended}");
}

#[test]
fn a_log_on_a_full_disk_stops_nothing() {
    goes_on(&To::FullDisk);
}

#[test]
fn a_log_to_a_closed_pipe_stops_nothing() {
    goes_on(&To::ClosedPipe);
}

#[test]
fn a_log_that_nobody_reads_stops_nothing() {
    goes_on(&To::UnreadPipe);
}

#[test]
fn readiness_tells_that_the_data_folder_cannot_be_written_and_that_it_can_again() {
    let host = Host::start(&To::FullDisk);
    // A folder stands where the host writes to see whether it can.
    let probe = host._folder.path().join("data/.probe");
    let put = || while fs::create_dir(&probe).is_err() {};
    put();
    let answer = loop {
        let answer = host.anyone.get("/readyz");
        if answer.status == 503 {
            break answer;
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    assert_eq!(answer.body["code"], "disk");
    assert!(answer.body["detail"].as_str().expect("words").starts_with("the host cannot write: "));
    host.anyone.get("/healthz").ok();
    fs::remove_dir(&probe).expect("our own folder");
    while !host.is_ready() {
        std::thread::sleep(Duration::from_millis(50));
    }
}
