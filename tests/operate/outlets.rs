//! Where else alerts go: a webhook is told, signed, and owners and operators by e-mail.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use base64::Engine as _;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use super::alerts::{QUICK, alerts, fail, runaway, soon};
use crate::pages::host::{browser, operator};
use crate::runs::world::{order, stock, wait_until};
use crate::support::host::{Host, both};
use crate::support::letters::{Post, post};
use crate::support::sessions::ask_at;
use crate::support::tables::execute;

both!(
    an_alert_is_posted_signed_when_it_is_raised_and_when_it_is_resolved_and_a_webhook_that_is_away_is_tried_again,
    an_alert_of_a_store_is_mailed_to_its_owner_and_one_of_the_host_to_its_operator_once,
    a_letter_that_the_mail_server_did_not_take_is_sent_again,
);

/// One post, answered with 204.
fn posted(stream: &mut TcpStream) -> (String, String) {
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let (mut text, mut part) = (String::new(), [0; 4096]);
    loop {
        let whole = text.split_once("\r\n\r\n").map(|(head, body)| (head.to_lowercase(), body.to_owned()));
        if let Some((head, body)) = whole {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
            if length.is_some_and(|length| body.len() >= length) {
                stream.write_all(b"HTTP/1.1 204 No Content\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").unwrap();
                return (head, body);
            }
        }
        let read = stream.read(&mut part).unwrap();
        assert!(read > 0, "a post that ends in the middle: {text}");
        text += std::str::from_utf8(&part[..read]).unwrap();
    }
}

fn an_alert_is_posted_signed_when_it_is_raised_and_when_it_is_resolved_and_a_webhook_that_is_away_is_tried_again(
    mut host: Host,
) {
    let secret = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let leak = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
    let told = [
        QUICK[0],
        ("STOREHAND_ALERTS_WEBHOOK", leak(format!("http://{}/alerts", listener.local_addr().unwrap()))),
        ("STOREHAND_ALERTS_WEBHOOK_SECRET", leak(format!("whsec_{secret}"))),
    ];
    host.restart_with(Box::leak(Box::new(told)));
    let operator = host.operator();
    operator.patch("/api/v1/alert-rules", json!({ "rule": "disk", "threshold": 1_048_576 })).ok();
    // Whoever closes the door in its face is asked again.
    drop(listener.accept().unwrap());
    wait_until("the alert", || alerts(&operator, "/api/v1/alerts", "disk").len() == 1);
    execute(&host, "UPDATE alerts SET post_due = 1 WHERE rule = 'disk'");
    let read = || {
        let (mut stream, _) = listener.accept().unwrap();
        let (head, body) = posted(&mut stream);
        let of = |name: &str| {
            let line = head.lines().find_map(|line| line.strip_prefix(&format!("{name}: "))).unwrap();
            line.to_owned()
        };
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&base64::engine::general_purpose::STANDARD.decode(secret).unwrap()).unwrap();
        mac.update(format!("{}.{}.{body}", of("webhook-id"), of("webhook-timestamp")).as_bytes());
        let signed = format!("v1,{}", base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes()));
        // What was read of the head is in small letters.
        assert_eq!(of("webhook-signature"), signed.to_lowercase());
        let body: Value = serde_json::from_str(&body).unwrap();
        (body["type"].as_str().unwrap().to_owned(), body["data"].clone())
    };
    let (kind, data) = read();
    assert_eq!(
        (kind.as_str(), &data["rule"], &data["store"]),
        ("alert.raised", &json!("disk"), &Value::Null),
        "{data:#}"
    );
    assert!(data["title"].is_string() && data["remedy"].is_string() && data["link"] == "/host/health", "{data:#}");
    operator.patch("/api/v1/alert-rules", json!({ "rule": "disk", "enabled": false })).ok();
    let (kind, data) = read();
    assert_eq!((kind.as_str(), data["resolved_at"].is_string()), ("alert.resolved", true), "{data:#}");
}

fn an_alert_of_a_store_is_mailed_to_its_owner_and_one_of_the_host_to_its_operator_once(mut host: Host) {
    let post = post();
    // Whoever signs in has an address.
    drop(browser(&host, &host.owner()));
    let (_, other) = operator(&host);
    soon(&mut host);
    host.operator().patch("/api/v1/breaker", json!({ "apps": "off" })).ok();
    host.restart_with(Post::told(post.port, QUICK));
    stock(&host);
    let (owner, record, app) = (host.owner(), order(&host.storefront()), runaway(&host));
    let address = |of: &str| format!("RCPT TO:<{}>", email(&host, of));
    let (owners, operators) = (address(host.store()), address(&other));
    assert_ne!(owners, operators);
    fail(&owner, &app, &record, 12);
    let letter = post.letter();
    assert!(letter.contains(&owners) && !letter.contains(&operators), "{letter}");
    let link = format!("https://admin.example.com/stores/{}/activity/runs?app=examples%2Frunaway", host.store());
    for part in ["Subject: Storehand: examples/runaway keeps failing", "runs failed", "Since ", &link] {
        assert!(letter.contains(part), "no {part}: {letter}");
    }
    assert!(!letter.contains(&record), "{letter}");

    // That of the host goes to its operator; what is resolved, or found again, is mailed to nobody.
    host.operator().patch("/api/v1/alert-rules", json!({ "rule": "disk", "threshold": 1_048_576 })).ok();
    let letter = post.letter();
    assert!(letter.contains(&operators) && !letter.contains(&owners), "{letter}");
    assert!(letter.contains("A disk is nearly full") && letter.contains("https://admin.example.com/host/health"));
    host.operator().patch("/api/v1/alert-rules", json!({ "rule": "disk", "enabled": false })).ok();
    wait_until("its end", || alerts(&host.operator(), "/api/v1/alerts", "disk").is_empty());
    fail(&owner, &app, &record, 3);
    post.is_quiet();
}

fn a_letter_that_the_mail_server_did_not_take_is_sent_again(mut host: Host) {
    drop(operator(&host));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    // Nobody listens there for now.
    drop(listener);
    host.restart_with(Post::told(port, QUICK));
    host.operator().patch("/api/v1/alert-rules", json!({ "rule": "disk", "threshold": 1_048_576 })).ok();
    wait_until("it is said that it was not taken", || host.output().contains("was not told of an alert by e-mail"));
    let post = Post::at(TcpListener::bind(("127.0.0.1", port)).unwrap());
    // What would take a minute otherwise.
    execute(&host, "UPDATE alerts SET mail_due = 1 WHERE rule = 'disk'");
    assert!(post.letter().contains("A disk is nearly full"));
    post.is_quiet();
}

/// Where the owner of a store gets e-mail.
fn email(host: &Host, store: &str) -> String {
    let sql = format!("SELECT a.email FROM staff p JOIN accounts a ON a.id = p.account WHERE p.store = '{store}'");
    ask_at(&host.url(), &sql)
}
