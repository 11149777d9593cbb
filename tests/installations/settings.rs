//! Settings fit the app's schema, or are refused with the name of what does not.

use serde_json::{Value, json};

use crate::runs::world::install;
use crate::support::guests;
use crate::support::host::{Host, both};
use crate::support::person::Answer;

both!(settings_that_do_not_fit_are_refused_by_name_and_change_nothing);

fn settings_that_do_not_fit_are_refused_by_name_and_change_nothing(host: Host) {
    let owner = host.owner();
    let names = |answer: Answer, name: &str| {
        let problem = answer.is(422);
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains(name)), "{problem:#}");
    };
    let bad: [(Value, &str); 4] = [
        (json!({ "count": "many" }), "count"),
        (json!({ "tag": "" }), "tag"),
        (json!({ "conut": 1 }), "conut"),
        (json!({ "tag": "a", "count": -1 }), "count"),
    ];
    owner.upload("apps", guests::build("tagger")).ok();
    for (settings, name) in &bad {
        let install =
            json!({ "app": "storehand-tests/tagger", "scopes": ["orders:view", "orders:edit"], "settings": settings });
        names(owner.post("installations", install), name);
    }
    assert_eq!(owner.get("installations").ok()["items"], json!([]));

    let at = format!(
        "installations/{}/settings",
        install(&host, "tagger", &["orders:view", "orders:edit"], json!({ "count": 2 }))
    );
    let before = owner.get(&at).ok();
    for (settings, name) in bad {
        names(owner.put(&at, settings), name);
    }
    owner.put(&at, json!([])).is(422);
    assert_eq!(owner.get(&at).ok(), before);
    let after = owner.put(&at, json!({ "tag": "hello" })).ok();
    assert_eq!((&after["settings"], &after["revision"]), (&json!({ "tag": "hello" }), &json!(2)));
}
