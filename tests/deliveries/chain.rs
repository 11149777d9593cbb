//! Apps that cause each other's runs, and what they cause themselves.

use serde_json::{Value, json};

use super::witness::{history, install, seen, wait_until_told};
use crate::runs::world::{order, stock, wait_until};
use crate::support::host::{Host, both};

both!(
    two_apps_that_answer_each_other_are_cut_after_eight_runs_and_the_host_says_so,
    an_app_is_not_told_of_what_it_did_itself,
);

const BOTH: [&str; 2] = ["orders:view", "orders:edit"];

/// The witness's twin, which hears of changes alone.
fn echo(manifest: &str) -> String {
    manifest
        .replace("storehand-tests/witness", "storehand-tests/echo")
        .replace("[[on]]\ntopic = \"orders/created\"\n", "")
}

fn two_apps_that_answer_each_other_are_cut_after_eight_runs_and_the_host_says_so(host: Host) {
    stock(&host);
    let ping = install(&host, &BOTH, json!({ "answer": "ping" }), str::to_owned);
    let pong = install(&host, &BOTH, json!({ "answer": "pong" }), echo);
    let (owner, order) = (host.owner(), order(&host.storefront()));
    let tags = || owner.get(&format!("orders/{order}")).ok()["tags"].clone();
    wait_until("the eighth answer", || tags().as_array().map(Vec::len) == Some(8));
    wait_until("the word of it", || host.output().contains("a chain of apps causing each other's runs was cut"));
    wait_until_told(&owner, &ping);
    wait_until_told(&owner, &pong);
    let answers: Value = (0..8).map(|n| format!("{}-{n}", if n % 2 == 0 { "ping" } else { "pong" })).collect();
    assert_eq!(sorted(tags()), sorted(answers));
    let told = |app| history(&owner, app).into_iter().filter(|run| run["outcome"] == "ok").count();
    assert_eq!((told(&ping), told(&pong)), (4, 4));
    // The ninth event is the eighth answer, which is told to the other app no more.
    let cut: Vec<Value> = history(&owner, &ping).into_iter().filter(|run| run["outcome"] == "cut").collect();
    assert_eq!(cut.len(), 1, "{cut:#?}");
    assert!(cut[0]["error"].as_str().is_some_and(|why| why.contains("8 times over")), "{cut:#?}");
    assert_eq!(seen(&owner, &ping)["cut"]["events"], json!(1));

    // What a person does begins a new chain.
    owner.post(&format!("orders/{order}/tags"), json!({ "tag": "by hand" })).ok();
    wait_until("answers to it", || tags().as_array().map(Vec::len) > Some(9));
}

fn an_app_is_not_told_of_what_it_did_itself(host: Host) {
    stock(&host);
    let app = install(&host, &BOTH, json!({ "answer": "mine" }), str::to_owned);
    let (owner, order) = (host.owner(), order(&host.storefront()));
    wait_until("its answer", || owner.get(&format!("orders/{order}")).ok()["tags"] == json!(["mine-0"]));
    wait_until_told(&owner, &app);
    let runs = history(&owner, &app);
    assert_eq!((runs.len(), &runs[0]["topic"]), (1, &json!("orders/created")), "{runs:#?}");
    // The same change by somebody else it is told of.
    super::witness::tag(&owner, &order, "theirs");
    wait_until("the next run", || history(&owner, &app).len() == 2);
}

fn sorted(tags: Value) -> Vec<String> {
    let mut tags: Vec<String> = tags.as_array().into_iter().flatten().map(|tag| tag.to_string()).collect();
    tags.sort();
    tags
}
