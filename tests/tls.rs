//! A host with a certificate of its own: no proxy is needed, and a new certificate needs no restart.

use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, Stream};

use crate::support::command::storehand;

/// Longer than a start, a handshake and two looks at the files.
const PATIENCE: Duration = Duration::from_secs(60);

/// A certificate for this machine, and its key.
struct Pair {
    cert: String,
    key: String,
    der: CertificateDer<'static>,
}

fn pair() -> Pair {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    Pair { cert: made.cert.pem(), key: made.signing_key.serialize_pem(), der: made.cert.der().clone() }
}

/// A host that speaks TLS, in a folder of its own. Ends with the value.
struct Served {
    folder: TempDir,
    port: u16,
    child: Child,
}

impl Served {
    fn start(pair: &Pair) -> Served {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let port = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a free port").port();
        write(folder.path(), pair);
        let output = File::create(folder.path().join("output")).expect("an output file");
        let mut command = Command::new(env!("CARGO_BIN_EXE_storehand"));
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("STOREHAND_")) {
            command.env_remove(name);
        }
        command.args(["serve", "--tls-cert", "cert.pem", "--listen", &format!("127.0.0.1:{port}")]);
        command.env("STOREHAND_TLS_KEY", "key.pem").env("NO_COLOR", "1").current_dir(folder.path());
        command.stdin(Stdio::null()).stdout(output.try_clone().expect("a second handle")).stderr(output);
        let child = command.spawn().expect("the binary under test");
        let served = Served { folder, port, child };
        served.waits("is ready", || {
            served.asks(pair, "/readyz").is_some_and(|answer| answer.starts_with("HTTP/1.1 200"))
        });
        served
    }

    fn waits(&self, until: &str, is: impl Fn() -> bool) {
        let since = Instant::now();
        while !is() {
            assert!(since.elapsed() < PATIENCE, "waited for long: the host {until}\n{}", self.output());
            sleep(Duration::from_millis(50));
        }
    }

    fn output(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("output")).unwrap_or_default()
    }

    fn socket(&self) -> TcpStream {
        let socket = TcpStream::connect(("127.0.0.1", self.port)).expect("the host listens");
        socket.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        socket
    }

    /// What is answered to somebody who trusts this certificate alone; none, if another is shown.
    fn asks(&self, trusted: &Pair, path: &str) -> Option<String> {
        let mut socket = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        let mut client = client(trusted, &[b"http/1.1"]);
        let mut stream = Stream::new(&mut client, &mut socket);
        write!(stream, "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        Some(answer)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Puts a pair where the host finds it.
fn write(folder: &Path, pair: &Pair) {
    std::fs::write(folder.join("cert.pem"), &pair.cert).expect("the certificate is written");
    std::fs::write(folder.join("key.pem"), &pair.key).expect("the key is written");
}

fn client(trusted: &Pair, protocols: &[&[u8]]) -> ClientConnection {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.der.clone()).expect("a certificate");
    let ring = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config =
        ClientConfig::builder_with_provider(ring).with_safe_default_protocol_versions().expect("TLS 1.2 and 1.3");
    let mut config = config.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
    ClientConnection::new(Arc::new(config), ServerName::try_from("localhost").expect("a name")).expect("a client")
}

#[test]
fn a_host_speaks_tls_shows_a_new_certificate_by_itself_and_cuts_off_a_handshake_that_does_not_end() {
    let (first, second, third) = (pair(), pair(), pair());
    let served = Served::start(&first);

    // Somebody begins a handshake and says no more.
    let mut hanging = served.socket();
    hanging.write_all(&[22, 3, 1]).expect("the host reads");
    let hangs_since = Instant::now();

    let answer = served.asks(&first, "/healthz").expect("the certificate that was given is shown");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(
        answer.to_lowercase().contains("strict-transport-security: max-age=31536000; includesubdomains"),
        "{answer}"
    );
    assert!(answer.ends_with("ok"), "{answer}");
    let url = format!("https://127.0.0.1:{}", served.port);
    served.waits("says where it serves", || served.output().contains(&url));
    assert_eq!(served.asks(&second, "/healthz"), None, "nobody else's is");

    // HTTP/2 where the client can.
    let (mut socket, mut both) = (served.socket(), client(&first, &[b"h2", b"http/1.1"]));
    both.complete_io(&mut socket).expect("a handshake");
    assert_eq!(both.alpn_protocol(), Some(&b"h2"[..]));

    // Plain text is answered in plain text, and with a sentence.
    let (mut plain, mut told) = (served.socket(), String::new());
    plain.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n").expect("the host reads");
    let _ = plain.read_to_string(&mut told);
    assert!(told.starts_with("HTTP/1.1 400") && told.ends_with("Ask again with `https://` in front."), "{told}");

    // A pair that does not belong together replaces nothing, and the log says so.
    write(served.folder.path(), &Pair { key: third.key.clone(), ..pair() });
    served.waits("tells that the pair is broken", || served.output().contains("the new TLS files are not used"));
    assert!(served.output().contains("does not fit the first certificate in `cert.pem`"), "{}", served.output());
    assert!(served.asks(&first, "/healthz").is_some(), "the one before is still shown");

    write(served.folder.path(), &second);
    served.waits("shows the new certificate", || served.asks(&second, "/healthz").is_some());
    assert_eq!(served.asks(&first, "/healthz"), None);

    let mut nothing = [0; 64];
    match hanging.read(&mut nothing) {
        Ok(0) => {}
        Ok(n) => panic!("the host answered {n} bytes to a handshake that did not end"),
        Err(cause) => assert_eq!(cause.kind(), ErrorKind::ConnectionReset, "{cause}"),
    }
    assert!(hangs_since.elapsed() < PATIENCE);
}

#[test]
fn a_certificate_that_cannot_be_served_ends_the_start_with_what_to_do() {
    let (folder, mine, other) = (tempfile::tempdir().expect("a temporary folder"), pair(), pair());
    let serve = |cert: &str, key: &str| {
        let arguments = ["serve", "--listen", "127.0.0.1:0", "--tls-cert", cert, "--tls-key", key];
        let ran = storehand(folder.path(), &arguments);
        assert_ne!(ran.code, 0);
        ran.stderr
    };
    write(folder.path(), &Pair { key: other.key.clone(), ..mine });
    let files: [(&str, &str, &str); 5] = [
        ("cert.pem", "key.pem", "the key in `key.pem` does not fit the first certificate in `cert.pem`"),
        ("nowhere.pem", "key.pem", "`nowhere.pem` cannot be read"),
        ("cert.pem", "nowhere.pem", "`nowhere.pem` cannot be read"),
        ("key.pem", "key.pem", "`key.pem` holds no certificate in PEM"),
        ("cert.pem", "cert.pem", "`cert.pem` holds no private key in PEM"),
    ];
    for (cert, key, said) in files {
        let told = serve(cert, key).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(told.contains(said) && told.contains("give") | told.contains("name"), "{said}:\n{told}");
    }
    let alone = storehand(folder.path(), &["serve", "--listen", "127.0.0.1:0", "--tls-cert", "cert.pem"]);
    assert!(alone.code == 2 && alone.stderr.contains("--tls-key"), "{}", alone.stderr);
    let data: PathBuf = folder.path().join("storehand-data/storehand.sqlite");
    assert!(!data.exists(), "nothing was begun");
}
