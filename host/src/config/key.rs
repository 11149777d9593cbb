//! The key of a host: 32 random bytes, as 64 hex digits, in a file that nobody else can read.

use std::fs::OpenOptions;
use std::io::{Error, ErrorKind, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Reads the key, or makes one. Of two that make it at once, both read the one that came first.
pub(super) fn read_or_make(path: &Path) -> std::io::Result<[u8; 32]> {
    match std::fs::File::open(path) {
        Ok(file) => read(file),
        Err(e) if e.kind() == ErrorKind::NotFound => make(path),
        Err(e) => Err(e),
    }
}

/// Reads the key, and makes none.
pub(super) fn read_if_there(path: &Path) -> std::io::Result<Option<[u8; 32]>> {
    match std::fs::File::open(path) {
        Ok(file) => read(file).map(Some),
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
        Err(e) => Err(e),
    }
}

fn read(file: std::fs::File) -> std::io::Result<[u8; 32]> {
    let (mut text, mut key) = (String::new(), [0; 32]);
    file.take(1_024).read_to_string(&mut text)?;
    let wrong = |_| Error::new(ErrorKind::InvalidData, "a key file holds 64 hex digits");
    hex::decode_to_slice(text.trim(), &mut key).map_err(wrong)?;
    Ok(key)
}

fn make(path: &Path) -> std::io::Result<[u8; 32]> {
    let mut key = [0; 32];
    getrandom::fill(&mut key).map_err(|e| Error::other(format!("no randomness: {e}")))?;
    // Written aside and linked whole, so that nobody reads half a key.
    let aside = path.with_extension(format!("{}.new", std::process::id()));
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&aside)?;
    file.write_all(hex::encode(key).as_bytes())?;
    file.sync_all()?;
    let linked = std::fs::hard_link(&aside, path);
    std::fs::remove_file(&aside)?;
    match linked {
        Ok(()) => Ok(key),
        Err(e) if e.kind() == ErrorKind::AlreadyExists => read(std::fs::File::open(path)?),
        Err(e) => Err(e),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_key_is_made_once_and_read_from_then_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("host.key");
        let made = read_or_make(&path).unwrap();
        assert_eq!(read_or_make(&path).unwrap(), made);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn what_is_no_key_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("host.key");
        std::fs::write(&path, "not a key").unwrap();
        assert!(read_or_make(&path).is_err());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "not a key");
    }
}
