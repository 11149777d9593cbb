//! Streams: so many for each token, person and store, and none outlives its token.

use serde_json::json;

use crate::support::host::{Host, both};
use crate::support::person::Person;

both!(a_token_has_so_many_streams_and_is_told_so, a_stream_ends_soon_after_its_token,);

const STREAM: &str = "invocations/stream";

fn a_token_has_so_many_streams_and_is_told_so(host: Host) {
    let (owner, other) = (host.owner(), host.other_store_owner());
    let mut open: Vec<_> = (0..4).map(|_| owner.follow(STREAM, None)).collect();
    open.iter_mut().for_each(|stream| assert_eq!(stream.message().event, "open"));
    let told = owner.get(STREAM).is(429);
    assert_eq!(told["code"], "too_many_streams");
    assert_eq!(told["detail"], "this token has 4 streams open, which is as many as may be; close one first");
    // Another token, another store: each has its own share.
    let sam = host.staff(&["usage:view"]);
    assert_eq!(sam.follow(STREAM, None).message().event, "open");
    assert_eq!(other.follow(STREAM, None).message().event, "open");
    open.clear();
    while owner.get(STREAM).status == 429 {
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}

/// A token of one's own, made for this.
fn token(owner: &Person) -> (Person, String) {
    let made = owner.post("tokens", json!({ "name": "to follow with", "scopes": ["usage:view"], "days": 1 })).ok();
    let text = made["token"].as_str().expect("a token");
    (owner.with_token(text), made["id"].as_str().expect("an id").to_owned())
}

fn a_stream_ends_soon_after_its_token(host: Host) {
    let owner = host.owner();
    let (follower, id) = token(&owner);
    let mut stream = follower.follow(STREAM, None);
    assert_eq!(stream.message().event, "open");
    owner.delete(&format!("tokens/{id}")).ok();
    // Waits for the end; a stream that goes on for a quarter of an hour is one that times out here.
    assert!(stream.next().is_none(), "it ends, and says nothing more");
}
