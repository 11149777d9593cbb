//! What a backup says of itself, in a table that no database of a host has.

use crate::db::core::engine::conn::{Conn, args, now};
use crate::db::core::error::Result;
use serde::Serialize;

/// How much of the data a backup holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Contents {
    /// All of it.
    Everything,
    /// Nothing that tells who somebody is, and no secrets: to try things with.
    WithoutPersonalData,
}

/// When a backup was taken, and of what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Note {
    /// Milliseconds since 1970: everything acknowledged before is in it.
    pub(super) at: i64,
    /// `sqlite` or `postgres`.
    pub(super) engine: String,
    pub(super) contents: Contents,
}

/// Takes the note away: what is left is a database as a host has it.
pub(super) fn remove(conn: &mut Conn) -> Result<()> {
    now(conn.batch("DROP TABLE IF EXISTS backup"))
}

pub(super) fn write(conn: &mut Conn, note: &Note) -> Result<()> {
    const TABLE: &str = "CREATE TABLE backup (taken_at BIGINT NOT NULL, engine TEXT NOT NULL, version TEXT NOT NULL, \
        without_personal BIGINT NOT NULL)";
    const NOTE: &str = "INSERT INTO backup (taken_at, engine, version, without_personal) VALUES ($1, $2, $3, $4)";
    remove(conn)?;
    now(conn.batch(TABLE))?;
    let blank = note.contents == Contents::WithoutPersonalData;
    now(conn.exec(NOTE, args![note.at, &note.engine, env!("CARGO_PKG_VERSION"), blank])).map(drop)
}

/// What the note says; nothing in backups of before there were notes.
pub(super) fn read(conn: &mut Conn) -> Result<Option<Note>> {
    const THERE: &str = "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'backup'";
    const NOTE: &str = "SELECT taken_at, engine, without_personal FROM backup";
    if now(conn.count(THERE, args![]))? == 0 {
        return Ok(None);
    }
    let contents = |blank| if blank == 0 { Contents::Everything } else { Contents::WithoutPersonalData };
    now(conn.row(NOTE, args![], |r| Ok(Note { at: r.int(0)?, engine: r.text(1)?, contents: contents(r.int(2)?) })))
}
