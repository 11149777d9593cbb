//! Ceremonies: what a browser was asked for that holds a passkey, until it answers.
//!
//! INVARIANT: each is answered once, within five minutes, at the same origin, and by whom it was begun for: one session, or
//! one browser that nobody is signed in with.

use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::time::now_ms;

/// How long one can be answered, in milliseconds.
const LIVES_MS: i64 = 5 * 60_000;
/// So many a session has at once, each in a window of its own; the oldest ends when another begins.
const MAX_OF_SESSION: i64 = 4;
/// So many a network has under way of which nobody is signed in, and all networks together. Strangers control how many they
/// begin; those that are answered count no more.
const MAX_OF_NETWORK: u64 = 32;
const MAX_OF_STRANGERS: u64 = 8_192;

/// What a ceremony is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CeremonyKind {
    /// Making a passkey.
    Create,
    /// Proving who somebody is: the second step of signing in, or anew.
    Prove,
    /// Signing in with a passkey alone.
    SignIn,
}

impl CeremonyKind {
    const fn name(self) -> &'static str {
        match self {
            CeremonyKind::Create => "create",
            CeremonyKind::Prove => "prove",
            CeremonyKind::SignIn => "sign_in",
        }
    }
}

/// Whose ceremony it is.
#[derive(Debug, Clone)]
pub struct Ceremony {
    /// What it is for.
    pub kind: CeremonyKind,
    /// The session it was begun in, or a hash of what a browser holds that nobody is signed in with.
    pub asked: String,
    /// The network of that browser; none for a session.
    pub network: Option<String>,
    /// Where its page is.
    pub origin: String,
}

async fn room(conn: &mut Conn, of: &Ceremony, now: i64) -> Result<()> {
    const GONE: &str = "DELETE FROM ceremonies WHERE expires_at <= $1";
    const OLDEST: &str = "DELETE FROM ceremonies WHERE asked = $1 AND challenge NOT IN (SELECT challenge FROM ceremonies \
        WHERE asked = $1 ORDER BY created_at DESC, challenge LIMIT $2)";
    conn.exec(GONE, args![now]).await?;
    match &of.network {
        Some(network) => busy(conn.count(NETWORK, args![network, now]).await?, 0),
        None => conn.exec(OLDEST, args![&of.asked, MAX_OF_SESSION - 1]).await.map(drop),
    }
}

const NETWORK: &str = "SELECT COUNT(*) FROM ceremonies WHERE network = $1 AND expires_at > $2";

/// Refuses strangers when so many are under way of their network, and of all.
fn busy(of_network: u64, of_all: u64) -> Result<()> {
    match of_network >= MAX_OF_NETWORK || of_all >= MAX_OF_STRANGERS {
        true => Err(Error::invalid(
            "too many began to sign in with a passkey lately and did not finish; sign in with your password, or wait five minutes",
        )),
        false => Ok(()),
    }
}

impl Db {
    /// Begins a ceremony: what its answer is found by, and compared with.
    pub async fn begin_ceremony(&self, of: Ceremony, challenge: String, state: String) -> Result<()> {
        const STRANGERS: &str = "SELECT COUNT(*) FROM ceremonies WHERE network IS NOT NULL AND expires_at > $1";
        const INSERT: &str = "INSERT INTO ceremonies (challenge, kind, asked, origin, network, state, created_at, expires_at) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        if let Some(network) = &of.network {
            // Asked of a reader: what strangers send in vain costs those who write nothing.
            let mut reader = self.reader(RowsOf::All).await?;
            let of_network = reader.count(NETWORK, args![network, now_ms()]).await?;
            busy(of_network, reader.count(STRANGERS, args![now_ms()]).await?)?;
        }
        self.write_with(RowsOf::All, (of, challenge, state), |conn, (of, challenge, state)| {
            Box::pin(async move {
                let now = now_ms();
                room(conn, of, now).await?;
                let (kind, until) = (of.kind.name(), now + LIVES_MS);
                let values = args![challenge, kind, &of.asked, &of.origin, &of.network, state, now, until];
                conn.exec(INSERT, values).await.map(drop)
            })
        })
        .await
    }

    /// Ends a ceremony: what its answer is compared with; nothing, if it is another's, was answered already or took too
    /// long.
    pub async fn end_ceremony(&self, of: Ceremony, challenge: String) -> Result<Option<String>> {
        const END: &str = "DELETE FROM ceremonies WHERE challenge = $1 AND kind = $2 AND asked = $3 AND origin = $4 \
            AND expires_at > $5 RETURNING state";
        self.write_with(RowsOf::All, (of, challenge), |conn, (of, challenge)| {
            Box::pin(async move {
                let values = args![challenge, of.kind.name(), &of.asked, &of.origin, now_ms()];
                conn.row(END, values, |r| r.text(0)).await
            })
        })
        .await
    }
}
