//! Texts that look like something else: refused where people would read them.

use serde_json::json;

use crate::runs::world::{order, stock};
use crate::support::guests;
use crate::support::host::{Host, both};

both!(names_and_tags_that_pose_as_others_are_refused_in_words, a_schedule_that_never_comes_due_is_refused_at_upload,);

fn names_and_tags_that_pose_as_others_are_refused_in_words(host: Host) {
    stock(&host);
    let owner = host.owner();
    let names = [
        "Str\u{456}pe",
        "T\u{430}gger",
        "Tagger\u{202E}",
        "T\u{336}\u{337}\u{338}agger",
        "\u{421}\u{430}\u{440}\u{435}",
    ];
    for name in names {
        let named = |text: &str| text.replace("name = \"Tagger\"", &format!("name = \"{name}\""));
        let problem = owner.upload("apps", guests::reworded("tagger", named)).is(422);
        assert_eq!(problem["problems"][0]["code"], "E0106", "{name:?}: {problem:#}");
    }
    let placed = order(&host.storefront());
    let at = format!("orders/{placed}/tags");
    for tag in ["ur\u{261}ent\u{200B}", "p\u{430}id", "vip\u{202E}", "vip\u{334}\u{335}\u{336}", "a\nb"] {
        let problem = owner.post(&at, json!({ "tag": tag })).is(422);
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains("tag")), "{tag:?}: {problem:#}");
    }
    for tag in ["urgent", "срочно", "急ぎ", "größer", "vip 2026"] {
        owner.post(&at, json!({ "tag": tag })).ok();
    }
    let note = json!({ "note": "see invoice\u{202E}fdp.exe" });
    owner.put(&format!("orders/{placed}/note"), note).is(422);
    owner.put(&format!("orders/{placed}/note"), json!({ "note": "zweimal klingeln\nbitte 👩\u{200D}👧" })).ok();
}

fn a_schedule_that_never_comes_due_is_refused_at_upload(host: Host) {
    for cron in ["0 0 30 2 *", "0 0 31 4,6,9,11 *"] {
        let due = |text: &str| format!("{text}\n[[schedule]]\ncron = \"{cron}\"\n");
        let problem = host.owner().upload("apps", guests::reworded("tagger", due)).is(422);
        let problem = &problem["problems"][0];
        assert_eq!(
            (&problem["code"], &problem["detail"]),
            (&json!("E0115"), &json!(format!("`{cron}` never comes due")))
        );
    }
    let due = |text: &str| format!("{text}\n[[schedule]]\ncron = \"0 0 29 2 *\"\n");
    host.owner().upload("apps", guests::reworded("tagger", due)).ok();
}
