//! A chain in the database read anew, in portions, and compared with what was signed of it.
//!
//! INVARIANT: reading changes nothing and holds no transaction between two portions; what is written or erased meanwhile is
//! never taken for a fault.

use super::append::unhex;
use super::chain::{Chain, End};
use super::checkpoint::Checkpoint;
use super::erase::Erasures;
use super::link::{Hash, beginning};
use super::walk::{Fault, FaultKind, Points, Stored, Walk};
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::error::{Error, Result};
use serde::Serialize;
use utoipa::ToSchema;

/// So many entries are read at once.
const PAGE: i64 = 200;
/// An entry that an erasing changed while it was read is read so often again.
const AGAIN: u32 = 3;

/// How a chain is read.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::db) struct Reading<'a> {
    /// What was signed of it.
    pub(in crate::db) checkpoints: &'a [Checkpoint],
    /// Only what comes behind this entry, which is taken to be right; nothing for the whole chain.
    pub(in crate::db) after: Option<i64>,
    /// At most so many entries, rounded up to a portion; 0 for all.
    pub(in crate::db) most: u64,
}

/// What verifying a chain came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Verified {
    /// The store's id, or `host`.
    pub chain: String,
    /// Whether nothing is wrong as far as it was read.
    pub intact: bool,
    /// How many entries were read.
    pub entries: u64,
    /// The number of the last entry that was read. Entries are read from 0 down, and then from 1 up.
    pub last: i64,
    /// Whether everything was read. If not, ask on with `after` and the number of the last entry.
    pub complete: bool,
    /// How many of the entries read were chained later than they were written: those of before there were chains.
    pub chained_later: u64,
    /// How many entries of before there were chains are not chained yet.
    pub unchained: u64,
    /// The number of the last entry of the newest checkpoint it was compared with.
    pub checkpoint: Option<i64>,
    /// When that checkpoint was written, RFC 3339.
    pub checkpoint_at: Option<String>,
    /// The first thing that is wrong.
    pub fault: Option<Fault>,
}

/// The row with a chain's ends.
struct Ends {
    last: End,
    first: End,
    is_open: bool,
}

impl Chain {
    async fn recorded(self, conn: &mut Conn, name: &str) -> Result<Option<Ends>> {
        const SQL: &str = "SELECT seq, hash, low, low_hash, open FROM audit_chains WHERE chain = $1";
        let read = |r: Row<'_>| {
            let (last, first) = ((r.int(0)?, r.text(1)?), (r.int(2)?, r.text(3)?));
            Ok(Ends { last, first, is_open: r.int(4)? == 1 })
        };
        conn.row(SQL, args![name], read).await
    }

    /// The next entries; the number of one that cannot be read, if even that can.
    async fn page(self, conn: &mut Conn, step: i64, after: i64, most: i64) -> Result<Vec<Result<Stored, Option<i64>>>> {
        const UP: &str = "SELECT seq, id, actor, act, subject, CAST(detail AS TEXT), at, hash, detail_hash, salt FROM audit \
            WHERE seq > $1 AND store = $3 ORDER BY seq LIMIT $2";
        const DOWN: &str = "SELECT seq, id, actor, act, subject, CAST(detail AS TEXT), at, hash, detail_hash, salt FROM audit \
            WHERE seq < $1 AND store = $3 ORDER BY seq DESC LIMIT $2";
        const HOST_UP: &str = "SELECT seq, id, actor, act, subject, CAST(detail AS TEXT), at, hash, detail_hash, salt \
            FROM host_audit WHERE seq > $1 ORDER BY seq LIMIT $2";
        const HOST_DOWN: &str = "SELECT seq, id, actor, act, subject, CAST(detail AS TEXT), at, hash, detail_hash, salt \
            FROM host_audit WHERE seq < $1 ORDER BY seq DESC LIMIT $2";
        let stored = |r: &Row<'_>| {
            Ok::<_, Error>(Stored {
                seq: r.int(0)?,
                id: r.text(1)?,
                actor: r.text(2)?,
                act: r.text(3)?,
                subject: r.text(4)?,
                detail: r.text(5)?,
                at: r.int(6)?,
                hash: r.text(7)?,
                detail_hash: r.text(8)?,
                salt: r.opt_text(9)?.unwrap_or_default(),
            })
        };
        let read = |r: Row<'_>| Ok(stored(&r).map_err(|_| r.int(0).ok()));
        match self {
            Chain::Host => {
                let sql = if step > 0 { HOST_UP } else { HOST_DOWN };
                conn.rows(sql, args![after, most], read).await
            }
            Chain::Store(store) => {
                let sql = if step > 0 { UP } else { DOWN };
                conn.rows(sql, args![after, most, &store.to_string()], read).await
            }
        }
    }

    /// How many entries have a number in a range, and how many have none, with the id of one.
    async fn counts(self, conn: &mut Conn, first: i64, last: i64) -> Result<(u64, u64, Option<String>)> {
        const IN: &str = "SELECT COUNT(*) FROM audit WHERE seq >= $1 AND seq <= $2 AND store = $3";
        const HOST_IN: &str = "SELECT COUNT(*) FROM host_audit WHERE seq >= $1 AND seq <= $2";
        const OUT: &str = "SELECT COUNT(*), MIN(id) FROM audit WHERE seq IS NULL AND store = $1";
        const HOST_OUT: &str = "SELECT COUNT(*), MIN(id) FROM host_audit WHERE seq IS NULL";
        let read = |r: Row<'_>| Ok((u64::try_from(r.int(0)?).unwrap_or(0), r.opt_text(1)?));
        let (numbered, none) = match self {
            Chain::Host => (conn.count(HOST_IN, args![first, last]).await?, conn.row(HOST_OUT, args![], read).await?),
            Chain::Store(store) => {
                let store = store.to_string();
                let numbered = conn.count(IN, args![first, last, &store]).await?;
                (numbered, conn.row(OUT, args![&store], read).await?)
            }
        };
        let (many, id) = none.unwrap_or_default();
        Ok((numbered, many, id))
    }

    /// The hash that an entry has, to go on behind it.
    async fn hash_at(self, conn: &mut Conn, seq: i64) -> Result<Option<Hash>> {
        let page = self.page(conn, 1, seq.saturating_sub(1), 1).await?;
        Ok(page.into_iter().find_map(|entry| entry.ok().filter(|entry| entry.seq == seq)).and_then(|e| unhex(&e.hash)))
    }

    /// Reads a chain anew.
    pub(in crate::db) async fn verify(self, conn: &mut Conn, reading: Reading<'_>) -> Result<Verified> {
        let name = self.to_string();
        let newest = reading.checkpoints.iter().max_by_key(|one| (one.seq, one.n));
        let mut verified = Verified {
            chain: name.clone(),
            intact: true,
            entries: 0,
            last: reading.after.unwrap_or(0),
            complete: false,
            chained_later: 0,
            unchained: 0,
            checkpoint: newest.map(|one| one.seq),
            checkpoint_at: newest.map(|one| one.at.clone()),
            fault: None,
        };
        verified.fault = self.read(conn, &name, reading, &mut verified).await?.err();
        verified.intact = verified.fault.is_none();
        Ok(verified)
    }

    async fn read(
        self,
        conn: &mut Conn,
        name: &str,
        reading: Reading<'_>,
        verified: &mut Verified,
    ) -> Result<Result<(), Fault>> {
        let Some(ends) = self.recorded(conn, name).await? else { return self.without_end(conn, reading).await };
        let mut points = Points::new();
        for (seq, hash, kind) in points_of(&ends, reading.checkpoints) {
            match unhex(hash) {
                Some(hash) => points.entry(seq).or_default().push((hash, kind)),
                None => return Ok(Err(Fault::at(kind, seq))),
            }
        }
        let mut first = None;
        for step in [-1, 1] {
            let start = if step < 0 { 1 } else { 0 };
            let from = match reading.after {
                Some(after) if (after > 0) != (step > 0) && after > 0 => continue,
                Some(after) if (after > 0) == (step > 0) => after,
                _ => start,
            };
            let before = match from {
                from if from == start => beginning(name),
                from => match self.hash_at(conn, from).await? {
                    Some(hash) => hash,
                    None => return Err(Error::not_found("audit entry", from.to_string())),
                },
            };
            let mut walk = Walk::from(name, step, from, before);
            if let Err(fault) = self.go(conn, &mut walk, &points, reading.most, verified).await? {
                return Ok(Err(fault));
            }
            if !verified.complete {
                return Ok(Ok(()));
            }
            if step < 0 {
                first = Some(walk.seq);
            }
        }
        verified.complete = true;
        self.ends_fit(conn, name, &ends, first, reading.checkpoints, verified).await
    }

    /// Goes on until the end, a fault, or as far as it may; `complete` says whether it was the end.
    async fn go(
        self,
        conn: &mut Conn,
        walk: &mut Walk<'_>,
        points: &Points,
        most: u64,
        verified: &mut Verified,
    ) -> Result<Result<(), Fault>> {
        let mut erasures = Erasures::default();
        loop {
            verified.complete = false;
            if most > 0 && verified.entries >= most {
                return Ok(Ok(()));
            }
            // Before the entries: what is said to be erased is erased in what is read next.
            erasures.read(conn, self).await?;
            let page = self.page(conn, walk.step, walk.seq, PAGE).await?;
            if page.is_empty() {
                verified.complete = true;
                return Ok(Ok(()));
            }
            for entry in page {
                let entry = match entry {
                    Ok(entry) => entry,
                    Err(seq) => return Ok(Err(Fault { kind: FaultKind::Unreadable, seq, id: None })),
                };
                if let Err(fault) = walk.next(&entry, points) {
                    return Ok(Err(fault));
                }
                if let Err(fault) = self.detail(conn, &entry, &mut erasures).await? {
                    return Ok(Err(fault));
                }
                verified.entries += 1;
                verified.chained_later += u64::from(entry.seq <= 0);
                verified.last = entry.seq;
            }
            tokio::task::yield_now().await;
        }
    }

    /// Whether a detail is right, also where it was erased since it was read.
    async fn detail(self, conn: &mut Conn, entry: &Stored, erasures: &mut Erasures) -> Result<Result<(), Fault>> {
        let mut checked = entry.check_detail(erasures);
        for _ in 0..AGAIN {
            if checked.is_ok() {
                break;
            }
            erasures.read(conn, self).await?;
            let now = self.page(conn, 1, entry.seq.saturating_sub(1), 1).await?.pop();
            if let Some(Ok(now)) = now.filter(|now| now.as_ref().is_ok_and(|now| now.seq == entry.seq)) {
                checked = now.check_detail(erasures);
            }
        }
        Ok(checked)
    }

    /// What has to be right about the ends once everything was read.
    async fn ends_fit(
        self,
        conn: &mut Conn,
        name: &str,
        before: &Ends,
        first: Option<i64>,
        checkpoints: &[Checkpoint],
        verified: &mut Verified,
    ) -> Result<Result<(), Fault>> {
        let last = verified.last.max(0);
        let Some(now) = self.recorded(conn, name).await? else { return Ok(Err(Fault::at(FaultKind::End, last))) };
        let furthest = checkpoints.iter().map(|one| one.seq).max().unwrap_or(0);
        if last < furthest {
            return Ok(Err(Fault::at(FaultKind::CutOff, last)));
        }
        if last < before.last.0 {
            return Ok(Err(Fault::at(FaultKind::Missing, last + 1)));
        }
        if last > now.last.0 {
            return Ok(Err(Fault::at(FaultKind::Added, now.last.0 + 1)));
        }
        if now.is_open && checkpoints.iter().any(|one| one.whole) {
            return Ok(Err(Fault { kind: FaultKind::End, seq: None, id: None }));
        }
        let (numbered, none, id) = self.counts(conn, first.unwrap_or(1), last).await?;
        verified.unchained = none;
        if none > 0 && !now.is_open {
            return Ok(Err(Fault { kind: FaultKind::Added, seq: None, id }));
        }
        // Whoever asked on has had the older ones compared with the first question.
        let Some(first) = first else { return Ok(Ok(())) };
        let whole = checkpoints.iter().filter(|one| one.whole).map(|one| one.first).min();
        let lowest = checkpoints.iter().map(|one| one.first).min().unwrap_or(1);
        if first > before.first.0 || first > lowest {
            return Ok(Err(Fault::at(FaultKind::Missing, first - 1)));
        }
        if first < now.first.0 || whole.is_some_and(|whole| first < whole) {
            return Ok(Err(Fault::at(FaultKind::Added, first)));
        }
        match u64::try_from(last - first + 1) == Ok(numbered) {
            true => Ok(Ok(())),
            false => Ok(Err(Fault { kind: FaultKind::Added, seq: None, id: None })),
        }
    }

    /// A chain whose ends are recorded nowhere is one that nothing was ever written to.
    async fn without_end(self, conn: &mut Conn, reading: Reading<'_>) -> Result<Result<(), Fault>> {
        let (numbered, none, id) = self.counts(conn, i64::MIN, i64::MAX).await?;
        if numbered + none > 0 {
            return Ok(Err(Fault { kind: FaultKind::End, seq: None, id }));
        }
        Ok(match reading.checkpoints.iter().any(|one| one.seq > 0 || one.first < 1) {
            true => Err(Fault::at(FaultKind::CutOff, 0)),
            false => Ok(()),
        })
    }
}

/// What a chain has to go through: its recorded ends, and those in each checkpoint.
fn points_of<'a>(ends: &'a Ends, checkpoints: &'a [Checkpoint]) -> Vec<(i64, &'a str, FaultKind)> {
    let both = |last: (i64, &'a str), first: (i64, &'a str), kind| {
        // No entry stands where nothing was written yet.
        let last = (last.0 != 0).then_some((last.0, last.1, kind));
        let first = (first.0 != 1).then_some((first.0, first.1, kind));
        last.into_iter().chain(first)
    };
    let recorded = both((ends.last.0, &ends.last.1), (ends.first.0, &ends.first.1), FaultKind::End);
    let signed = checkpoints
        .iter()
        .flat_map(|one| both((one.seq, &*one.hash), (one.first, &*one.first_hash), FaultKind::Rewritten));
    recorded.chain(signed).collect()
}
