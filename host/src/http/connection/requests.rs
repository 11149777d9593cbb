//! The requests of a connection: counted for whoever sends them, from their first byte to the last of their answer.

use super::life::Life;
use super::places::{Entry, Full};
use super::tls::Tls;
use super::whose::{Came, one};
use crate::config::{Limits, Network};
use crate::http::{Problem, edge};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderValue, Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use hyper::body::{Frame, Incoming, SizeHint};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::convert::Infallible;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tower::ServiceExt as _;

/// Requests under way, by who sent them.
type Asking = Arc<Mutex<HashMap<IpAddr, usize>>>;

/// What every connection leads to. Cheap to clone.
#[derive(Clone)]
pub(in crate::http) struct Doors {
    router: Router,
    limits: Limits,
    proxies: Arc<[Network]>,
    tls: Option<Tls>,
    asking: Asking,
}

impl Doors {
    pub(in crate::http) fn new(router: Router, limits: Limits, proxies: Arc<[Network]>, tls: Option<Tls>) -> Doors {
        Doors { router, limits, proxies, tls, asking: Asking::default() }
    }

    /// What TLS is spoken with, if it is.
    pub(super) fn tls(&self) -> Option<&Tls> {
        self.tls.as_ref()
    }

    pub(super) fn limits(&self) -> Limits {
        self.limits
    }

    /// What answers the requests of one connection.
    pub(super) fn service(
        self,
        entry: &Entry,
    ) -> impl hyper::service::Service<
        Request<Incoming>,
        Response = Response,
        Error = Infallible,
        Future = impl Future<Output = Result<Response, Infallible>> + Send + 'static,
    > + 'static {
        let (peer, full, life) = (entry.peer(), entry.full(), Arc::clone(entry.life()));
        hyper::service::service_fn(move |request: Request<Incoming>| {
            let (doors, life) = (self.clone(), Arc::clone(&life));
            async move { Ok(doors.answer(request, peer, full, life).await) }
        })
    }

    async fn answer(
        self,
        mut request: Request<Incoming>,
        peer: IpAddr,
        full: Option<Full>,
        life: Arc<Life>,
    ) -> Response {
        let work = Handling::new(Arc::clone(&life));
        let came = Came::read(peer, self.tls.is_some(), request.headers(), &self.proxies);
        request.extensions_mut().insert(came);
        let told = |problem: Problem| edge::with_headers(problem.into_response(), came.is_secure);
        let health = matches!(request.uri().path(), "/healthz" | "/readyz");
        let asks = match full {
            _ if health => None,
            Some(full) => return last(told(full.problem(&self.limits))),
            None => match self.asks(one(came.from)) {
                Some(asks) => Some(asks),
                None => return told(too_many(&self.limits)),
            },
        };
        let Ok(response) = self.router.oneshot(request.map(Body::new)).await;
        drop(work);
        let response = if full.is_some() { last(response) } else { response };
        response.map(|body| Body::new(Sent::new(body, asks, life)))
    }

    /// One more request of somebody; none, if they have as many as one may.
    fn asks(&self, who: IpAddr) -> Option<Asks> {
        let mut asking = self.asking.lock();
        let under_way = asking.entry(who).or_default();
        if *under_way >= self.limits.of_one(self.limits.connections) {
            return None;
        }
        *under_way += 1;
        Some(Asks { who, asking: Arc::clone(&self.asking) })
    }
}

/// The connection ends with this answer.
fn last(mut response: Response) -> Response {
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

impl Full {
    fn problem(self, limits: &Limits) -> Problem {
        let detail = match self {
            Full::All => "the host has as many connections as it takes; try again soon".to_owned(),
            Full::Address => format!(
                "{} connections are open from this address, which is as many as one may have; use them again, or close some",
                limits.of_one(limits.connections)
            ),
        };
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "full", detail)
    }
}

fn too_many(limits: &Limits) -> Problem {
    let most = limits.of_one(limits.connections);
    let detail = format!("{most} requests from this address are under way; wait until some have ended");
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", detail)
}

/// A request of somebody. It counts until this is dropped.
struct Asks {
    who: IpAddr,
    asking: Asking,
}

impl Drop for Asks {
    fn drop(&mut self) {
        let mut asking = self.asking.lock();
        if let Some(under_way) = asking.get_mut(&self.who) {
            *under_way = under_way.saturating_sub(1);
            if *under_way == 0 {
                asking.remove(&self.who);
            }
        }
    }
}

/// A request that the host works on.
struct Handling(Arc<Life>);

impl Handling {
    fn new(life: Arc<Life>) -> Handling {
        life.handles(true);
        Handling(life)
    }
}

impl Drop for Handling {
    fn drop(&mut self) {
        self.0.handles(false);
    }
}

/// An answer on its way.
struct Sent {
    body: Body,
    _asks: Option<Asks>,
    life: Arc<Life>,
}

impl Sent {
    fn new(body: Body, asks: Option<Asks>, life: Arc<Life>) -> Sent {
        life.sends(true);
        Sent { body, _asks: asks, life }
    }
}

impl Drop for Sent {
    fn drop(&mut self) {
        self.life.sends(false);
    }
}

impl hyper::body::Body for Sent {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(context);
        if frame.is_ready() {
            self.life.moves();
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
