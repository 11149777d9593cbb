//! Taking changes back: looking at what it would do, doing it, and how far it has come.

use crate::authz::{
    Permit, Principal, UndoId,
    scope::kind::{ChangesUndo, ChangesView},
};
use crate::db::undo::{Skipped, Undo, UndoOf, UndoPreview};
use crate::db::{Db, Items, Page};
use crate::http::{Answer, At, IdempotencyKey, Json, Problem, Query};
use serde::Deserialize;
use utoipa::IntoParams;

/// Which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Part {
    /// 1 to 100; 50 if not given.
    limit: Option<u32>,
    /// `next_cursor` of the part before.
    cursor: Option<String>,
}

fn id(text: &str) -> Result<UndoId, Problem> {
    text.parse().map_err(|_| Problem::not_found(format_args!("undo `{text}`")))
}

/// Preview an undo
///
/// What would be restored, what conflicts because somebody changed it since, and what cannot be taken back and why.
/// Nothing is changed.
#[utoipa::path(post, path = "/stores/{store}/undos/preview", tag = "journal", responses((status = 200, body = UndoPreview)))]
pub(super) async fn preview(
    undo: Permit<ChangesUndo>,
    who: Principal,
    db: Db,
    Json(of): Json<UndoOf>,
) -> Answer<UndoPreview> {
    Ok(Json(undo.preview(&db, &who, &of).await?))
}

/// Undo changes
///
/// Each change needs the scopes it was made with, too. Up to 500 records are one change set and done with the answer;
/// more go on by themselves in change sets of 500, and `GET …/undos/{undo}` says how far. The app whose changes they
/// are is paused and is not told of the undo.
#[utoipa::path(post, path = "/stores/{store}/undos", tag = "journal", responses((status = 200, body = Undo)))]
pub(super) async fn undo(
    undo: Permit<ChangesUndo>,
    who: Principal,
    db: Db,
    IdempotencyKey(once): IdempotencyKey,
    Json(of): Json<UndoOf>,
) -> Answer<Undo> {
    Ok(Json(undo.start(&db, &who, &of, once).await?))
}

/// List undos
///
/// Newest first, with how far each has come.
#[utoipa::path(get, path = "/stores/{store}/undos", tag = "journal", params(Part), responses((status = 200, body = Items<Undo>)))]
pub(super) async fn list(journal: Permit<ChangesView>, db: Db, Query(part): Query<Part>) -> Answer<Items<Undo>> {
    let page = Page { limit: part.limit, cursor: part.cursor };
    Ok(Json(journal.undos(&db, &page).await?))
}

/// Get an undo, and how far it has come
#[utoipa::path(get, path = "/stores/{store}/undos/{undo}", tag = "journal", responses((status = 200, body = Undo)))]
pub(super) async fn get(journal: Permit<ChangesView>, db: Db, At(undo): At) -> Answer<Undo> {
    Ok(Json(journal.undo(&db, id(&undo)?).await?))
}

/// Get what an undo left as it is
///
/// With the reason for each record.
#[utoipa::path(get, path = "/stores/{store}/undos/{undo}/skipped", tag = "journal", params(Part), responses((status = 200, body = Items<Skipped>)))]
pub(super) async fn skipped(
    journal: Permit<ChangesView>,
    db: Db,
    At(undo): At,
    Query(part): Query<Part>,
) -> Answer<Items<Skipped>> {
    let page = Page { limit: part.limit, cursor: part.cursor };
    Ok(Json(journal.skipped(&db, id(&undo)?, &page).await?))
}
