//! Many connections at once, from addresses of their own, that do as little as can be done with one.

use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::Duration;

use tokio::net::TcpSocket;
use tokio::runtime::{Builder, Runtime};

/// What a connection of a crowd does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Nothing at all.
    Silent,
    /// Asks for something large again and again, and never reads.
    Unread,
    /// Speaks HTTP/2, and asks for nothing.
    IdleHttp2,
}

/// How an HTTP/2 connection begins: the preface, no settings, and thanks for those of the server.
const HTTP2: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0\0\0\0\x04\x01\0\0\0\0";
/// The API's description is the largest thing that a stranger may ask for.
const ASKED: &[u8] = b"GET /api/v1/openapi.json HTTP/1.1\r\nhost: x\r\n\r\n";

/// Opens as many connections as it is told to, and makes the oldest of them anew for as long as it goes on.
pub struct Crowd {
    kind: Kind,
    port: u16,
    runtime: Runtime,
    open: Vec<TcpStream>,
    made: usize,
    /// Their addresses: 127.0.0.`first` and those after.
    addresses: (u8, u8),
}

impl Crowd {
    /// A crowd from so many addresses, 127.0.0.`first` on.
    pub fn new(kind: Kind, port: u16, first: u8, addresses: u8) -> Crowd {
        let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile);
        let most = rustix::process::Rlimit { current: limit.maximum, maximum: limit.maximum };
        rustix::process::setrlimit(rustix::process::Resource::Nofile, most).expect("a process may have its files");
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        Crowd { kind, port, runtime, open: Vec::new(), made: 0, addresses: (first, addresses) }
    }

    /// One more connection. None, where the host does not take it.
    pub fn one(&mut self) -> Option<TcpStream> {
        self.made += 1;
        let (first, addresses) = self.addresses;
        let from = Ipv4Addr::new(127, 0, 0, first + (self.made % usize::from(addresses)) as u8);
        let to = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        let stream = self.runtime.block_on(async {
            let socket = TcpSocket::new_v4().expect("a socket");
            // What is not read is to wait at the sender, not here.
            let _ = socket.set_recv_buffer_size(4_096);
            socket.bind(SocketAddr::new(IpAddr::V4(from), 0)).expect("an address of this machine");
            let connected = tokio::time::timeout(Duration::from_secs(5), socket.connect(to)).await.ok()?;
            connected.ok()?.into_std().ok()
        })?;
        stream.set_nonblocking(false).ok()?;
        stream.set_write_timeout(Some(Duration::from_secs(1))).ok()?;
        let mut writer = &stream;
        match self.kind {
            Kind::Silent => {}
            Kind::Unread => drop(writer.write_all(&ASKED.repeat(4))),
            Kind::IdleHttp2 => drop(writer.write_all(HTTP2)),
        }
        Some(stream)
    }

    /// Holds so many connections until told to stop, the oldest made anew all the while. Says when they are as many.
    pub fn hold(mut self, many: usize, full: &AtomicBool, stop: &AtomicBool) {
        while !stop.load(Ordering::Relaxed) {
            let next = self.one();
            let place = self.made % many;
            match next {
                Some(stream) if self.open.len() < many => self.open.push(stream),
                Some(stream) => {
                    full.store(true, Ordering::Relaxed);
                    self.open[place] = stream;
                    sleep(Duration::from_millis(5));
                }
                None => sleep(Duration::from_millis(5)),
            }
        }
    }
}
