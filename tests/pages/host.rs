//! All stores, as the operator of the host sees them in a browser: to nobody else, and nothing of what is in a store.

use serde_json::json;

use super::shell::sound;
use crate::runs::world::{self, order, stock};
use crate::support::browser::{Browser, Page};
use crate::support::guests;
use crate::support::host::{Host, both};
use crate::support::person::Person;
use crate::support::sessions;
use crate::support::tables::{SIX_MINUTES, execute};

both!(
    pages_of_all_stores_are_the_operators_alone,
    whoever_operates_without_a_second_factor_sets_one_up_first,
    what_the_operator_changes_asks_for_a_proof_and_loses_nothing,
    the_operator_makes_a_store_and_its_owner_comes_in_by_a_link,
    a_store_is_suspended_with_a_reason_and_resumed,
    the_operator_sees_how_apps_fare_and_nothing_of_what_is_in_a_store,
    an_app_is_published_stopped_let_run_and_withdrawn,
    tokens_of_publishers_and_of_the_operator_are_shown_once_and_ended,
    whoever_belongs_to_several_stores_chooses_one,
    the_operator_sees_runs_of_all_stores_and_nothing_of_what_they_were_for,
    hosts_say_that_they_are_there_until_they_stop,
);

/// Each page with words it has.
const PAGES: &[(&str, &str)] = &[
    ("/host", "Every store on this host"),
    ("/host/stores/new", "You make it and invite its owner"),
    ("/host/plans", "What stores may use"),
    ("/host/apps", "Every app on this host"),
    ("/host/runs", "Runs of all stores"),
    ("/host/stops", "What you stopped"),
    ("/host/publishers", "Who develops apps for this host"),
    ("/host/tokens", "A token lets a program operate this host"),
    ("/host/audit", "What was done with the powers of this host"),
    ("/host/health", "Whether this host is well"),
];

/// What each form of these pages sends, whoever sends it.
const FORMS: &[&str] = &[
    "/host/stores/new",
    "/host/plans",
    "/host/plans/starter/change",
    "/host/plans/starter/delete",
    "/host/publishers",
    "/host/publishers/revoke",
    "/host/tokens",
    "/host/tokens/revoke",
    "/host/apps/acme/notes/publish",
    "/host/apps/acme/notes/withdraw",
    "/host/apps/acme/notes/stop",
    "/host/apps/acme/notes/recall",
    "/host/apps/acme/notes/start",
];

/// The browser of whoever has this token.
pub fn browser(host: &Host, person: &Person) -> Browser {
    Browser::new(&host.url()).with_cookie(sessions::cookie(&host.url(), person.token().unwrap()))
}

/// An account that owns another store and operates the host: its browser, and that store.
pub fn operator(host: &Host) -> (Browser, String) {
    let other = host.other_store_owner();
    let browser = browser(host, &other);
    let store = other.store().to_owned();
    let whose = format!("SELECT p.account FROM staff p WHERE p.store = '{store}'");
    execute(host, &format!("UPDATE accounts SET operator = 1 WHERE id = ({whose})"));
    (browser, store)
}

/// The hidden field of a page of theirs, and these besides.
pub fn form(browser: &mut Browser, fields: &[(&str, &str)]) -> Vec<(String, String)> {
    let page = browser.open("/account");
    let own = page.form("/sign-out", &[]).into_iter().filter(|(name, _)| name == "_form");
    own.chain(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))).collect()
}

fn pages_of_all_stores_are_the_operators_alone(host: Host) {
    let (mut operator, _) = operator(&host);
    let (owner, staff) = (host.owner(), host.staff(&["apps:view", "usage:view", "audit:view"]));
    for (path, words) in PAGES {
        operator.open(path).is(200).says(words).says("aria-current=\"true\"");
        for person in [&owner, &staff] {
            let page = person.look(path, "en").is(403);
            sound(&page);
            let page = page.says(&["only the operator of the host"]);
            assert!(!page.text.contains(words), "{}", page.text);
        }
        host.anonymous().look(path, "en").is(200).says(&["name=\"password\""]);
        // A token is none of this.
        host.operator().look(path, "en").is(200).says(&["name=\"password\""]);
    }
    let mut stranger = browser(&host, &owner);
    let fields = form(&mut stranger, &[("publisher", "mallory"), ("name", "mine"), ("token", "tok_1")]);
    for path in FORMS {
        stranger.post(path, &fields).is(403).says("only the operator of the host");
    }
    operator.open("/host/audit").hides("mallory").hides("tokens.create</code></td><td><code>mine");
    operator.open("/host/nowhere").is(404).says("/host/health");
    // The way there stands in front, for whoever has it.
    let mut at_work = operator.clone();
    let page = at_work.open("/");
    page.is(200).says("Other shop").says("href=\"/host\"");
    stranger.open("/").is(200).says("Corner shop").hides("href=\"/host\"");
}

fn whoever_operates_without_a_second_factor_sets_one_up_first(host: Host) {
    let (mut operator, _) = operator(&host);
    execute(&host, "UPDATE accounts SET totp = NULL WHERE operator = 1");
    for (path, words) in PAGES {
        let page = operator.open(path);
        assert!(page.path.starts_with("/account/second-factor?next=%2Fhost"), "{}", page.path);
        page.hides(words);
    }
}

fn what_the_operator_changes_asks_for_a_proof_and_loses_nothing(host: Host) {
    let (mut operator, _) = operator(&host);
    execute(&host, SIX_MINUTES);
    for path in FORMS {
        let fields = form(&mut operator, &[("publisher", "acme"), ("name", "to remember"), ("token", "tok_1")]);
        operator.post(path, &fields).is(403).says("Is it you?").says("to remember");
    }
    operator.open("/host/publishers").is(200).says("There is no publisher");
}

fn the_operator_makes_a_store_and_its_owner_comes_in_by_a_link(host: Host) {
    let (mut operator, _) = operator(&host);
    let page = operator.open("/host/stores/new");
    let typed = [("store", "Tea <b>room"), ("owner", "Noor Haddad"), ("email", "noor@example.com")];
    let wrong = operator.submit(&page, "/host/stores/new", &[&typed[..], &[("currency", "XYZ1")]].concat());
    wrong.is(200).says("role=\"alert\"").says("Tea &#60;b&#62;room").says("noor@example.com").hides("<b>room");
    let page = operator.submit(&wrong, "/host/stores/new", &[&typed[..], &[("currency", "EUR")]].concat());
    page.is(200).says("/link?s=").says("It works once");
    let first = page.between("<code class=\"key link\">", "</code>");
    // A link that was lost is made anew, as long as nobody came in.
    let path = page.between("<a class=\"btn\" href=\"", "\"");
    let page = operator.open(&path);
    page.says("Noor Haddad, its owner, has not come in yet");
    let page = operator.submit(&page, &format!("{path}/invite"), &[]);
    let link = page.is(200).says("Noor Haddad is invited").between("<code class=\"key link\">", "</code>");
    Browser::new(&host.url()).open(&first).is(404);
    let page = operator.open(&path);
    let again = page.form(&format!("{path}/invite"), &[]);
    operator.open("/host").says("Tea &#60;b&#62;room");
    operator.open("/host/audit?act=stores.create").says("Tea &#60;b&#62;room");
    // Whoever follows the link owns that store, and is nobody on the host.
    const PASSWORD: &str = "correct horse staple 42 lantern";
    let mut owner = Browser::new(&host.url());
    let page = owner.open(&link);
    page.says("noor@example.com");
    let page = owner.submit(&page, "/link", &[("password", PASSWORD), ("again", PASSWORD)]);
    page.is(200).says("Your second factor");
    owner.open("/host").is(403);
    operator.open(&path).hides("has not come in yet");
    operator
        .post(&format!("{path}/invite"), &again)
        .is(200)
        .says("somebody is in this store already")
        .hides("/link?s=");
    // Nor is anybody invited into a store whose owner has a token.
    let first = format!("/host/stores/{}", host.store());
    operator.open(&first).hides("has not come in yet");
    operator.post(&format!("{first}/invite"), &again).is(200).says("somebody is in this store already");
}

fn a_store_is_suspended_with_a_reason_and_resumed(host: Host) {
    let (mut operator, _) = operator(&host);
    let path = format!("/host/stores/{}", host.store());
    let page = operator.open(&path);
    page.is(200).says("Corner shop").says("No app is installed here");
    let page = operator.submit(&page, &format!("{path}/suspend"), &[("reason", "  ")]);
    page.is(200).says("role=\"alert\"");
    let page = operator.submit(&page, &format!("{path}/suspend"), &[("reason", "unpaid for <i>months")]);
    page.is(200).says("unpaid for &#60;i&#62;months").says("Resume the store");
    operator.open("/host").says("unpaid for");
    operator.open("/host/stops").says(host.store()).says("unpaid for");
    let refused = host.owner().get("orders");
    assert!(refused.status >= 400 && refused.text().contains("unpaid for"), "{}", refused.text());
    let page = operator.submit(&page, &format!("{path}/resume"), &[]);
    page.is(200).says("Suspend the store");
    host.owner().get("orders").ok();
    operator.open("/host/stops").hides("unpaid for");
    operator.open("/host/stops?ended=1").says("unpaid for");
    operator.open(&format!("/host/stores/sto_{}", "0".repeat(32))).is(404).says("There is nothing here");
}

fn the_operator_sees_how_apps_fare_and_nothing_of_what_is_in_a_store(host: Host) {
    stock(&host);
    let (mut operator, own) = operator(&host);
    let (owner, bought) = (host.owner(), order(&host.storefront()));
    owner.put(&format!("orders/{bought}/note"), json!({ "note": "for Nomi Vantongeren" })).ok();
    let app = world::install(&host, "noop", &["orders:view"], json!({}));
    owner.post(&format!("installations/{app}/actions/nothing"), json!({ "record": bought })).ok();
    owner.post(&format!("installations/{app}/pause"), json!({ "reason": "Vantongeren complained" })).ok();
    let id = owner.get(&format!("installations/{app}")).ok()["app"].as_str().unwrap().to_owned();
    let store = format!("/host/stores/{}", host.store());
    let of_app = format!("/host/apps/{id}?store={}", host.store());
    let secret = [bought.as_str(), "Vantongeren", world::SKU];
    let look = |page: &Page, words: &[&str]| {
        words.iter().for_each(|word| _ = page.is(200).says(word));
        secret.iter().for_each(|word| _ = page.hides(word));
    };
    let figures = "<td class=\"n\">1</td><td class=\"n\">0</td>";
    // On a server that others use as well, a run is summed up once what they have open is committed.
    world::wait_until("the run to be summed up", || operator.open("/host/apps").text.contains(figures));
    look(&operator.open("/host/apps"), &[&id, "Corner shop", "paused in 1", "not published", figures]);
    look(&operator.open(&of_app), &[&id, "Corner shop", "paused by the store", figures]);
    look(&operator.open(&store), &[&id, "paused by the store", figures]);
    for (path, _) in PAGES {
        look(&operator.open(path), &[]);
    }
    // What another store uploaded for itself is not the publisher's app of that id.
    operator.open(&format!("/host/apps/{id}")).is(404);
    operator.open(&format!("/host/apps/{id}?store={own}")).is(404);
    // And in the store itself the operator is nobody.
    for path in ["", "/apps", "/activity/runs", "/store/orders", "/settings/store"] {
        operator.open(&format!("/stores/{}{path}", host.store())).is(404).hides("Corner shop");
    }
}

fn an_app_is_published_stopped_let_run_and_withdrawn(host: Host) {
    const APP: &str = "storehand-tests/tagger";
    const PATH: &str = "/host/apps/storehand-tests/tagger";
    let (mut operator, _) = operator(&host);
    let owner = host.owner();
    host.publisher("storehand-tests").upload("/api/v1/apps", guests::build("tagger")).ok();
    let page = operator.open(PATH);
    page.is(200).says("not published").says("No store has installed it").says("0.1.0");
    let page = operator.submit(&page, &format!("{PATH}/publish"), &[]);
    page.is(200).says(">published<");
    let scopes = json!({ "app": APP, "scopes": ["orders:view", "orders:edit"] });
    let app = owner.post("installations", scopes).ok()["id"].as_str().unwrap().to_owned();
    // A reason that is too long comes back with what was typed.
    let long = "x".repeat(201);
    let page = operator.submit(&page, &format!("{PATH}/stop"), &[("reason", &long)]);
    page.is(200).says("role=\"alert\"").says(&long);
    let page = operator.submit(&page, &format!("{PATH}/stop"), &[("reason", "it floods"), ("version", "0.1.0")]);
    page.is(200).says("You stopped version 0.1.0:").says("stopped by you");
    assert_eq!(owner.get(&format!("installations/{app}")).ok()["stopped"], json!("it floods"));
    operator.open("/host/apps").says("stopped in 1");
    operator.open("/host/stops").says("it floods").says(&format!("href=\"{PATH}\""));
    let page = operator.submit(&page, &format!("{PATH}/start"), &[("version", "0.1.0")]);
    page.is(200).hides("it floods").says("Corner shop");
    assert_eq!(owner.get(&format!("installations/{app}")).ok()["stopped"], json!(null));
    let page = operator.submit(&page, &format!("{PATH}/withdraw"), &[]);
    page.is(200).says("not published");
    for act in ["apps.publish", "apps.stop", "apps.start", "apps.withdraw"] {
        // Who did it is told by name.
        operator.open(&format!("/host/audit?act={act}")).says(APP).says("<th scope=\"row\">Sam</th>");
    }
}

fn tokens_of_publishers_and_of_the_operator_are_shown_once_and_ended(host: Host) {
    let (mut operator, _) = operator(&host);
    let page = operator.open("/host/publishers");
    let page = operator.submit(&page, "/host/publishers", &[("publisher", "No Good"), ("days", "30")]);
    page.is(200).says("role=\"alert\"").says("value=\"No Good\"");
    let page = operator.submit(&page, "/host/publishers", &[("publisher", "acme"), ("days", "30")]);
    let text = page.is(200).says("shown this once").between("<code class=\"key\">", "</code>");
    let publisher = host.person(host.store(), Some(&text));
    publisher.get("/api/v1/me").ok();
    let page = operator.open("/host/publishers");
    page.says("<b>acme</b>").hides(&text);
    let page = operator.submit(&page, "/host/publishers/revoke", &[]);
    page.is(200).says("no valid token");
    publisher.get("/api/v1/me").is(401);

    let page = operator.open("/host/tokens");
    page.says("first token");
    let page = operator.submit(&page, "/host/tokens", &[("name", "the <b>backup"), ("days", "7")]);
    let text = page.is(200).says("the &#60;b&#62;backup").between("<code class=\"key\">", "</code>");
    let machine = host.person(host.store(), Some(&text));
    machine.get("/api/v1/tokens").is(405);
    machine.get("/api/v1/stores").ok();
    operator.open("/host/tokens").says("the &#60;b&#62;backup").hides(&text);
    // All can end, since an account operates the host.
    for _ in 0..2 {
        let page = operator.open("/host/tokens");
        operator.submit(&page, "/host/tokens/revoke", &[]).is(200);
    }
    operator.open("/host/tokens").says("There is no token");
    machine.get("/api/v1/stores").is(401);
}

fn whoever_belongs_to_several_stores_chooses_one(host: Host) {
    let (mut operator, own) = operator(&host);
    let base = format!("/stores/{own}");
    operator.open(&base).is(200).hides("Switch store");
    let added = host.owner().post("staff", json!({ "name": "Sam", "scopes": ["orders:view"] })).ok();
    let whose = format!("SELECT p.account FROM staff p WHERE p.store = '{own}'");
    let id = added["id"].as_str().unwrap();
    execute(&host, &format!("UPDATE staff SET account = ({whose}) WHERE id = '{id}'"));
    operator.open(&base).is(200).says("Switch store").says("href=\"/host\"");
    operator.open("/").is(200).says("Corner shop").says("Other shop").says(&base).says("All stores");
}

fn the_operator_sees_runs_of_all_stores_and_nothing_of_what_they_were_for(host: Host) {
    let (mut operator, own) = operator(&host);
    stock(&host);
    let order = order(&host.storefront());
    let app = world::install(&host, "noop", &["orders:view"], json!({}));
    let owner = host.owner();
    let ran = owner.post(&format!("installations/{app}/actions/nothing"), json!({ "record": order })).ok();
    let run = ran["invocation"].as_str().unwrap();
    let page = operator.open("/host/runs");
    page.is(200).says("Corner shop").says("storehand-tests/noop").says("0.1.0").says("button").says("done");
    page.hides(&order).hides("“nothing”").hides("Olive").hides("tea");
    let store = host.store();
    let narrowed = [
        (format!("store={store}&app=storehand-tests%2Fnoop&version=0.1.0&outcome=ok&since=hour"), true),
        (format!("store={own}"), false),
        ("app=storehand-tests%2Ftagger".to_owned(), false),
        ("version=9.9.9".to_owned(), false),
        ("outcome=failed".to_owned(), false),
    ];
    for (query, found) in &narrowed {
        let page = operator.open(&format!("/host/runs?{query}"));
        page.is(200).says("Show everything");
        let _ = if *found { page.says("<code>storehand-tests/noop") } else { page.says("Nothing fits these filters") };
    }
    for wrong in ["outcome=lost", "store=corner", "since=century", "record=ord_1", "cursor=made.up"] {
        operator.open(&format!("/host/runs?{wrong}")).is(400);
    }
    operator.open("/host/runs?app=%3Cscript%3Ealert(1)%3C%2Fscript%3E").is(200).hides("<script>alert");
    operator.open(&format!("/host/stores/{store}")).is(200).says(&format!("/host/runs?store={store}"));

    // The API says the same, in these fields and no other.
    let api = host.operator();
    let listed = api.get(&format!("/api/v1/invocations?store={store}&app=storehand-tests/noop")).ok();
    let fields: Vec<&String> = listed["items"][0].as_object().unwrap().keys().collect();
    let told = [
        "app",
        "cpu_us",
        "denied_calls",
        "host_calls",
        "id",
        "installation",
        "outcome",
        "started_at",
        "store",
        "store_name",
        "topic",
        "trigger",
        "version",
        "wall_us",
    ];
    assert_eq!((fields, &listed["items"][0]["id"]), (told.map(str::to_owned).iter().collect(), &json!(run)));
    // What stands in one run is the store's own.
    api.get(&format!("/api/v1/stores/{store}/invocations/{run}")).is(403);
    for path in [format!("/stores/{store}/activity/runs/{run}"), format!("/stores/{store}/store/orders/{order}")] {
        operator.open(&path).is(404).hides(&order[4..]);
    }
}

fn hosts_say_that_they_are_there_until_they_stop(host: Host) {
    let api = host.operator();
    let hosts = || api.get("/api/v1/hosts").ok()["items"].as_array().unwrap().clone();
    world::wait_until("the first word", || hosts().len() == 1);
    let one = hosts().remove(0);
    assert_eq!((&one["silent"], &one["version"]), (&json!(false), &json!(env!("CARGO_PKG_VERSION"))), "{one}");
    let id = one["id"].as_str().unwrap().to_owned();
    // Others of its kind on the same database; a file has one alone.
    if host.database().is_some() {
        let mut beside = host.beside();
        world::wait_until("the second host", || hosts().len() == 2);
        beside.stop();
        world::wait_until("its end", || hosts().len() == 1);
        beside.restart();
        world::wait_until("its start", || hosts().len() == 2);
        beside.kill9();
        assert_eq!(hosts().len(), 2);
    }
    // Accounts come last: another host would need the key that their passwords are hashed with.
    let mut operator = operator(&host).0;
    operator.open("/host/health").is(200).says(&id).says("at work").hides("silent");
    if host.database().is_some() {
        execute(&host, &format!("UPDATE hosts SET seen_at = seen_at - 121000 WHERE id <> '{id}'"));
        operator.open("/host/health").says("silent").says("at work");
    }
    execute(&host, "UPDATE hosts SET name = '<b>machine', version = '0.0.1'");
    operator.open("/host/health").says("&#60;b&#62;machine").hides("<b>machine").says("another version than this host");
    for person in [host.owner(), host.staff(&["usage:view"])] {
        person.get("/api/v1/hosts").is(403);
    }
}
