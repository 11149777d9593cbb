//! The device that somebody signs in with. A cookie of its own tells one from another, and says nothing else.
//!
//! INVARIANT: a device opens nothing by itself. It says only that whoever signs in has done so here before.

use crate::authz::{AccountId, DeviceId};
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::error::Result;
use crate::db::core::time::now_ms;
use crate::db::house::people::tokens::{self, Secret};

/// So many devices of an account are remembered; the one unused for longest is forgotten first. Whoever signs in controls
/// how many there are.
const MAX_DEVICES: i64 = 50;

/// The browser that somebody signs in with.
#[derive(Debug, Clone, Default)]
pub struct Browser {
    /// What kind it is, in words, as it says itself.
    pub name: String,
    /// What its cookie holds, if somebody signed in with it before.
    pub cookie: Option<String>,
}

/// A device that somebody just signed in with.
#[derive(Debug, Clone)]
pub(super) struct Met {
    /// The device.
    pub(super) id: DeviceId,
    /// What its cookie is to hold from now on, if it has none that counts.
    pub(super) secret: Option<Secret>,
    /// Whether its person is told of it: they never signed in with it, but have signed in before.
    pub(super) is_news: bool,
}

/// Finds the device that somebody signs in with, or remembers it as one that is new.
pub(super) async fn meet(conn: &mut Conn, account: AccountId, browser: &Browser, drawn: &Secret) -> Result<Met> {
    const KNOWN: &str = "UPDATE devices SET used_at = $3, name = $4 WHERE account = $1 AND hash = $2 RETURNING id";
    const ELSEWHERE: &str = "SELECT COUNT(*) FROM devices WHERE hash = $1";
    const BEFORE: &str = "SELECT COUNT(*) FROM accounts WHERE id = $1 AND signed_in_at IS NOT NULL";
    const INSERT: &str = "INSERT INTO devices (id, hash, account, name, created_at, used_at, seen_at) \
        VALUES ($1, $2, $3, $4, $5, $5, $6)";
    // What nobody said is theirs goes first.
    const OLDEST: &str = "DELETE FROM devices WHERE account = $1 AND id <> $3 AND id NOT IN (SELECT id FROM devices \
        WHERE account = $1 ORDER BY CASE WHEN seen_at IS NULL THEN 1 ELSE 0 END, used_at DESC, id DESC LIMIT $2) RETURNING id";
    const CONFIRMED: &str = "DELETE FROM confirmed_devices WHERE device = $1";
    const SESSIONS: &str = "UPDATE sessions SET ended_at = $2 WHERE device_id = $1 AND ended_at IS NULL";
    let (of, now) = (account.to_string(), now_ms());
    let shown = browser.cookie.as_deref().filter(|cookie| tokens::well_formed(cookie)).map(tokens::hash);
    let mut is_ours = false;
    if let Some(hash) = &shown {
        let known = conn.row(KNOWN, args![&of, hash, now, &browser.name], |r| r.parse(0)).await?;
        if let Some(id) = known {
            return Ok(Met { id, secret: None, is_news: false });
        }
        // Several people at one browser: each has their own row, and its cookie stays. One that nobody has is not of ours.
        is_ours = conn.count(ELSEWHERE, args![hash]).await? > 0;
    }
    let (secret, hash) = match shown.filter(|_| is_ours) {
        Some(hash) => (None, hash),
        None => (Some(drawn.clone()), drawn.hash()),
    };
    let is_news = conn.count(BEFORE, args![&of]).await? > 0;
    let id = DeviceId::new();
    let seen_at = if is_news { None } else { Some(now) };
    conn.exec(INSERT, args![&id.to_string(), &hash, &of, &browser.name, now, seen_at]).await?;
    let gone: Vec<DeviceId> = conn.rows(OLDEST, args![&of, MAX_DEVICES, &id.to_string()], |r| r.parse(0)).await?;
    for gone in gone.iter().map(DeviceId::to_string) {
        conn.exec(CONFIRMED, args![&gone]).await?;
        conn.exec(SESSIONS, args![&gone, now]).await?;
    }
    Ok(Met { id, secret, is_news })
}

/// Its person needs not be told of it.
pub(super) async fn own(conn: &mut Conn, met: &mut Met) -> Result<()> {
    const SQL: &str = "UPDATE devices SET seen_at = created_at WHERE id = $1 AND seen_at IS NULL";
    met.is_news = false;
    conn.exec(SQL, args![&met.id.to_string()]).await.map(drop)
}
