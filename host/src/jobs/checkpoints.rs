//! Signing where the audit logs have come to, and writing it down where whoever can write the database may not reach.
//!
//! INVARIANT: a chain counts as covered once its line is on disk, so what a host was cut off in is written again after the
//! next start. A file that cannot be written stops nobody from anything; it is told, and tried again.

use super::sinks::{BadTarget, Sinks, Targets};
use super::trouble::{Place, Trouble};
use crate::db::{Checkpoint, Db, Signer, now_ms, rfc3339};
use crate::survive::survive;
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// How often to see whether anything is due.
const LOOK: Duration = Duration::from_secs(2);
/// What was written waits so long at most for its checkpoint.
const LATEST: Duration = Duration::from_secs(60);
/// So many entries do not wait.
const MANY: u64 = 1_000;
/// So much of the end of the file is read at the start, in bytes.
const TAIL: u64 = 8 << 20;

/// The file of checkpoints, and where else they go.
pub struct Checkpoints {
    path: PathBuf,
    signer: Signer,
    /// The number and the hash of the last line.
    n: u64,
    previous: String,
    sinks: Sinks,
    trouble: Trouble,
}

/// Why checkpoints cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum NotOpened {
    /// The file cannot be read or made.
    #[error(
        "cannot open the file of audit checkpoints `{file}`: {cause}; make it writable, or name another with --audit-checkpoints"
    )]
    File {
        /// Which.
        file: String,
        /// Why.
        cause: std::io::Error,
    },
    /// Where else they are to go makes no sense.
    #[error(transparent)]
    Target(#[from] BadTarget),
}

impl Checkpoints {
    /// Goes on behind what the file holds, and has the database know the checkpoints in its end.
    pub fn open(db: &Db, path: PathBuf, targets: Targets, signer: Signer) -> Result<Checkpoints, NotOpened> {
        let sinks = Sinks::new(targets)?;
        let read = tail(&path).map_err(|cause| NotOpened::File { file: path.display().to_string(), cause })?;
        let public = signer.public();
        let known = read.lines().filter_map(|line| Checkpoint::read(line, &public).ok()).collect::<Vec<_>>();
        let n = known.last().map_or(0, |last| last.n);
        let previous = read.lines().next_back().map(Checkpoint::hash_of).unwrap_or_default();
        db.know_checkpoints(known);
        Ok(Checkpoints { path, signer, n, previous, sinks, trouble: Trouble::default() })
    }

    /// What hinders it, as it goes on.
    pub(super) fn trouble(&self) -> Trouble {
        self.trouble.clone()
    }

    /// Sends what waits to where else checkpoints go.
    async fn send(&mut self) {
        self.sinks.send(&self.trouble).await;
    }

    /// Writes a checkpoint of every chain that has moved.
    pub async fn write(&mut self, db: &Db) {
        let mut after = String::new();
        loop {
            let due = match db.audit_due(&after).await {
                Ok(due) => due,
                Err(e) => return e.tell("cannot see which audit logs have moved"),
            };
            let Some(last) = due.last() else { break };
            after.clone_from(&last.chain);
            let at = rfc3339(now_ms());
            let (mut n, mut previous) = (self.n, self.previous.clone());
            let (mut lines, mut known) = (Vec::new(), Vec::new());
            for one in &due {
                n += 1;
                let checkpoint = one.checkpoint(n, &previous, &at);
                let signed = match checkpoint.sign(&self.signer) {
                    Ok(signed) => signed,
                    Err(e) => return e.tell("cannot sign a checkpoint of an audit log"),
                };
                previous = signed.hash;
                lines.push(signed.line);
                known.push(checkpoint);
            }
            if let Err(cause) = append(self.path.clone(), lines.clone()).await {
                let file = self.path.display();
                self.trouble.ended(Place::File, Err(cause.to_string()));
                return tracing::error!(%file, %cause, "cannot write checkpoints of the audit logs; make the file writable");
            }
            self.trouble.ended(Place::File, Ok(()));
            (self.n, self.previous) = (n, previous);
            db.know_checkpoints(known);
            self.sinks.add(lines);
            if let Err(e) = db.audit_covered(due).await {
                return e.tell("cannot note that checkpoints of the audit logs were written; they are written again");
            }
        }
        self.send().await;
    }
}

/// Writes what is due, until it is stopped.
pub(super) async fn follow(db: Db, checkpoints: Arc<Mutex<Checkpoints>>) {
    let mut since: Option<Instant> = None;
    loop {
        tokio::time::sleep(LOOK).await;
        let turn = async {
            match db.audit_uncovered().await {
                Ok(0) => {
                    // What did not reach its target waits for it.
                    checkpoints.lock().await.send().await;
                    None
                }
                Ok(many) => {
                    let waits = *since.get_or_insert_with(Instant::now);
                    if many < MANY && waits.elapsed() < LATEST {
                        return Some(waits);
                    }
                    // A task of its own: whoever stops this must not leave a line on disk that the next does not follow.
                    let (checkpoints, db) = (Arc::clone(&checkpoints), db.clone());
                    let _ = tokio::spawn(async move { checkpoints.lock().await.write(&db).await }).await;
                    None
                }
                Err(e) => {
                    e.tell("cannot see whether audit logs have moved");
                    since
                }
            }
        };
        since = survive("writing checkpoints of the audit logs", turn).await.flatten();
    }
}

/// Appends lines, and returns once they are on disk.
async fn append(path: PathBuf, lines: Vec<String>) -> std::io::Result<()> {
    let written = tokio::task::spawn_blocking(move || {
        let mut file = OpenOptions::new().append(true).create(true).open(&path)?;
        let before = file.metadata()?.len();
        let text: String = lines.iter().flat_map(|line| [line, "\n"]).collect();
        let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_data());
        if written.is_err() {
            // Half a line would stand before the next.
            let _ = file.set_len(before);
        }
        written
    });
    written.await.map_err(std::io::Error::other)?
}

/// The end of the file, from the beginning of a line on. Half a line at its end, which a host was cut off in, is taken away.
fn tail(path: &Path) -> std::io::Result<String> {
    let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
    let length = file.metadata()?.len();
    let from = length.saturating_sub(TAIL);
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(from))?;
    Read::by_ref(&mut file).take(TAIL).read_to_end(&mut bytes)?;
    let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    if whole < bytes.len() && (from == 0 || whole > 0) {
        cut(&file, from + whole as u64)?;
    }
    bytes.truncate(whole);
    let begins = if from == 0 { 0 } else { bytes.iter().position(|byte| *byte == b'\n').map_or(0, |end| end + 1) };
    Ok(String::from_utf8_lossy(bytes.get(begins..).unwrap_or_default()).into_owned())
}

fn cut(file: &File, length: u64) -> std::io::Result<()> {
    file.set_len(length)?;
    file.sync_data()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may")]
mod tests {
    use super::*;

    #[tokio::test]
    async fn half_a_line_is_taken_away_and_what_was_whole_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lines");
        assert_eq!(tail(&path).unwrap(), "");
        append(path.clone(), vec!["one".to_owned(), "two".to_owned()]).await.unwrap();
        OpenOptions::new().append(true).open(&path).unwrap().write_all(b"thr").unwrap();
        assert_eq!(tail(&path).unwrap(), "one\ntwo\n");
        append(path.clone(), vec!["three".to_owned()]).await.unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "one\ntwo\nthree\n");
    }
}
