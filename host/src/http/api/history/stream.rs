//! Runs as they are recorded, as server-sent events. Each carries its place in the log as `id`, so that a client that
//! connects again with `last-event-id` has missed nothing.

use crate::authz::{Actor, InstallationId, Permit, Principal, scope::kind::UsageView};
use crate::db::history::{After, Followed, InvocationFilter, Personal, Place, Seal};
use crate::db::{self, Outcome};
use crate::http::extract::{bearer, principal_of};
use crate::http::streams::Open;
use crate::http::{Problem, Query, State};
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{self, Stream, StreamExt as _};
use serde::Deserialize;
use std::convert::Infallible;
use std::time::{Duration, Instant};
use utoipa::IntoParams;

/// How often the log is read for more.
const LOOK: Duration = Duration::from_millis(400);
/// And how often while more is there already.
const SOON: Duration = Duration::from_millis(20);
/// Runs read at once.
const BATCH: usize = 200;
/// How often it is asked again who the token stands for: a stream ends with its token, not long after.
const ASK: Duration = Duration::from_secs(2);
/// A stream ends after so long; the client connects again by itself.
const LONGEST: Duration = Duration::from_secs(900);

/// Which runs. Every parameter given narrows the result.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Tail {
    /// Of one installation.
    #[param(value_type = Option<String>)]
    installation: Option<InstallationId>,
    /// Of one app, by its id.
    app: Option<String>,
    /// Runs that ended with this outcome.
    outcome: Option<Outcome>,
    /// With at least one call that was denied.
    #[serde(default)]
    denied: bool,
    /// That made this host call, for example `orders-view.get`.
    call: Option<String>,
}

/// Follow runs
///
/// Server-sent events: one `invocation` per run from now on, or from `last-event-id` on. The first event, `open`, says
/// where the log is now.
#[utoipa::path(get, path = "/stores/{store}/invocations/stream", tag = "invocations", params(Tail, ("last-event-id" = Option<String>, Header, description = "The `id` of the last event received")), responses((status = 200, content_type = "text/event-stream", body = String)))]
pub(super) async fn stream(
    usage: Permit<UsageView>,
    who: Principal,
    state: State,
    Query(tail): Query<Tail>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let Tail { installation, app, outcome, denied, call } = tail;
    let filter = InvocationFilter { installation, app, outcome, denied, call, ..InvocationFilter::default() };
    let seal = state.db.seal(usage.store()).await?;
    let place = match headers.get("last-event-id") {
        Some(id) => seal.open(id.to_str().unwrap_or_default())?,
        None => usage.log_end(&state.db).await?,
    };
    // What is wrong with the filter shows now, not in the middle of the stream.
    usage.follow(&state.db, &filter, &Personal::default(), place, 1).await?;
    let token = bearer(&headers)?;
    let counted = state.streams.open(&token, &who.actor().to_string(), &who.store().to_string())?;
    let open = Event::default().event("open").id(seal.close(place)?).data("{}");
    let stop = state.stop.clone();
    let now = Instant::now();
    let follower = Follower {
        state,
        token,
        actor: who.actor(),
        who,
        filter,
        seal,
        place,
        more: false,
        since: now,
        asked: now,
        _counted: counted,
    };
    let runs = stream::unfold(follower, Follower::next).flat_map(stream::iter);
    let events = stream::iter([Ok(open)]).chain(runs).take_until(stop.cancelled_owned());
    Ok(Sse::new(events).keep_alive(KeepAlive::default()))
}

/// Somebody who follows the log.
struct Follower {
    state: State,
    token: String,
    actor: Actor,
    who: Principal,
    filter: InvocationFilter,
    seal: Seal,
    place: Place,
    /// Whether more is there already.
    more: bool,
    since: Instant,
    /// When it was last asked who the token stands for.
    asked: Instant,
    /// Its place among the open streams.
    _counted: Open,
}

impl Follower {
    /// What was recorded since, after a while; the end, if the follower may not see it any more.
    async fn next(mut self) -> Option<(Vec<Result<Event, Infallible>>, Follower)> {
        if self.since.elapsed() > LONGEST {
            return None;
        }
        tokio::time::sleep(if self.more { SOON } else { LOOK }).await;
        if self.asked.elapsed() > ASK {
            self.ask().await?;
        }
        let usage = self.who.permit::<UsageView>().ok()?;
        let personal = Personal { orders: self.who.permit().ok(), customers: self.who.permit().ok() };
        let found = usage.follow(&self.state.db, &self.filter, &personal, self.place, BATCH).await;
        let After { runs, reached, more } = match found {
            Ok(after) => after,
            Err(e) if e.is_transient() => After { runs: Vec::new(), reached: self.place, more: false },
            Err(e) => {
                report(&e);
                return None;
            }
        };
        let mut events = Vec::with_capacity(runs.len());
        (self.place, self.more) = (reached, more);
        for Followed { place, invocation } in runs {
            let event = Event::default().event("invocation").id(self.seal.close(place).ok()?);
            events.extend(event.json_data(&invocation).ok().map(Ok));
        }
        Some((events, self))
    }

    /// Asks again who the token stands for; nobody, if it stands for this person no more.
    async fn ask(&mut self) -> Option<()> {
        let identity = self.state.db.authenticate(&self.token).await.ok()??;
        self.who = principal_of(&identity).filter(|who| who.actor() == self.actor)?;
        self.asked = Instant::now();
        Some(())
    }
}

fn report(error: &db::Error) {
    tracing::warn!(%error, "the log cannot be followed; the client will connect again");
}
