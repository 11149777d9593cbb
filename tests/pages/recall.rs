//! A recall in the browser: the operator's form and counts, and what an owner sees of it and decides.

use serde_json::json;

use super::host::{browser, form, operator};
use crate::runs::world::{order, stock, wait_until};
use crate::support::guests;
use crate::support::host::{Host, both};
use crate::support::tables::{SIX_MINUTES, execute};

both!(
    an_operator_recalls_a_version_and_an_owner_sees_how_far_it_reached_and_goes_on,
    going_on_asks_for_a_proof_and_for_the_permission_to_pause,
);

const APP: &str = "storehand-tests/tagger";
const PATH: &str = "/host/apps/storehand-tests/tagger";
const WHY: &str = "it tags <b>everything";
const SHOWN: &str = "it tags &#60;b&#62;everything";

/// Publishes the tagger, installs it and lets it tag so many orders.
fn at_work(host: &Host, orders: usize) -> String {
    stock(host);
    host.publisher("storehand-tests").upload("/api/v1/apps", guests::build("tagger")).ok();
    host.operator().post(&format!("/api/v1/apps/{APP}/versions/0.1.0/publish"), json!({})).ok();
    let owner = host.owner();
    let install = json!({ "app": APP, "scopes": ["orders:view", "orders:edit"] });
    let app = owner.post("installations", install).ok()["id"].as_str().unwrap().to_owned();
    for _ in 0..orders {
        let one = order(&host.storefront());
        wait_until("the tag", || owner.get(&format!("orders/{one}")).ok()["tags"] == json!(["seen"]));
    }
    app
}

fn an_operator_recalls_a_version_and_an_owner_sees_how_far_it_reached_and_goes_on(host: Host) {
    let app = at_work(&host, 3);
    let (mut operator, _) = operator(&host);
    let page = operator.open(PATH);
    let fields = [("version", "0.1.0"), ("severity", "warning"), ("reason", "")];
    operator.submit(&page, &format!("{PATH}/recall"), &fields).is(200).says("role=\"alert\"");
    let fields = [("version", "0.1.0"), ("severity", "warning"), ("reason", WHY)];
    let page = operator.submit(&page, &format!("{PATH}/recall"), &fields);
    page.is(200).says("You recalled version 0.1.0:").says(SHOWN).says("End the recall").says("not published");
    let reach = page.between("<a href=\"/host/recalls/", "\">");
    let counts = operator.open(&format!("/host/recalls/{reach}"));
    counts.is(200).says("Corner shop").says("does not run").says("<td class=\"n\">3</td>").hides("ord_");
    operator.open("/host/stops").says("recalled by you").says(SHOWN);

    let owner = host.owner();
    let (mut browser, base) = (browser(&host, &owner), format!("/stores/{}", host.store()));
    let overview = browser.open(&base);
    overview.is(200).says("recall: warning").says("0.1.0 was recalled by the operator").says(SHOWN);
    overview.says("It made 3 changes here since");
    browser.open(&format!("{base}/apps")).says(">recalled<");
    let one = browser.open(&format!("{base}/apps/{app}"));
    one.is(200).says(SHOWN).says("made 3 changes in your store since").says("3 can be taken back now");
    // One button leads to the undo's preview of just this, and what it does is what was said.
    let leads = one.between(&format!("href=\"{base}/undo?installation={app}&amp;since="), "\"");
    let preview = browser.open(&format!("{base}/undo?installation={app}&since={leads}"));
    preview.is(200).says(&format!("name=\"since\" value=\"{leads}\"")).says("3");
    let done = browser.submit(&preview, &format!("{base}/undo"), &[]);
    done.is(200);
    let undone = owner.get("undos").ok()["items"][0]["undone"].clone();
    assert_eq!(undone, 3);

    let one = browser.open(&format!("{base}/apps/{app}"));
    let on = browser.submit(&one, &format!("{base}/apps/{app}/go-on"), &[("reason", "we <i>check")]);
    on.is(200).says("decided to go on with it:").says("we &#60;i&#62;check").hides("Why you go on");
    browser.open(&base).hides("was recalled by the operator");
    operator.open(&format!("/host/recalls/{reach}")).says("we &#60;i&#62;check");
    let page = operator.open(PATH);
    operator.submit(&page, &format!("{PATH}/start"), &[]).is(200).hides(SHOWN);
    browser.open(&format!("{base}/apps/{app}")).hides(SHOWN);
}

fn going_on_asks_for_a_proof_and_for_the_permission_to_pause(host: Host) {
    let app = at_work(&host, 1);
    let recall = format!("/api/v1/apps/{APP}/versions/0.1.0/recall");
    host.operator().post(&recall, json!({ "severity": "critical", "reason": WHY })).ok();
    let (base, path) = (format!("/stores/{}", host.store()), format!("/stores/{}/apps/{app}/go-on", host.store()));
    let mut owner = browser(&host, &host.owner());
    // What is critical has no form, and sending one does not help.
    owner.open(&format!("{base}/apps/{app}")).says("What is critical runs nowhere").hides("Why you go on");
    let fields = form(&mut owner, &[("reason", "we need it")]);
    owner.post(&path, &fields).is(422).says("what is critical runs nowhere");

    host.operator().post(&recall, json!({ "severity": "info", "reason": WHY })).ok();
    let mut viewer = browser(&host, &host.staff(&["apps:view"]));
    // Whoever may not take changes back is not told how many there are.
    viewer.open(&format!("{base}/apps/{app}")).says(SHOWN).hides("changes in your store").hides("Why you go on");
    viewer.open(&base).says("was recalled by the operator").hides("changes here since");
    let fields = form(&mut viewer, &[("reason", "we need it")]);
    viewer.post(&path, &fields).is(403);
    let mut other = browser(&host, &host.other_store_owner());
    let fields = form(&mut other, &[("reason", "we need it")]);
    other.post(&path, &fields).is(404);

    execute(&host, SIX_MINUTES);
    let fields = form(&mut owner, &[("reason", "we need it")]);
    owner.post(&path, &fields).is(403).says("name=\"reason\" value=\"we need it\"");
    assert_eq!(host.owner().get(&format!("installations/{app}")).ok()["stopped"], json!(WHY));
}
