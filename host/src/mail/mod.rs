//! E-mail to people: links that are good once, and what happened to their account. Plain text, one address each.
//!
//! INVARIANT: nobody can have more sent than [`MAX_PER_HOUR`] for one store or account, nor all together more than
//! [`MAX_PER_HOUR_OF_ALL`], and whoever waits for a mail server waits [`LONGEST`] at most.

use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;

/// So many letters an hour for one store or account. Whoever invites people, or signs in, controls how many there are.
const MAX_PER_HOUR: u32 = 30;
/// So many of all of them.
const MAX_PER_HOUR_OF_ALL: u32 = 600;
const HOUR: Duration = Duration::from_secs(3_600);
/// So many at once; more wait for a place.
const AT_ONCE: usize = 4;
/// How long one may take, its wait for a place included.
const LONGEST: Duration = Duration::from_secs(15);

/// A letter.
#[derive(Debug, Clone)]
pub struct Letter {
    /// To whom.
    pub to: String,
    /// What it is about.
    pub subject: String,
    /// What it says: plain text.
    pub body: String,
}

/// Why e-mail cannot be set up as it was configured.
#[derive(Debug, thiserror::Error)]
pub enum BadConfig {
    /// The server's address.
    #[error(
        "`STOREHAND_SMTP_URL` is no address of a mail server ({0}); give one as in smtps://user:password@smtp.example.com:465"
    )]
    Url(String),
    /// Passwords and links would be read on their way.
    #[error("`STOREHAND_SMTP_URL` would send e-mail unencrypted; use smtps://, or smtp:// with `?tls=required`")]
    Unencrypted,
    /// The sender.
    #[error("`{0}` is no sender of e-mail; give `--mail-from` as in 'Corner shop <hello@example.com>'")]
    From(String),
    /// Where the links lead.
    #[error(
        "e-mail needs the address that people reach this host at, for the links in it; give `--public-url` as in https://admin.example.com"
    )]
    NoPublicUrl,
}

/// Why a letter was not sent.
#[derive(Debug, thiserror::Error)]
pub enum NotSent {
    /// Too many were, in the last hour.
    #[error("too much e-mail was sent in the last hour; wait, or hand it over in another way")]
    TooMany,
    /// No e-mail can be sent to this address.
    #[error("no e-mail can be sent to this address")]
    Address,
    /// The mail server did not take it, or was not there in time.
    #[error("the mail server did not take it")]
    Server,
}

/// What sends letters. Cheap to clone.
#[derive(Clone)]
pub struct Mailer(Arc<Post>);

struct Post {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    public_url: String,
    places: Semaphore,
    sent: Mutex<Sent>,
}

/// What was sent within an hour, by whom it was caused.
struct Sent {
    since: Instant,
    all: u32,
    of: HashMap<String, u32>,
}

impl std::fmt::Debug for Mailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Mailer(…)")
    }
}

/// Whether a server is on this computer, where nobody listens on the way.
fn is_here(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?']).next().unwrap_or(rest);
    let host = authority.rsplit('@').next().unwrap_or(authority);
    let host = host
        .strip_prefix('[')
        .and_then(|host| host.split(']').next())
        .unwrap_or_else(|| host.split(':').next().unwrap_or(host));
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

impl Mailer {
    /// For a mail server, by `smtps://…` or `smtp://…?tls=required`, from this sender. Links begin with `public_url`.
    pub fn new(url: &str, from: Option<&str>, public_url: Option<&str>) -> Result<Mailer, BadConfig> {
        // What is wrong with it may quote it, and it holds a password: only its kind is told.
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(|_| BadConfig::Url(scheme(url)))?;
        let encrypted = url.starts_with("smtps://") || url.contains("tls=required");
        if !encrypted && !is_here(url) {
            return Err(BadConfig::Unencrypted);
        }
        let from = from.unwrap_or_default();
        let from: Mailbox = from.parse().map_err(|_| BadConfig::From(from.to_owned()))?;
        let public_url = public_url.filter(|url| url.starts_with("https://") || url.starts_with("http://"));
        let public_url = public_url.ok_or(BadConfig::NoPublicUrl)?.trim_end_matches('/').to_owned();
        let transport = builder.timeout(Some(LONGEST)).build();
        let sent = Mutex::new(Sent { since: Instant::now(), all: 0, of: HashMap::new() });
        Ok(Mailer(Arc::new(Post { transport, from, public_url, places: Semaphore::new(AT_ONCE), sent })))
    }

    /// The whole address of a page of this host.
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.0.public_url)
    }

    /// Sends a letter; `cause` is the store or account for which it is sent. Returns once a mail server has taken it.
    pub async fn send(&self, letter: Letter, cause: &str) -> Result<(), NotSent> {
        let to = letter.to.parse().map_err(|_| NotSent::Address)?;
        let message = Message::builder()
            .from(self.0.from.clone())
            .to(Mailbox::new(None, to))
            .subject(letter.subject.replace(['\r', '\n'], " "))
            .header(ContentType::TEXT_PLAIN)
            .body(letter.body)
            .map_err(|_| NotSent::Address)?;
        if !self.0.sent.lock().count(cause, Instant::now()) {
            return Err(NotSent::TooMany);
        }
        let sending = async {
            let _place = self.0.places.acquire().await.map_err(|_| NotSent::Server)?;
            self.0.transport.send(message).await.map_err(|error| {
                tracing::warn!(%error, "the mail server did not take an e-mail");
                NotSent::Server
            })
        };
        match tokio::time::timeout(LONGEST, sending).await {
            Ok(sent) => sent.map(drop),
            Err(_) => {
                tracing::warn!("the mail server did not answer in time");
                Err(NotSent::Server)
            }
        }
    }
}

fn scheme(url: &str) -> String {
    url.split_once("://").map_or_else(|| "without a scheme".to_owned(), |(scheme, _)| format!("{scheme}://…"))
}

impl Sent {
    /// Counts one more; false, if there were too many.
    fn count(&mut self, cause: &str, now: Instant) -> bool {
        if now.duration_since(self.since) >= HOUR {
            *self = Sent { since: now, all: 0, of: HashMap::new() };
        }
        if self.all >= MAX_PER_HOUR_OF_ALL {
            return false;
        }
        let of = self.of.entry(cause.to_owned()).or_default();
        if *of >= MAX_PER_HOUR {
            return false;
        }
        (*of, self.all) = (*of + 1, self.all + 1);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(url: &str) -> Result<Mailer, BadConfig> {
        Mailer::new(url, Some("Corner shop <hello@example.com>"), Some("https://admin.example.com/"))
    }

    #[tokio::test]
    async fn a_mail_server_elsewhere_is_spoken_to_over_tls_alone() {
        for url in [
            "smtps://a:b@smtp.example.com:465",
            "smtp://smtp.example.com:587?tls=required",
            "smtp://127.0.0.1:25",
            "smtp://[::1]:25",
            "smtp://localhost",
        ] {
            assert_eq!(new(url).unwrap().link("/link?s=1"), "https://admin.example.com/link?s=1", "{url}");
        }
        for url in [
            "smtp://smtp.example.com",
            "smtp://127.0.0.1@smtp.example.com",
            "smtp://localhost.example.com?tls=opportunistic",
        ] {
            assert!(matches!(new(url), Err(BadConfig::Unencrypted)), "{url}");
        }
        let secret = new("ftp://user:hunter2@example.com").unwrap_err().to_string();
        assert!(!secret.contains("hunter2") && secret.contains("ftp://"), "{secret}");
        assert!(matches!(Mailer::new("smtp://localhost", None, Some("https://a")), Err(BadConfig::From(_))));
        assert!(matches!(
            Mailer::new("smtp://localhost", Some("a@example.com"), Some("ftp://a")),
            Err(BadConfig::NoPublicUrl)
        ));
    }

    #[test]
    fn nobody_has_more_sent_in_an_hour_than_is_theirs() {
        let start = Instant::now();
        let mut sent = Sent { since: start, all: 0, of: HashMap::new() };
        for n in 0..MAX_PER_HOUR + 5 {
            assert_eq!(sent.count("one", start), n < MAX_PER_HOUR);
        }
        assert!(sent.count("another", start));
        for n in 0..2 * MAX_PER_HOUR_OF_ALL {
            sent.count(&format!("store {n}"), start);
        }
        assert_eq!(sent.all, MAX_PER_HOUR_OF_ALL);
        assert!(!sent.count("a third", start) && sent.count("a third", start + HOUR));
    }
}
