//! TLS: the certificate that is shown, and the handshake that begins a connection.
//!
//! INVARIANT: there is always a whole pair in use. Files that cannot be read or do not belong together replace nothing;
//! the log says so, and connections go on with the pair before.

use super::life::Life;
use super::wire::Wire;
use crate::config::TlsFiles;
use arc_swap::ArcSwap;
use parking_lot::Mutex;
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::io::{Error, ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::{CryptoProvider, ring};
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert, ServerConfig};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::server::TlsStream;
use tokio_util::sync::CancellationToken;

/// How often the files are looked at. A change is used after one look, a broken one is told after two.
const FOLLOW: Duration = Duration::from_secs(5);
/// Bytes of each file that are read. Whoever runs the host controls it.
const LARGEST: u64 = 1 << 20;
/// The first byte of a handshake (RFC 8446, 5.1).
const HANDSHAKE: u8 = 22;
/// What somebody hears who speaks plain HTTP where TLS is spoken.
const PLAIN: &str = "HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain\r\ncontent-length: 57\r\nconnection: close\r\n\r\n\
                     This port speaks TLS. Ask again with `https://` in front.";

/// What TLS is spoken with. Cheap to clone; all clones show the same certificate.
#[derive(Clone)]
pub struct Tls {
    files: Arc<TlsFiles>,
    shown: Arc<Shown>,
    config: Arc<ServerConfig>,
    seen: Arc<Mutex<Seen>>,
}

/// Why TLS cannot be spoken with a pair of files.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoTls {
    /// A file is not there, or is none that can be read.
    #[error("`{}` cannot be read: {cause}; `--tls-cert` and `--tls-key` name files in PEM that this user can read", .file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system says.
        cause: String,
    },
    /// There is no certificate in the one.
    #[error("`{}` holds no certificate in PEM; give `--tls-cert` the file that begins with `-----BEGIN CERTIFICATE-----`", .0.display())]
    NoCertificate(PathBuf),
    /// There is no key in the other.
    #[error("`{}` holds no private key in PEM; give `--tls-key` the file that begins with `-----BEGIN PRIVATE KEY-----`, without a passphrase", .0.display())]
    NoKey(PathBuf),
    /// They are not of each other, or of a kind that nobody speaks any more.
    #[error("the key in `{}` does not fit the first certificate in `{}` ({cause}); give the two that were made together", .key.display(), .cert.display())]
    Unfit {
        /// The file with the certificate.
        cert: PathBuf,
        /// The file with the key.
        key: PathBuf,
        /// What is wrong with them.
        cause: String,
    },
}

/// What the files held when they were last looked at.
#[derive(Default)]
struct Seen {
    /// The hash of both that are in use.
    used: [u8; 32],
    /// Why the last look found no pair, and whether that has been told.
    broken: Option<(NoTls, bool)>,
}

impl Tls {
    /// Reads a certificate and its key.
    pub fn load(files: &TlsFiles) -> Result<Tls, NoTls> {
        let provider = Arc::new(ring::default_provider());
        let text = Text::read(files)?;
        let key = text.pair(files, &provider)?;
        let shown = Arc::new(Shown(ArcSwap::from_pointee(key)));
        let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let unfit = |cause| NoTls::unfit(files, cause);
        let resolver: Arc<dyn ResolvesServerCert> = Arc::<Shown>::clone(&shown);
        let mut config = config.map_err(unfit)?.with_no_client_auth().with_cert_resolver(resolver);
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let seen = Seen { used: text.hash(), broken: None };
        Ok(Tls { files: Arc::new(files.clone()), shown, config: Arc::new(config), seen: Arc::new(Mutex::new(seen)) })
    }

    /// Shows a new certificate when the files hold one, until `stop`.
    pub async fn follow(self, stop: CancellationToken) {
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(FOLLOW) => {}
            }
            let tls = self.clone();
            // Files may lie on a disk that does not answer.
            let _ = tokio::task::spawn_blocking(move || tls.look()).await;
        }
    }

    /// Looks whether the files hold something else.
    fn look(&self) {
        let mut seen = self.seen.lock();
        let found = Text::read(&self.files).and_then(|text| {
            let hash = text.hash();
            let new = (hash != seen.used).then(|| text.pair(&self.files, self.config.crypto_provider()));
            Ok((hash, new.transpose()?))
        });
        match found {
            Ok((hash, Some(key))) => {
                self.shown.0.store(Arc::new(key));
                *seen = Seen { used: hash, broken: None };
                tracing::info!(file = %self.files.cert.display(), "the TLS certificate has changed; new connections are shown the new one");
            }
            Ok((_, None)) => seen.broken = None,
            // One of the two may just have been written and the other not yet, so it is told only if it stays like this.
            Err(cause) => match &mut seen.broken {
                Some((before, told)) if *before == cause => {
                    if !std::mem::replace(told, true) {
                        tracing::warn!(%cause, "the new TLS files are not used; the certificate from before is still shown");
                    }
                }
                broken => *broken = Some((cause, false)),
            },
        }
    }

    /// The handshake of a new connection, and whether HTTP/2 follows. Ends when the client's part does: whoever calls it
    /// holds the timer.
    pub(super) async fn shake_hands(
        &self,
        stream: TcpStream,
        life: Arc<Life>,
    ) -> Result<(bool, TlsStream<Wire>), Error> {
        let mut stream = stream;
        let mut first = [0; 1];
        if stream.peek(&mut first).await? == 1 && first != [HANDSHAKE] {
            // What was not read when a connection ends takes the answer with it.
            let _ = stream.read(&mut [0; 4096]).await?;
            stream.write_all(PLAIN.as_bytes()).await?;
            stream.shutdown().await?;
            return Err(Error::new(ErrorKind::InvalidData, "plain text where TLS is spoken"));
        }
        let stream = TlsAcceptor::from(Arc::clone(&self.config)).accept(Wire::new(stream, life)).await?;
        let http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
        Ok((http2, stream))
    }
}

impl NoTls {
    fn unfit(files: &TlsFiles, cause: impl fmt::Display) -> NoTls {
        NoTls::Unfit { cert: files.cert.clone(), key: files.key.clone(), cause: cause.to_string() }
    }
}

/// What both files say.
struct Text {
    cert: Vec<u8>,
    key: Vec<u8>,
}

impl Text {
    fn read(files: &TlsFiles) -> Result<Text, NoTls> {
        Ok(Text { cert: bytes(&files.cert)?, key: bytes(&files.key)? })
    }

    fn hash(&self) -> [u8; 32] {
        let length = (self.cert.len() as u64).to_be_bytes();
        Sha256::new().chain_update(length).chain_update(&self.cert).chain_update(&self.key).finalize().into()
    }

    fn pair(&self, files: &TlsFiles, provider: &CryptoProvider) -> Result<CertifiedKey, NoTls> {
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&self.cert).collect();
        let none = || NoTls::NoCertificate(files.cert.clone());
        let chain = chain.ok().filter(|chain| !chain.is_empty()).ok_or_else(none)?;
        let key = PrivateKeyDer::from_pem_slice(&self.key).map_err(|_| NoTls::NoKey(files.key.clone()))?;
        CertifiedKey::from_der(chain, key, provider).map_err(|cause| NoTls::unfit(files, cause))
    }
}

fn bytes(file: &Path) -> Result<Vec<u8>, NoTls> {
    let mut bytes = Vec::new();
    std::fs::File::open(file)
        .and_then(|open| open.take(LARGEST).read_to_end(&mut bytes))
        .map(|_| bytes)
        .map_err(|cause| NoTls::Unreadable { file: file.to_owned(), cause: cause.to_string() })
}

/// The certificate that is shown, to whatever name a client asks for.
struct Shown(ArcSwap<CertifiedKey>);

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Shown")
    }
}

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.load_full())
    }
}
