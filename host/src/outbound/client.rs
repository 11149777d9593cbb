//! One exchange with a server: its name looked up once, one of the addresses called, one request, one answer.

use super::address::is_public;
use super::{Answer, Client, MAX_ANSWER, NoAnswer, Request};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::client::conn::http1;
use hyper::header::{ACCEPT_ENCODING, HOST, HeaderName, HeaderValue, USER_AGENT};
use hyper_util::rt::TokioIo;
use std::net::SocketAddr;
use tokio::net::TcpStream;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_util::task::AbortOnDropHandle;

/// Bytes of an answer's head, and how many headers are in it.
const MAX_HEAD: usize = 32 * 1024;
const MAX_HEADERS: usize = 64;
/// So many addresses of a server are tried.
const MAX_ADDRESSES: usize = 4;

impl Client {
    /// Without a limit of time: whoever calls has one.
    pub(super) async fn exchange(&self, request: Request) -> Result<Answer, NoAnswer> {
        let host = request.host.clone();
        let unreachable = |why| NoAnswer::Unreachable { host: host.clone(), why };
        let socket = connect(&self.addresses(&host).await?).await.ok_or_else(|| unreachable("nobody answers there"))?;
        let name = ServerName::try_from(host.clone()).map_err(|_| unreachable("it has no name"))?;
        let secured = self.tls.connect(name, socket).await;
        let secured = secured.map_err(|_| unreachable("its certificate is not trusted, or it speaks no TLS"))?;
        let malformed = |_| NoAnswer::Malformed(host.clone());
        let (mut sender, connection) = http1::Builder::new()
            .max_buf_size(MAX_HEAD)
            .max_headers(MAX_HEADERS)
            .handshake::<_, Full<Bytes>>(TokioIo::new(secured))
            .await
            .map_err(malformed)?;
        let _connection = AbortOnDropHandle::new(tokio::spawn(connection));
        let sent = http(request).ok_or_else(|| unreachable("the request is not well-formed"))?;
        let (head, body) = sender.send_request(sent).await.map_err(malformed)?.into_parts();
        let body =
            Limited::new(body, MAX_ANSWER).collect().await.map_err(|error| match error.is::<LengthLimitError>() {
                true => NoAnswer::TooLarge(host.clone()),
                false => NoAnswer::Malformed(host.clone()),
            })?;
        let text =
            |(name, value): (&HeaderName, &HeaderValue)| Some((name.to_string(), value.to_str().ok()?.to_owned()));
        let headers = head.headers.iter().filter_map(text).collect();
        Ok(Answer { status: head.status.as_u16(), headers, body: body.to_bytes().to_vec() })
    }

    /// Where a server is. One address that is not public is reason enough to call none of them.
    async fn addresses(&self, host: &str) -> Result<Vec<SocketAddr>, NoAnswer> {
        if let Some(stand_in) = self.stand_ins.get(host) {
            return Ok(vec![*stand_in]);
        }
        let nowhere = || NoAnswer::NoAddress(host.to_owned());
        let found = (self.look_up)(host).await.map_err(|_| nowhere())?;
        match !found.is_empty() && found.iter().all(|address| is_public(address.ip())) {
            true => Ok(found.into_iter().take(MAX_ADDRESSES).collect()),
            false => Err(nowhere()),
        }
    }
}

/// Asks the system where a name leads to.
pub(super) fn look_up(host: &str) -> BoxFuture<'static, std::io::Result<Vec<SocketAddr>>> {
    // With the dot at its end the name is whole: nothing of the machine's own domain is put behind it.
    let whole = format!("{host}.");
    Box::pin(async move { Ok(tokio::net::lookup_host((whole, 443)).await?.collect()) })
}

async fn connect(addresses: &[SocketAddr]) -> Option<TcpStream> {
    for address in addresses {
        if let Ok(socket) = TcpStream::connect(address).await {
            let _ = socket.set_nodelay(true);
            return Some(socket);
        }
    }
    None
}

fn http(request: Request) -> Option<hyper::Request<Full<Bytes>>> {
    let mut sent = hyper::Request::new(Full::new(Bytes::from(request.body)));
    *sent.method_mut() = request.method.parse().ok()?;
    *sent.uri_mut() = request.target.parse().ok()?;
    let headers = sent.headers_mut();
    for (name, value) in &request.headers {
        headers.insert(HeaderName::try_from(name).ok()?, HeaderValue::try_from(value).ok()?);
    }
    headers.insert(HOST, HeaderValue::from_str(&request.host).ok()?);
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    headers.insert(USER_AGENT, HeaderValue::from_static(concat!("storehand/", env!("CARGO_PKG_VERSION"))));
    Some(sent)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may")]
mod tests {
    use super::super::address::NOT_PUBLIC;
    use super::*;
    use std::net::IpAddr;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    const TRIES: usize = 1_000;

    /// A client that is told by the number of its question where a name leads to, and how often it has asked.
    fn client(leads: impl Fn(usize) -> Vec<SocketAddr> + Send + Sync + 'static) -> (Arc<Client>, Arc<AtomicUsize>) {
        let asked = Arc::new(AtomicUsize::new(0));
        let mut client = Client::new(&super::super::Settings::default()).unwrap();
        let counted = Arc::clone(&asked);
        client.look_up = Box::new(move |_| {
            let found = leads(counted.fetch_add(1, Ordering::Relaxed));
            Box::pin(async move { Ok(found) })
        });
        (Arc::new(client), asked)
    }

    /// Somebody who listens on every address of this machine: at which port, and how many have come.
    async fn listener() -> (u16, Arc<AtomicUsize>) {
        let socket = tokio::net::TcpListener::bind("0.0.0.0:0").await.unwrap();
        let port = socket.local_addr().unwrap().port();
        let come = Arc::new(AtomicUsize::new(0));
        let counts = Arc::clone(&come);
        tokio::spawn(async move {
            while socket.accept().await.is_ok() {
                counts.fetch_add(1, Ordering::Relaxed);
            }
        });
        (port, come)
    }

    fn request() -> Request {
        let (host, target) = ("changes.example.com".to_owned(), "/".to_owned());
        Request { host, method: "GET", target, headers: Vec::new(), body: Vec::new() }
    }

    /// The listener is there: whoever goes to it is counted.
    async fn is_counted(port: u16, come: &AtomicUsize) {
        drop(connect(&[SocketAddr::from(([127, 0, 0, 1], port))]).await.unwrap());
        while come.load(Ordering::Relaxed) == 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(come.load(Ordering::Relaxed), 1, "nobody else came");
    }

    #[tokio::test]
    async fn a_resolver_that_changes_its_mind_leads_to_no_private_address_in_a_thousand_tries() {
        let (port, come) = listener().await;
        let public = SocketAddr::from(([1, 1, 1, 1], 443));
        let private = SocketAddr::from(([127, 0, 0, 1], port));
        // Public every other time, so that whoever looks twice is told something else.
        let (client, asked) = client(move |n| match n % 4 {
            1 => vec![private],
            3 => vec![public, private],
            _ => vec![public],
        });
        for n in 0..TRIES {
            if n % 2 == 0 {
                // What is called is what was looked at.
                assert_eq!(client.addresses("changes.example.com").await.unwrap(), [public]);
            } else {
                assert!(matches!(client.send(request()).await, Err(NoAnswer::NoAddress(_))));
            }
        }
        assert_eq!(asked.load(Ordering::Relaxed), TRIES, "once for each");
        is_counted(port, &come).await;
    }

    #[tokio::test]
    async fn none_of_a_hundred_and_twenty_addresses_that_are_not_public_is_connected_to() {
        let (port, come) = listener().await;
        let addresses: Vec<IpAddr> = NOT_PUBLIC.split_whitespace().map(|text| text.parse().unwrap()).collect();
        let many = addresses.len();
        assert!(many >= 120, "{many}");
        let (client, asked) = client(move |n| vec![SocketAddr::new(addresses[n], port)]);
        for _ in 0..many {
            assert!(matches!(client.send(request()).await, Err(NoAnswer::NoAddress(_))));
        }
        assert_eq!(asked.load(Ordering::Relaxed), many);
        is_counted(port, &come).await;
    }
}
