//! The whole of it, as somebody would try it who has never seen it: from an empty host to the end of somebody's session, with
//! a browser and nothing else.

use std::time::Duration;

use super::staff::{AGENT, accept, invite, page_of};
use super::who::set_up;
use crate::runs::world::wait_until_within;
use crate::support::browser::Browser;
use crate::support::guests;
use crate::support::host::{Host, both_fresh};

both_fresh!(a_store_is_set_up_staffed_given_an_app_watched_and_put_back_without_a_terminal,);

/// The text between two others, of which the first is the last thing before it.
fn link(text: &str, begins: &str) -> Option<String> {
    let (_, rest) = text.split_once(&format!("href=\"{begins}"))?;
    Some(format!("{begins}{}", rest.split('"').next()?))
}

fn a_store_is_set_up_staffed_given_an_app_watched_and_put_back_without_a_terminal(host: Host) {
    let mut signed = set_up(host);
    let base = format!("/stores/{}", signed.store);
    // A fulfilment agent, by the template; and what is hidden from them, as they see it.
    let invitation = invite(&mut signed, "Jonas Weber", AGENT, "fulfilment-agent");
    let mut agent = accept(&signed, &invitation);
    let person = page_of(&mut signed, "Jonas Weber");
    let page = signed.owner.open(&person);
    let page = signed.owner.submit(&page, &format!("{person}/see"), &[]);
    page.is(200)
        .says("You see this as Jonas Weber would")
        .hides(&format!("{base}/people"))
        .hides(&format!("{base}/apps"));
    signed.owner.submit(&page, "/see-as-self", &[]).is(200);
    let owner = &mut signed.owner;
    // Something to sell.
    let (products, orders) = (format!("{base}/store/products"), format!("{base}/store/orders"));
    let page = owner.open(&products);
    owner.submit(&page, &products, &[("title", "Mug"), ("sku", "MUG-1"), ("price", "12.00")]).is(200).says("Mug");
    // An app, uploaded, with a cap and a permission that waits for a person.
    let upload = format!("{base}/apps/upload");
    let page = owner.open(&upload);
    let page = owner.send_file(&page, &upload, &guests::build("tagger"));
    page.is(200).says("Tags them").says("held.orders:edit");
    let cap = page.between("name=\"cap.orders:edit.", "\"");
    let install = format!("{base}/apps/install");
    let cap = format!("cap.orders:edit.{cap}");
    let chosen = [("act", "install"), ("held.orders:edit", "1"), (cap.as_str(), "5"), ("shown", &shown(&page.text))];
    let page = owner.submit(&page, &install, &chosen);
    // What was chosen changes what is agreed to, so it is read before it counts.
    page.is(200).says("You changed something");
    let chosen = [("act", "install"), ("held.orders:edit", "1"), (cap.as_str(), "5"), ("shown", &shown(&page.text))];
    let page = owner.submit(&page, &install, &chosen);
    assert!(page.path.contains("/apps/ins_"), "it was not installed: {} {}", page.path, page.text);
    // It runs, and proposes.
    let page = owner.open(&orders);
    let made = owner.submit(&page, &orders, &[("sku.1", "MUG-1"), ("quantity.1", "2")]);
    let order = made.is(200).path.split('?').next().expect("a path").to_owned();
    let held = format!("{base}/activity/held");
    let mut proposal = None;
    wait_until_within(Duration::from_secs(60), "a proposal", || {
        proposal = link(&owner.open(&held).text, &format!("{held}/hld_"));
        proposal.is_some()
    });
    let proposal = proposal.expect("a proposal");
    owner.open(&format!("{base}/activity/runs")).says("Tagger");
    owner.open(&order).hides("<dd>seen</dd>");
    let page = owner.open(&proposal);
    page.is(200).says("seen");
    owner.submit(&page, &format!("{proposal}/approve"), &[]).is(200);
    // From the order's own page to the run that changed it, and back to how it was.
    let page = owner.open(&order);
    page.is(200).says("<dd>seen</dd>").says("Tagger");
    let run = link(&page.text, &format!("{base}/activity/runs/inv_")).expect("a way to the run");
    let page = owner.open(&run);
    page.is(200).says("Tagger").says("orders-edit.tag");
    let undo = link(&page.text, &format!("{base}/undo?")).expect("a way to take it back").replace("&#38;", "&");
    let page = owner.open(&undo);
    owner.submit(&page, &format!("{base}/undo"), &[]).is(200);
    wait_until_within(Duration::from_secs(30), "the order as it was", || {
        !owner.open(&order).text.contains("<dd>seen</dd>")
    });
    // The agent sends it, is removed, and that ends their session.
    let page = agent.open(&order);
    agent.submit(&page, &format!("{order}/fulfill"), &[("carrier", "Post"), ("number", "A-1")]).is(200).says("A-1");
    removed(owner, &person, &mut agent, &base);
}

fn removed(owner: &mut Browser, person: &str, agent: &mut Browser, base: &str) {
    let page = owner.open(person);
    owner.submit(&page, &format!("{person}/remove"), &[]).is(200).hides("Jonas Weber");
    assert!(agent.open(base).path.starts_with("/sign-in"), "the session of somebody removed goes on");
}

/// The text that somebody agrees to, as its page has it.
fn shown(page: &str) -> String {
    let text = page.split_once("<textarea name=\"shown\" hidden>").and_then(|(_, rest)| rest.split_once("</textarea>"));
    let entities = [("&#34;", "\""), ("&#39;", "'"), ("&#60;", "<"), ("&#62;", ">"), ("&#38;", "&")];
    let text = text.expect("a text to agree to").0.to_owned();
    entities.iter().fold(text, |text, (entity, character)| text.replace(entity, character))
}
