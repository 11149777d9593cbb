//! What would be granted, and why that is refused, before anybody agrees to it.

use serde_json::{Value, json};

use crate::support::guests;
use crate::support::host::{Host, both};

both!(
    a_plan_says_what_would_be_granted_and_changes_nothing,
    an_app_holds_what_was_chosen_and_the_text_that_was_read_is_kept,
    a_plan_says_why_it_would_be_refused_and_the_install_is_refused_for_the_same,
);

/// Requires `orders:view`, and would take every other permission there is.
const APP: &str = "examples/over-reach";

fn upload(host: &Host) {
    host.owner().upload("apps", guests::build("over-reach")).ok();
}

fn scopes_where(plan: &Value, flag: &str) -> Vec<String> {
    let scopes = plan["scopes"].as_array().expect("scopes").iter().filter(|scope| scope[flag] == json!(true));
    scopes.map(|scope| scope["scope"].as_str().expect("a name").to_owned()).collect()
}

fn a_plan_says_what_would_be_granted_and_changes_nothing(host: Host) {
    upload(&host);
    let owner = host.owner();
    let plan = owner.post("installations/plan", json!({ "app": APP, "scopes": ["orders:view", "orders:edit"] })).ok();
    assert_eq!(
        (&plan["refused"], &plan["upgrade_of"], &plan["version"]),
        (&Value::Null, &Value::Null, &json!("0.1.0"))
    );
    assert_eq!(scopes_where(&plan, "chosen"), ["orders:view", "orders:edit"]);
    assert_eq!(scopes_where(&plan, "required"), ["orders:view"]);
    assert_eq!(scopes_where(&plan, "granted"), [""; 0]);
    for scope in plan["scopes"].as_array().expect("scopes") {
        let said = |field: &str| scope[field].as_str().is_some_and(|text| !text.is_empty());
        assert!(said("words") && said("reason") && said("group"), "{scope:#}");
    }
    let cannot = plan["cannot"].as_array().expect("what it cannot do");
    assert!(
        cannot.iter().any(|not| not["scope"] == "orders:refund")
            && !cannot.iter().any(|not| not["scope"] == "orders:edit")
    );
    let shown = plan["shown"].as_str().expect("the text to read");
    let (gets, lacks) = shown.split_once("does not get them").expect("two parts");
    assert!(gets.contains("[orders:edit]") && !lacks.contains("[orders:edit]"), "{shown}");
    assert!(lacks.contains("[orders:refund]") && !gets.contains("[orders:refund]"), "{shown}");
    assert_eq!(owner.get("installations").ok()["items"], json!([]));
}

fn an_app_holds_what_was_chosen_and_the_text_that_was_read_is_kept(host: Host) {
    upload(&host);
    let owner = host.owner();
    let chosen = json!(["orders:view", "carts:view"]);
    let plan = owner.post("installations/plan", json!({ "app": APP, "scopes": chosen })).ok();
    let install = |shown: &Value| json!({ "app": APP, "scopes": chosen, "shown": shown });
    let other = owner.post("installations", install(&json!("It can see nothing."))).is(422);
    assert!(other["detail"].as_str().is_some_and(|detail| detail.contains("ask for the plan again")), "{other:#}");
    let made = owner.post("installations", install(&plan["shown"])).ok();
    let at = format!("installations/{}", made["id"].as_str().expect("an id"));
    let grants = owner.get(&format!("{at}/grants")).ok();
    let held: Vec<Value> = grants["items"].as_array().expect("grants").iter().map(|one| one["scope"].clone()).collect();
    assert_eq!(json!(held), chosen);
    assert!(grants["not_granted"].as_array().expect("scopes").contains(&json!("orders:refund")));
    let consent = &owner.get(&format!("{at}/consents")).ok()["items"][0];
    assert_eq!((&consent["shown"], &consent["scopes"]), (&plan["shown"], &chosen));
}

fn a_plan_says_why_it_would_be_refused_and_the_install_is_refused_for_the_same(host: Host) {
    upload(&host);
    let manager = host.staff(&["apps:view", "apps:install", "orders:view"]);
    // Not asked for anything in particular, it offers what is required and what the person holds.
    let offered = manager.post("installations/plan", json!({ "app": APP })).ok();
    assert_eq!((&offered["refused"], scopes_where(&offered, "chosen")), (&Value::Null, vec!["orders:view".to_owned()]));
    let lacks = "`orders:edit` is not yours to grant: nobody can grant what they, or the token they use, do not have";
    let cases = [
        (json!(["orders:view", "orders:edit"]), lacks, 403, "orders:edit"),
        (json!([]), "`orders:view`", 422, "orders:view"),
        (json!(["orders:view", "checkout:discount"]), "`checkout:discount`", 422, "checkout:discount"),
    ];
    for (chosen, words, status, scope) in cases {
        let plan = manager.post("installations/plan", json!({ "app": APP, "scopes": chosen })).ok();
        assert!(plan["refused"].as_str().is_some_and(|why| why.contains(words)), "{chosen}: {}", plan["refused"]);
        let problem = manager.post("installations", json!({ "app": APP, "scopes": chosen })).is(status);
        assert_eq!(problem["scope"], json!(scope), "{problem:#}");
    }
    assert_eq!(host.owner().get("installations").ok()["items"], json!([]));
}
