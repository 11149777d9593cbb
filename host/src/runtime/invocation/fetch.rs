//! Requests of a run to servers outside the store, and what its guest is shown of its secrets.
//!
//! INVARIANT: a run says in the database that it is under way before its first request leaves; each request counts against the
//! day of its app, whatever becomes of the run; a dry run sends none. No secret is handed to the guest.

use super::ask::{NotAllowed, Reach, ask};
use super::{CallError, Invocation, outcome};
use crate::db::{self, Db, Outgoing, Places, Purpose, Run, Shares, Told, Whose};
use crate::outbound::{Client, NoAnswer, Settings};
use crate::runtime::calls::wit::http as wit;
use crate::schema::MASK;
use serde_json::Value;
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
}

impl Servers {
    /// For a host with so many places for runs.
    pub(in crate::runtime) fn new(settings: &Settings, runs: u32) -> anyhow::Result<Servers> {
        let under_way = Places::new(Shares::common((runs / OF_RUNS).max(1)));
        Ok(Servers { client: Arc::new(Client::new(settings)?), under_way })
    }
}

/// What a run needs to call servers outside.
pub(in crate::runtime) struct Outside {
    pub(in crate::runtime) servers: Arc<Servers>,
    pub(in crate::runtime) db: Db,
    pub(in crate::runtime) reach: Arc<Reach>,
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

    /// Its settings as the guest is shown them: where a secret is set stands a mask.
    pub(in crate::runtime) fn shown_settings(&self) -> String {
        let settings = self.target.settings.as_ref();
        let secrets = self.outside.as_ref().map(|outside| outside.reach.secrets.as_slice()).unwrap_or_default();
        if secrets.is_empty() {
            return settings.to_owned();
        }
        let Ok(mut shown) = serde_json::from_str::<Value>(settings) else { return "{}".to_owned() };
        for name in secrets {
            let found = name.split('.').try_fold(&mut shown, |at, part| at.get_mut(part));
            if let Some(secret) = found.filter(|secret| !secret.is_null()) {
                *secret = MASK.into();
            }
        }
        shown.to_string()
    }

    /// The one door to servers outside: counted and recorded like every other.
    pub(in crate::runtime) async fn outbound_call(&mut self, asked: wit::Request) -> Result<wit::Response, CallError> {
        self.count()?;
        self.slot.open("http.fetch", None);
        let mut told = Told::default();
        let result = self.fetch(asked, &mut told).await;
        self.slot.close(outcome(&result), told);
        result
    }

    async fn fetch(&mut self, asked: wit::Request, told: &mut Told) -> Result<wit::Response, CallError> {
        let none = || NotAllowed::Denied("the app names no server in `app.toml` that it may call".to_owned());
        let outside = self.outside.as_mut().ok_or_else(none)?;
        let asked = ask(&outside.reach, &self.target.settings, asked)?;
        let words = asked.told();
        told.asked = Some(words.clone().into());
        if self.dry_run {
            return Err(NotSent::Dry(words).into());
        }
        if outside.sent >= REQUESTS {
            let limit = format!("{REQUESTS} requests of a run to servers outside the store");
            return Err(db::Error::Limit { limit, left: "0".to_owned(), renews: None }.into());
        }
        let outgoing = Outgoing {
            run: outside.run.clone(),
            invocation: self.slot.invocation,
            started_at: self.slot.started_at(),
            first: outside.sent == 0,
        };
        outside.db.note_request(outgoing).await?;
        self.slot.begun = true;
        outside.sent += 1;
        let who = self.target.party(Purpose::Delivery);
        let _place = outside.servers.under_way.take(who, Some(PLACE_WAIT)).await.map_err(NotSent::Busy)?;
        let answer = outside.servers.client.send(asked.keyed(format!("{}:{}", outside.key, outside.sent))).await?;
        told.answered = Some(format!("{}, {} bytes", answer.status, answer.body.len()).into());
        let headers = answer.headers.into_iter().filter(|(name, _)| asked.tells(name));
        let headers = headers.map(|(name, value)| wit::Header { name, value }).collect();
        Ok(wit::Response { status: answer.status, headers, body: answer.body })
    }
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
