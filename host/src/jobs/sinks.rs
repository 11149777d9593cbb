//! Where checkpoints go beside their file: a syslog, a webhook.
//!
//! INVARIANT: a target that does not answer holds up nothing but this: each try has a deadline, and of what waits for it no more
//! than a bounded part is remembered. The file has all of it.

use crate::db::{now_ms, rfc3339};
use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::json;
use sha2::Sha256;
use std::collections::VecDeque;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs as _, UdpSocket};
use std::os::unix::net::UnixDatagram;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// So many lines wait at most for a target that does not answer; older ones are in the file.
const MAX_WAITING: usize = 1_000;
/// So many go in one post.
const POST: usize = 50;
/// A post may take so long.
const PATIENCE: Duration = Duration::from_secs(10);
/// With its padding or without: both are about.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);
/// Facility 13 (log audit), severity 5 (notice).
const PRIORITY: u8 = 13 * 8 + 5;

/// What was given makes no target.
#[derive(Debug, thiserror::Error)]
pub enum BadTarget {
    /// Of a syslog.
    #[error("`{0}` is no target of a syslog; give `udp://host:port`, or the path of a socket such as `/dev/log`")]
    Syslog(String),
    /// Of a webhook.
    #[error("`{0}` is no target of a webhook; give an address that begins with `https://` or `http://`")]
    Webhook(String),
    /// Its secret.
    #[error(
        "the webhook for audit checkpoints needs a secret of 24 to 64 bytes; set STOREHAND_AUDIT_WEBHOOK_SECRET to `whsec_` and its base64"
    )]
    Secret,
}

/// Where checkpoints go beside their file, as it was given; nowhere, if nothing was.
#[derive(Clone, Default)]
pub struct Targets {
    /// `udp://host:port`, or the path of a socket.
    pub syslog: Option<String>,
    /// A URL that is posted to.
    pub webhook: Option<String>,
    /// `whsec_…`, what posts are signed with.
    pub secret: Option<String>,
}

/// Where a syslog listens.
#[derive(Debug, Clone)]
enum Syslog {
    Udp(String),
    Socket(PathBuf),
}

/// A webhook, and what posts to it are signed with.
#[derive(Clone)]
struct Webhook {
    url: String,
    secret: Vec<u8>,
    agent: ureq::Agent,
}

/// The targets, with what they were not sent yet.
pub(super) struct Sinks {
    syslog: Option<Syslog>,
    webhook: Option<Arc<Webhook>>,
    to_syslog: VecDeque<String>,
    to_webhook: VecDeque<String>,
}

impl Sinks {
    pub(super) fn new(targets: Targets) -> Result<Sinks, BadTarget> {
        let given = |text: Option<String>| text.filter(|text| !text.is_empty());
        let secret = targets.secret;
        let syslog = given(targets.syslog).map(|target| match target.strip_prefix("udp://") {
            Some(address) if address.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok()) => {
                Ok(Syslog::Udp(address.to_owned()))
            }
            None if target.starts_with('/') => Ok(Syslog::Socket(target.into())),
            _ => Err(BadTarget::Syslog(target)),
        });
        let webhook = given(targets.webhook).map(|url| {
            if !url.starts_with("https://") && !url.starts_with("http://") {
                return Err(BadTarget::Webhook(url));
            }
            let secret = secret.as_deref().and_then(|text| text.strip_prefix("whsec_"));
            let secret = secret
                .and_then(|text| BASE64.decode(text).ok())
                .filter(|key| (24..=64).contains(&key.len()))
                .ok_or(BadTarget::Secret)?;
            let agent = ureq::Agent::config_builder()
                .max_redirects(0)
                .timeout_global(Some(PATIENCE))
                .user_agent(concat!("storehand/", env!("CARGO_PKG_VERSION")))
                .build()
                .new_agent();
            Ok(Arc::new(Webhook { url, secret, agent }))
        });
        let (to_syslog, to_webhook) = Default::default();
        Ok(Sinks { syslog: syslog.transpose()?, webhook: webhook.transpose()?, to_syslog, to_webhook })
    }

    /// Has lines wait to be sent.
    pub(super) fn add(&mut self, lines: Vec<String>) {
        if self.syslog.is_some() {
            push(&mut self.to_syslog, &lines);
        }
        if self.webhook.is_some() {
            push(&mut self.to_webhook, &lines);
        }
    }

    /// Sends what waits; what cannot be sent waits on.
    pub(super) async fn send(&mut self) {
        if let Some(syslog) = self.syslog.clone().filter(|_| !self.to_syslog.is_empty()) {
            let lines: Vec<_> = self.to_syslog.iter().cloned().collect();
            match tokio::task::spawn_blocking(move || syslog.send(&lines)).await {
                Ok(Ok(())) => self.to_syslog.clear(),
                Ok(Err(cause)) => tracing::warn!(%cause, "cannot send audit checkpoints to the syslog; they wait"),
                Err(_) => {}
            }
        }
        while let Some(webhook) = self.webhook.clone().filter(|_| !self.to_webhook.is_empty()) {
            let lines: Vec<_> = self.to_webhook.iter().take(POST).cloned().collect();
            let many = lines.len();
            match tokio::task::spawn_blocking(move || webhook.post(&lines)).await {
                Ok(Ok(())) => drop(self.to_webhook.drain(..many)),
                Ok(Err(cause)) => {
                    tracing::warn!(%cause, "cannot post audit checkpoints to the webhook; they wait");
                    return;
                }
                Err(_) => return,
            }
        }
    }
}

fn push(to: &mut VecDeque<String>, lines: &[String]) {
    to.extend(lines.iter().cloned());
    to.drain(..to.len().saturating_sub(MAX_WAITING));
}

impl Syslog {
    fn send(&self, lines: &[String]) -> std::io::Result<()> {
        let (at, process) = (rfc3339(now_ms()), std::process::id());
        let message = |line: &String| format!("<{PRIORITY}>1 {at} - storehand {process} audit.checkpoint - {line}");
        match self {
            Syslog::Udp(address) => {
                let socket = reaching(address)?;
                lines.iter().try_for_each(|line| socket.send(message(line).as_bytes()).map(drop))
            }
            Syslog::Socket(path) => {
                let socket = UnixDatagram::unbound()?;
                socket.set_write_timeout(Some(PATIENCE))?;
                socket.connect(path)?;
                lines.iter().try_for_each(|line| socket.send(message(line).as_bytes()).map(drop))
            }
        }
    }
}

/// A socket that reaches an address: of its family, as one of the other does not.
fn reaching(address: &str) -> std::io::Result<UdpSocket> {
    let mut failed = std::io::Error::new(std::io::ErrorKind::NotFound, "the name of the syslog leads to no address");
    for to in address.to_socket_addrs()? {
        let from: SocketAddr =
            if to.is_ipv4() { (Ipv4Addr::UNSPECIFIED, 0).into() } else { (Ipv6Addr::UNSPECIFIED, 0).into() };
        match UdpSocket::bind(from).and_then(|socket| socket.connect(to).map(|()| socket)) {
            Ok(socket) => return Ok(socket),
            Err(e) => failed = e,
        }
    }
    Err(failed)
}

impl Webhook {
    fn post(&self, lines: &[String]) -> Result<(), String> {
        let (now, mut id) = (now_ms(), [0; 16]);
        getrandom::fill(&mut id).map_err(|e| e.to_string())?;
        let id = format!("msg_{}", hex::encode(id));
        let body =
            json!({"type": "audit.checkpoints", "timestamp": rfc3339(now), "data": {"lines": lines}}).to_string();
        let (stamp, signature) = ((now / 1_000).to_string(), sign(&self.secret, &id, now / 1_000, &body));
        let post = self.agent.post(&self.url).header("content-type", "application/json");
        let post =
            post.header("webhook-id", &id).header("webhook-timestamp", &stamp).header("webhook-signature", &signature);
        // Not what it answers: that is another's text.
        post.send(&body).map(drop).map_err(|error| error.to_string())
    }
}

/// As Standard Webhooks have it: over the id, the seconds and the body.
fn sign(secret: &[u8], id: &str, seconds: i64, body: &str) -> String {
    // A key of any length is taken.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else { return String::new() };
    mac.update(format!("{id}.{seconds}.{body}").as_bytes());
    format!("v1,{}", BASE64.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may")]
mod tests {
    use super::*;

    #[test]
    fn a_post_is_signed_as_the_standard_says() {
        // The example of the Standard Webhooks specification.
        let secret = BASE64.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signature = sign(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_syslog_is_reached_over_the_family_of_its_address() {
        for at in ["127.0.0.1:0", "[::1]:0"] {
            // A machine may have no IPv6.
            let Ok(syslog) = UdpSocket::bind(at) else { continue };
            syslog.set_read_timeout(Some(PATIENCE)).unwrap();
            let to = Syslog::Udp(syslog.local_addr().unwrap().to_string());
            to.send(&["{}".to_owned()]).unwrap();
            let mut datagram = [0; 200];
            let length = syslog.recv(&mut datagram).unwrap();
            assert!(datagram[..length].starts_with(b"<109>1 "), "{at}");
        }
    }

    #[test]
    fn what_makes_no_target_is_refused_at_the_start() {
        let targets = |syslog: &str, webhook: &str, secret: Option<&str>| Targets {
            syslog: Some(syslog.to_owned()),
            webhook: Some(webhook.to_owned()),
            secret: secret.map(str::to_owned),
        };
        assert!(Sinks::new(targets("", "", None)).is_ok());
        assert!(Sinks::new(targets("udp://127.0.0.1:514", "", None)).is_ok());
        assert!(Sinks::new(targets("udp://127.0.0.1", "", None)).is_err());
        assert!(Sinks::new(targets("tcp://127.0.0.1:514", "", None)).is_err());
        assert!(Sinks::new(targets("", "ftp://example.com", None)).is_err());
        assert!(Sinks::new(targets("", "https://example.com", Some("whsec_c2hvcnQ="))).is_err());
        assert!(Sinks::new(targets("", "https://example.com", Some("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))).is_ok());
    }
}
