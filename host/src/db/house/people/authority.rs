//! The live authority of installations and people: an in-memory copy for the check at each call, the row itself for
//! the fence at each commit.
//!
//! INVARIANT: the copy is replaced right after the transaction that changed the row; on several hosts, by a poll of
//! what changed since. Being late shows in reads for a moment, never in a commit.

use crate::authz::{
    Authority, Basis, Credential, InstallationId, Installed, Live, Principal, Scope, ScopeSet, StaffId, StoreId, Terms,
    TermsMap, TokenId,
};
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::time::now_ms;
use crate::db::house::installations::read_terms;
use crate::db::house::people::accounts::session;
use crate::db::house::people::review;
use parking_lot::RwLock;
use std::collections::HashMap;
use std::sync::Arc;

/// Live authorities that somebody has asked for since the host started.
#[derive(Debug, Default)]
pub(in crate::db) struct Authorities {
    installations: RwLock<HashMap<InstallationId, (StoreId, Arc<Live>)>>,
    staff: RwLock<HashMap<StaffId, Arc<Live>>>,
}

const INSTALLATION: &str = "SELECT store, state, revision, stopped FROM installations WHERE id = $1";
const GRANTS: &str = "SELECT scope, expires_at, caps, held, review_at FROM grants WHERE installation = $1";
const STAFF: &str = "SELECT p.active, p.owner, p.scopes, p.revision, s.suspended, p.suspended_at, p.ends_at, s.erase_at, \
    s.erasing FROM staff p JOIN stores s ON s.id = p.store WHERE p.id = $1";

async fn read_installation(conn: &mut Conn, id: InstallationId) -> Result<Option<(StoreId, Authority)>> {
    let text = id.to_string();
    let read = |r: Row<'_>| Ok((r.parse(0)?, r.text(1)? == "active", r.int(2)?, r.opt_text(3)?.is_some()));
    let Some((store, active, revision, stopped)) = conn.row(INSTALLATION, args![&text], read).await? else {
        return Ok(None);
    };
    // A scope that this version does not know grants nothing, and neither does one with a cap that it does not know.
    let read = |r: Row<'_>| {
        let review_due = r.opt_int(4)?.map(review::due);
        let terms = read_terms(&r, 1)?.map(|terms| Terms { review_due, ..terms });
        Ok(r.text(0)?.parse::<Scope>().ok().zip(terms))
    };
    let grants: Vec<_> = conn.rows(GRANTS, args![&text], read).await?.into_iter().flatten().collect();
    let scopes = grants.iter().map(|(scope, _)| *scope).collect();
    let (active, terms) = (active && !stopped, grants.into_iter().collect());
    Ok(Some((store, Authority { active, stopped, closing: false, scopes, revision, terms, ends_at: None })))
}

async fn read_staff(conn: &mut Conn, id: StaffId) -> Result<Option<Authority>> {
    let read = |r: Row<'_>| {
        let scopes: Vec<String> = r.doc(2)?;
        let (owner, closing) = (r.int(1)? == 1, r.opt_int(7)?.is_some());
        let scopes: ScopeSet = match (owner, closing) {
            // What there is, they can look at and download; nothing of it is changed any more.
            (true, true) => ScopeSet::closing(),
            (true, false) => ScopeSet::owner(),
            _ => scopes.iter().filter_map(|name| name.parse().ok()).collect::<ScopeSet>().and(ScopeSet::staff()),
        };
        let stopped = r.opt_text(4)?.is_some();
        let erasing = r.opt_int(8)?.is_some();
        let active = r.int(0)? == 1 && !stopped && !erasing && (owner || !closing) && r.opt_int(5)?.is_none();
        // From the moment on at which it is erased nobody acts in it, whether or not that has begun.
        let ends_at = [r.opt_int(6)?, r.opt_int(7)?].into_iter().flatten().min();
        Ok(Authority { active, stopped, closing, scopes, revision: r.int(3)?, terms: TermsMap::default(), ends_at })
    };
    conn.row(STAFF, args![&id.to_string()], read).await
}

/// The revision of an active installation, its row locked until the commit.
pub(in crate::db) async fn installation_revision(conn: &mut Conn, id: InstallationId) -> Result<Option<i64>> {
    const SQL: &str = "SELECT revision FROM installations WHERE id = $1 AND state = 'active' AND stopped IS NULL";
    const LOCKED: &str =
        "SELECT revision FROM installations WHERE id = $1 AND state = 'active' AND stopped IS NULL FOR SHARE";
    let sql = if conn.is_pg() { LOCKED } else { SQL };
    conn.row(sql, args![&id.to_string()], |r| r.int(0)).await
}

/// Finds a person who works in their store at a moment.
macro_rules! at_work {
    () => {
        "SELECT revision FROM staff WHERE id = $1 AND active = 1 AND suspended_at IS NULL \
            AND (ends_at IS NULL OR ends_at > $2)"
    };
}

/// The revision of a person who works in their store at this moment, the row locked until the commit.
async fn staff_revision(conn: &mut Conn, id: StaffId) -> Result<Option<i64>> {
    const LOCKED: &str = concat!(at_work!(), " FOR SHARE");
    let sql = if conn.is_pg() { LOCKED } else { at_work!() };
    conn.row(sql, args![&id.to_string(), now_ms()], |r| r.int(0)).await
}

/// Finds a token that is neither revoked nor expired.
macro_rules! stands {
    () => {
        "SELECT id FROM tokens WHERE id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)"
    };
}

/// Whether a token is neither revoked nor expired, its row locked until the commit.
async fn token_stands(conn: &mut Conn, id: TokenId) -> Result<bool> {
    const LOCKED: &str = concat!(stands!(), " FOR SHARE");
    let sql = if conn.is_pg() { LOCKED } else { stands!() };
    Ok(conn.row(sql, args![&id.to_string(), now_ms()], |r| r.text(0)).await?.is_some())
}

/// Whether what somebody showed still stands, its row locked until the commit. Who showed nothing stands.
async fn credential_stands(conn: &mut Conn, credential: Option<Credential>) -> Result<bool> {
    match credential {
        Some(Credential::Token(token)) => token_stands(conn, token).await,
        Some(Credential::Session(session)) => session::stands(conn, session, true).await,
        None => Ok(true),
    }
}

/// Checks, under lock, everything a permit rested on, or an act of somebody who belongs to no store.
pub(in crate::db) async fn fence(conn: &mut Conn, basis: Basis) -> Result<()> {
    if let Some((id, revision)) = basis.installation
        && installation_revision(conn, id).await? != Some(revision)
    {
        return Err(Error::Stale);
    }
    if let Some((id, revision)) = basis.staff
        && staff_revision(conn, id).await? != Some(revision)
    {
        return Err(Error::Stale);
    }
    match credential_stands(conn, basis.credential).await? {
        true => Ok(()),
        false => Err(Error::Ended),
    }
}

/// Checks, under lock, that an installation runs this code still: the code its grants were agreed to for.
pub(in crate::db) async fn fence_code(conn: &mut Conn, id: InstallationId, code: &str) -> Result<()> {
    const SQL: &str = "SELECT digest FROM installations WHERE id = $1";
    const LOCKED: &str = "SELECT digest FROM installations WHERE id = $1 FOR SHARE";
    let sql = if conn.is_pg() { LOCKED } else { SQL };
    match conn.row(sql, args![&id.to_string()], |r| r.text(0)).await? {
        Some(now) if now == code => Ok(()),
        _ => Err(Error::Stale),
    }
}

/// [`fence`] and [`fence_code`] of the same app: what nearly every run asks, with one look at its row.
pub(in crate::db) async fn fence_app(conn: &mut Conn, basis: Basis, code: &str) -> Result<()> {
    const SQL: &str =
        "SELECT revision, digest FROM installations WHERE id = $1 AND state = 'active' AND stopped IS NULL";
    const LOCKED: &str = "SELECT revision, digest FROM installations WHERE id = $1 AND state = 'active' \
        AND stopped IS NULL FOR SHARE";
    let Some((id, revision)) = basis.installation else { return Err(Error::Stale) };
    let sql = if conn.is_pg() { LOCKED } else { SQL };
    match conn.row(sql, args![&id.to_string()], |r| Ok((r.int(0)?, r.text(1)?))).await? {
        Some((now, digest)) if now == revision && digest == code => {}
        _ => return Err(Error::Stale),
    }
    fence(conn, Basis { installation: None, ..basis }).await
}

/// Counts a change of authority, before any other lock is taken. Its row stays locked until the commit, so versions appear in order.
pub(in crate::db) async fn next_version(conn: &mut Conn) -> Result<i64> {
    const SQL: &str = "UPDATE authority SET version = version + 1 WHERE id = 1 RETURNING version";
    conn.row(SQL, args![], |r| r.int(0)).await?.ok_or_else(|| Error::Corrupt("no authority row".to_owned()))
}

impl Db {
    /// Whether what somebody does still stands on a valid token or session: for what goes on after a request was let in,
    /// such as a stream. One look-up by key. What rests on neither stands.
    pub async fn stands(&self, who: &Principal) -> Result<bool> {
        // In a store that is suspended nothing goes on, and in one that is being closed what its owner looks at.
        const SUSPENDED: &str = "SELECT id FROM stores WHERE id = $1 AND (suspended IS NOT NULL OR erase_at <= $2 \
            OR erase_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM staff p WHERE p.id = $3 AND p.owner = 1))";
        let mut conn = self.reader(RowsOf::All).await?;
        let (store, person) = (who.store().to_string(), who.as_staff().map(|id| id.to_string()));
        let values = args![&store, now_ms(), &person];
        let suspended = conn.row(SUSPENDED, values, |r| r.text(0)).await?.is_some();
        // Nothing is locked: nothing is written.
        Ok(!suspended
            && match who.credential() {
                Some(Credential::Token(id)) => {
                    conn.row(stands!(), args![&id.to_string(), now_ms()], |r| r.text(0)).await?.is_some()
                }
                Some(Credential::Session(id)) => session::stands(&mut conn, id, false).await?,
                None => true,
            })
    }

    /// An installation with its live grants.
    pub async fn installed(&self, id: InstallationId) -> Result<Installed> {
        if let Some((store, live)) = self.memory().authorities.installations.read().get(&id) {
            return Ok(Installed::new(self.mint(), *store, id, Arc::clone(live)));
        }
        let read = read_installation(&mut *self.reader(RowsOf::All).await?, id).await?;
        let (store, authority) = read.ok_or_else(|| Error::not_found("installation", id.to_string()))?;
        let live = {
            let mut known = self.memory().authorities.installations.write();
            Arc::clone(&known.entry(id).or_insert_with(|| (store, Live::new(self.mint(), authority))).1)
        };
        // What changed between that reading and the entry was published to nobody, so it is read again.
        if let Some((_, authority)) = read_installation(&mut *self.reader(RowsOf::All).await?, id).await? {
            live.set(self.mint(), authority);
        }
        Ok(Installed::new(self.mint(), store, id, live))
    }

    /// A staff member's live authority.
    pub(in crate::db) async fn live_staff(&self, id: StaffId) -> Result<Arc<Live>> {
        if let Some(live) = self.memory().authorities.staff.read().get(&id) {
            return Ok(Arc::clone(live));
        }
        let authority = read_staff(&mut *self.reader(RowsOf::All).await?, id).await?;
        let authority = authority.ok_or_else(|| Error::not_found("staff member", id.to_string()))?;
        let live = {
            let mut known = self.memory().authorities.staff.write();
            Arc::clone(known.entry(id).or_insert_with(|| Live::new(self.mint(), authority)))
        };
        // As above: nobody was told of a change between that reading and the entry.
        if let Some(authority) = read_staff(&mut *self.reader(RowsOf::All).await?, id).await? {
            live.set(self.mint(), authority);
        }
        Ok(live)
    }

    /// Replaces the live copy of an installation's authority, for those who hold it already.
    pub(in crate::db) fn publish_installation(&self, id: InstallationId, authority: Authority) {
        if let Some((_, live)) = self.memory().authorities.installations.read().get(&id) {
            live.set(self.mint(), authority);
        }
    }

    /// Replaces the live copy of a staff member's authority.
    pub(in crate::db) fn publish_staff(&self, id: StaffId, authority: Authority) {
        if let Some(live) = self.memory().authorities.staff.read().get(&id) {
            live.set(self.mint(), authority);
        }
    }

    /// Reads again what changed on other hosts since `version`, and returns the version reached. Call it several
    /// times a second where hosts share a database.
    pub async fn refresh_authority(&self, version: i64) -> Result<i64> {
        const NOW: &str = "SELECT version FROM authority WHERE id = 1";
        const INSTALLATIONS: &str = "SELECT id FROM installations WHERE version > $1";
        const PEOPLE: &str = "SELECT id FROM staff WHERE version > $1";
        let mut conn = self.reader(RowsOf::All).await?;
        let reached = conn.row(NOW, args![], |r| r.int(0)).await?.unwrap_or(version);
        if reached == version {
            return Ok(version);
        }
        for id in conn.rows(INSTALLATIONS, args![version], |r| r.parse::<InstallationId>(0)).await? {
            if let Some((_, authority)) = read_installation(&mut conn, id).await? {
                self.publish_installation(id, authority);
            }
        }
        for id in conn.rows(PEOPLE, args![version], |r| r.parse::<StaffId>(0)).await? {
            if let Some(authority) = read_staff(&mut conn, id).await? {
                self.publish_staff(id, authority);
            }
        }
        Ok(reached)
    }
}

/// What an installation holds after a change, read inside the transaction that changed it.
pub(in crate::db) async fn authority_of(conn: &mut Conn, id: InstallationId) -> Result<Authority> {
    let read = read_installation(conn, id).await?;
    Ok(read.ok_or_else(|| Error::not_found("installation", id.to_string()))?.1)
}

/// What a staff member holds after a change, read inside the transaction that changed it.
pub(in crate::db) async fn authority_of_staff(conn: &mut Conn, id: StaffId) -> Result<Authority> {
    read_staff(conn, id).await?.ok_or_else(|| Error::not_found("staff member", id.to_string()))
}
