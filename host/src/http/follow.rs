//! Following runs as they end: what the API's stream and the page of runs share, each with its own words for a run.
//!
//! INVARIANT: whoever follows is asked again who they are, and a stream ends with what it rested on.

use super::streams::Open;
use super::{Problem, State};
use crate::authz::scope::kind::UsageView;
use crate::authz::{Permit, Principal};
use crate::db;
use crate::db::history::{After, Followed, Invocation, InvocationFilter, Personal, Place, Seal};
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, KeepAliveStream, Sse};
use futures_util::stream::{self, BoxStream, StreamExt as _};
use std::convert::Infallible;
use std::time::{Duration, Instant};

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

/// The answer that does not end while runs do.
pub(super) type Runs = Sse<KeepAliveStream<BoxStream<'static, Result<Event, Infallible>>>>;

/// The last event that a client has, which connects again.
pub(super) fn last_seen(headers: &HeaderMap) -> Option<&str> {
    headers.get("last-event-id").map(|id| id.to_str().unwrap_or_default())
}

/// Runs from now on, or from an event or place on that a client has already; each as `show` says it.
pub(super) async fn follow(
    usage: Permit<UsageView>,
    who: Principal,
    state: State,
    filter: InvocationFilter,
    from: Option<&str>,
    show: impl Fn(&Invocation) -> Option<Event> + Send + Sync + 'static,
) -> Result<Runs, Problem> {
    let seal = state.db.seal(usage.store()).await?;
    let place = match from {
        Some(id) => seal.open(id)?,
        None => usage.log_end(&state.db).await?,
    };
    // What is wrong with the filter shows now, not in the middle of the stream.
    usage.follow(&state.db, &filter, &Personal::default(), place, 1).await?;
    let credential = who.credential().map(|credential| credential.to_string()).unwrap_or_default();
    let counted = state.streams.open(&credential, &who.actor().to_string(), &who.store().to_string())?;
    let open = Event::default().event("open").id(seal.close(place)?).data("{}");
    let stop = state.stop.clone();
    let now = Instant::now();
    let follower = Follower {
        state,
        who,
        filter,
        seal,
        place,
        more: false,
        since: now,
        asked: now,
        show: Box::new(show),
        _counted: counted,
    };
    let runs = stream::unfold(follower, Follower::next).flat_map(stream::iter);
    let events = stream::iter([Ok(open)]).chain(runs).take_until(stop.cancelled_owned());
    Ok(Sse::new(events.boxed()).keep_alive(KeepAlive::default()))
}

/// How a run is told: to programs as JSON, to a page as a piece of it.
type Tell = dyn Fn(&Invocation) -> Option<Event> + Send + Sync;

/// Somebody who follows the log.
struct Follower {
    state: State,
    who: Principal,
    filter: InvocationFilter,
    seal: Seal,
    place: Place,
    /// Whether more is there already.
    more: bool,
    since: Instant,
    /// When it was last asked whether the token or the session stands.
    asked: Instant,
    /// How a run is told.
    show: Box<Tell>,
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
            let id = self.seal.close(place).ok()?;
            events.extend((self.show)(&invocation).map(|event| Ok(event.id(id))));
        }
        Some((events, self))
    }

    /// Asks again whether the token or the session stands. What its person holds is looked up at each permit anyway.
    async fn ask(&mut self) -> Option<()> {
        let stands = self.state.db.stands(&self.who).await.ok()?;
        self.asked = Instant::now();
        stands.then_some(())
    }
}

fn report(error: &db::Error) {
    tracing::warn!(%error, "the log cannot be followed; the client will connect again");
}
