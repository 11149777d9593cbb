//! Requests to servers outside: sent to the one address that a name leads to, and nowhere else.
//!
//! `address` says which addresses are public; `client` is one exchange.
//!
//! INVARIANT: a request goes to an address that was looked up for it and found public, or to the operator's stand-in; what sends
//! on elsewhere is not followed; nothing in the environment of the host says where a request goes.

mod address;
mod client;

use anyhow::Context as _;
use futures_util::future::BoxFuture;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use tokio_util::task::AbortOnDropHandle;

/// From looking a name up to the last byte of the answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of an answer's body.
const MAX_ANSWER: usize = 1024 * 1024;
/// Requests of an app in a day of its store, unless the operator says otherwise: one in nine seconds, and eight for each of
/// a thousand runs.
pub const REQUESTS_PER_DAY: u32 = 10_000;

/// What the operator says of requests.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where requests to a server go instead of where its name leads: for trying an app out.
    pub stand_ins: Vec<StandIn>,
    /// Certificates of further authorities that are trusted, a file in PEM.
    pub authorities: Option<PathBuf>,
    /// Servers that nobody may call, with everything below them; in small letters.
    pub denied: Vec<String>,
    /// Requests of an app in a day of its store.
    pub per_day: u32,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { stand_ins: Vec::new(), authorities: None, denied: Vec::new(), per_day: REQUESTS_PER_DAY }
    }
}

/// A server that stands in for another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandIn {
    /// The name of the other one.
    pub host: String,
    /// Where it is.
    pub at: SocketAddr,
}

impl std::str::FromStr for StandIn {
    type Err = String;
    fn from_str(text: &str) -> Result<StandIn, String> {
        let wrong = || {
            let text: String = text.chars().take(60).collect();
            format!("`{text}` is not `HOST=ADDRESS:PORT`, for example `api.example.com=127.0.0.1:8443`")
        };
        let (host, at) = text.split_once('=').ok_or_else(wrong)?;
        Ok(StandIn { host: host.to_owned(), at: at.parse().map_err(|_| wrong())? })
    }
}

/// What is sent. Whoever makes one has checked that all of it is well-formed.
#[derive(Clone)]
pub struct Request {
    /// The server's name, in small letters.
    pub host: String,
    /// `GET` and so on.
    pub method: &'static str,
    /// Path and query.
    pub target: String,
    /// Headers, by their names in small letters.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// What a server answered.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Headers that are text, by their names in small letters.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// Why there is no answer. No text of a server's is in it.
#[derive(Debug, thiserror::Error)]
pub enum NoAnswer {
    /// The operator does not allow it.
    #[error("the operator of this host does not let apps call `{0}`")]
    Denied(String),
    /// The name leads nowhere, or to an address that is not public.
    #[error("`{0}` leads to no public address")]
    NoAddress(String),
    /// It could not be reached, or its certificate is not trusted.
    #[error("`{host}` could not be reached: {why}")]
    Unreachable {
        /// The server.
        host: String,
        /// In which step.
        why: &'static str,
    },
    /// It took too long.
    #[error("`{0}` did not answer within {seconds} seconds", seconds = PATIENCE.as_secs())]
    Late(String),
    /// The answer is not HTTP.
    #[error("`{0}` gave an answer that is not valid HTTP")]
    Malformed(String),
    /// The answer is too large.
    #[error("`{0}` gave an answer of more than {kib} KiB", kib = MAX_ANSWER / 1024)]
    TooLarge(String),
}

/// Asks where a name leads to; the tests put one of their own in its place.
type LookUp = Box<dyn Fn(&str) -> BoxFuture<'static, std::io::Result<Vec<SocketAddr>>> + Send + Sync>;

/// Sends requests.
pub struct Client {
    tls: TlsConnector,
    look_up: LookUp,
    stand_ins: HashMap<String, SocketAddr>,
    denied: Vec<String>,
}

impl Client {
    /// One that trusts the authorities of the internet, and those that the operator names.
    ///
    /// # Errors
    /// Their certificates cannot be read.
    pub fn new(settings: &Settings) -> anyhow::Result<Client> {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        if let Some(file) = &settings.authorities {
            let unread = || format!("cannot read the certificates in `{}`", file.display());
            for certificate in CertificateDer::pem_file_iter(file).with_context(unread)? {
                roots.add(certificate.with_context(unread)?).with_context(unread)?;
            }
        }
        let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
        let mut tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        tls.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Client {
            tls: TlsConnector::from(Arc::new(tls)),
            look_up: Box::new(client::look_up),
            stand_ins: settings.stand_ins.iter().map(|stand_in| (stand_in.host.clone(), stand_in.at)).collect(),
            denied: settings.denied.clone(),
        })
    }

    /// Sends a request and reads the answer, within [`PATIENCE`]. In a task of its own, so that what it computes is nobody
    /// else's time; whoever is no longer interested ends it.
    ///
    /// # Errors
    /// There is no answer, or none that is taken.
    pub async fn send(self: &Arc<Self>, request: Request) -> Result<Answer, NoAnswer> {
        let host = request.host.clone();
        if self.denied.iter().any(|denied| is_below(&host, denied)) {
            return Err(NoAnswer::Denied(host));
        }
        let this = Arc::clone(self);
        let exchange = async move { tokio::time::timeout(PATIENCE, this.exchange(request)).await };
        match AbortOnDropHandle::new(tokio::spawn(exchange)).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => Err(NoAnswer::Late(host)),
            Err(_) => Err(NoAnswer::Unreachable { host, why: "the host is stopping" }),
        }
    }
}

/// Whether a name is another one, or ends with it after a dot.
fn is_below(host: &str, other: &str) -> bool {
    host.strip_suffix(other).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may")]
mod tests {
    use super::*;

    #[test]
    fn a_denied_server_takes_with_it_what_is_below_it_and_nothing_else() {
        assert!(is_below("example.com", "example.com") && is_below("api.example.com", "example.com"));
        assert!(!is_below("notexample.com", "example.com") && !is_below("example.com", "api.example.com"));
    }

    #[test]
    fn a_stand_in_is_a_name_and_an_address() {
        let stand_in: StandIn = "api.example.com=127.0.0.1:8443".parse().unwrap();
        assert_eq!(stand_in, StandIn { host: "api.example.com".to_owned(), at: ([127, 0, 0, 1], 8443).into() });
        assert!("api.example.com".parse::<StandIn>().is_err() && "a=b".parse::<StandIn>().is_err());
    }
}
