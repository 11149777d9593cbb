//! What becomes of each place where personal data stood.

use super::person::MASK;
use crate::authz::{Actor, HeldId, StoreId};
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::engine::portion::ROWS;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::Kind;
use crate::db::house::held;
use crate::db::house::held::HeldState;
use crate::db::house::undo::ERASED;
use serde_json::value::RawValue;

/// A row, and what it holds from now on.
pub(super) enum Clean {
    /// Entries of the journal about a record that held personal data and nothing else: some of them, those that are left.
    Journal(Kind, String),
    /// One entry about another record.
    Image { set: String, n: i64, before: Option<Box<RawValue>>, after: Option<Box<RawValue>> },
    /// A run.
    Run { id: String, record: Option<String>, error: Option<String>, detail: Option<Box<RawValue>> },
    /// An event.
    Event(i64, Box<RawValue>),
    /// An audit entry.
    Audit(String, Box<RawValue>),
    /// An answer that waits to be asked for again, by whose it is and its key.
    Answer(String, String),
    /// A held change set, which is rejected.
    Held(HeldId),
    /// Why a held change set was rejected.
    Reason(String),
    /// Why an undo left a record: the undo, the kind and the id.
    Skipped(String, String, String),
}

impl Clean {
    /// About how many bytes it writes, or frees.
    pub(super) fn bytes(&self) -> i64 {
        const HELD: i64 = 64 << 10;
        let len = |json: &Option<Box<RawValue>>| json.as_ref().map_or(0, |json| json.get().len() as i64);
        match self {
            Clean::Image { before, after, .. } => len(before) + len(after),
            Clean::Run { detail, .. } => len(detail),
            Clean::Event(_, json) | Clean::Audit(_, json) => json.get().len() as i64,
            Clean::Held(_) => HELD,
            _ => 0,
        }
    }

    /// The audit entries among some, with what each holds from now on.
    pub(super) fn audits(all: &[Clean]) -> Vec<(&str, &RawValue)> {
        let audits = all.iter().filter_map(|clean| match clean {
            Clean::Audit(id, detail) => Some((id.as_str(), &**detail)),
            _ => None,
        });
        audits.collect()
    }

    /// Writes it. Says how many rows held something.
    pub(super) async fn apply(&self, conn: &mut Conn, of: StoreId, by: Actor) -> Result<u64> {
        const JOURNAL: &str = "UPDATE journal SET before = CASE WHEN before IS NULL THEN NULL ELSE $4 END, \
            after = CASE WHEN after IS NULL THEN NULL ELSE $4 END WHERE store = $1 AND kind = $2 AND id = $3 \
            AND (change_set, n) IN (SELECT change_set, n FROM journal WHERE store = $1 AND kind = $2 AND id = $3 \
            AND (before <> $4 OR after <> $4) ORDER BY change_set, n LIMIT $5)";
        const IMAGE: &str =
            "UPDATE journal SET before = $4, after = $5 WHERE store = $1 AND change_set = $2 AND n = $3";
        const RUN: &str = "UPDATE invocations SET record = $3, error = $4, detail = $5 WHERE store = $1 AND id = $2";
        const EVENT: &str = "UPDATE events SET payload = $3 WHERE store = $1 AND seq = $2";
        const ANSWER: &str = "UPDATE answers SET body = NULL WHERE store = $1 AND actor = $2 AND key = $3";
        const REASON: &str = "UPDATE held SET reason = $3 WHERE store = $1 AND id = $2";
        const SKIPPED: &str =
            "UPDATE undo_skipped SET detail = $5 WHERE store = $1 AND undo = $2 AND kind = $3 AND id = $4";
        let store = of.to_string();
        match self {
            Clean::Journal(kind, id) => {
                let erased = RawValue::from_string(ERASED.to_owned()).map_err(|e| Error::Corrupt(e.to_string()))?;
                conn.exec(JOURNAL, args![&store, kind.name(), id, &erased, ROWS]).await
            }
            Clean::Image { set, n, before, after } => {
                conn.exec(IMAGE, args![&store, set, *n, before.as_deref(), after.as_deref()]).await
            }
            Clean::Run { id, record, error, detail } => {
                conn.exec(RUN, args![&store, id, record, error, detail.as_deref()]).await
            }
            Clean::Event(seq, payload) => conn.exec(EVENT, args![&store, *seq, payload]).await,
            // Those of a portion together: see `audits`.
            Clean::Audit(..) => Ok(0),
            Clean::Answer(actor, key) => conn.exec(ANSWER, args![&store, actor, key]).await,
            Clean::Held(id) => {
                let why = Some("the personal data in it was erased");
                match held::drop_held(conn, of, *id, by, HeldState::Rejected, why).await {
                    Ok(_) => Ok(1),
                    // Somebody decided at the last moment.
                    Err(Error::Invalid(_)) => Ok(0),
                    Err(e) => Err(e),
                }
            }
            Clean::Reason(id) => conn.exec(REASON, args![&store, id, MASK]).await,
            Clean::Skipped(undo, kind, id) => conn.exec(SKIPPED, args![&store, undo, kind, id, MASK]).await,
        }
    }
}
