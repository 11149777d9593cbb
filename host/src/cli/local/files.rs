//! Files of a host are private: they hold personal data, secrets of apps, and what tokens are checked against.
//!
//! INVARIANT: a verb that writes into a data folder makes files and folders nobody else can read, and tightens those
//! that are there, or does not begin.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::cli::Failure;
use crate::config::{CHECKPOINTS, Data};

/// What others than the owner may do: read, write, enter.
const OTHERS: u32 = 0o077;

/// From here on this process makes nothing that others can read.
pub fn umask() {
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
}

/// Makes what this process writes private, and what is in the data folder already.
pub fn private(data: &Data) -> Result<(), Failure> {
    umask();
    for path in loose(data) {
        let mode = fs::metadata(&path).map_or(0o700, |file| file.permissions().mode());
        fs::set_permissions(&path, Permissions::from_mode(mode & !OTHERS)).map_err(|error| {
            Failure::failed(format!("`{}` can be read by others, and that cannot be changed: {error}", path.display()))
                .help(format!("let its owner run: chmod -R go= {}", data.data_dir.display()))
        })?;
    }
    Ok(())
}

/// What in the data folder others than the owner can read, write or enter. The folder itself counts if nothing but a
/// host's files are in it: one that somebody uses for other things too is theirs to close.
pub fn loose(data: &Data) -> Vec<PathBuf> {
    let settings = data.database();
    let database = (!settings.is_shared()).then(|| PathBuf::from(settings.url.trim_start_matches("sqlite:")));
    let beside =
        |path: &PathBuf| ["", "-wal", "-shm", "-journal", ".lock", ".restoring"].map(|ending| join(path, ending));
    let folder = &data.data_dir;
    let mut places: Vec<PathBuf> = database.iter().flat_map(beside).collect();
    places.push(folder.join("demo.log"));
    places.push(folder.join("host.key"));
    places.push(folder.join(CHECKPOINTS));
    for inner in ["artefacts", "apps"] {
        let inner = folder.join(inner);
        places.extend(entries(&inner));
        places.push(inner);
    }
    if entries(folder).iter().all(|entry| places.contains(entry)) {
        places.push(folder.clone());
    }
    places.retain(|path| is_loose(path));
    places
}

fn join(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
}

/// A link is not followed: what it leads to is not ours.
fn is_loose(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|file| !file.is_symlink() && file.permissions().mode() & OTHERS != 0)
}
