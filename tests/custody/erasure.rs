//! Erasing is whole: of somebody's name and address nothing is left, neither in a table nor in the bytes of the file.

use std::fs;

use serde_json::{Value, json};

use crate::runs::world::{SKU, install, stock, wait_until};
use crate::support::host::{Host, both};
use crate::support::person::Person;
use crate::support::tables::rows_with;

both!(of_somebody_who_is_erased_nothing_is_left_in_any_place, what_stays_is_said_with_its_reason_and_goes_when_it_may,);

/// Words that stand nowhere else.
const NAME: &str = "Zacharias Quillfeather";
const EMAIL: &str = "zacharias@quillfeather.example";
const STREET: &str = "Quillfeather Lane 7";

fn contact() -> Value {
    let address = json!({ "street": STREET, "city": "Ulm", "postcode": "89073", "country": "DE" });
    json!({ "name": NAME, "email": EMAIL, "phone": "+49 731 5550199", "address": address })
}

fn id(answer: &Value) -> String {
    answer["id"].as_str().unwrap_or_else(|| panic!("no id in {answer:#}")).to_owned()
}

fn press(owner: &Person, app: &str, action: &str, customer: &str) -> Value {
    owner.post(&format!("installations/{app}/actions/{action}"), json!({ "record": customer })).ok()
}

/// What of these words is left: in the bytes of a SQLite folder after the host has stopped, or in any column of PostgreSQL.
fn left(host: &mut Host) -> Vec<String> {
    match host.database() {
        Some(url) => ["quillfeather", "5550199"].iter().flat_map(|word| rows_with(url, word)).collect(),
        None => {
            host.stop();
            let files = fs::read_dir(host.data()).unwrap().map(|entry| entry.unwrap().path());
            let has = |path: &std::path::PathBuf| {
                let bytes = fs::read(path).unwrap_or_default().to_ascii_lowercase();
                ["quillfeather", "5550199"]
                    .iter()
                    .any(|word| bytes.windows(word.len()).any(|part| part == word.as_bytes()))
            };
            files.filter(has).map(|path| path.display().to_string()).collect()
        }
    }
}

fn of_somebody_who_is_erased_nothing_is_left_in_any_place(mut host: Host) {
    stock(&host);
    let (owner, front) = (host.owner(), host.storefront());
    let customer = id(&owner.post("customers", json!({ "contact": contact() })).ok());
    owner.put(&format!("customers/{customer}/contact"), contact()).ok();
    let lines = json!([{ "sku": SKU, "quantity": 1 }]);
    // An order and a cart of the customer's, and those of a guest with the same address.
    let order = id(&front
        .post("storefront/orders", json!({ "lines": lines, "customer": customer, "contact": contact() }))
        .ok());
    let guest = id(&front.post("storefront/orders", json!({ "lines": lines, "contact": contact() })).ok());
    let cart = json!({ "lines": lines, "customer": customer, "contact": contact() });
    id(&front.post("storefront/carts", cart).ok());
    let bought = id(&front.post("storefront/carts", json!({ "lines": lines, "contact": contact() })).ok());
    let ordered = id(&front.post("storefront/orders", json!({ "cart": bought })).ok());
    // What an app wrote down, what it failed with, and what it proposes.
    let settings = json!({ "name": NAME, "email": "other@quillfeather.example" });
    let app = install(&host, "confidant", &["customers:view", "customers:edit", "customers:pii"], settings);
    press(&owner, &app, "tell", &customer);
    press(&owner, &app, "fail", &customer);
    owner.patch(&format!("installations/{app}/grants/customers:edit"), json!({ "held": true })).ok();
    let held = press(&owner, &app, "rename", &customer);
    assert!(held["held"].is_string(), "{held:#}");
    let rejected = press(&owner, &app, "rename", &customer)["held"].as_str().unwrap().to_owned();
    let reason = json!({ "reason": format!("ask {NAME} first") });
    owner.post(&format!("held/{rejected}/reject"), reason).ok();
    // A tag is a text too.
    owner.post(&format!("orders/{order}/tags"), json!({ "tag": NAME })).ok();
    owner.delete(&format!("orders/{order}/tags/{}", NAME.replace(' ', "%20"))).ok();

    owner.delete(&format!("customers/{customer}")).ok();
    for order in [&order, &guest, &ordered] {
        owner.post(&format!("orders/{order}/fulfillments"), json!({})).ok();
    }
    let erased = owner.delete(&format!("customers/{customer}/journal?orders=true")).ok();
    let count = |what: &str| erased[what].as_u64().unwrap();
    assert!(count("entries") >= 8 && count("runs") >= 2 && count("others") >= 3, "{erased:#}");
    assert_eq!((count("held"), count("orders")), (1, 3), "{erased:#}");
    // The app's settings and storage are the app's; the answer says so, and uninstalling erases them.
    let stays = |erased: &Value, why: &str| erased["stays"].to_string().contains(why);
    assert!(stays(&erased, "its own storage") && stays(&erased, "backups"), "{erased:#}");
    owner.delete(&format!("installations/{app}")).ok();
    let again = || owner.delete(&format!("customers/{customer}/journal?orders=true")).ok();
    assert_eq!(again()["orders"], 0);
    wait_until("what the app stored is gone", || !stays(&again(), "its own storage"));

    // No undo brings any of it back.
    let sets = owner.get(&format!("journal?record={order}")).ok();
    for set in sets["items"].as_array().unwrap() {
        let undo = json!({ "change_set": set["id"] });
        let _ = owner.post("undos", undo);
    }
    wait_until("every undo has ended", || {
        let undos = owner.get("undos").ok();
        undos["items"].as_array().unwrap().iter().all(|undo| undo["state"] != "running")
    });
    let contact = owner.get(&format!("orders/{order}/contact")).ok();
    assert!(!contact.to_string().contains("Quillfeather"), "{contact:#}");
    assert_eq!(left(&mut host), Vec::<String>::new());
}

fn what_stays_is_said_with_its_reason_and_goes_when_it_may(host: Host) {
    stock(&host);
    let (owner, front) = (host.owner(), host.storefront());
    let customer = id(&owner.post("customers", json!({ "contact": contact() })).ok());
    let lines = json!([{ "sku": SKU, "quantity": 1 }]);
    let order = json!({ "lines": lines, "customer": customer, "contact": contact() });
    let order = id(&front.post("storefront/orders", order).ok());
    let erase = |who: &Person, far: &str| who.delete(&format!("customers/{customer}/journal{far}"));
    let why = |erased: &Value, id: &str| {
        let stays = erased["stays"].as_array().unwrap();
        let found = stays.iter().find(|one| one["id"] == id);
        found.map(|one| one["why"].as_str().unwrap().to_owned()).unwrap_or_default()
    };
    let clerk = host.staff(&["customers:delete"]);
    let erased = erase(&clerk, "").ok();
    assert!(why(&erased, &customer).contains("not deleted"), "{erased:#}");
    assert!(why(&erased, &order).contains("`?orders=true`"), "{erased:#}");
    let refused = erase(&clerk, "?orders=true").is(403);
    assert!(refused["detail"].as_str().unwrap().contains("orders:delete"), "{refused:#}");
    // An order that is still to be sent keeps its address.
    owner.delete(&format!("customers/{customer}")).ok();
    let erased = erase(&owner, "?orders=true").ok();
    assert_eq!(why(&erased, &customer), "");
    assert!(why(&erased, &order).contains("still to be sent"), "{erased:#}");
    assert_eq!(owner.get(&format!("orders/{order}/contact")).ok()["contact"]["name"], NAME);
    owner.post(&format!("orders/{order}/fulfillments"), json!({})).ok();
    assert_eq!(erase(&owner, "?orders=true").ok()["orders"], 1);
    assert!(!owner.get(&format!("orders/{order}/contact")).ok().to_string().contains("Quillfeather"));
    owner.delete("customers/cus_nobody/journal").is(404);
}
