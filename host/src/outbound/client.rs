//! One exchange with a server: its name looked up once, one of the addresses called, one request, one answer.

use super::address::is_public;
use super::{Answer, Client, MAX_ANSWER, NoAnswer, Request};
use bytes::Bytes;
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
        // With the dot at its end the name is whole: nothing of the machine's own domain is put behind it.
        let found: Vec<SocketAddr> =
            tokio::net::lookup_host((format!("{host}."), 443)).await.map_err(|_| nowhere())?.collect();
        match !found.is_empty() && found.iter().all(|address| is_public(address.ip())) {
            true => Ok(found.into_iter().take(MAX_ADDRESSES).collect()),
            false => Err(nowhere()),
        }
    }
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
