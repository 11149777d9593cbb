//! New runs for a page that is open: each as the row that the list would have for it.

use super::apps::Apps;
use super::row::{Fresh, Row};
use super::runs::Asked;
use crate::authz::scope::kind::{AppsView, UsageView};
use crate::authz::{Permit, Principal};
use crate::db::history::Invocation;
use crate::db::now_ms;
use crate::http::follow::{Runs, follow, last_seen};
use crate::http::pages::frame::Frame;
use crate::http::{Problem, Query, State};
use askama::Template as _;
use axum::http::HeaderMap;
use axum::response::sse::Event;

pub(super) async fn stream(
    frame: Frame,
    usage: Permit<UsageView>,
    apps: Option<Permit<AppsView>>,
    who: Principal,
    state: State,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Result<Runs, Problem> {
    let asked = asked.filled();
    let filter = asked.filter(frame.now)?;
    let apps = Apps::read(&state.db, apps.as_ref()).await?;
    // A browser that connects again says what it saw last; before that, the page says where it was made.
    let from = last_seen(&headers).map(str::to_owned).or(asked.from);
    let show = move |run: &Invocation| {
        // The page may have been open since yesterday.
        let frame = Frame { now: now_ms(), ..frame.clone() };
        let row = Row::new(&frame, &apps, run);
        let text = Fresh { frame: &frame, row }.render().ok()?;
        // A carriage return cannot stand in an event.
        Some(Event::default().event("run").data(text.replace('\r', "")))
    };
    follow(usage, who, state, filter, from.as_deref(), show).await
}
