//! Taking changes back: what it would do, doing it, and how far it has come; and deciding on what apps propose.

use super::account::see;
use super::frame::Frame;
use super::show::{Shown, show};
use crate::authz::scope::kind::{ChangesApprove, ChangesUndo, ChangesView};
use crate::authz::{HeldId, Permit, Principal, Scope, UndoId};
use crate::db::Db;
use crate::db::undo::{Act, Skipped, Undo, UndoOf, UndoPreview, UndoState, Why as WhyLeft};
use crate::http::accounts::Form;
use crate::http::extract::handler::{get, post};
use crate::http::pages::words::Words;
use crate::http::{At, Problem, Query, State};
use askama::Template;
use axum::Router;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "undo/preview.html")]
struct Preview {
    frame: Frame,
    of: Which,
    preview: UndoPreview,
}

impl Preview {
    /// Why a record stays as it is. English says by whom, too.
    fn why(&self, skipped: &Skipped) -> String {
        let key = match skipped.why {
            _ if self.frame.words == Words::ENGLISH => return skipped.detail.clone(),
            WhyLeft::Changed => "left-changed",
            WhyLeft::Taken => "left-taken",
            WhyLeft::InUse => "left-in-use",
            WhyLeft::Missing => "left-missing",
            WhyLeft::Together => "left-together",
            WhyLeft::Unknown => "left-unknown",
            WhyLeft::NotHeld => "left-not-held",
            WhyLeft::Erased => "left-erased",
            WhyLeft::Money => "left-money",
            WhyLeft::Failed => "left-failed",
        };
        let scope = skipped.scope.map_or("", Scope::name);
        self.frame.t(key).with("scope", scope).to_string()
    }
}

#[derive(Template)]
#[template(path = "undo/progress.html")]
struct Progress {
    frame: Frame,
    undo: Undo,
}

/// What is to be taken back: a change set, one change of it, a run, an app, since a moment or ever, or an undo.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    #[serde(default)]
    change_set: String,
    #[serde(default)]
    change: String,
    #[serde(default)]
    invocation: String,
    #[serde(default)]
    installation: String,
    #[serde(default)]
    since: String,
    #[serde(default)]
    undo: String,
    #[serde(default)]
    keep_running: String,
}

impl Which {
    fn of(&self) -> Result<UndoOf, Problem> {
        fn id<T: std::str::FromStr>(text: &str) -> Result<Option<T>, Problem> {
            let wrong = |_| Problem::not_found(format_args!("change `{text}`; open the page that led here again"));
            Some(text).filter(|text| !text.is_empty()).map(|text| text.parse().map_err(wrong)).transpose()
        }
        Ok(UndoOf {
            change_set: id(&self.change_set)?,
            change: id(&self.change)?,
            invocation: id(&self.invocation)?,
            installation: id(&self.installation)?,
            since: Some(self.since.clone()).filter(|since| !since.is_empty()),
            undo: id(&self.undo)?,
            keep_running: !self.keep_running.is_empty(),
            ..UndoOf::default()
        })
    }
}

/// Every page of this room.
pub(super) fn routes() -> Router<State> {
    Router::new()
        .route("/stores/{store}/undo", get(preview).post(start))
        .route("/stores/{store}/undo/{undo}", get(progress))
        .route("/stores/{store}/activity/held/{held}/approve", post(approve))
        .route("/stores/{store}/activity/held/{held}/reject", post(reject))
}

/// What it would do.
async fn preview(frame: Frame, undo: Permit<ChangesUndo>, who: Principal, db: Db, Query(of): Query<Which>) -> Shown {
    let preview = undo.preview(&db, &who, &of.of()?).await?;
    show(&Preview { frame, of, preview })
}

/// Does it.
async fn start(frame: Frame, undo: Permit<ChangesUndo>, who: Principal, db: Db, Form(of): Form<Which>) -> Shown {
    let begun = undo.start(&db, &who, &of.of()?, None).await?;
    Ok(see(&format!("{}/undo/{}", frame.base, begun.id)))
}

/// How far it has come.
async fn progress(frame: Frame, changes: Permit<ChangesView>, db: Db, At(undo): At) -> Shown {
    let id: UndoId = undo.parse().map_err(|_| Problem::not_found(format_args!("undo `{undo}`")))?;
    let undo = changes.undo(&db, id).await?;
    show(&Progress { frame, undo })
}

fn held(text: &str) -> Result<HeldId, Problem> {
    text.parse().map_err(|_| Problem::not_found(format_args!("proposal `{text}`")))
}

/// Approves what an app proposes, whole.
async fn approve(frame: Frame, approve: Permit<ChangesApprove>, who: Principal, db: Db, At(id): At) -> Shown {
    approve.approve(&db, &who, held(&id)?, None).await?;
    Ok(see(&format!("{}/activity/held", frame.base)))
}

/// Why it is rejected.
#[derive(Deserialize)]
struct Why {
    #[serde(default)]
    reason: String,
}

/// Rejects it, whole.
async fn reject(
    frame: Frame,
    approve: Permit<ChangesApprove>,
    who: Principal,
    db: Db,
    At(id): At,
    Form(why): Form<Why>,
) -> Shown {
    let reason = Some(why.reason.trim().to_owned()).filter(|reason| !reason.is_empty());
    approve.reject(&db, &who, held(&id)?, reason).await?;
    Ok(see(&format!("{}/activity/held", frame.base)))
}
