//! A request with a key goes on when its client has gone: whoever asks again, because no answer came, is to meet the
//! answer of the first time, and that is when connections are lost.
//!
//! INVARIANT: what nobody waits for is bounded, by store and for the host, and ends by itself. What finds no place is
//! dropped, as a request without a key is: its change is committed or not, and its key tells which.

use crate::authz::StoreId;
use axum::response::{IntoResponse, Response};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tracing::Instrument;

use crate::http::error::Problem;

/// So many requests go on at once without their client, for each store and in all. Clients control how many there are.
const MAX_OF_STORE: usize = 8;
const MAX: usize = 64;
/// And each for so long.
const LONGEST: Duration = Duration::from_secs(30);

/// Requests that go on without their client, by store.
#[derive(Debug, Clone, Default)]
pub(in crate::http) struct Left(Arc<Mutex<HashMap<StoreId, usize>>>);

impl Left {
    /// A place, if there is one.
    fn place(&self, store: StoreId) -> Option<Place> {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (all, own) = (left.values().sum::<usize>(), left.get(&store).copied().unwrap_or(0));
        if all >= MAX || own >= MAX_OF_STORE {
            return None;
        }
        left.insert(store, own + 1);
        Some(Place { left: self.clone(), store })
    }
}

/// A place among them, given back when it is dropped.
struct Place {
    left: Left,
    store: StoreId,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut left = self.left.0.lock().unwrap_or_else(PoisonError::into_inner);
        match left.get_mut(&self.store) {
            Some(own) if *own > 1 => *own -= 1,
            _ => drop(left.remove(&self.store)),
        }
    }
}

/// Carries a request out to its end, whether its client waits for it or not.
pub(super) async fn to_its_end(
    left: &Left,
    store: StoreId,
    work: impl Future<Output = Response> + Send + 'static,
) -> Response {
    let task = tokio::spawn(work.in_current_span());
    let mut waited = Waited { task: Some(task), left: left.clone(), store };
    let ended = match waited.task.as_mut() {
        Some(task) => task.await,
        None => return Problem::internal("nothing was carried out").into_response(),
    };
    waited.task = None;
    match ended {
        Ok(response) => response,
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        Err(_) => Problem::internal("the request was cancelled").into_response(),
    }
}

/// A request while its client waits for it.
struct Waited {
    task: Option<JoinHandle<Response>>,
    left: Left,
    store: StoreId,
}

impl Drop for Waited {
    fn drop(&mut self) {
        let Some(mut task) = self.task.take().filter(|task| !task.is_finished()) else { return };
        match (self.left.place(self.store), Handle::try_current()) {
            (Some(place), Ok(handle)) => drop(handle.spawn(async move {
                let _place = place;
                if tokio::time::timeout(LONGEST, &mut task).await.is_err() {
                    task.abort();
                }
            })),
            _ => task.abort(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_has_so_many_places_and_leaves_others_theirs() {
        let (left, one, other) = (Left::default(), StoreId::new(), StoreId::new());
        let mut places: Vec<Place> = (0..MAX_OF_STORE).filter_map(|_| left.place(one)).collect();
        assert!(places.len() == MAX_OF_STORE && left.place(one).is_none());
        assert!(left.place(other).is_some());
        places.pop();
        assert!(left.place(one).is_some());
        drop(places);
        assert!(left.0.lock().unwrap().is_empty());
    }

    #[tokio::test]
    async fn a_request_whose_client_has_gone_is_carried_out_to_its_end() {
        let (left, store) = (Left::default(), StoreId::new());
        let (told, tell) = tokio::sync::oneshot::channel();
        let work = async move {
            tokio::time::sleep(Duration::from_millis(20)).await;
            let _ = told.send(());
            ().into_response()
        };
        let waiting = tokio::time::timeout(Duration::from_millis(1), to_its_end(&left, store, work)).await;
        assert!(waiting.is_err(), "the client has gone");
        assert!(tell.await.is_ok(), "and it was carried out");
    }
}
