//! Where checkpoints go beside their file: a syslog, a webhook (see `webhook`).
//!
//! INVARIANT: a target that does not answer holds up nothing but this: each try has a deadline, and of what waits for it no more
//! than a bounded part is remembered. The file has all of it.

use super::trouble::{Place, Trouble};
use super::webhook::{BadWebhook, PATIENCE, Webhook};
use crate::db::{now_ms, rfc3339};
use serde_json::json;
use std::collections::VecDeque;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs as _, UdpSocket};
use std::os::unix::net::UnixDatagram;
use std::path::PathBuf;
use std::sync::Arc;

/// So many lines wait at most for a target that does not answer; older ones are in the file.
const MAX_WAITING: usize = 1_000;
/// So many go in one post.
const POST: usize = 50;
/// Facility 13 (log audit), severity 5 (notice).
const PRIORITY: u8 = 13 * 8 + 5;

/// What was given makes no target.
#[derive(Debug, thiserror::Error)]
pub enum BadTarget {
    /// Of a syslog.
    #[error("`{0}` is no target of a syslog; give `udp://host:port`, or the path of a socket such as `/dev/log`")]
    Syslog(String),
    /// Of a webhook.
    #[error(transparent)]
    Webhook(#[from] BadWebhook),
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
        let syslog = given(targets.syslog).map(|target| match target.strip_prefix("udp://") {
            Some(address) if address.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok()) => {
                Ok(Syslog::Udp(address.to_owned()))
            }
            None if target.starts_with('/') => Ok(Syslog::Socket(target.into())),
            _ => Err(BadTarget::Syslog(target)),
        });
        let what = ("audit checkpoints", "STOREHAND_AUDIT_WEBHOOK_SECRET");
        let webhook = Webhook::new(targets.webhook, targets.secret.as_deref(), what)?.map(Arc::new);
        let (to_syslog, to_webhook) = Default::default();
        Ok(Sinks { syslog: syslog.transpose()?, webhook, to_syslog, to_webhook })
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

    /// Sends what waits; what cannot be sent waits on, and is noted.
    pub(super) async fn send(&mut self, trouble: &Trouble) {
        if let Some(syslog) = self.syslog.clone().filter(|_| !self.to_syslog.is_empty()) {
            let lines: Vec<_> = self.to_syslog.iter().cloned().collect();
            match tokio::task::spawn_blocking(move || syslog.send(&lines)).await {
                Ok(Ok(())) => {
                    self.to_syslog.clear();
                    trouble.ended(Place::Syslog, Ok(()));
                }
                Ok(Err(cause)) => {
                    tracing::warn!(%cause, "cannot send audit checkpoints to the syslog; they wait");
                    trouble.ended(Place::Syslog, Err(cause.to_string()));
                }
                Err(_) => {}
            }
        }
        while let Some(webhook) = self.webhook.clone().filter(|_| !self.to_webhook.is_empty()) {
            let lines: Vec<_> = self.to_webhook.iter().take(POST).cloned().collect();
            let many = lines.len();
            let data = json!({ "lines": lines });
            match tokio::task::spawn_blocking(move || webhook.post("audit.checkpoints", &data)).await {
                Ok(Ok(())) => {
                    drop(self.to_webhook.drain(..many));
                    trouble.ended(Place::Webhook, Ok(()));
                }
                Ok(Err(cause)) => {
                    tracing::warn!(%cause, "cannot post audit checkpoints to the webhook; they wait");
                    trouble.ended(Place::Webhook, Err(cause));
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

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may")]
mod tests {
    use super::*;

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
