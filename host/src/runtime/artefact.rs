//! Compiled components on disk: authenticated, so that only what this host compiled is ever run.
//!
//! INVARIANT: machine code is loaded only from bytes whose HMAC over (component digest, engine fingerprint, bytes) has
//! just been verified. The key authenticates the cache, not the compiler: it is random per host and says nothing
//! about whether the compiler was right.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The folder of artefacts and its key.
#[derive(Debug)]
pub struct Artefacts {
    folder: PathBuf,
    key: [u8; 32],
    fingerprint: String,
}

const TAG: usize = 32;
/// A digest in hex, which the key and files that are being written do not begin with.
const DIGEST: usize = 64;

impl Artefacts {
    /// Opens the folder; makes it, and a key, if they are not there.
    pub fn open(folder: &Path, fingerprint: String) -> std::io::Result<Artefacts> {
        std::fs::create_dir_all(folder)?;
        let path = folder.join("key");
        let key = match std::fs::read(&path) {
            Ok(bytes) => <[u8; 32]>::try_from(bytes)
                .map_err(|_| std::io::Error::other("the artefact key is damaged; delete the folder"))?,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                let mut key = [0; 32];
                getrandom::fill(&mut key).map_err(|e| std::io::Error::other(e.to_string()))?;
                write_new(&path, &[&key])?;
                key
            }
            Err(e) => return Err(e),
        };
        Ok(Artefacts { folder: folder.to_owned(), key, fingerprint })
    }

    fn mac(&self, digest: &str, bytes: &[u8]) -> Option<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).ok()?;
        for part in [digest.as_bytes(), self.fingerprint.as_bytes(), bytes] {
            mac.update(&(part.len() as u64).to_le_bytes());
            mac.update(part);
        }
        Some(mac)
    }

    fn path(&self, digest: &str) -> PathBuf {
        self.folder.join(format!("{digest}-{}", self.fingerprint))
    }

    /// The artefact of a component, if it is there and was made by this host for this engine.
    pub fn get(&self, digest: &str) -> Option<Vec<u8>> {
        let mut bytes = std::fs::read(self.path(digest)).ok()?;
        let split = bytes.len().checked_sub(TAG)?;
        let (artefact, tag) = bytes.split_at(split);
        if self.mac(digest, artefact)?.verify_slice(tag).is_err() {
            tracing::warn!(digest, "a compiled artefact does not verify; compiling the component again");
            return None;
        }
        bytes.truncate(split);
        Some(bytes)
    }

    /// Gives up an artefact.
    pub fn remove(&self, digest: &str) {
        match std::fs::remove_file(self.path(digest)) {
            Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
                tracing::warn!(digest, %cause, "a compiled artefact that nobody needs cannot be removed");
            }
            _ => {}
        }
    }

    /// The digests of components whose artefacts were made before then, for whichever engine, each with its file.
    pub fn made_before(&self, then: SystemTime) -> std::io::Result<Vec<(String, PathBuf)>> {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(&self.folder)? {
            let entry = entry?;
            let name = entry.file_name();
            let digest = name.to_str().and_then(|name| name.split_once('-')).map(|(digest, _)| digest);
            let Some(digest) = digest.filter(|digest| digest.len() == DIGEST) else { continue };
            if entry.metadata()?.modified()? < then {
                found.push((digest.to_owned(), entry.path()));
            }
        }
        Ok(found)
    }

    /// Stores an artefact.
    pub fn put(&self, digest: &str, artefact: &[u8]) -> std::io::Result<()> {
        let mac = self.mac(digest, artefact).ok_or_else(|| std::io::Error::other("no key"))?;
        write_new(&self.path(digest), &[artefact, &mac.finalize().into_bytes()])
    }
}

/// Writes a file whole or not at all, readable by this user alone.
fn write_new(path: &Path, parts: &[&[u8]]) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new()
        .make_in(folder, |path| std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path))?;
    parts.iter().try_for_each(|part| file.write_all(part))?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|e| e.error)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_bit_anywhere_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let artefacts = Artefacts::open(folder.path(), "engine".to_owned()).unwrap();
        artefacts.put("digest", b"machine code").unwrap();
        assert_eq!(artefacts.get("digest").as_deref(), Some(&b"machine code"[..]));
        let path = artefacts.path("digest");
        let good = std::fs::read(&path).unwrap();
        for bit in 0..good.len() * 8 {
            let mut bad = good.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            std::fs::write(&path, bad).unwrap();
            assert!(artefacts.get("digest").is_none(), "bit {bit}");
        }
    }

    #[test]
    fn another_component_another_engine_and_another_host_are_refused() {
        let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let mine = Artefacts::open(here.path(), "48.0.8".to_owned()).unwrap();
        mine.put("a", b"code").unwrap();
        std::fs::copy(mine.path("a"), mine.path("b")).unwrap();
        assert!(mine.get("b").is_none());
        let older = Artefacts::open(here.path(), "48.0.7".to_owned()).unwrap();
        std::fs::copy(mine.path("a"), older.path("a")).unwrap();
        assert!(older.get("a").is_none());
        let theirs = Artefacts::open(there.path(), "48.0.8".to_owned()).unwrap();
        std::fs::copy(mine.path("a"), theirs.path("a")).unwrap();
        assert!(theirs.get("a").is_none());
    }
}
