//! Who changed something, in the words of a sentence about it.

use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::error::Result;

/// An actor as written in rows, for people: an app by its id, with the person for whom it ran, and a person by their
/// name, also once they are gone; everybody else as they are written.
pub(in crate::db) async fn who(conn: &mut Conn, actor: &str) -> Result<String> {
    const APP: &str = "SELECT app FROM installations WHERE id = $1";
    if let Some(id) = actor.strip_prefix("staff:") {
        return Ok(person(conn, id).await?.unwrap_or_else(|| actor.to_owned()));
    }
    let Some(app) = actor.strip_prefix("app:") else { return Ok(actor.to_owned()) };
    let (installation, staff) = app.split_once('+').map_or((app, None), |(app, staff)| (app, Some(staff)));
    let Some(app) = conn.row(APP, args![installation], |r| r.text(0)).await? else { return Ok(actor.to_owned()) };
    Ok(match staff {
        Some(id) => format!("`{app}` for {}", person(conn, id).await?.unwrap_or_else(|| id.to_owned())),
        None => format!("`{app}`"),
    })
}

async fn person(conn: &mut Conn, id: &str) -> Result<Option<String>> {
    const PERSON: &str = "SELECT name FROM staff WHERE id = $1";
    conn.row(PERSON, args![id], |r| r.text(0)).await
}
