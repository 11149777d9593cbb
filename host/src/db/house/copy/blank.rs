//! A backup without personal data and without secrets: to try an upgrade with, or to hand to whoever looks for a mistake.
//!
//! INVARIANT: what is left out is overwritten: the file is written anew once everything is blank, so nothing of it stands
//! between the rows either. Which kinds of records are personal says the table of kinds, and no list here.

use super::restore::forget_key;
use crate::authz::{Actor, StoreId};
use crate::db::core::engine::conn::{Conn, args, now};
use crate::db::core::engine::migrate;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::{Index, Kind};
use crate::db::house::apps::AppFacts;
use crate::db::house::held::{HeldState, drop_held};
use crate::db::house::installations::without_secrets;
use crate::db::house::undo::ERASED;
use serde_json::value::RawValue;

/// What stands where somebody wrote something.
const BLANK: &str = "[left out of this backup]";

/// Of no store, or of people whatever store they are in. What apps store under keys of their own may be anything.
const PEOPLE: &[&str] = &[
    "UPDATE accounts SET email = 'person-' || rowid || '@example.invalid', name = 'Person ' || rowid, passkeys = 0",
    "UPDATE staff SET name = 'Person ' || rowid, email = NULL WHERE email IS NULL",
    "UPDATE staff SET name = 'Person ' || rowid, email = 'person-' || rowid || '@example.invalid' WHERE email IS NOT NULL",
    "UPDATE tokens SET name = 'Token ' || rowid",
    "DELETE FROM sessions",
    "DELETE FROM links",
    "DELETE FROM passkeys",
    "DELETE FROM confirmed_devices",
    "DELETE FROM devices",
    "DELETE FROM answers",
    "DELETE FROM storage",
    "UPDATE storage_used SET keys = 0, bytes = 0",
    "UPDATE identity SET secret = lower(hex(randomblob(32)))",
];

/// What people and apps wrote in words of their own. A run is one that could see personal data, or one that somebody began
/// with a text.
const WORDS: &[&str] = &[
    "UPDATE invocations SET error = CASE WHEN error IS NULL THEN NULL ELSE $1 END, \
        detail = CASE WHEN detail IS NULL THEN NULL ELSE json_set(detail, '$.log', json('[]')) END, \
        record = CASE WHEN trigger_kind = 'event' THEN record ELSE NULL END WHERE personal IS NOT NULL",
    "UPDATE undo_skipped SET detail = $1 WHERE detail <> ''",
    "UPDATE held SET reason = $1 WHERE reason IS NOT NULL",
    "UPDATE stops SET reason = $1",
    "UPDATE plan_requests SET note = CASE WHEN note = '' THEN note ELSE $1 END, word = CASE WHEN word IS NULL THEN NULL ELSE $1 END",
    "UPDATE stores SET suspended = $1 WHERE suspended IS NOT NULL",
    "UPDATE installations SET state_reason = $1 WHERE state_reason IS NOT NULL",
    "UPDATE audit SET subject = $1 WHERE instr(subject, '@') > 0",
    "UPDATE host_audit SET subject = $1 WHERE instr(subject, '@') > 0",
];

/// Which permissions somebody gained is asked of the log later on; everything else in it is for people to read.
const AUDIT: &str = "UPDATE audit SET detail = CASE WHEN act = 'staff.scopes' AND json_type(detail, '$.before') = 'array' \
    THEN json_object('before', json_extract(detail, '$.before'), 'after', json_extract(detail, '$.after')) ELSE '{}' END";

/// Blanks a copy, and writes it anew.
pub(super) fn blank(conn: &mut Conn) -> Result<()> {
    now(conn.batch("PRAGMA secure_delete = ON"))?;
    now(migrate::run_lite(conn))?;
    now(conn.batch("BEGIN"))?;
    for kind in Kind::ALL.iter().filter(|kind| kind.personal().is_some()) {
        records(conn, *kind)?;
    }
    waiting(conn)?;
    settings(conn)?;
    forget_key(conn)?;
    for sql in PEOPLE {
        now(conn.exec(sql, args![]))?;
    }
    for sql in WORDS {
        now(conn.exec(sql, args![BLANK]))?;
    }
    now(conn.exec(AUDIT, args![]))?;
    now(conn.exec("UPDATE host_audit SET detail = '{}'", args![]))?;
    now(conn.batch("COMMIT"))?;
    now(conn.batch("VACUUM"))
}

/// The records of a kind that holds personal data, what they are found by, and what they held before.
fn records(conn: &mut Conn, kind: Kind) -> Result<()> {
    const RECORDS: &str = "DELETE FROM records WHERE kind = $1";
    const TAGS: &str = "DELETE FROM tags WHERE kind = $1";
    const KEYS: &str = "DELETE FROM keys WHERE space = $1";
    const IMAGES: &str = "UPDATE journal SET before = CASE WHEN before IS NULL THEN NULL ELSE $2 END, \
        after = CASE WHEN after IS NULL THEN NULL ELSE $2 END WHERE kind = $1";
    now(conn.exec(RECORDS, args![kind.name()]))?;
    now(conn.exec(TAGS, args![kind.name()]))?;
    now(conn.exec(IMAGES, args![kind.name(), ERASED]))?;
    for by in kind.row().index {
        match by {
            Index::Key(_, space) | Index::Keys(_, space) | Index::KeyOfEach(_, _, space) => {
                now(conn.exec(KEYS, args![space.name()]))?;
            }
            Index::Links(_, space) => drop(now(conn.exec(TAGS, args![*space]))?),
            Index::Tags | Index::Uses => {}
        }
    }
    Ok(())
}

/// What waits for a person: a draft may hold anything its run could see.
fn waiting(conn: &mut Conn) -> Result<()> {
    const WAITING: &str = "SELECT store, id FROM held WHERE state = 'waiting'";
    const DRAFTS: &str = "UPDATE held SET draft = NULL, spends = NULL";
    let read = |r: crate::db::core::engine::conn::Row<'_>| Ok((r.parse::<StoreId>(0)?, r.parse(1)?));
    for (store, id) in now(conn.rows(WAITING, args![], read))? {
        now(drop_held(conn, store, id, Actor::Host, HeldState::Rejected, None))?;
    }
    now(conn.exec(DRAFTS, args![])).map(drop)
}

/// Settings that nobody is shown stand there as people are shown them.
fn settings(conn: &mut Conn) -> Result<()> {
    const SETTINGS: &str = "SELECT i.id, i.settings, v.facts FROM installations i LEFT JOIN app_versions v \
        ON v.space = i.space AND v.app = i.app AND v.version = i.app_version";
    const SET: &str = "UPDATE installations SET settings = $2 WHERE id = $1";
    let read = |r: crate::db::core::engine::conn::Row<'_>| Ok((r.text(0)?, r.json(1)?, r.opt_json(2)?));
    for (id, settings, facts) in now(conn.rows(SETTINGS, args![], read))? {
        let facts = facts.and_then(|facts| serde_json::from_str::<AppFacts>(facts.get()).ok());
        let open = match facts {
            Some(facts) => without_secrets(&facts, &settings)?,
            // What it hides cannot be told any more.
            None => RawValue::from_string("{}".to_owned()).map_err(|e| Error::Corrupt(e.to_string()))?,
        };
        now(conn.exec(SET, args![&id, &open]))?;
    }
    Ok(())
}
