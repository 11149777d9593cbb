//! Ceremonies: what a browser was asked for that holds a passkey, until it answers.
//!
//! What a browser was asked for that nobody is signed in with it remembers itself, sealed: however many strangers begin, the
//! host holds nothing of it until one of them has signed in.
//!
//! INVARIANT: each is answered once, within five minutes, at the same origin, and by whom it was begun for: one session, or
//! one browser that nobody is signed in with.

use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::Result;
use crate::db::core::time::now_ms;

/// How long one can be answered, in milliseconds.
pub const LIVES_MS: i64 = 5 * 60_000;
/// So many a session has at once, each in a window of its own; the oldest ends when another begins.
const MAX_OF_SESSION: i64 = 4;
/// What a ceremony is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CeremonyKind {
    /// Making a passkey.
    Create,
    /// Proving who somebody is: the second step of signing in, or anew.
    Prove,
}

impl CeremonyKind {
    const fn name(self) -> &'static str {
        match self {
            CeremonyKind::Create => "create",
            CeremonyKind::Prove => "prove",
        }
    }
}

/// Whose ceremony it is.
#[derive(Debug, Clone)]
pub struct Ceremony {
    /// What it is for.
    pub kind: CeremonyKind,
    /// The session it was begun in.
    pub session: String,
    /// Where its page is.
    pub origin: String,
}

async fn room(conn: &mut Conn, asked: &str, now: i64) -> Result<()> {
    const GONE: &str = "DELETE FROM ceremonies WHERE expires_at <= $1";
    const OLDEST: &str = "DELETE FROM ceremonies WHERE asked = $1 AND challenge NOT IN (SELECT challenge FROM ceremonies \
        WHERE asked = $1 ORDER BY created_at DESC, challenge LIMIT $2)";
    conn.exec(GONE, args![now]).await?;
    conn.exec(OLDEST, args![asked, MAX_OF_SESSION - 1]).await.map(drop)
}

impl Db {
    /// Begins a ceremony of a session: what its answer is found by, and compared with.
    pub async fn begin_ceremony(&self, of: Ceremony, challenge: String, state: String) -> Result<()> {
        const INSERT: &str = "INSERT INTO ceremonies (challenge, kind, asked, origin, state, created_at, expires_at) \
            VALUES ($1, $2, $3, $4, $5, $6, $7)";
        self.write_with(RowsOf::All, (of, challenge, state), |conn, (of, challenge, state)| {
            Box::pin(async move {
                let now = now_ms();
                room(conn, &of.session, now).await?;
                let values = args![challenge, of.kind.name(), &of.session, &of.origin, state, now, now + LIVES_MS];
                conn.exec(INSERT, values).await.map(drop)
            })
        })
        .await
    }

    /// Notes that somebody signed in by answering what their browser alone remembered; false, if they had done so already.
    pub async fn answered_once(&self, challenge: String, origin: String) -> Result<bool> {
        const GONE: &str = "DELETE FROM ceremonies WHERE expires_at <= $1";
        const INSERT: &str = "INSERT INTO ceremonies (challenge, kind, asked, origin, state, created_at, expires_at) \
            VALUES ($1, 'answered', '', $2, '', $3, $4) ON CONFLICT DO NOTHING";
        self.write_with(RowsOf::All, (challenge, origin), |conn, (challenge, origin)| {
            Box::pin(async move {
                let now = now_ms();
                conn.exec(GONE, args![now]).await?;
                Ok(conn.exec(INSERT, args![challenge, origin, now, now + LIVES_MS]).await? == 1)
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
                let values = args![challenge, of.kind.name(), &of.session, &of.origin, now_ms()];
                conn.row(END, values, |r| r.text(0)).await
            })
        })
        .await
    }
}
