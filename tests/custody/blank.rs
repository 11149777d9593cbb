//! A backup without personal data: of people and secrets planted in every place nothing stands in the bytes of the file,
//! and a host works with it all the same.

use std::fs;

use serde_json::{Value, json};

use super::drill::at;
use crate::cli_operate::desk::Desk;
use crate::runs::world::{SKU, install, order, stock, wait_until};
use crate::support::guests;
use crate::support::host::{Engine, Host, both};
use crate::support::person::Person;
use crate::support::tables::{count, execute};

both!(of_fifty_people_and_fifty_secrets_nothing_is_in_a_backup_without_personal_data_and_a_host_works_with_it);

/// A word that stands nowhere else: one of fifty, in one of some places.
fn personal(n: usize) -> String {
    format!("quillfeather{n:02}x")
}

fn secret(n: usize) -> String {
    format!("hushhush{n:02}x")
}

fn contact(n: usize) -> Value {
    let word = personal(n);
    let address = json!({ "street": format!("{word} Lane 7"), "city": "Ulm", "postcode": "89073", "country": "DE" });
    json!({ "name": format!("Zed {word}"), "email": format!("{word}@example.com"), "phone": "+49 731 5550199", "address": address })
}

fn id(answer: &Value) -> String {
    answer["id"].as_str().unwrap_or_else(|| panic!("no id in {answer:#}")).to_owned()
}

fn has(bytes: &[u8], word: &str) -> bool {
    bytes.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
}

/// Plants people where people stand.
fn plant_people(host: &Host, owner: &Person) {
    let front = host.storefront();
    let lines = json!([{ "sku": SKU, "quantity": 1 }]);
    let mut customers = Vec::new();
    for n in 0..20 {
        let customer = id(&owner.post("customers", json!({ "contact": contact(n) })).ok());
        owner.put(&format!("customers/{customer}/contact"), contact(n)).ok();
        customers.push(customer);
    }
    for n in 20..28 {
        front.post("storefront/orders", json!({ "lines": lines, "contact": contact(n) })).ok();
    }
    for n in 28..34 {
        front.post("storefront/carts", json!({ "lines": lines, "contact": contact(n) })).ok();
    }
    // An order's note, an answer that waits to be asked for again, a person and their token.
    let noted = order(&front);
    owner.put(&format!("orders/{noted}/note"), json!({ "note": personal(34) }));
    owner.post_once("once", "customers", json!({ "contact": contact(35) })).ok();
    let named = |n: usize| json!({ "name": format!("Sam {}", personal(n)), "scopes": ["orders:view"] });
    for n in 36..40 {
        owner.post("staff", named(n)).ok();
    }
    owner.post("storefront-tokens", json!({ "name": personal(40) })).ok();
    // What an app wrote of somebody, failed with, stored and proposes.
    let settings = json!({ "name": "Nobody", "email": "nobody@example.org" });
    let app = install(host, "confidant", &["customers:view", "customers:edit", "customers:pii"], settings);
    let press = |action: &str, customer: &str| {
        owner.post(&format!("installations/{app}/actions/{action}"), json!({ "record": customer })).ok()
    };
    for customer in &customers[..3] {
        press("tell", customer);
        press("fail", customer);
    }
    owner.patch(&format!("installations/{app}/grants/customers:edit"), json!({ "held": true })).ok();
    owner.put(&format!("installations/{app}/settings"), json!({ "name": personal(41), "email": "x@example.org" })).ok();
    assert!(press("rename", &customers[3])["held"].is_string());
    let rejected = press("rename", &customers[4])["held"].as_str().unwrap().to_owned();
    owner.post(&format!("held/{rejected}/reject"), json!({ "reason": personal(42) })).ok();
    owner
        .put(&format!("installations/{app}/settings"), json!({ "name": "Nobody", "email": "nobody@example.org" }))
        .ok();
    // Whoever signs in: an account, its device, its session, a link; each behind the host's back.
    owner.look(&format!("/stores/{}", host.store()), "en");
    for sql in [
        format!(
            "UPDATE accounts SET email = '{}@example.com', name = '{}', password = '{}'",
            personal(43),
            personal(44),
            secret(40)
        ),
        format!("UPDATE sessions SET device = '{}'", personal(45)),
        format!("UPDATE staff SET email = '{}@example.com' WHERE owner = 1", personal(46)),
        format!(
            "INSERT INTO links (hash, id, kind, email, made_by, created_at, expires_at) VALUES ('{}', 'lnk_1', 'invite', '{}', 'host', 0, 0)",
            secret(41),
            personal(47)
        ),
        format!(
            "INSERT INTO devices (id, hash, account, name, created_at, used_at) VALUES ('dev_1', '{}', 'acc_1', '{}', 0, 0)",
            secret(42),
            personal(48)
        ),
        format!("UPDATE accounts SET totp = '{}'", secret(43)),
        format!("INSERT INTO recovery_codes (hash, account, created_at) VALUES ('{}', 'acc_1', 0)", secret(44)),
        format!(
            "INSERT INTO host_audit (id, actor, act, subject, detail, at) VALUES ('aud_1', 'host', 'accounts.free', '{0}@example.com', '{{\"email\": \"{0}\"}}', 0)",
            personal(49)
        ),
    ] {
        execute(host, &sql);
    }
}

/// Plants secrets where nobody is shown them.
fn plant_secrets(host: &Host, owner: &Person) {
    let field = json!({ "type": "string", "writeOnly": true, "minLength": 4, "maxLength": 400 });
    let fields: serde_json::Map<_, _> = (0..20).map(|n| (format!("key{n}"), field.clone())).collect();
    let inner = json!({ "type": "object", "additionalProperties": false, "properties": (20..40).map(|n| (format!("key{n}"), field.clone())).collect::<serde_json::Map<_, _>>() });
    let mut properties = fields;
    properties.insert("inner".to_owned(), inner);
    let schema = json!({ "type": "object", "additionalProperties": false, "properties": properties }).to_string();
    owner.upload("apps", guests::with_schema("tagger", str::to_owned, &schema)).ok();
    let mut settings: serde_json::Map<_, _> = (0..20).map(|n| (format!("key{n}"), json!(secret(n)))).collect();
    settings.insert(
        "inner".to_owned(),
        (20..40).map(|n| (format!("key{n}"), json!(secret(n)))).collect::<serde_json::Map<_, _>>().into(),
    );
    let install =
        json!({ "app": "storehand-tests/tagger", "scopes": ["orders:view", "orders:edit"], "settings": settings });
    owner.post("installations", install).ok();
    for sql in [
        format!("UPDATE identity SET secret = '{}'", secret(45)),
        format!("UPDATE tokens SET name = '{}' WHERE kind = 'staff'", secret(46)),
        format!(
            "INSERT INTO undo_skipped (store, undo, kind, id, why, detail) VALUES ('{}', 'und_1', 'order', 'ord_1', 'changed', '{}')",
            host.store(),
            secret(47)
        ),
        format!(
            "INSERT INTO passkeys (credential, account, rp, origin, handle, name, transports, fixed, moving, alone, created_at) \
             VALUES ('c', 'acc_1', 'localhost', 'http://localhost', 'h', '{0}', 0, '\"{0}\"', '\"{0}\"', 0, 0)",
            secret(48)
        ),
    ] {
        execute(host, &sql);
    }
}

fn of_fifty_people_and_fifty_secrets_nothing_is_in_a_backup_without_personal_data_and_a_host_works_with_it(
    mut host: Host,
) {
    stock(&host);
    let owner = host.owner();
    plant_secrets(&host, &owner);
    plant_people(&host, &owner);
    // Links to carts and tokens are shown once: what they are checked against is stored, and they are not.
    let front = host.storefront();
    let shown: Vec<String> = (0..4)
        .map(|_| {
            let cart = id(&front.post("storefront/carts", json!({ "lines": [{ "sku": SKU, "quantity": 1 }] })).ok());
            front.post(&format!("storefront/carts/{cart}/abandon"), json!({})).ok();
            let made = owner.post(&format!("carts/{cart}/restore-link"), json!({})).ok();
            made["path"].as_str().expect("a link").rsplit(['/', '=']).next().unwrap_or_default().to_owned()
        })
        .collect();
    let words = || (0..50).map(personal).chain((0..50).map(secret));

    let (desk, data, database) = (Desk::of_owner(&host), host.data(), host.database().map(str::to_owned));
    at(&desk, &data, database.as_deref(), &["backup", "whole.sqlite"]).ok();
    at(&desk, &data, database.as_deref(), &["backup", "--without-personal-data", "blank.sqlite"])
        .answers(&["no personal data"]);
    let read = |name: &str| fs::read(desk.folder.path().join(name)).unwrap();
    let (whole, blank) = (read("whole.sqlite"), read("blank.sqlite"));
    let planted = words().filter(|word| has(&whole, word)).count();
    assert!(planted >= 55, "{planted} were planted");
    // Secret settings lie sealed in the whole one, and in the other one not even so.
    let open: Vec<_> = (0..40).map(secret).filter(|word| has(&whole, word)).collect();
    assert_eq!(open, Vec::<String>::new());
    assert!(has(&whole, "$sealed") && !has(&blank, "$sealed"));
    let found: Vec<_> = words().chain(shown).filter(|word| has(&blank, word)).collect();
    assert_eq!(found, Vec::<String>::new());
    assert!(!has(&blank, "5550199") && !has(&blank, "Olive Owner"));
    let checked = at(&desk, &data, None, &["backup", "--check", "blank.sqlite", "--json"]).ok().json();
    assert_eq!(
        (&checked["contents"], &checked["wrong"], &checked["need_key"]),
        (&json!("without_personal_data"), &json!([]), &json!(0))
    );
    let text = at(&desk, &data, None, &["backup", "--check", "blank.sqlite"]).ok().stdout;
    assert!(text.contains("everything but personal data and secrets"), "{text}");

    host.stop();
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let again = host.gone_back(engine, |place, url| drop(at(&desk, place, url, &["restore", "blank.sqlite"]).ok()));
        let owner = again.owner();
        // Everything can be read, and work goes on.
        for path in ["orders", "customers", "journal", "audit", "invocations", "held", "staff", "installations"] {
            owner.get(path).ok();
        }
        let placed = order(&again.storefront());
        assert!(owner.get(&format!("orders/{placed}")).is_ok());
        let customer = owner.get("customers").ok()["items"][0]["id"].as_str().unwrap().to_owned();
        owner.put(&format!("customers/{customer}/contact"), contact(0)).ok();
        wait_until("the app that lost its secrets still answers", || {
            count(&again, "SELECT COUNT(*) FROM invocations WHERE trigger_kind = 'event'") > 0
        });
    }
}
