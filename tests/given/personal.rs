//! Personal data stands where its scope guards it: in no text of an error, and in no log for those who may not see it.

use serde_json::{Value, json};

use crate::runs::world::install;
use crate::support::host::{Host, both};
use crate::support::person::Person;

both!(
    that_an_address_is_taken_is_said_without_saying_it_and_asking_is_counted,
    what_an_app_wrote_that_could_see_personal_data_is_shown_to_those_who_can_see_the_same,
);

const HIDDEN: &str = "quentin.hidden@example.com";
const NAME: &str = "Quentin Hidden";

/// A customer with that name and address.
fn customer(owner: &Person) -> String {
    let contact = json!({ "name": NAME, "email": HIDDEN });
    owner.post("customers", json!({ "contact": contact })).ok()["id"].as_str().unwrap().to_owned()
}

fn press(owner: &Person, app: &str, action: &str, customer: &str) -> Value {
    owner.post(&format!("installations/{app}/actions/{action}"), json!({ "record": customer })).ok()
}

fn that_an_address_is_taken_is_said_without_saying_it_and_asking_is_counted(host: Host) {
    let (owner, known) = (host.owner(), customer(&host.owner()));
    let refused = owner.post("customers", json!({ "contact": { "email": HIDDEN } })).is(409);
    assert!(!refused.to_string().contains("quentin"), "{refused:#}");
    let app = install(&host, "confidant", &["customers:view", "customers:edit"], json!({ "email": HIDDEN }));
    let terms = owner.get(&format!("installations/{app}/grants")).ok();
    assert!(terms.to_string().contains("per_day"), "looks at addresses are bounded from the start: {terms:#}");
    owner.patch(&format!("installations/{app}/grants/customers:edit"), json!({ "caps": { "per_day": 2 } })).ok();
    let run = press(&owner, &app, "register", &known);
    let error = run["error"].as_str().unwrap();
    assert!(error.contains("the e-mail address is taken") && !error.contains("quentin"), "{error}");
    // An address that is nobody's is an answer too.
    owner.put(&format!("installations/{app}/settings"), json!({ "email": "nobody@example.com" })).ok();
    assert_eq!(press(&owner, &app, "register", &known)["outcome"], "ok");
    let over = press(&owner, &app, "register", &known);
    let error = over["error"].as_str().unwrap();
    assert!(error.contains("`customers:edit`: 2 times a day"), "{over:#}");
    let clerk = host.staff(&["usage:view"]);
    for run in clerk.get(&format!("invocations?installation={app}")).ok()["items"].as_array().unwrap() {
        assert!(!run.to_string().contains("quentin"), "{run:#}");
    }
}

fn what_an_app_wrote_that_could_see_personal_data_is_shown_to_those_who_can_see_the_same(host: Host) {
    let (owner, known) = (host.owner(), customer(&host.owner()));
    let app = install(&host, "confidant", &["customers:view", "customers:pii"], json!({}));
    let told = press(&owner, &app, "tell", &known);
    let failed = press(&owner, &app, "fail", &known);
    assert_eq!((&told["outcome"], &failed["outcome"]), (&json!("ok"), &json!("failed")));
    let look = |who: &Person, run: &Value| {
        let one = who.get(&format!("invocations/{}", run["invocation"].as_str().unwrap())).ok();
        let list = who.get(&format!("invocations?installation={app}")).ok();
        (one, list)
    };
    let clerk = host.staff(&["usage:view"]);
    for run in [&told, &failed] {
        let (one, list) = look(&clerk, run);
        assert!(!one.to_string().contains("Quentin") && !list.to_string().contains("Quentin"), "{one:#}\n{list:#}");
        assert_eq!(one["hidden"], "customers:pii");
    }
    let (one, _) = look(&clerk, &told);
    assert!(one["log"][0]["text"].as_str().unwrap().contains("`customers:pii` shows"), "{one:#}");
    let trusted = host.staff(&["usage:view", "customers:pii"]);
    let (one, _) = look(&trusted, &told);
    assert_eq!(
        (&one["hidden"], one["log"][0]["text"].as_str().unwrap().contains(NAME)),
        (&Value::Null, true),
        "{one:#}"
    );
    let (one, list) = look(&trusted, &failed);
    assert!(one["error"].as_str().unwrap().contains(HIDDEN) && list.to_string().contains(HIDDEN), "{one:#}");
    // An app that could see none is read as before.
    owner.delete(&format!("installations/{app}/grants/customers:pii")).ok();
    let denied = press(&owner, &app, "tell", &known);
    let (one, _) = look(&clerk, &denied);
    assert!(one["error"].as_str().unwrap().contains("customers:pii"), "{one:#}");
    assert_eq!(one["hidden"], Value::Null);
}
