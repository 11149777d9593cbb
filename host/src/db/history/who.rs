//! Who changed something, in the words of a sentence about it.

use crate::db::engine::conn::{Conn, args};
use crate::db::error::Result;

/// An actor as written in rows, for people: an app by its id, with the person for whom it ran, also once it is
/// uninstalled; everybody else as they are written.
pub(in crate::db) async fn who(conn: &mut Conn, actor: &str) -> Result<String> {
    const APP: &str = "SELECT app FROM installations WHERE id = $1";
    let Some(app) = actor.strip_prefix("app:") else { return Ok(actor.to_owned()) };
    let (installation, staff) = app.split_once('+').map_or((app, None), |(app, staff)| (app, Some(staff)));
    let Some(app) = conn.row(APP, args![installation], |r| r.text(0)).await? else { return Ok(actor.to_owned()) };
    Ok(match staff {
        Some(staff) => format!("`{app}` for {staff}"),
        None => format!("`{app}`"),
    })
}
