//! A server outside the store, which stands in for `api.example.com`: it notes what it is asked and answers by the path.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::sleep;
use std::time::Duration;

use super::host::Told;
use tempfile::TempDir;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::{ServerConfig, ServerConnection, StreamOwned};

/// The server that it stands in for.
pub const NAME: &str = "api.example.com";
/// Longer than a host waits for an answer.
const LONG: Duration = Duration::from_secs(30);

/// A server that answers until the test is over.
pub struct Outside {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
    /// Whether what waits to be released is answered.
    released: Arc<AtomicBool>,
    folder: TempDir,
}

impl Outside {
    /// Starts it, with a certificate for [`NAME`].
    pub fn start() -> Outside {
        let made = rcgen::generate_simple_self_signed([NAME.to_owned()]).expect("a certificate");
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(folder.path().join("authority.pem"), made.cert.pem()).expect("it can be written");
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
        let config = ServerConfig::builder().with_no_client_auth().with_single_cert(vec![made.cert.der().clone()], key);
        let config = Arc::new(config.expect("a certificate and its key"));
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let released = Arc::new(AtomicBool::new(false));
        let (noted, free) = (Arc::clone(&asked), Arc::clone(&released));
        std::thread::spawn(move || {
            for socket in listener.incoming().flatten() {
                let (config, noted, free) = (Arc::clone(&config), Arc::clone(&noted), Arc::clone(&free));
                std::thread::spawn(move || serve(socket, config, &noted, &free));
            }
        });
        Outside { port, asked, released, folder }
    }

    /// What a host is told so that it calls this one. It lives as long as the test run.
    pub fn told(&self) -> Told {
        self.told_more(&[])
    }

    /// The same, and more.
    pub fn told_more(&self, more: Told) -> Told {
        let authority = self.folder.path().join("authority.pem").to_string_lossy().into_owned();
        let leak = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
        let mut told = vec![
            ("STOREHAND_HTTP_STAND_IN", leak(format!("{NAME}=127.0.0.1:{}", self.port))),
            ("STOREHAND_HTTP_AUTHORITIES", leak(authority)),
        ];
        told.extend(more);
        Box::leak(told.into_boxed_slice())
    }

    /// Answers what was asked at `/v1/held` so far, and from now on at once.
    pub fn release(&self) {
        self.released.store(true, Ordering::Release);
    }

    /// Heads and bodies of what it was asked so far, in small letters.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("no answer panicked").clone()
    }
}

fn serve(socket: TcpStream, config: Arc<ServerConfig>, noted: &Mutex<Vec<String>>, released: &AtomicBool) {
    let _ = socket.set_read_timeout(Some(LONG));
    let Ok(connection) = ServerConnection::new(config) else { return };
    let mut secured = StreamOwned::new(connection, socket);
    let Some(request) = read(&mut secured) else { return };
    noted.lock().expect("no answer panicked").push(request.to_ascii_lowercase());
    let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
    while path == "/v1/held" && !released.load(Ordering::Acquire) {
        sleep(Duration::from_millis(20));
    }
    let _ = answer(&mut secured, &path);
    secured.conn.send_close_notify();
    let _ = secured.flush();
}

/// Head and body of a request.
fn read(from: &mut impl Read) -> Option<String> {
    let (mut text, mut part) = (Vec::new(), [0; 4_096]);
    loop {
        let n = from.read(&mut part).ok().filter(|n| *n > 0)?;
        text.extend_from_slice(&part[..n]);
        let whole = String::from_utf8_lossy(&text).into_owned();
        let Some((head, body)) = whole.split_once("\r\n\r\n") else { continue };
        let length = head.to_ascii_lowercase();
        let length = length.split("content-length: ").nth(1).and_then(|rest| rest.lines().next()?.parse().ok());
        if body.len() >= length.unwrap_or(0) {
            return Some(whole);
        }
    }
}

fn answer(to: &mut impl Write, path: &str) -> std::io::Result<()> {
    match path.split('?').next().unwrap_or_default().trim_start_matches("/v1/") {
        "away" => to.write_all(
            b"HTTP/1.1 302 Found\r\nlocation: https://127.0.0.1/secret\r\nset-cookie: a=b\r\ncontent-length: 0\r\n\r\n",
        ),
        "garbage" => to.write_all(b"\x00\x01 this is not HTTP\r\n\r\n"),
        "headers" => {
            to.write_all(b"HTTP/1.1 200 OK\r\n")?;
            (0..100_000).try_for_each(|n| write!(to, "x-{n}: {n}\r\n"))
        }
        "endless" => {
            to.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\n")?;
            loop {
                to.write_all(&[b'x'; 16 << 10])?;
            }
        }
        "drip" => {
            to.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n")?;
            loop {
                to.write_all(b"x")?;
                to.flush()?;
                sleep(Duration::from_millis(200));
            }
        }
        "silent" => {
            sleep(LONG);
            Ok(())
        }
        _ => to
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 11\r\n\r\n{\"ok\":true}"),
    }
}
