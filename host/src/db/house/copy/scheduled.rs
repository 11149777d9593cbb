//! The backups that a host takes by itself: new ones beside those there are, and only so many of them.
//!
//! INVARIANT: only files that are named as these are, are ever removed, and never before a newer one is whole.

use super::note::Contents;
use super::take::{ASIDE, Taken, of_lite};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::wal;
use crate::db::core::error::{Error, Result};
use crate::db::core::time::{now_ms, parse_ms, rfc3339};
use parking_lot::Mutex;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// What the names begin and end with; between them stands when it was taken, in UTC.
const BEGINS: &str = "storehand-";
const ENDS: &str = ".sqlite";
/// What was not finished and is as old as this was cut off.
const CUT_OFF: Duration = Duration::from_secs(86_400);

/// So many bytes of the disk stay free beside a backup: what is committed meanwhile needs room, too.
const SPARE: u64 = 256 << 20;

/// Which backups a host takes by itself, and how that goes. Cheap to clone.
#[derive(Debug, Clone)]
pub struct BackupSchedule {
    /// The folder they lie in.
    pub folder: PathBuf,
    /// How long after one the next is taken.
    pub every: Duration,
    /// How many there are at most: the operator controls both.
    pub most: usize,
    went: Arc<Mutex<BackupsNow>>,
}

/// How the backups of a host stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BackupsNow {
    /// The newest one, taken by this process or before it.
    pub newest: Option<TakenFile>,
    /// Why the last attempt failed, if it did.
    pub failed: Option<String>,
}

impl BackupSchedule {
    /// Of which none has been taken by this process yet.
    pub fn new(folder: PathBuf, every: Duration, most: usize) -> BackupSchedule {
        BackupSchedule { folder, every, most, went: Arc::default() }
    }

    /// How they stand.
    pub fn now(&self) -> BackupsNow {
        self.went.lock().clone()
    }

    /// Whether the newest one is late by as much again as lies between two.
    pub fn is_late(&self, now: i64) -> bool {
        let every = i64::try_from(self.every.as_millis()).unwrap_or(i64::MAX);
        let newest = self.went.lock().newest.as_ref().map(|file| file.at);
        newest.is_some_and(|at| now.saturating_sub(at) > every.saturating_mul(2))
    }

    /// How long it is until the next one is due, counted from the newest that lies in the folder.
    pub fn due_in(&self, now: i64) -> Duration {
        let newest = taken_files(&self.folder).ok().and_then(|files| files.into_iter().next());
        let since = newest.as_ref().map(|file| u64::try_from(now - file.at).unwrap_or(0));
        self.went.lock().newest = newest;
        since.map_or(Duration::ZERO, |since| self.every.saturating_sub(Duration::from_millis(since)))
    }
}

/// A backup that a host took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenFile {
    /// Where it lies.
    pub path: PathBuf,
    /// When it was taken, in milliseconds since 1970.
    pub at: i64,
}

/// The moment of a name; none, if it is no name of a backup.
fn moment(name: &str) -> Option<i64> {
    let text = name.strip_prefix(BEGINS)?.strip_suffix(ENDS)?;
    let (day, time) = text.split_once('T')?;
    let time = time.strip_suffix('Z')?.replace('-', ":");
    let at = parse_ms(&format!("{day}T{time}Z")).ok()?;
    (named(at) == name).then_some(at)
}

/// The name of a backup that is taken at a moment. No colon: not every file system takes one.
fn named(at: i64) -> String {
    let text = rfc3339(at - at.rem_euclid(1_000));
    let text = text.split('.').next().unwrap_or_default().trim_end_matches('Z');
    format!("{BEGINS}{}Z{ENDS}", text.replace(':', "-"))
}

/// The backups in a folder that hosts took, newest first.
pub fn taken_files(folder: &Path) -> std::io::Result<Vec<TakenFile>> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if let Some(at) = path.file_name().and_then(|name| moment(&name.to_string_lossy())) {
            all.push(TakenFile { path, at });
        }
    }
    all.sort_by_key(|file| std::cmp::Reverse(file.at));
    Ok(all)
}

/// Removes what is older than the newest `most`, and what was cut off long ago.
fn clear(folder: &Path, most: usize) -> std::io::Result<()> {
    for old in taken_files(folder)?.into_iter().skip(most) {
        std::fs::remove_file(&old.path)?;
    }
    let before = SystemTime::now().checked_sub(CUT_OFF).unwrap_or(SystemTime::UNIX_EPOCH);
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let is_old = entry.metadata()?.modified().is_ok_and(|modified| modified < before);
        if is_old && entry.file_name().to_string_lossy().starts_with(ASIDE) {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Refuses to begin where what is left of the disk is needed for what is committed meanwhile.
fn refuse_full(path: &Path, folder: &Path) -> Result<()> {
    let bytes = |path: &Path| std::fs::metadata(path).map_or(0, |file| file.len());
    let needed = bytes(path).saturating_add(bytes(&wal::beside(path, "-wal"))).saturating_add(SPARE);
    let disk = rustix::fs::statvfs(folder);
    let room = disk.map_or(u64::MAX, |disk| disk.f_bavail.saturating_mul(disk.f_frsize));
    if room >= needed {
        return Ok(());
    }
    let mib = |bytes: u64| bytes >> 20;
    Err(Error::invalid(format!(
        "a backup needs {} MiB in `{}`, and {} MiB are free; make room, or take fewer with --backup-count",
        mib(needed),
        folder.display(),
        mib(room)
    )))
}

impl Db {
    /// Takes a backup of a SQLite database as a schedule says, and removes the oldest over its number. On a thread of its
    /// own: no commit and no request waits for it. How it went stands in the schedule.
    pub async fn take_backup(&self, schedule: &BackupSchedule) -> Result<Taken> {
        let Some(path) = self.lite_path() else {
            return Err(Error::invalid("hosts of a PostgreSQL take no backups by themselves; use `storehand backup`"));
        };
        let (folder, most) = (schedule.folder.clone(), schedule.most);
        let taken = tokio::task::spawn_blocking(move || {
            let io = |e: std::io::Error| Error::invalid(format!("cannot write into `{}`: {e}", folder.display()));
            std::fs::create_dir_all(&folder).map_err(io)?;
            refuse_full(&path, &folder)?;
            let to = folder.join(named(now_ms()));
            let taken = of_lite(&path, &to, Contents::Everything)?;
            clear(&folder, most).map_err(io)?;
            Ok((taken, TakenFile { path: to, at: taken.at }))
        });
        let taken = taken.await.map_err(|_| Error::Closed).flatten();
        let mut went = schedule.went.lock();
        match taken {
            Ok((taken, file)) => {
                *went = BackupsNow { newest: Some(file), failed: None };
                Ok(taken)
            }
            Err(error) => {
                went.failed = Some(error.to_string());
                Err(error)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_named_as_backups_are_counted_and_removed() {
        let folder = tempfile::tempdir().unwrap();
        let others = ["storehand-notes.sqlite", "storehand-2026-11-30T10-00-00Z.sqlite.txt", "copy.sqlite"];
        let day = parse_ms("2026-11-30T10:00:00Z").unwrap();
        let made: Vec<_> = (0..5).map(|n| named(day + n * 3_600_000)).collect();
        assert_eq!(made[0], "storehand-2026-11-30T10-00-00Z.sqlite");
        for name in others.iter().copied().chain(made.iter().map(String::as_str)) {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        assert_eq!(taken_files(folder.path()).unwrap().len(), 5);
        clear(folder.path(), 2).unwrap();
        let left: Vec<_> = taken_files(folder.path()).unwrap().into_iter().map(|file| file.path).collect();
        assert_eq!(left, [folder.path().join(&made[4]), folder.path().join(&made[3])]);
        assert!(others.iter().all(|name| folder.path().join(name).exists()));
    }
}
