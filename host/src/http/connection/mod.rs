//! One connection from its first byte to its last: which protocol it speaks, and the timers that end it.
//!
//! In reading order: `places` (who may come in, and who gives up a place for somebody else), `life` (what a
//! connection has done lately), `wire` (its bytes), `tls` (what encrypts them), `requests` (its requests), `whose` (who is
//! behind it).
//!
//! INVARIANT: no connection outlives its timers. One that sends no request, takes no answer or is old ends whatever its
//! client does, because nothing here waits for the client to agree.

mod life;
mod places;
mod requests;
mod tls;
mod whose;
mod wire;

pub(super) use places::{Entry, Places};
pub(super) use requests::Doors;
pub use tls::{NoTls, Tls};
pub use whose::Came;

use crate::config::Limits;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use life::End;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;
use tokio_util::sync::CancellationToken;
use wire::Wire;

/// How often a connection is looked at.
const LOOK: Duration = Duration::from_secs(1);
/// How long a connection that was asked to end has to send what is under way, where its client takes it.
const FAREWELL: Duration = Duration::from_secs(5);

/// How connections are spoken to.
pub(super) fn builder(limits: &Limits) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_headers(limits.headers)
        .max_buf_size(limits.buffer);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(limits.streams)
        .max_header_list_size(limits.header_list)
        .max_pending_accept_reset_streams(limits.resets)
        .keep_alive_interval(limits.keep_alive)
        .keep_alive_timeout(Duration::from_secs(10));
    builder
}

/// Serves one connection until it ends, has to, or the host stops.
pub(super) async fn serve(
    stream: TcpStream,
    entry: Entry,
    builder: &Builder<TokioExecutor>,
    doors: Doors,
    stop: CancellationToken,
) {
    let _ = stream.set_nodelay(true);
    let first = tokio::select! {
        () = stop.cancelled() => return,
        () = entry.given_up() => return,
        first = tokio::time::timeout(doors.limits().head, begun(stream, &entry, doors.tls())) => first,
    };
    match first {
        Ok(Ok(Begun::Plain { http2, wire })) => talk(wire, http2, &entry, builder, doors, stop).await,
        Ok(Ok(Begun::Tls { http2, stream })) => talk(stream, http2, &entry, builder, doors, stop).await,
        Ok(Err(cause)) => tracing::debug!(%cause, "a connection did not begin"),
        Err(_) => {}
    }
}

/// A connection over which requests may come.
enum Begun {
    Plain { http2: bool, wire: Wire },
    Tls { http2: bool, stream: Box<TlsStream<Wire>> },
}

/// Its first bytes: the whole handshake, where TLS is spoken.
async fn begun(stream: TcpStream, entry: &Entry, tls: Option<&Tls>) -> std::io::Result<Begun> {
    let life = Arc::clone(entry.life());
    match tls {
        None => {
            let http2 = speaks_http2(&stream).await?;
            Ok(Begun::Plain { http2, wire: Wire::new(stream, life) })
        }
        Some(tls) => {
            let (http2, stream) = tls.shake_hands(stream, life).await?;
            Ok(Begun::Tls { http2, stream: Box::new(stream) })
        }
    }
}

/// Answers what comes over a connection that has begun.
async fn talk(
    io: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    http2: bool,
    entry: &Entry,
    builder: &Builder<TokioExecutor>,
    doors: Doors,
    stop: CancellationToken,
) {
    let (limits, life) = (doors.limits(), Arc::clone(entry.life()));
    let builder = builder.clone();
    let builder = if http2 { builder.http2_only() } else { builder.http1_only() };
    let connection = builder.serve_connection(TokioIo::new(io), doors.service(entry)).into_owned();
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => Some(ended),
        () = stop.cancelled() => None,
        end = life.over(&limits, entry.is_reserve()) => match end {
            End::Ask => None,
            End::Cut => return,
        },
        () = entry.given_up() => return,
    };
    let ended = match ended {
        Some(ended) => ended,
        None => {
            connection.as_mut().graceful_shutdown();
            tokio::select! {
                ended = connection.as_mut() => ended,
                () = life.done_with(&limits) => return,
                () = entry.given_up() => return,
            }
        }
    };
    if let Err(cause) = ended {
        tracing::debug!(%cause, "a connection broke");
    }
}

/// What an HTTP/2 connection begins with (RFC 9113, 3.4).
const PREFACE: &[u8; 24] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Whether the client speaks HTTP/2. The builder could tell, too, but waits for the first bytes without a timer.
async fn speaks_http2(stream: &TcpStream) -> std::io::Result<bool> {
    let mut first = [0u8; PREFACE.len()];
    loop {
        let n = stream.peek(&mut first).await?;
        let seen = first.get(..n).unwrap_or_default();
        if n == 0 || n == PREFACE.len() || !PREFACE.starts_with(seen) {
            return Ok(seen == PREFACE);
        }
        // Bytes already seen count as ready, so waiting for more takes a pause.
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::routing::get;
    use std::net::SocketAddr;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    /// A server whose timers are short, in a house with one large room.
    async fn served(limits: Limits) -> SocketAddr {
        let large = || async { vec![b'.'; 64 * 1024 * 1024] };
        let slow = || async {
            tokio::time::sleep(Duration::from_secs(3)).await;
            "at last"
        };
        let router = Router::new().route("/large", get(large)).route("/slow", get(slow));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let proxies = Vec::new().into();
        tokio::spawn(crate::http::serve(listener, None, router, limits, proxies, CancellationToken::new()));
        address
    }

    fn short() -> Limits {
        let second = Duration::from_secs(1);
        Limits { idle: second, write: second, untouched: second, keep_alive: second, ..Limits::default() }
    }

    /// Everything that comes until the host ends the connection, and what `say` answers to each part.
    async fn until_cut(stream: &mut TcpStream, mut say: impl FnMut(&[u8]) -> Vec<u8>) -> usize {
        let (mut all, mut part) = (0, [0; 16_384]);
        loop {
            match stream.read(&mut part).await {
                Ok(0) | Err(_) => return all,
                Ok(n) => {
                    all += n;
                    let _ = stream.write_all(&say(part.get(..n).unwrap_or_default())).await;
                }
            }
        }
    }

    #[tokio::test]
    async fn idle_connections_end_also_those_that_answer_pings() {
        let address = served(short()).await;
        let mut plain = TcpStream::connect(address).await.unwrap();
        plain.write_all(b"GET /none HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        until_cut(&mut plain, |_| Vec::new()).await;
        let mut second = TcpStream::connect(address).await.unwrap();
        second.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").await.unwrap();
        let mut pings = 0;
        until_cut(&mut second, |part| {
            // A ping has eight bytes and comes alone, a moment after the settings.
            let at = part.windows(9).position(|head| head.starts_with(&[0, 0, 8, 6, 0]));
            let ping = at.and_then(|at| part.get(at + 9..at + 17));
            ping.map_or_else(Vec::new, |ping| {
                pings += 1;
                [&[0, 0, 8, 6, 1, 0, 0, 0, 0], ping].concat()
            })
        })
        .await;
        assert!(pings > 0, "it was alive to the last");
    }

    #[tokio::test]
    async fn who_does_not_read_is_cut_off_and_who_waits_is_not() {
        let address = served(short()).await;
        let mut unread = TcpStream::connect(address).await.unwrap();
        unread.write_all(b"GET /large HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        // Nothing of it is read until the host has given up.
        tokio::time::sleep(Duration::from_secs(4)).await;
        assert!(until_cut(&mut unread, |_| Vec::new()).await < 64 * 1024 * 1024);
        let mut patient = TcpStream::connect(address).await.unwrap();
        patient.write_all(b"GET /slow HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
        let mut answer = String::new();
        patient.read_to_string(&mut answer).await.unwrap();
        assert!(answer.ends_with("at last"), "{answer}");
    }
}
