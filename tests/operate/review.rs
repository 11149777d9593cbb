//! The access review: exactly what is not used, by whom it is seen, and what drops it.

use serde_json::{Value, json};

use crate::cli_operate::desk::Desk;
use crate::pages::host::browser;
use crate::runs::world::{self, order, stock, wait_until};
use crate::support::host::{Host, both};
use crate::support::person::Person;
use crate::support::tables::execute;

both!(
    a_review_shows_exactly_what_is_not_used_and_dropping_it_is_audited,
    a_review_shows_who_does_not_come_and_tokens_that_nobody_uses,
    a_review_shows_what_people_hold_and_do_not_use_and_one_step_drops_it,
    a_review_is_for_whoever_sees_apps_and_people_and_tells_nothing_of_another_store,
    a_review_that_is_done_is_noted_and_due_again_in_ninety_days,
);

const DAY_MS: i64 = 86_400_000;

/// Everything was granted, and the watch began, so many days earlier.
fn days_pass(host: &Host, days: i64) {
    execute(host, &format!("UPDATE grants SET granted_at = granted_at - {}", days * DAY_MS));
    execute(host, &format!("UPDATE scope_watch SET since = since - {}", days * DAY_MS));
}

/// The spender, which was used to refund 12.00, and what of it is noted by now.
fn spender(host: &Host) -> String {
    stock(host);
    let owner = host.owner();
    let scopes = ["orders:view", "products:view", "orders:refund", "orders:pii", "products:price"];
    let app = world::install(host, "spender", &scopes, json!({ "minor": 1_200 }));
    let record = order(&host.storefront());
    let pressed = owner.post(&format!("installations/{app}/actions/refund"), json!({ "record": record })).ok();
    assert_eq!(pressed["outcome"], "ok", "{pressed:#}");
    days_pass(host, 100);
    // Gathered behind the runs, some seconds later.
    wait_until("the note of what was used", || !unused(&owner.get("review").ok()).contains(&json!("orders:refund")));
    app
}

/// The owner with a token that can do no more than this.
fn limited(host: &Host, scopes: &[&str]) -> Person {
    let made = host.owner().post("tokens", json!({ "name": "limited", "scopes": scopes })).ok();
    host.owner().with_token(made["token"].as_str().expect("a token"))
}

fn unused(review: &Value) -> Vec<Value> {
    let apps = review["apps"].as_array().expect("apps");
    let all = apps.iter().flat_map(|app| app["unused"].as_array().expect("grants").iter());
    all.map(|grant| grant["scope"].clone()).collect()
}

fn a_review_shows_exactly_what_is_not_used_and_dropping_it_is_audited(host: Host) {
    let app = spender(&host);
    let (owner, desk) = (host.owner(), Desk::of_owner(&host));
    let review = owner.get("review").ok();
    let mut found = unused(&review);
    found.sort_by_key(Value::to_string);
    assert_eq!(found, ["orders:pii", "products:price", "products:view"], "{review:#}");
    let one = &review["apps"][0];
    assert_eq!(one["over_asks"], json!(["products:view"]), "{review:#}");
    assert!(one["unused"].as_array().unwrap().iter().all(|grant| grant["certain"] == true), "{review:#}");
    let cap = &one["tighter"][0];
    let amounts = (&cap["bound"], &cap["most_spent"], &cap["proposed"], &cap["currency"]);
    assert_eq!(amounts, (&json!("100.00"), &json!("12.00"), &json!("18.00"), &json!("EUR")), "{review:#}");
    // Nothing that is used, and nothing that is too young to be judged.
    assert_eq!(unused(&owner.get("review?days=120").ok()), [] as [Value; 0]);
    desk.storehand(&["review"]).answers(&[
        "looked at; unused is what was not used for 90 days",
        "products:view: never used, not for 90 days; the app cannot be installed without it",
        "storehand grants revoke storehand-tests/spender products:price",
        "storehand grants limit storehand-tests/spender orders:refund --cap 18.00/day",
        "never reviewed",
    ]);
    desk.storehand(&["review", "--days", "0"]).fails(2, &["0"]);

    // What it says drops it.
    desk.storehand(&["grants", "revoke", "storehand-tests/spender", "products:price"]).ok();
    desk.storehand(&["grants", "limit", "storehand-tests/spender", "orders:refund", "--cap", "18.00/day"]).ok();
    let mut page = browser(&host, &owner);
    let base = format!("/stores/{}", host.store());
    let shown = page.open(&format!("{base}/people/review"));
    shown.is(200).says("Review access").says("never used").hides("18.00");
    let revoked = page.submit(&shown, &format!("{base}/apps/{app}/revoke"), &[("scope", "orders:pii")]);
    revoked.is(200);
    let review = owner.get("review").ok();
    assert_eq!(unused(&review), [json!("products:view")], "{review:#}");
    assert_eq!(review["apps"][0]["tighter"], json!([]), "{review:#}");
    let audit = owner.get("audit?act=grants.revoke").ok();
    assert_eq!(audit["items"].as_array().unwrap().len(), 2, "{audit:#}");

    // What was last used long ago is unused again; before the watch nothing is known.
    execute(&host, "UPDATE scope_uses SET last_day = last_day - 95, first_day = first_day - 95");
    let review = owner.get("review").ok();
    let refund = review["apps"][0]["unused"].as_array().unwrap().iter().find(|one| one["scope"] == "orders:refund");
    assert!(refund.is_some_and(|refund| refund["last_used"].is_string()), "{review:#}");
    execute(&host, &format!("UPDATE scope_watch SET since = since + {}", 50 * DAY_MS));
    let review = owner.get("review").ok();
    let never = review["apps"][0]["unused"].as_array().unwrap().iter().find(|one| one["scope"] == "products:view");
    assert_eq!(never.unwrap()["certain"], json!(false), "{review:#}");

    // A grant that ends soon, and one whose giver lost it.
    execute(&host, "UPDATE grants SET review_at = granted_at WHERE scope = 'orders:view'");
    let soon = jiff::Timestamp::now().as_millisecond() + 3 * DAY_MS;
    execute(&host, &format!("UPDATE grants SET expires_at = {soon} WHERE scope = 'products:view'"));
    let review = owner.get("review").ok();
    assert_eq!(review["apps"][0]["ending"][0]["scope"], "products:view", "{review:#}");
    assert_eq!(review["apps"][0]["under_review"][0]["suspended"], json!(true), "{review:#}");
}

fn a_review_shows_who_does_not_come_and_tokens_that_nobody_uses(host: Host) {
    let owner = host.owner();
    let added = owner.post("staff", json!({ "name": "Nora New", "scopes": ["orders:view"] })).ok();
    let nora = host.person(host.store(), added["token"]["token"].as_str());
    owner.post("tokens", json!({ "name": "a script" })).ok();
    let found = || owner.get("review").ok();
    let people = || found()["people"].as_array().unwrap().iter().map(|one| one["name"].clone()).collect::<Vec<_>>();
    let review = found();
    assert_eq!(review["people_looked_at"], 2, "{review:#}");
    assert_eq!(review["people"][0]["why"], json!(["never_seen"]), "{review:#}");
    let tokens = |review: &Value| {
        let all = review["tokens"].as_array().unwrap().iter();
        all.map(|token| (token["staff_name"].clone(), token["name"].clone())).collect::<Vec<_>>()
    };
    assert!(tokens(&review).contains(&(json!("Olive Owner"), json!("a script"))), "{review:#}");
    assert!(tokens(&review).iter().any(|(whose, _)| whose == "Nora New"), "{review:#}");
    Desk::of_owner(&host).storehand(&["review"]).answers(&[
        "Nora New: never seen; last seen: never",
        "storehand staff remove",
        "a script of Olive Owner: last used: never",
    ]);

    // Once she comes, neither she nor her token is found any more.
    nora.get("orders").ok();
    wait_until("the note that the token was used", || people().is_empty());
    assert!(tokens(&found()).iter().all(|(whose, _)| whose != "Nora New"));
    // She did not come for long, and her last day is over.
    let id = added["id"].as_str().unwrap();
    execute(&host, &format!("UPDATE tokens SET used_at = used_at - {} WHERE staff = '{id}'", 95 * DAY_MS));
    execute(
        &host,
        &format!("UPDATE staff SET created_at = created_at - {}, ends_at = 1 WHERE id = '{id}'", 99 * DAY_MS),
    );
    let why = found()["people"][0]["why"].clone();
    assert_eq!(why.as_array().unwrap()[..2], [json!("not_seen"), json!("last_day_over")], "{why}");

    let base = format!("/stores/{}", host.store());
    let mut page = browser(&host, &owner);
    let shown = page.open(&format!("{base}/people/review"));
    shown.is(200).says("Nora New").says("the last day is over").says("a script");
    page.submit(&shown, &format!("{base}/people/{id}/remove"), &[]).is(200);
    let shown = page.open(&format!("{base}/people/review"));
    shown.hides("Nora New");
    page.submit(&shown, &format!("{base}/settings/tokens/revoke"), &[]).is(200);
    assert_eq!(owner.get("audit?act=staff.remove").ok()["items"][0]["subject"], json!(id));
}

fn a_review_shows_what_people_hold_and_do_not_use_and_one_step_drops_it(host: Host) {
    let (owner, clerk) = (host.owner(), host.staff(&["orders:view", "products:view", "customers:view"]));
    clerk.get("orders").ok();
    let denied = clerk.get("reports/sales");
    assert_eq!(denied.status, 403, "{denied:?}");
    let people = || owner.get("review").ok()["people"].clone();
    let of_clerk = || {
        let people = people();
        let unused = people.as_array().unwrap().iter().find(|one| one["name"] == "Sam Staff");
        unused.map(|one| one["unused"].as_array().unwrap().clone()).unwrap_or_default()
    };
    let scopes = |unused: &[Value]| unused.iter().map(|one| one["scope"].clone()).collect::<Vec<_>>();
    assert_eq!(of_clerk(), [] as [Value; 0], "nobody is judged by their first days");
    execute(&host, &format!("UPDATE staff SET created_at = created_at - {}", 100 * DAY_MS));
    wait_until("the note of what was used", || scopes(&of_clerk()) == ["customers:view", "products:view"]);
    assert!(of_clerk().iter().all(|one| one["last_used"].is_null() && one["certain"] == false));
    days_pass(&host, 100);
    assert!(of_clerk().iter().all(|one| one["certain"] == true));

    // Longer ago is as good as never, and says when.
    execute(&host, "UPDATE staff_uses SET last_day = last_day - 95");
    let found = of_clerk();
    let orders = found.iter().find(|one| one["scope"] == "orders:view").expect("not used lately");
    assert!(orders["last_used"].as_str().unwrap().starts_with("20"), "{orders}");
    let desk = Desk::of_owner(&host);
    let listed = people();
    let id = listed[0]["staff"].as_str().unwrap();
    let drops = format!("storehand staff change {id} --remove products:view");
    desk.storehand(&["review"]).answers(&["Sam Staff: products:view: never used", &drops]);

    // One step on the page drops one of them; whoever may not manage people cannot.
    let page = format!("/stores/{}/people/review", host.store());
    let mut at_work = browser(&host, &owner);
    at_work.open(&page).is(200).says("does not use everything they may do");
    let action = format!("{page}/drop");
    let own = |browser: &mut crate::support::browser::Browser| {
        let fields = browser.open("/account").form("/sign-out", &[]).into_iter();
        let mark = fields.filter(|(name, _)| name == "_form");
        mark.chain([("staff".to_owned(), id.to_owned()), ("scope".to_owned(), "products:view".to_owned())])
            .collect::<Vec<_>>()
    };
    let mut looking = browser(&host, &limited_staff(&host));
    let fields = own(&mut looking);
    looking.post(&action, &fields).is(403);
    let fields = own(&mut at_work);
    at_work.post(&action, &fields);
    assert_eq!(scopes(&of_clerk()), ["orders:view", "customers:view"]);
    let changed = owner.get("audit?act=staff.scopes").ok()["items"][0]["detail"]["after"].clone();
    assert_eq!(changed, json!(["orders:view", "customers:view"]));
}

/// Somebody who sees apps and people, and manages neither.
fn limited_staff(host: &Host) -> Person {
    host.staff(&["apps:view", "customers:view"])
}

fn a_review_is_for_whoever_sees_apps_and_people_and_tells_nothing_of_another_store(host: Host) {
    spender(&host);
    let front = host.storefront();
    // Seeing people is an owner's alone, so what they may do is limited with a token.
    let limited = |scopes: &[&str]| limited(&host, scopes);
    assert_eq!(host.staff(&["apps:view"]).get("review").is(403)["scope"], "staff:view");
    assert_eq!(limited(&["staff:view"]).get("review").is(403)["scope"], "apps:view");
    for nobody in [&host.operator(), &front] {
        nobody.get("review").is(403);
        nobody.post("review", json!({})).is(403);
    }
    host.anonymous().get("review").is(401);
    host.publisher("acme").get("review").is(404);
    let other = host.other_store_owner();
    other.at(host.store()).get("review").is(404);
    other.at(host.store()).post("review", json!({})).is(404);
    let theirs = other.get("review").ok();
    assert_eq!((&theirs["apps_looked_at"], &theirs["people_looked_at"]), (&json!(0), &json!(1)), "{theirs:#}");
    let text = theirs.to_string();
    assert!(!text.contains("spender") && !text.contains("Sam Staff"), "{theirs:#}");
    for wrong in ["review?days=0", "review?days=367"] {
        host.owner().get(wrong).is(422);
    }
    // Whose tokens lie about is for whoever manages people, and whoever sees both may drop nothing of it.
    let viewer = limited(&["apps:view", "staff:view"]);
    let review = viewer.get("review").ok();
    assert_eq!(review["tokens"], Value::Null, "{review:#}");
    assert_eq!(unused(&review).len(), 3, "{review:#}");
    assert_eq!(viewer.post("review", json!({})).is(403)["scope"], "staff:manage");
    let id = review["apps"][0]["installation"].as_str().unwrap();
    viewer.delete(&format!("installations/{id}/grants/products:price")).is(403);
    let base = format!("/stores/{}", host.store());
    browser(&host, &host.staff(&["apps:view"])).open(&format!("{base}/people/review")).is(403);
    let mut owner = browser(&host, &host.owner());
    let shown = owner.open(&format!("{base}/people/review"));
    owner.submit(&shown, &format!("{base}/people/review/tighten"), &[]).is(200).hides("18.00");
    let tightened = host.owner().get(&format!("installations/{id}")).ok();
    let refund =
        tightened["grants"].as_array().unwrap().iter().find(|grant| grant["scope"] == "orders:refund").cloned();
    assert_eq!(refund.unwrap()["terms"]["caps"]["sum_per_day"]["amount"], "18.00");
}

fn a_review_that_is_done_is_noted_and_due_again_in_ninety_days(host: Host) {
    let (owner, desk) = (host.owner(), Desk::of_owner(&host));
    let before = owner.get("review").ok();
    assert_eq!((&before["reviewed"]["at"], &before["reviewed"]["is_due"]), (&Value::Null, &json!(false)), "{before:#}");
    let mut page = browser(&host, &owner);
    let base = format!("/stores/{}", host.store());
    page.open(&base).says("Nobody has reviewed access yet.").says("The next review is due on");
    desk.storehand(&["review", "--done"]).answers(&["access was reviewed", "due again on"]);
    let after = owner.get("review").ok();
    assert_eq!(after["reviewed"]["by_name"], "Olive Owner", "{after:#}");
    assert_eq!(owner.get("audit?act=access.review").ok()["items"].as_array().unwrap().len(), 1);
    page.open(&base).says("Access was last reviewed on").says("by Olive Owner");
    desk.storehand(&["review"]).answers(&["by Olive Owner", "next due on"]);
    execute(&host, &format!("UPDATE stores SET reviewed_at = reviewed_at - {}", 91 * DAY_MS));
    page.open(&base).says("a review is due");
    let shown = page.open(&format!("{base}/people/review"));
    page.submit(&shown, &format!("{base}/people/review"), &[]).is(200).says("The next review is due on");
    assert_eq!(owner.get("audit?act=access.review").ok()["items"].as_array().unwrap().len(), 2);
    // Whoever may not both remove people and revoke permissions does not go through it.
    assert_eq!(limited(&host, &["staff:manage"]).post("review", json!({})).is(403)["scope"], "apps:install");
}
