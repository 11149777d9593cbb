//! A person presses one of an app's buttons.

use crate::authz::{Permit, Principal, scope::kind::AppsRun};
use crate::db::{Db, Outcome};
use crate::events::{Press, press as press_action};
use crate::http::repeat::NotRetained;
use crate::http::{At, IdempotencyKey, Json, Problem};
use crate::runtime::Runtime;
use axum::Extension;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// No record's id is longer, in bytes.
const LONGEST_ID: usize = 200;

/// On which record the button is pressed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Pressed {
    /// The record's id, of the kind the action is on; 1 to 200 bytes.
    record: String,
}

/// How the run ended.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Ran {
    /// The run.
    invocation: String,
    /// How it ended.
    outcome: Outcome,
    /// Why it did not end well, if it did not.
    error: Option<String>,
    /// How many records and levels it changed.
    changes: u64,
    /// The change set, if anything changed.
    change_set: Option<String>,
    /// Where what it would change waits for a person, if it does.
    held: Option<String>,
}

/// Press an app's button
///
/// The run holds what both the app and the person who presses hold, and nothing more. The record has to be in the store,
/// and of the kind the action is on.
#[utoipa::path(post, path = "/stores/{store}/installations/{installation}/actions/{action}", tag = "installations", responses((status = 200, body = Ran)))]
pub(super) async fn press(
    run: Permit<AppsRun>,
    who: Principal,
    db: Db,
    runtime: Runtime,
    IdempotencyKey(once): IdempotencyKey,
    At((installation, action)): At<(String, String)>,
    Json(pressed): Json<Pressed>,
) -> Result<(Option<Extension<NotRetained>>, Json<Ran>), Problem> {
    let installation =
        installation.parse().map_err(|_| Problem::not_found(format_args!("installation `{installation}`")))?;
    if pressed.record.is_empty() || pressed.record.len() > LONGEST_ID {
        return Err(Problem::invalid(format!("`record` is the id of a record, 1 to {LONGEST_ID} bytes")));
    }
    let press = Press { installation, action, record: pressed.record, once };
    let ended = press_action(&db, &runtime, &run, &who, press).await?;
    let held = ended.committed.and_then(|run| run.held).map(|id| id.to_string());
    let committed = ended.committed.filter(|run| run.changes > 0);
    // One that did not end well changed nothing, so the button may be pressed again with the same key.
    let not_retained = (!ended.outcome.is_ok()).then_some(Extension(NotRetained));
    let ran = Ran {
        invocation: ended.invocation.to_string(),
        outcome: ended.outcome,
        error: ended.error,
        changes: committed.map_or(0, |run| run.changes),
        change_set: committed.and_then(|run| run.change_set).map(|id| id.to_string()),
        held,
    };
    Ok((not_retained, Json(ran)))
}
