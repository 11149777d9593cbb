//! Requests of a run to servers outside the store.
//!
//! INVARIANT: a run says in the database that it is under way before its first request leaves; each request counts against the
//! day of its app, whatever becomes of the run, and leaves only if all that the run rests on stands at that moment; a dry run
//! sends none.

use super::ask::{Asked, NotAllowed, ask};
use super::{CallError, Invocation, outcome};
use crate::db::{self, Db, Outgoing, Places, Purpose, Run, Shares, Told, Whose};
use crate::metrics;
use crate::outbound::{Client, NoAnswer, Settings};
use crate::runtime::calls::wit::http as wit;
use std::sync::Arc;
use std::time::Duration;

/// Requests of a run.
const REQUESTS: u32 = 8;
/// How long a request waits for its place among those under way.
const PLACE_WAIT: Duration = Duration::from_secs(2);
/// One of so many places for runs may wait for a server at the same time.
const OF_RUNS: u32 = 2;

/// Sends requests of runs, so many at a time, by the shares of stores and apps.
pub(in crate::runtime) struct Servers {
    client: Arc<Client>,
    under_way: Places,
    /// Requests of an app in a day of its store.
    per_day: i64,
}

impl Servers {
    /// For a host with so many places for runs.
    pub(in crate::runtime) fn new(settings: &Settings, runs: u32) -> anyhow::Result<Servers> {
        let under_way = Places::new(Shares::common((runs / OF_RUNS).max(1)));
        Ok(Servers { client: Arc::new(Client::new(settings)?), under_way, per_day: settings.per_day.into() })
    }
}

/// What a run needs to call servers outside.
pub(in crate::runtime) struct Outside {
    pub(in crate::runtime) servers: Arc<Servers>,
    pub(in crate::runtime) db: Db,
    /// What it is for, as its record says it.
    pub(in crate::runtime) run: Run,
    /// The same whenever what made it run is tried again; a server tells by it that it has seen a request before.
    pub(in crate::runtime) key: String,
    /// Requests made so far.
    pub(in crate::runtime) sent: u32,
}

/// Why a request was not made, or not answered.
#[derive(Debug, thiserror::Error)]
pub enum NotSent {
    /// Nobody agreed to it, or it is not well-formed.
    #[error(transparent)]
    NotAllowed(NotAllowed),
    /// There is no answer.
    #[error(transparent)]
    NoAnswer(NoAnswer),
    /// Too many requests are under way.
    #[error("{}", match .0 {
        Whose::Host => "too many requests of apps are under way on this host",
        Whose::Store => "the apps of this store have too many requests under way",
        Whose::App => "the app has too many requests under way",
        // No plan bounds requests of their own.
        Whose::Plan => "the plan of this store lets its apps have no more requests under way",
    })]
    Busy(Whose),
    /// Nothing is sent for a trial.
    #[error("this is a dry run, which sends nothing: it would have been {0}")]
    Dry(String),
}

impl Invocation {
    /// The app may call servers from now on.
    pub(in crate::runtime) fn reaching(mut self, outside: Option<Outside>) -> Invocation {
        self.outside = outside.map(Box::new);
        self
    }

    /// The one door to servers outside: counted and recorded like every other.
    pub(in crate::runtime) async fn outbound_call(&mut self, asked: wit::Request) -> Result<wit::Response, CallError> {
        self.count()?;
        self.slot.open("http.fetch", None);
        let mut told = Told::default();
        let began = std::time::Instant::now();
        let result = self.fetch(asked, &mut told).await;
        if let Some(end) = end(&result) {
            metrics::outbound(end, began.elapsed());
        }
        self.slot.close(outcome(&result), told);
        result
    }

    async fn fetch(&mut self, asked: wit::Request, told: &mut Told) -> Result<wit::Response, CallError> {
        let none = || NotAllowed::Denied("the app names no server in `app.toml` that it may call".to_owned());
        let outside = self.outside.as_mut().ok_or_else(none)?;
        let asked = ask(&self.target.facts.hosts, &self.target.settings.secrets, asked)?;
        let words = asked.in_words();
        told.asked = Some(words.clone().into());
        if self.dry_run {
            return Err(NotSent::Dry(words).into());
        }
        if outside.sent >= REQUESTS {
            let limit = format!("{REQUESTS} requests of a run to servers outside the store");
            return Err(db::Error::Limit { limit, left: "0".to_owned(), renews: None }.into());
        }
        let who = self.target.party(Purpose::Delivery);
        let _place = outside.servers.under_way.take(who, Some(PLACE_WAIT)).await.map_err(NotSent::Busy)?;
        let ended = || NotAllowed::Denied("the app may not act in this store any more".to_owned());
        let outgoing = Outgoing {
            run: outside.run.clone(),
            invocation: self.slot.invocation,
            started_at: self.slot.started_at(),
            first: outside.sent == 0,
            basis: self.principal.basis().ok_or_else(ended)?,
            per_day: outside.servers.per_day,
            code: Arc::clone(&self.target.digest),
        };
        outside.db.note_request(outgoing).await?;
        self.slot.begun = true;
        outside.sent += 1;
        let Asked { request, told: tells, .. } = asked.keyed(format!("{}:{}", outside.key, outside.sent));
        let answer = outside.servers.client.send(request).await?;
        told.answered = Some(format!("{}, {} bytes", answer.status, answer.body.len()).into());
        let headers = answer.headers.into_iter().filter(|(name, _)| tells.has(name));
        let headers = headers.map(|(name, value)| wit::Header { name, value }).collect();
        Ok(wit::Response { status: answer.status, headers, body: answer.body })
    }
}

/// How a request ended, for the figures; nothing for what a dry run would have sent.
fn end(result: &Result<wit::Response, CallError>) -> Option<&'static str> {
    Some(match result {
        Ok(_) => "answered",
        Err(CallError::Outside(NotSent::Dry(_))) => return None,
        Err(CallError::Outside(NotSent::NotAllowed(_) | NotSent::NoAnswer(NoAnswer::Denied(_)))) => "denied",
        Err(CallError::Outside(NotSent::NoAnswer(_))) => "unanswered",
        Err(CallError::Outside(NotSent::Busy(_))) => "busy",
        Err(_) => "limited",
    })
}

impl From<NotAllowed> for CallError {
    fn from(why: NotAllowed) -> CallError {
        CallError::Outside(NotSent::NotAllowed(why))
    }
}

impl From<NoAnswer> for CallError {
    fn from(why: NoAnswer) -> CallError {
        CallError::Outside(NotSent::NoAnswer(why))
    }
}
